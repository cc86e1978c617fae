"""The index of a folder: opened, and made again from the archives where it is new or damaged."""

import contextlib
import hashlib
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path

from dmf_core import archive
from dmf_core.errors import BadInput
from dmf_core.store.index import Index, Unreadable
from dmf_core.store.row import LASTING, Row, row_of


def opened_index(path: Path, archives: Path, say: Callable[[str], None]) -> Index:
    """The index at `path`. A damaged one is renamed, `say` gets a sentence, and a new one is made from the archives."""
    new = not path.exists()
    try:
        index = Index(path)
    except Unreadable as error:
        aside = path.with_suffix(f".damaged-{int(time.time())}")
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
        say(
            f"The index of the stored runs was damaged ({error}) and is made again from their archives; "
            "numbers without an archive are computed again when needed."
        )
        index, new = Index(path), True
    if new:
        index.put(rebuilt_rows(archives))
    return index


def rebuilt_rows(directory: Path, known: Collection[str] = ()) -> Iterator[Row]:
    """A row for each archive but the known ones that is whole and whose name is its digest. All others are left alone.

    Runs of given data were pinned when they were written, or they would not be there.
    """
    for path in sorted(directory.glob("??/*.zip")):
        if path.stem in known:
            continue
        try:
            content = path.read_bytes()
            archived = archive.read(content)
        except (OSError, BadInput):
            continue
        end = archived.trajectory.end
        if end is not None and end.outcome in LASTING and archived.spec.digest() == path.stem:
            row = row_of(archived.trajectory, archived.spec)
            sha256, when = hashlib.sha256(content).hexdigest(), path.stat().st_mtime
            yield replace(
                row,
                bytes=len(content),
                sha256=sha256,
                created=when,
                used=when,
                pinned=archived.spec.needs_inputs,
                program=str(archived.manifest.get("program", row.program)),
            )
