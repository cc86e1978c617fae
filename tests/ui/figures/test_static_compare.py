"""The comparison as a still picture."""

import io

import pytest
from PIL import Image

from tests.ui.views.compare.test_summary import made
from ui.figures.static_compare import compared
from ui.views.compare.summary import sentences, title
from ui.views.compare.words import named


@pytest.mark.parametrize("name", ["depth, balanced", "rows"])
def test_picture_names_every_run_and_is_the_same_every_time(name: str) -> None:
    comparison, runs = made(name)
    columns = [(named(comparison.factor, run.value), run.spec, run.trajectory) for run in runs]
    words = title(comparison.factor, comparison.values, runs), sentences(comparison.factor, runs)
    picture = compared(*words, columns)
    about = Image.open(io.BytesIO(picture)).text  # type: ignore[attr-defined]
    assert all(run.spec.digest() in about["Description"] for run in runs)
    assert about["Title"] == words[0]
    assert picture == compared(*words, columns)
    for format in ("svg", "pdf"):
        once, again = (compared(*words, columns, format, "progress", over=True) for _ in range(2))
        assert once == again
