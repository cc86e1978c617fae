"""Numbers, articles and choices in sentences."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dmf_core.formatting import THIN, with_article

ROOT = Path(__file__).parents[2]
NAMES = {"MANIFEST", "picture.format", "noun", "name", "choice", "'whole ' if part['whole'] else ''"}  # none begins with a vowel


@pytest.mark.parametrize(
    "number", ["8 x 5", "80", "8", "88 x 2", "800", f"8{THIN}000", "8000", "11", f"11{THIN}000", "18 x 18", "18500", "8.5"]
)
def test_article_before_eight_eleven_and_eighteen_is_an(number: str) -> None:
    assert with_article(number) == f"an {number}"


@pytest.mark.parametrize("number", ["1", "7", "12", "17", "19", "110", "111", "180", f"1{THIN}800", "1100", "0.8"])
def test_article_before_other_numbers_is_a(number: str) -> None:
    assert with_article(number) == f"a {number}"


def test_article_follows_the_first_letter_of_a_word() -> None:
    assert [with_article(word) for word in ("integrator", "model")] == ["an integrator", "a model"]


def test_no_sentence_writes_its_article_before_a_number_by_hand() -> None:
    by_hand = [each for folder in ("dmf_core", "ui") for file in (ROOT / folder).rglob("*.py") for each in _articles(file)]
    assert by_hand == []
    plain = re.compile(r"\b[Aa] (?:8\d?|8\d\d|11|18)(?![\d.])", re.MULTILINE)
    texts = [*(ROOT / "ui").rglob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "ui").rglob("*.js"), ROOT / "README.md"]
    assert [f"{file.name}: {match[0]}" for file in texts for match in plain.finditer(file.read_text(encoding="utf-8"))] == []


def _articles(file: Path) -> Iterator[str]:
    """The places where a text ends with an article and a value follows that may be a number."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        for text, value in zip(node.values, node.values[1:], strict=False) if isinstance(node, ast.JoinedStr) else ():
            if not isinstance(text, ast.Constant) or not isinstance(value, ast.FormattedValue):
                continue
            if re.search(r"\b[Aa]n? $", str(text.value)) and ast.unparse(value.value) not in NAMES:
                yield f"{file.relative_to(ROOT)}:{node.lineno}"
