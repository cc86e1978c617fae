"""A run as one .zip of JSON and .npy, never pickle: write, read, run again and compare; and the run as CSV."""

from dmf_core.archive.completed import can_complete, completed, completed_file
from dmf_core.archive.difference import Difference
from dmf_core.archive.pack import to_arrays, write
from dmf_core.archive.plugins import other_versions
from dmf_core.archive.result import data_of_run, result, units
from dmf_core.archive.table import to_csv
from dmf_core.archive.unpack import Archive, read
from dmf_core.archive.verdict import Verdict, Word, again, assessed_alike, compare, decided, rounded, verify

__all__ = [
    "Archive",
    "Difference",
    "Verdict",
    "Word",
    "again",
    "assessed_alike",
    "can_complete",
    "compare",
    "completed",
    "completed_file",
    "data_of_run",
    "decided",
    "other_versions",
    "read",
    "result",
    "rounded",
    "to_arrays",
    "to_csv",
    "units",
    "verify",
    "write",
]
