"""The rows of an index, made again from the archives in a folder."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from dmf_core import archive
from dmf_core.errors import BadInput
from dmf_core.store.row import LASTING, Row, row_of


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
