"""The parts of the player's modules that compute: loaded in Chromium as they are, against numpy, tensorly, Python twins."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
import tensorly

from dmf_core.theory.equation import preconditioner
from dmf_core.trajectory import picture_index
from tests.browser.visitors import patient
from ui.figures import words
from ui.player import HERE

HOME = "http://modules.test/"
CALL = """async ([address, name, calls]) => {
  const plain = (_, value) => (ArrayBuffer.isView(value) ? [...value] : value);
  const called = (await import(address))[name];
  return JSON.parse(JSON.stringify(calls.map((values) => called(...values)), plain));
}"""
Call = Callable[[str, str, Sequence[Any]], list[Any]]


@pytest.fixture(scope="module")
def call(chromium: Any) -> Iterator[Call]:
    """call("data.js", "between", [[column, 1.5], ..]): what a function that a module exports returns, call by call."""
    page = patient(chromium.new_page())
    page.route(f"{HOME}**", lambda route: route.fulfill(**_file(route.request.url.removeprefix(HOME))))
    page.goto(HOME)
    yield lambda module, name, calls: page.evaluate(CALL, [f"{HOME}js/{module}", name, list(calls)])
    page.close()


def _file(name: str) -> dict[str, Any]:
    kind = "text/javascript" if name else "text/html"
    body = (HERE / name).read_text(encoding="utf-8") if name else "<!doctype html>"
    return {"body": body, "content_type": f"{kind}; charset=utf-8"}


def test_numbers_are_printed_as_python_prints_them(call: Call) -> None:
    exact = [0, 1, -1, 0.022, 39.4, 1205, 2.3e-6, 1e6, 999_999, 0.5, 12.0, -0.00012, 123_456.7]
    random = np.random.default_rng(0).normal(size=40) * 10.0 ** np.linspace(-8, 9, 40)
    calls = [(x, digits) for x in [*exact, *random.tolist()] for digits in (2, 3, 4)]
    assert call("numbers.js", "printed", calls) == [words.number(x, digits) for x, digits in calls]


def test_columns_are_read_between_snapshots_as_numpy_interpolates(call: Call) -> None:
    column, frames = np.random.default_rng(1).normal(size=9), np.linspace(0, 8, 23)
    expected = np.interp(frames, np.arange(9), column)
    values = call("data.js", "between", [[column.tolist(), f] for f in frames.tolist()])
    assert values == pytest.approx(expected, rel=1e-12, abs=1e-14)  # a handful of roundings
    values = call("data.js", "betweenLog", [[np.exp(column).tolist(), f] for f in frames.tolist()])
    assert np.log(values) == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_frame_of_a_value_is_where_the_column_has_it(call: Call) -> None:
    column = np.cumsum(np.random.default_rng(2).uniform(0.1, 1, size=12))
    values = np.linspace(column[0], column[-1], 17)
    frames = call("data.js", "frameAt", [[column.tolist(), v] for v in values.tolist()])
    assert frames == pytest.approx(np.interp(values, column, np.arange(12)), rel=1e-12, abs=1e-14)
    beyond_and_plateau = [[[0, 1, 1, 1, 2], 1], [[0, 1, 2], 5], [[1, 2], 0]]
    assert call("data.js", "frameAt", beyond_and_plateau) == [3, 2, 0]  # after a plateau rather than before it


def test_unfolded_tensor_is_that_of_tensorly(call: Call) -> None:
    sides, axes = (2, 3, 4), range(3)
    numbers = np.arange(24).reshape(sides)  # of each recorded cell
    views = [{"part": f"unfolding-{axis + 1}", "slice": 0, "given": False} for axis in axes]
    made = call("arrangement.js", "arrangement", [[{"sides": list(sides)}, view] for view in views])
    for axis in axes:
        cells = np.array(made[axis]["cells"]).reshape(made[axis]["rows"], made[axis]["columns"])
        assert np.array_equal(cells, tensorly.unfold(numbers, axis))


def test_preconditioner_is_that_of_the_theory(call: Call) -> None:
    sigma, depths = np.array([3.0, 1.5, 0.2, 0.0]), (1, 2, 3, 5)
    shown = call("preconditioner.js", "preconditioner", [[depth, sigma.tolist()] for depth in depths])
    for depth, K in zip(depths, shown, strict=True):
        expected = preconditioner(depth, sigma)
        assert np.array(K) == pytest.approx(expected / expected.max(), rel=1e-12)


def test_place_of_a_shown_row_is_that_of_the_picture(call: Call) -> None:
    for count, side in ((7, 7), (10, 37), (64, 100), (60, 1682), (5, 7)):
        places = call("cell.js", "placeOf", [[i, count, side] for i in range(count)])
        assert places == picture_index(side, count).tolist()


def test_words_on_a_colour_can_be_read(call: Call) -> None:
    """At least 4.5 to 1, the contrast that WCAG 2 asks for."""
    colours = np.random.default_rng(3).integers(0, 256, size=(60, 3)).tolist()
    for rgb, text in zip(colours, call("preconditioner.js", "readable", [[rgb] for rgb in colours]), strict=True):
        low, high = sorted([_luminance(rgb), _luminance([255 * (text == "#FFFFFF")] * 3)])
        assert (high + 0.05) / (low + 0.05) >= 4.5, rgb


def _luminance(rgb: list[int]) -> float:
    """Relative luminance of WCAG 2, from 0 to 1."""
    shares = np.array(rgb) / 255
    return float(np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])


def test_cursor_leaves_out_the_words_that_it_crosses(call: Call) -> None:
    boxes = [[40, 90, 50], [60, 120, 20], [200, 260, 35]]  # left, right, middle
    assert call("labels.js", "clearOfWords", [(boxes, x, 2, 100) for x in (10, 50, 70, 230)]) == [
        [[2, 100]],
        [[2, 42], [58, 100]],
        [[2, 12], [28, 42], [58, 100]],
        [[2, 27], [43, 100]],
    ]
