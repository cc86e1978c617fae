"""The table of kinds: no name twice, sizes without making anything, and a sentence where a package is missing."""

import importlib.util

import pytest

from ui.export import EXPORTS, Source
from ui.export.mp4 import missing


def test_no_two_kinds_have_one_file_name() -> None:
    assert len({export.suffix for export in EXPORTS}) == len(EXPORTS)


def test_groups_stand_together() -> None:
    groups = [export.group for export in EXPORTS]
    assert groups == sorted(groups, key=groups.index)


def test_sizes_are_known_without_making_anything(source: Source) -> None:
    assert all(export.size(source) > 0 for export in EXPORTS if export.size is not None)


def test_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert missing() == "The film as MP4 needs the package av on the server: python -m pip install av."
