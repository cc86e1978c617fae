"""The mask in a real browser: painted by mouse and by keys, kept by the address, followed by the run."""

from collections.abc import Callable
from typing import Any

import numpy as np

from dmf_core import painted_mask
from ui.session.state import from_address

ADDRESS = "/?problem.rows=12&problem.columns=15&problem.rank=2&problem.observations=90&init.scale=0.01&stop.loss=0.001&seed=3"
GUTTER = 18  # of the canvas, before its first row and column


def opened(visit: Callable[..., Any], app: str, **options: Any) -> Any:
    page = visit(f"{app}{ADDRESS}", **options)
    page.get_by_role("link", name="Observations").first.click()
    page.wait_for_selector(".me canvas")
    page.wait_for_selector(".ob-graph circle")
    return page


def painted(page: Any) -> np.ndarray:
    """The mask in the address, once it is there and Python has answered."""
    page.wait_for_function("() => { const e = document.querySelector('.me').editor; return !e.sent.length && !e.waiting; }")
    page.wait_for_function("() => location.search.includes('problem.mask=')")
    problem = from_address(page.evaluate("() => Object.fromEntries(new URLSearchParams(location.search))")).spec.problem
    assert problem.kind == "matrix_completion" and problem.mask is not None
    return painted_mask.from_text(problem.mask, 12, 15)


def test_stroke_paints_what_it_crosses_and_undo_takes_it_back(visit: Callable[..., Any], app: str) -> None:
    page = opened(visit, app)
    cell, mask = page.evaluate("() => (({ picture, mask }) => [picture.cell, [...mask]])(document.querySelector('.me').editor)")
    before = np.array(mask, dtype=bool).reshape(12, 15)
    row = int(np.argmin(before[:, 2]))  # its third entry is unseen: a stroke from there adds
    box = page.locator(".me canvas").bounding_box()
    y = box["y"] + GUTTER + (row + 0.5) * cell
    page.mouse.move(box["x"] + GUTTER + 2.5 * cell, y)
    page.mouse.down()
    page.mouse.move(box["x"] + GUTTER + 9.5 * cell, y)
    page.mouse.up()
    expected = before.copy()
    expected[row, 2:10] = True
    assert np.array_equal(painted(page), expected)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function(f"() => !location.search.includes('{painted_mask.to_text(expected)}')")
    assert np.array_equal(painted(page), before)


def test_keys_paint_clear_a_row_and_the_page_warns_and_explore_follows(visit: Callable[..., Any], app: str) -> None:
    page = opened(visit, app)
    page.locator(".me canvas").focus()
    before = np.array(page.evaluate("() => Array.from(document.querySelector('.me').editor.mask)"), dtype=bool).reshape(12, 15)
    for key in ("ArrowDown", "ArrowRight", "Space", "Shift+R"):
        page.keyboard.press(key)
    expected = before.copy()
    expected[1] = False
    assert np.array_equal(painted(page), expected)
    page.wait_for_selector(".ob-lost")
    assert "15 lie between two components, counting one row without observations" in page.locator(".ob-lost").inner_text()
    assert page.locator(".me-description").inner_text().startswith("Row 2, column 2: unseen, no method can recover it")
    page.get_by_role("button", name="Run this in Explore").click()
    page.wait_for_selector("[data-testid=player]:not([data-frames='0'])")
    page.get_by_role("radio", name="Observed").click()
    assert f"The {expected.sum()} of 180 entries that training sees" in page.locator(".dmf-caption").first.inner_text()


def test_page_fits_a_phone(visit: Callable[..., Any], app: str) -> None:
    page = opened(visit, app, color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("() => document.querySelector('.me canvas').getBoundingClientRect().right <= 390")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert page.locator(".me canvas").bounding_box()["x"] >= 0
