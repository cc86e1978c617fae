"""Who computes which run: a lease in the index, kept alive by a heartbeat. A dead holder's lease is taken over."""

import contextlib
import os
import socket
import sqlite3
import threading
from collections.abc import Sequence
from uuid import uuid4

from dmf_core.store.index import Index

BEAT_SECONDS = 2.0  # between two heartbeats: six may fail before the lease is stale
STALE_SECONDS = 15.0  # without a heartbeat: the holder is dead, or its machine is


class Leases:
    """The leases of one process. Every method may be called from any thread; raises sqlite3.Error."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._host = socket.gethostname()
        self._holder = f"{self._host}:{os.getpid()}:{uuid4().hex}"
        self._held: set[str] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def claim(self, digests: Sequence[str]) -> list[str]:
        """Those of these runs that this process may compute now; all others are being computed elsewhere."""
        granted = self._index.claim(digests, self._holder, self._host, STALE_SECONDS)
        with self._lock:
            self._held |= set(granted)
            if self._held and self._thread is None:
                self._thread = threading.Thread(target=self._beat, name="dmf-store-leases", daemon=True)
                self._thread.start()
        return granted

    def release(self, digests: Sequence[str]) -> None:
        """These runs are done, or given up."""
        with self._lock:
            held = [digest for digest in digests if digest in self._held]
            self._held -= set(held)
        if held:
            self._index.release(held, self._holder)

    def close(self) -> None:
        """Releases all leases."""
        self._closed.set()
        with contextlib.suppress(sqlite3.Error):
            self.release(list(self._held))

    def _beat(self) -> None:
        while not self._closed.wait(BEAT_SECONDS):
            if self._held:
                with contextlib.suppress(sqlite3.Error):  # the next one may get through before the lease is stale
                    self._index.beat(self._holder)
