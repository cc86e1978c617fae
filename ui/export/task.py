"""A slow export on a thread of its own: how far it is, its end, and stopping it. One at a time on the whole server."""

import logging
import threading
import time

from dmf_core.jobs.watchers import PATIENCE
from ui.export import Export, Source

_TURN = threading.Lock()  # drawing holds Python's lock: two films at once would only make every page slow
log = logging.getLogger(__name__)


class Unwanted(Exception):
    """Raised inside the drawing when nobody wants the rest."""


class Task:
    """Starts at once. Read `share`, `content` and `error` at any time; `poll` says that somebody still waits."""

    def __init__(self, export: Export, source: Source) -> None:
        self.export, self.name, self.digest = export, source.name + export.suffix, source.spec.digest()
        self.share = 0.0
        self.content: bytes | None = None
        self.error = ""
        self.waiting = True  # for its turn
        self._source: Source | None = source
        self._cancelled = threading.Event()
        self._polled = time.monotonic()
        self._thread = threading.Thread(target=self._work, name="dmf-export", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        return not self._thread.is_alive()

    def poll(self) -> None:
        self._polled = time.monotonic()

    def cancel(self) -> None:
        self._cancelled.set()

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _tell(self, share: float) -> None:
        self.share = share
        if self._cancelled.is_set() or time.monotonic() - self._polled > PATIENCE:
            raise Unwanted
        time.sleep(0.001)  # the pages of the others come first

    def _work(self) -> None:
        try:
            while not _TURN.acquire(timeout=0.2):
                self._tell(0.0)
            try:
                self.waiting = False
                assert self._source is not None
                self.content = self.export.make(self._source, self._tell)
            finally:
                _TURN.release()
        except Unwanted:
            self.error = "Stopped."
        except Exception as error:
            log.exception("An export failed.")
            self.error = f"The {self.export.label} could not be made ({type(error).__name__}); the log of the server says why."
        finally:
            self._source = None
