"""The files of a sweep: runs.csv, runs.parquet and, where archives are wanted, archives.zip."""

import zipfile
from pathlib import Path

from dmf_core.errors import BadInput
from dmf_core.store import Store
from dmf_core.store.files import write_whole
from dmf_core.sweep.table import Table

CSV, PARQUET, ARCHIVES = "runs.csv", "runs.parquet", "archives.zip"


def write_tables(table: Table, directory: Path, archives_of: Store | None = None) -> list[str]:
    """Writes the files, each whole or not at all, and returns their paths. Raises BadInput."""
    try:
        write_whole(directory / CSV, table.to_csv().encode())
        write_whole(directory / PARQUET, table.to_parquet())
        if archives_of is not None:
            _write_archives(table, directory / ARCHIVES, archives_of)
    except OSError as error:
        raise BadInput(
            f"The results cannot be written to {directory} ({error.strerror}); make room or choose another --out."
        ) from None
    return [str(directory / name) for name in (CSV, PARQUET, *([ARCHIVES] if archives_of is not None else []))]


def _write_archives(table: Table, path: Path, store: Store) -> None:
    """One zip with the table and the archive of every run, by digest. Archives are packed already."""
    part = path.with_suffix(".part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as bundle:
            bundle.writestr(CSV, table.to_csv())
            for digest in table.rows:
                if store.path(digest).exists():
                    bundle.write(store.path(digest), f"runs/{digest}.zip")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
