"""The page "Theory": pictures and tables are really in the page, in both themes and on a phone."""

from collections.abc import Callable
from typing import Any

SIZE = "problem.rows=30&problem.columns=30&problem.rank=2&problem.observations=300"
ADDRESS = f"/?{SIZE}&init.scale=0.1&init.kind=balanced&stop.loss=0.001&stop.iterations=300"


def opened(visit: Callable[..., Any], app: str, **options: Any) -> Any:
    page = visit(f"{app}{ADDRESS}", **options)
    page.get_by_role("link", name="Theory", exact=True).click()
    page.wait_for_selector(".th-one")
    return page


def test_overlays_are_drawn_in_the_theme_and_share_one_moment(visit: Callable[..., Any], app: str) -> None:
    page = opened(visit, app, color_scheme="dark")
    assert page.locator(".th-one").count() == 8
    assert page.locator(".th-one svg[role=img]").count() == 7
    assert page.eval_on_selector(".th-predicted", "element => getComputedStyle(element).stroke") == "rgb(236, 238, 240)"
    assert page.locator("[data-statement=theorem_3] .th-ok").inner_text() == "✓"
    before = page.locator(".nr-cursor").first.get_attribute("x1")
    page.get_by_role("slider", name="Moment").press("End")
    page.wait_for_function(f"document.querySelector('.nr-cursor').getAttribute('x1') !== '{before}'")
    places = page.eval_on_selector_all(".nr-cursor", "lines => lines.map(line => line.getAttribute('x1'))")
    assert len(set(places)) == 1


def test_methods_fill_two_tables_and_a_phone_needs_no_sideways_scroll(visit: Callable[..., Any], app: str) -> None:
    page = opened(visit, app)
    page.get_by_role("button", name="methods · about").click()
    page.wait_for_function("document.querySelectorAll('.th-methods tbody tr').length === 10", timeout=120_000)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.querySelector('.th-grid').getBoundingClientRect().width < 390")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert (
        page.evaluate("Math.max(...[...document.querySelectorAll('.th-chart')].map(e => e.getBoundingClientRect().right))") <= 390
    )
