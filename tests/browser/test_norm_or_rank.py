"""The page "Norm or rank?": pictures and table are really in the page, in both themes and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest

ADDRESS = "/?problem.rows=30&problem.columns=30&problem.rank=2&problem.observations=300&init.scale=0.01&stop.loss=0.0001"


def opened(visit: Callable[..., Any], app: str, **options: Any) -> Any:
    page = visit(f"{app}{ADDRESS}", **options)
    page.get_by_role("link", name="Norm or rank?").first.click()
    page.wait_for_selector(".nr-table tbody tr")
    return page


@pytest.mark.parametrize(("scheme", "ink"), [("light", "rgb(27, 31, 36)"), ("dark", "rgb(236, 238, 240)")])
def test_spectra_and_table_are_drawn_in_the_theme(visit: Callable[..., Any], app: str, scheme: str, ink: str) -> None:
    page = opened(visit, app, color_scheme=scheme)
    assert page.locator(".nr-chart rect").count() == 13  # twelve bars and the key
    assert page.locator(".nr-table tbody tr").count() == 10
    assert page.eval_on_selector(".nr h1", "element => getComputedStyle(element).color") == ink
    assert page.eval_on_selector(".nr-ring", "element => getComputedStyle(element).stroke") == ink
    assert page.locator(".nr h1").inner_text().startswith("Depth 3: ")


def test_grid_runs_and_draws_four_charts(visit: Callable[..., Any], app: str) -> None:
    page = opened(visit, app)
    page.get_by_role("button", name="runs · about").click()
    page.get_by_role("button", name="Cancel, keep what is there").wait_for(state="detached", timeout=120_000)
    page.wait_for_function("document.querySelectorAll('.nr-grid circle').length === 48")  # 12 runs, four charts
    assert page.locator(".nr-grid svg").count() == 4


def test_phone_needs_no_sideways_scroll(visit: Callable[..., Any], app: str) -> None:
    page = opened(visit, app)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.querySelector('.nr').getBoundingClientRect().width < 390")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('.nr-table').getBoundingClientRect().right") <= 390
