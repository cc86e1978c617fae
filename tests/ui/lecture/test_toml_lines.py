"""Lines of a TOML text: every key that tomllib reads has the line on which it is written."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.lecture.script import ready
from ui.lecture.toml_lines import line_of, lines

TEXT = '''title = "a = b"   # x = 1
notes = """
[not.a.table]
key = "no key"
"""
[[scene]]
heading = 'one'
changes = { "model.depth" = 2,
  seed = 3 }
[scene.view]
matrix = "W"
[[scene]]
[scene.question]
choices = [
  "a = [",
  "b",
]
right = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("notes",), 2),
        (("scene", 0), 6),
        (("scene", 0, "heading"), 7),
        (("scene", 0, "view", "matrix"), 11),
        (("scene", 1), 12),
        (("scene", 1, "question", "choices"), 14),
        (("scene", 1, "question", "right"), 18),
    ],
)
def test_a_key_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert lines(TEXT)[path] == line


def test_what_looks_like_a_key_inside_of_a_string_has_no_line() -> None:
    assert not {path for path in lines(TEXT) if "not" in path or "key" in path}


def test_a_path_without_a_key_has_the_line_of_its_table() -> None:
    assert line_of(lines(TEXT), ("scene", 1, "question", "text")) == 13
    assert line_of(lines(TEXT), ("nothing",)) is None


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Every table and key, tables inside of values left out."""
    if not isinstance(value, dict):
        return set()
    paths: set[tuple[str | int, ...]] = set()
    for key, each in value.items():
        if isinstance(each, list) and each and isinstance(each[0], dict):
            for number, table in enumerate(each):
                paths |= {(*path, key, number)} | _paths(table, (*path, key, number))
        else:
            paths.add((*path, key))
            paths |= _paths(each, (*path, key))
    return paths


@pytest.mark.parametrize("text", ready().values(), ids=ready())
def test_every_key_of_a_ready_lecture_has_a_line(text: str) -> None:
    assert set(lines(text)) == _paths(tomllib.loads(text))


@settings(max_examples=200)
@given(st.text(alphabet="ab=[]{}\"'\n\\#. ", max_size=60))
def test_no_text_breaks_the_scanner(text: str) -> None:
    count = len(text.splitlines())
    assert all(1 <= line <= count for line in lines(text).values())
