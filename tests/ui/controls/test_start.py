"""A file dropped on the page: read as the command line reads it, and what was read is said."""

from pathlib import Path

import pytest

from dmf_core.data import read
from dmf_core.spec import RunSpec
from ui.controls.start import _take
from ui.session.state import Visit

CASES = Path(__file__).parents[2] / "data" / "cases"


@pytest.mark.parametrize("name", ["08-rated-twice.tsv", "09-excel-de.csv", "17-matrix.npz", "45-two-blocks.csv"])
def test_upload_is_read_and_said_as_on_the_command_line(name: str) -> None:
    visitor = Visit(RunSpec())
    content = (CASES / name).read_bytes()
    _take(visitor, name, content, 100)
    reading = read(content, name)
    assert visitor.message == ""
    assert visitor.recognized.startswith(reading.words)
    assert visitor.inputs.account == reading.account.as_json(None)
    assert ("No method can know 24 of the 24" in visitor.recognized) == (name == "45-two-blocks.csv")


def test_upload_that_can_be_read_in_two_ways_says_both_and_changes_nothing() -> None:
    visitor = Visit(RunSpec())
    _take(visitor, "m.txt", b"1 1 5\n1 2 3\n1 3 4\n2 1 4\n2 2 2\n2 3 1\n", 100)
    assert "6 x 3" in visitor.message
    assert "2 x 3" in visitor.message
    assert visitor.spec == RunSpec()
