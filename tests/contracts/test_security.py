"""docs/security.md: every line that says how something is met names tests, and they exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MET, _, NOT_MET = (ROOT / "docs" / "security.md").read_text().partition("\n## What is not met\n")
LINES = re.findall(r"^\* (.+?)(?=^\* |^## |\Z)", MET, re.MULTILINE | re.DOTALL)
NAMES = {name for file in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)\(", file.read_text())}


@pytest.mark.parametrize("line", LINES, ids=[line[:40] for line in LINES])
def test_line_of_security_names_tests_that_exist(line: str) -> None:
    named = re.findall(r"\[(test_[\w,\s]+)\]", line)
    assert len(named) == 1, "a line ends with its tests in brackets"
    names = re.split(r",\s+", named[0])
    assert [name for name in names if name not in NAMES] == []


def test_security_says_what_is_not_met_without_naming_a_test() -> None:
    assert len(LINES) > 15 and NOT_MET.count("\n* ") >= 5 and "[test_" not in NOT_MET
