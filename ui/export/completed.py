"""The completed matrix of a run on the visitor's own data, in the unit of the data."""

from dmf_core.archive import can_complete, completed_file
from ui.export.source import Source, Tell


def completes(source: Source) -> bool:
    """Whether the run is about given data and has ended."""
    return can_complete(source.run, source.spec, source.inputs)


def completed_table(source: Source, _: Tell) -> bytes:
    return completed_file(".csv", source.run, source.spec, source.inputs)


def completed_array(source: Source, _: Tell) -> bytes:
    return completed_file(".npy", source.run, source.spec, source.inputs)


def completed_with_names(source: Source, _: Tell) -> bytes:
    return completed_file(".npz", source.run, source.spec, source.inputs)
