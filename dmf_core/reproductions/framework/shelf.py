"""Finished runs kept in a directory, one file each, named by digest: an interrupted reproduction goes on from there."""

import contextlib
import io
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from dmf_core import archive
from dmf_core.baselines.comparison import WORK, from_stored
from dmf_core.errors import BadInput
from dmf_core.reproductions.framework.reproduction import Run
from dmf_core.store import Store, program
from dmf_core.trajectory import Trajectory

UNREADABLE = (OSError, BadInput, ValueError, KeyError, zipfile.BadZipFile)


class Shelf:
    """A directory of archives, and of minima of the nuclear norm. Without a directory nothing is kept."""

    def __init__(self, directory: str | None, store: Store | None = None) -> None:
        """`store`: takes archives instead of the directory; only runs of this very program are taken from it."""
        self._store = store
        self._directory = None if directory is None else Path(directory)
        if self._directory is None:
            return
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            if not os.access(self._directory, os.W_OK):
                raise PermissionError(13, "Permission denied")
        except OSError as error:
            raise BadInput(f"Cannot keep runs in {directory}: {error.strerror}; choose another directory for --keep.") from None

    def find(self, run: Run) -> Trajectory | None:
        """The stored run. A file that is damaged or of another run counts as none."""
        path = self._path(run)
        if path is None or not path.exists():
            return self._stored(run)
        try:
            return _minimum(run, path.read_bytes()) if run.work == WORK else _archived(run, path.read_bytes())
        except UNREADABLE:
            return None

    def keep(self, run: Run, trajectory: Trajectory) -> None:
        """Writes a run that ended as its spec asks: the whole file or none. Raises OSError."""
        if trajectory.end is None or not trajectory.end.outcome.done:
            return
        if self._store is not None and run.work is None and self._store.put(trajectory, run.spec, run.inputs):
            return
        path = self._path(run)
        if path is None:
            return
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            least = run.work == WORK
            part.write_bytes(_packed(trajectory) if least else archive.write(trajectory, run.spec, run.inputs))
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)

    def clear(self, runs: Iterable[Run]) -> None:
        """Takes these runs off, and the directory away where it is empty then."""
        for run in runs:
            path = self._path(run)
            if path is not None:
                path.unlink(missing_ok=True)
        if self._directory is not None:
            with contextlib.suppress(OSError):
                self._directory.rmdir()

    def _stored(self, run: Run) -> Trajectory | None:
        entry = None if self._store is None or run.work is not None else self._store.get(run.spec.digest(), run.inputs)
        if entry is None:
            return None
        archived, row = entry
        return archived.trajectory if row.program == program() and row.outcome.done else None

    def _path(self, run: Run) -> Path | None:
        if self._directory is None or run.work not in (None, WORK):
            return None
        return self._directory / (f"{run.spec.digest()}.npz" if run.work == WORK else f"{run.spec.digest()}.zip")


def _archived(run: Run, content: bytes) -> Trajectory | None:
    archived = archive.read(content)
    return archived.trajectory if archived.spec.digest() == run.spec.digest() else None


def _packed(least: Trajectory) -> bytes:
    """A minimum of the nuclear norm: the matrix, and what is proven of it."""
    assert least.end is not None
    stream = io.BytesIO()
    proof = [least.snapshots[-1].measures["bound"] or 0.0, least.end.accepted, least.end.seconds]
    np.savez(stream, W=least.end.end_to_end_last, proof=np.array(proof))
    return stream.getvalue()


def _minimum(run: Run, content: bytes) -> Trajectory:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        W, (bound, iterations, seconds) = arrays["W"], arrays["proof"]
    return from_stored(run.spec, run.inputs, W, float(bound), int(iterations), float(seconds))
