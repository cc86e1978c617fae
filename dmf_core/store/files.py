"""Files that are there whole or not at all."""

import contextlib
import os
from pathlib import Path
from uuid import uuid4

PART = ".part"  # the ending of a file that is not whole yet


def write_whole(path: Path, content: bytes) -> None:
    """Writes another file, syncs it and renames it, so that a crash leaves the old or the new file whole. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.{uuid4().hex[:8]}{PART}")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    _sync_directory(path.parent)


def remove_parts(directory: Path, older_than: float) -> int:
    """Deletes the unfinished files of writers that died; `older_than`: seconds since the epoch. Returns how many."""
    count = 0
    for part in directory.rglob(f"*{PART}"):
        with contextlib.suppress(OSError):
            if part.stat().st_mtime < older_than:
                part.unlink()
                count += 1
    return count


def _sync_directory(directory: Path) -> None:
    """The rename itself survives a loss of power where the system allows to sync a directory."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
