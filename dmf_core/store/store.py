"""The store of runs: digest -> archive, with an index of settings and final measures. Trouble never stops a run."""

import contextlib
import copy
import hashlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from dmf_core import archive, limits
from dmf_core.archive import Archive
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from dmf_core.store.files import remove_parts, write_whole
from dmf_core.store.index import MINIMA, RUNS
from dmf_core.store.leases import Leases
from dmf_core.store.location import VARIABLE, store_directory
from dmf_core.store.rebuild import opened_index, rebuilt_rows
from dmf_core.store.row import LASTING, Row, may_read, row_of
from dmf_core.trajectory import Accuracy, Trajectory

log = logging.getLogger(__name__)
Result = TypeVar("Result")

INDEX = "index.sqlite"
FOLDER = "runs"
OLD_PART_SECONDS = 3600.0  # a file that is written for longer has no writer any more
KEEP = 0.9  # of a limit, once it is passed: so that not every run makes room again


class Store:
    """A folder of runs, shared by processes. Every method may be called from any thread.

    Where the disk fails, methods return as if nothing were stored; `trouble` then says why, in one sentence.
    """

    def __init__(
        self,
        directory: Path,
        most_bytes: int = limits.STORE_BYTES,
        most_rows: int = limits.STORE_ROWS,
        personal: bool = False,
    ) -> None:
        """`personal`: the folder is one person's own, so that runs of given data are stored like all others.

        Raises BadInput where the folder cannot be used.
        """
        self._personal = personal
        self._table = RUNS
        self._borrowed = False  # the index is closed by another one
        self.directory = directory
        self.trouble = ""
        self._limits = most_bytes, most_rows
        self._warned: set[str] = set()
        self._lock = threading.Lock()
        try:
            (directory / FOLDER).mkdir(parents=True, exist_ok=True)
            remove_parts(directory / FOLDER, time.time() - OLD_PART_SECONDS)
            self._index = opened_index(directory / INDEX, directory / FOLDER, self._say)
        except (OSError, sqlite3.Error) as error:
            raise BadInput(
                f"Runs cannot be stored in {directory} ({_reason(error)}); free some space, name another folder with "
                f"{VARIABLE}, or switch the store off with {VARIABLE}=off."
            ) from None
        self._leases = Leases(self._index)

    # Reading ---------------------------------------------------------------------------------------------------------

    def get(self, digest: str, inputs: Inputs = Inputs()) -> tuple[Archive, Row] | None:
        """The stored run, its hashes checked. A run of given data only together with the same data.

        A damaged archive is removed and counts as none.
        """
        row = self.rows([digest]).get(digest)
        if row is None or not row.bytes or not may_read(row, inputs):
            return None
        archived = self.open(row)
        if archived is not None:
            self._try(lambda: self._index.set([digest], "used", time.time()), None)
        return None if archived is None else (archived, row)

    def open(self, row: Row) -> Archive | None:
        """The archive of a row, for the owner of the folder. A damaged one is removed and counts as none."""
        try:
            content = self.path(row.digest).read_bytes()
            if hashlib.sha256(content).hexdigest() != row.sha256:
                raise BadInput("its bytes are not those that were written")
            return archive.read(content)
        except OSError as error:
            why = _reason(error)
        except BadInput as error:
            why = str(error)
        self._say(f"The stored run {row.digest[:8]} is damaged and was removed ({why}); it is computed again when needed.")
        self.remove([row.digest])
        return None

    def rows(self, digests: Sequence[str]) -> dict[str, Row]:
        """The rows of these runs, for those that the index has."""
        return self._try(lambda: self._index.rows(digests, self._table), {})

    def all(self) -> list[Row]:
        """Every row, the most recently used first."""
        return self._try(self._index.all, [])

    def beginning(self, digits: str) -> list[Row]:
        """The rows whose digest begins so."""
        return self._try(lambda: self._index.beginning(digits), [])

    def path(self, digest: str) -> Path:
        """Where the archive of a run is, if it is there."""
        return self.directory / FOLDER / digest[:2] / f"{digest}.zip"

    def totals(self) -> tuple[int, int]:
        """(bytes of all archives, number of rows)."""
        return self._try(self._index.totals, (0, 0))

    def index_bytes(self) -> int:
        """What the index takes on the disk, with what SQLite has not merged into it yet."""
        files = [self.directory / INDEX, self.directory / f"{INDEX}-wal"]
        return self._try(lambda: sum(path.stat().st_size for path in files if path.exists()), 0)

    # Writing ---------------------------------------------------------------------------------------------------------

    def put(self, run: Trajectory, spec: RunSpec, inputs: Inputs = Inputs(), pin: bool = False) -> bool:
        """Stores a run that has ended by itself. True when it is there.

        Not those that the clock ended, and those of given data only when they are pinned: they belong to a person.
        """
        if run.end is None or run.end.outcome not in LASTING or not self._may_store(spec, pin):
            return False
        return self.put_content(archive.write(run, spec, inputs), row_of(run, spec), pin)

    def put_content(self, content: bytes, row: Row, pin: bool = False) -> bool:
        """The same for a run that is packed already."""
        if row.outcome not in LASTING or not self._may_store(RunSpec.check(row.spec), pin) or len(content) > self._limits[0]:
            return False
        row = replace(row, bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), pinned=pin)

        def store() -> bool:
            write_whole(self.path(row.digest), content)
            self._index.put([row])
            return True

        with self._lock:
            stored = self._try(store, False)
        if stored:
            self.prune()
        return stored

    def _may_store(self, spec: RunSpec, pin: bool) -> bool:
        """Whether a run may be stored: pinned ones always, no others of plugins, and of given data only in a personal folder."""
        return pin or (not spec.plugins and (self._personal or not spec.needs_inputs))

    def put_rows(self, rows: Iterable[Row], specs: Mapping[str, RunSpec | None] = {}) -> bool:
        """Stores numbers without archives, all or none. Rows of given data are left out, as in `put`.

        `specs`: of the rows, by digest, where they are at hand: thousands need not be read again.
        """
        public = [row for row in rows if self._may_store(specs.get(row.digest) or RunSpec.check(row.spec), row.pinned)]

        def store() -> bool:
            self._index.put(public, self._table)
            if self._table != RUNS:
                self._index.keep_latest(self._limits[1], self._table)
            return True

        return self._try(store, False)

    def pin(self, digests: Sequence[str], pinned: bool = True) -> None:
        """Pinned runs stay, whatever the limits say."""
        self._try(lambda: self._index.set(digests, "pinned", pinned), None)

    def adopt(self) -> int:
        """Takes archives into the index that it does not know, as after a crash. Returns how many."""
        known = {row.digest for row in self.all()}

        def adopted() -> int:
            rows = list(rebuilt_rows(self.directory / FOLDER, known))
            self._index.put(rows)
            return len(rows)

        return self._try(adopted, 0)

    def remove(self, digests: Sequence[str]) -> None:
        """Row first: what the index names is there, or was damaged."""
        self._try(lambda: self._index.remove(digests), None)
        for digest in digests:
            with contextlib.suppress(OSError):
                self.path(digest).unlink(missing_ok=True)

    def prune(self, most_bytes: int | None = None, most_rows: int | None = None) -> list[str]:
        """Removes the least recently used runs beyond the limits, and returns their digests."""
        size, count = self.totals()
        room, places = self._limits
        exact = most_bytes is not None or most_rows is not None
        room, places = room if most_bytes is None else most_bytes, places if most_rows is None else most_rows
        if size <= room and count <= places:
            return []
        if not exact:
            room, places = int(KEEP * room), int(KEEP * places)
        gone: list[str] = []
        nothing: list[tuple[str, int]] = []
        for digest, each in self._try(self._index.least_used, nothing):
            if size <= room and count <= places:
                break
            if count <= places and not each:  # numbers alone take no room
                continue
            gone.append(digest)
            size, count = size - each, count - 1
        self.remove(gone)
        return gone

    def shrink(self) -> None:
        """The index takes no more room than its rows need."""
        self._try(self._index.shrink, None)

    # Leases ----------------------------------------------------------------------------------------------------------

    def claim(self, digests: Sequence[str]) -> list[str]:
        """Those of these runs that the caller may compute now; the others are being computed by another process.

        Where the index fails all are granted: a run is rather computed twice than never.
        """
        names = {self._lease(digest): digest for digest in digests}
        return self._try(lambda: [names[name] for name in self._leases.claim(list(names))], list(digests))

    def release(self, digests: Sequence[str]) -> None:
        """The caller is done with these runs."""
        self._try(lambda: self._leases.release([self._lease(digest) for digest in digests]), None)

    def _lease(self, digest: str) -> str:
        return digest if self._table == RUNS else f"{self._table}:{digest}"

    def minima(self) -> "Store":
        """The rows of the minimum nuclear norms of runs, by the digests of those; with the leases of this store. No archives."""
        other = copy.copy(self)
        other._table, other._borrowed = MINIMA, True
        return other

    def sibling(self) -> "Store":
        """The same store for other work of this process: with leases of its own, so that neither computes what the other does."""
        other = copy.copy(self)
        other._leases, other._borrowed = Leases(self._index), True
        return other

    def close(self) -> None:
        """Gives leases back and closes the index; that of a sibling stays open."""
        self._leases.close()
        if not self._borrowed:
            self._index.close()

    # Trouble ----------------------------------------------------------------------------------------------------------

    def _try(self, action: Callable[[], Result], otherwise: Result) -> Result:
        try:
            return action()
        except (OSError, sqlite3.Error) as error:
            self._say(
                f"Runs are not stored at the moment: {self.directory} gives an error ({_reason(error)}). They stay in memory; "
                f"free some space, or name another folder with {VARIABLE}."
            )
            return otherwise

    def _say(self, sentence: str) -> None:
        """Once for each sentence in the log."""
        self.trouble = sentence
        if sentence not in self._warned:
            self._warned.add(sentence)
            log.warning(sentence)


def with_accuracy(run: Trajectory, row: Row) -> Trajectory:
    """The run with its accuracy; older archives do not hold it, but their rows may."""
    return run if run.accuracy is not None or row.accuracy is None else replace(run, accuracy=Accuracy(**row.accuracy))


def open_store() -> Store | None:
    """The store that DMF_STORE names; None where it is off, or where its folder cannot be used: the log says why."""
    directory = store_directory()
    if directory is None:
        return None
    try:
        return Store(directory)
    except BadInput as error:
        log.warning("%s Until then runs stay in memory.", error)
        return None


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
