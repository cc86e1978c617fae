"""The page Map: Plotly draws it, a cell is read, opened and refined by pointer and keys, and it fits a phone."""

from collections.abc import Callable
from typing import Any

BASE = "problem.rows=12&problem.columns=12&problem.rank=1&problem.observations=60&stop.loss=0.001"
INK_DARK = "rgb(236, 238, 240)"
MAP = "map.across=problem.observations%3D60:140:20&map.up=problem.rank%3D1:3&map.seeds=1"
DONE = "document.querySelector('.dmf-map')?.view?.data?.cells.state.flat().every((each) => each === 2)"


def opened(visit: Callable[..., Any], app: str, **options: Any) -> Any:
    page = visit(f"{app}/map?version=1&{BASE}&{MAP}", ready=".dmf-map[data-drawn]", **options)
    page.wait_for_function(DONE)
    assert page.locator(".st-key-map-progress").bounding_box()["y"] < page.locator(".map-plot").bounding_box()["y"]
    return page


def test_cell_is_read_out_and_opened_with_its_own_run(visit: Callable[..., Any], app: str) -> None:
    page = opened(visit, app)
    assert page.locator(".map-drawing image").count() == 1
    plot = page.locator(".map-plot")
    plot.focus()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 60)
    tip, labels = page.locator(".map-tip").bounding_box(), page.locator(".yaxislayer-above, .y2tick").first.bounding_box()
    assert tip["x"] >= labels["x"] + labels["width"]  # the words of the rows can be read
    page.keyboard.press("p")  # the page is shown larger: the cell under the pointer is still the one that is chosen
    page.wait_for_function("document.querySelector('.dmf-map').view.zoom > 1.3")
    page.wait_for_function("document.querySelector('.map-plot').getBoundingClientRect().bottom <= window.innerHeight")
    box = plot.bounding_box()
    x, y = box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"]
    page.mouse.move(x, y)
    chosen = page.locator(".map-cell").bounding_box()
    assert chosen["x"] < x < chosen["x"] + chosen["width"] and chosen["y"] < y < chosen["y"] + chosen["height"]
    page.keyboard.press("Escape")
    page.wait_for_function("document.querySelector('.dmf-map').view.zoom < 1.1")
    for key in ("ArrowDown", "ArrowLeft", "ArrowLeft"):  # from the middle to a corner
        plot.press(key)
    row, column = page.evaluate("document.querySelector('.dmf-map').view.cell")
    head = f"Rank {row + 1}, {60 + 20 * column} observed entries"
    page.get_by_role("heading", name=head).wait_for()
    page.locator(".map-read svg.dmf-thumb").wait_for()  # its curves
    before = plot.bounding_box()
    plot.press("Shift+Enter")  # the first of two
    marked, cell = page.locator(".map-marked"), page.locator(".map-cell")
    marked.wait_for()
    assert marked.bounding_box() == cell.bounding_box() and plot.bounding_box() == before  # nothing jumps
    assert page.locator(".map-note").inner_text().startswith(f"Marked: {head[0].lower()}{head[1:]}.")
    assert page.locator(".map-spoken").inner_text() == page.locator(".map-note").inner_text()
    assert page.locator(".map-along").inner_text() == f"Along rank {row + 1}: distance to the truth, log"
    plot.press("ArrowRight")
    plot.press("Enter")  # at once: the report of the cell may not take its place
    page.wait_for_selector("[data-testid=player][data-run]")
    page.get_by_text("It ends as its cell on the map says").wait_for()
    page.wait_for_url(f"**problem.observations={80 + 20 * column}**")


def test_phone_shows_the_map_without_sideways_scroll(visit: Callable[..., Any], app: str) -> None:
    page = opened(visit, app, width=390, height=844, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".dmf-map").get_attribute("data-theme") == "dark"
    box = page.locator(".map-plot").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.locator(".map-plot").press("ArrowDown")
    page.locator(".map-read svg.dmf-thumb").wait_for()
    assert page.evaluate("getComputedStyle(document.querySelector('.map-read .dmf-thumb .ink')).stroke") == INK_DARK
