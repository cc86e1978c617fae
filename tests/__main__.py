"""Every test, as `make test` runs them: those in a browser beside the others, as both wait a good part of their time.

They have processes of their own: Playwright leaves an event loop running, and other tests begin one.
"""

import subprocess
import sys
import tempfile

PYTEST = (sys.executable, "-m", "pytest", "--numprocesses", "2", "--dist", "loadfile", "--no-loadscope-reorder")


def main() -> int:
    """The exit status: 0 where every test has passed."""
    print("The tests in a browser run beside these; what they say comes last.", flush=True)
    with tempfile.TemporaryFile("w+") as output:
        browser = subprocess.Popen([*PYTEST, "tests/browser"], stdout=output, stderr=subprocess.STDOUT)
        try:
            others = subprocess.run([*PYTEST, "--ignore", "tests/browser"], check=False).returncode
        finally:
            status = browser.wait()
            output.seek(0)
            print(f"Tests in a browser:\n{output.read()}", flush=True)
    return others or status


if __name__ == "__main__":
    sys.exit(main())
