"""Finished runs kept in a directory, one archive each, named by digest: an interrupted reproduction goes on from there."""

import os
from pathlib import Path

from dmf_core import archive
from dmf_core.errors import BadInput
from dmf_core.reproductions.reproduction import Run
from dmf_core.trajectory import Trajectory


class Shelf:
    """A directory of archives. Without a directory nothing is kept."""

    def __init__(self, directory: str | None) -> None:
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
        """The kept run. A file that is damaged or of another run counts as none."""
        path = self._path(run)
        if path is None:
            return None
        try:
            kept = archive.read(path.read_bytes())
        except (OSError, BadInput):
            return None
        return kept.trajectory if kept.spec.digest() == run.spec.digest() else None

    def keep(self, run: Run, trajectory: Trajectory) -> None:
        """Writes a run that did what it was asked for: the whole file or none. Raises OSError."""
        path = self._path(run)
        if path is None or trajectory.end is None or not trajectory.end.outcome.done:
            return
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            part.write_bytes(archive.write(trajectory, run.spec, run.inputs))
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)

    def _path(self, run: Run) -> Path | None:
        return None if self._directory is None else self._directory / f"{run.spec.digest()}.zip"
