"""Everything that `make test` runs: the checks and the tests in a browser beside the other tests.

They wait a good part of their time: for types to be read, for pages, for processes that start. The tests in a browser have
processes of their own, as Playwright leaves an event loop running and other tests begin one.
"""

import subprocess
import sys
import threading

PYTHON = (sys.executable, "-m")
PYTEST = (*PYTHON, "pytest", "--numprocesses", "2", "--dist", "loadfile", "--no-loadscope-reorder")


class Companion:
    """A command that runs beside others. What it has written is printed at once when it ends."""

    def __init__(self, name: str, *command: str) -> None:
        self.name = name
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._printing = threading.Thread(target=self._print)
        self._printing.start()

    def status(self) -> int:
        """Its exit status. Waits for its end."""
        self._printing.join()
        return self._process.returncode

    def _print(self) -> None:
        output, _ = self._process.communicate()
        print(f"\n{self.name}:\n{output}", flush=True)


def main() -> int:
    """The exit status: 0 where every check and every test has passed."""
    print("The checks, and the tests in a browser, run beside these tests; what they say is printed when they end.", flush=True)
    companions = [
        Companion("The tests in a browser", *PYTEST, "tests/browser"),
        Companion("The checks", *PYTHON, "checks"),
    ]
    tests = subprocess.run([*PYTEST, "--ignore", "tests/browser"], check=False).returncode
    statuses = {"The other tests": tests} | {each.name: each.status() for each in companions}
    for name, status in statuses.items():
        print(f"{name}: {f'FAILED (exit status {status})' if status else 'passed'}", flush=True)
    return next(filter(None, statuses.values()), 0)


if __name__ == "__main__":
    sys.exit(main())
