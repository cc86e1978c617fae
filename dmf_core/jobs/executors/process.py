"""One worker process, seen from the parent: its pipes, its messages and its end."""

import contextlib
import os
import pickle
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from dmf_core.jobs.messages import Batch, Cancel, Explain, FromWorker, Run, ToWorker

LAST_BREATH = 1.0  # seconds
LAST_WORDS = 4000  # bytes of its stderr that are worth logging
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


class Process:
    """Starts at once. Started by name: neither a fork nor a copy of the parent's main module."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """`command`: a program with the messages of `dmf_core.jobs.worker`."""
        root = str(Path(__file__).parents[3])
        path = os.pathsep.join([root, *filter(None, [environment.get("PYTHONPATH")])])
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process lives)
        self._popen = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            env={**environment, **ONE_THREAD, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C in the terminal is for the parent, which then closes the pipes
        )
        self._writing = threading.Lock()
        self._busy = False
        self._cancel_requested = False
        self._had_data = False  # of a person, in any of its tasks

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def begin(self, run: Run | Explain | Batch) -> None:
        """Sends a run to the idle process. A process that has died shows it at the next `receive`."""
        with self._writing:
            self._busy = True
            self._had_data |= run.inputs.given
            self._send(run)
            if self._cancel_requested:
                self._send(Cancel())

    def cancel(self) -> None:
        """Asks for the end of the present run, or of the one that is about to begin."""
        with self._writing:
            self._cancel_requested = True
            if self._busy:
                self._send(Cancel())

    def idle(self) -> None:
        """The present run has ended."""
        with self._writing:
            self._busy = self._cancel_requested = False

    def receive(self) -> FromWorker | None:
        """Waits for the next message. None: the process has ended."""
        assert self._popen.stdout is not None
        try:
            message: FromWorker = pickle.load(self._popen.stdout)
            return message
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            return None

    def kill(self) -> None:
        self._popen.kill()

    def bury(self) -> str:
        """Ends the process if it still runs, frees its resources, and returns how it ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(LAST_BREATH)  # its pipe closes a little before it ends
        self.kill()
        code = self._popen.wait()
        with self._writing:
            for pipe in (self._popen.stdin, self._popen.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
        return how_it_died(code)

    def last_words(self) -> str:
        """The end of its stderr, once; nothing where it may quote the data of a person."""
        with self._stderr as file:
            if self._had_data:
                return ""
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - LAST_WORDS))
            return file.read().decode(errors="replace")

    def _send(self, message: ToWorker) -> None:
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            pickle.dump(message, self._popen.stdin, protocol=5)
            self._popen.stdin.flush()


def how_it_died(code: int) -> str:
    """From the return code, e.g. "killed by SIGKILL"."""
    if code >= 0:
        return f"exit status {code}"
    with contextlib.suppress(ValueError):
        return f"killed by {signal.Signals(-code).name}"
    return f"killed by signal {-code}"
