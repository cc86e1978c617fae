"""The menu of pages and the views of a page in a real browser, by address, by link and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import settled
from ui.controls.navigation import MENU, VIEWS, Group

LINKS = ".st-key-views a"
HEADINGS = {
    "theory": "Theory on top of measurement",
    "norm_or_rank": "Depth 3: ",
    "observations": "No unseen entry is free",
    "reproductions": "figures run again",
}


@pytest.mark.parametrize("group", list(VIEWS))
def test_view_opens_by_its_address_and_leads_to_the_others(app: str, visit: Callable[..., Any], group: Group) -> None:
    for name, file in list(VIEWS[group].items())[1:]:
        page = visit(f"{app}/{file}", ready=LINKS)
        page.get_by_role("heading", name=HEADINGS[file]).first.wait_for()
        assert page.url.split("?")[0] == f"{app}/{file}"
        assert page.locator(LINKS).all_inner_texts() == list(VIEWS[group])
        page.wait_for_function("name => document.title === `${name} · DMF Lab`", arg=name)
        menu = page.get_by_test_id("stTopNavLink")
        assert menu.all_inner_texts() == list(MENU)
        colours = [link.evaluate("link => getComputedStyle(link).backgroundColor") for link in menu.all()]
        own = MENU.index(group)  # the menu shows to which page the view belongs
        assert [colour != colours[own - 1] for colour in colours] == [place == own for place in range(len(MENU))]
    settled(page)
    page.locator(LINKS).first.click()
    page.wait_for_url(f"{app}/gallery" if group == "Gallery" else f"{app}/?*")
    page.wait_for_function("name => document.title === `${name} · DMF Lab`", arg=group)


def test_menu_of_a_phone_closes_after_a_choice_and_names_the_page(app: str, visit: Callable[..., Any]) -> None:
    page = visit(f"{app}/observations", 390, 844, ready=LINKS, has_touch=True)
    button = page.get_by_test_id("stExpandSidebarButton")
    named = "button => getComputedStyle(button, '::after').content"
    assert button.evaluate(named) == '"Observations"'
    assert button.bounding_box()["height"] >= 44
    views = [link.bounding_box() for link in page.locator(LINKS).all()]
    assert len(views) == len(VIEWS["Explore"])
    assert min(box["height"] for box in views) >= 44
    assert max(box["x"] + box["width"] for box in views) <= 390
    button.tap()
    links = page.get_by_test_id("stSidebarNavLink")
    links.first.wait_for()
    assert links.all_inner_texts() == list(MENU)
    assert min(link.bounding_box()["height"] for link in links.all()) >= 44
    links.nth(MENU.index("About")).tap()
    page.wait_for_url(f"{app}/about")
    page.locator("[data-testid=stSidebar][data-collapsed=true]").wait_for(state="attached")
    expand_button = "document.querySelector('[data-testid=stExpandSidebarButton]')"
    page.wait_for_function(f"{expand_button} && ({named})({expand_button}) === '\"About\"'")


def test_names_of_the_pages_take_no_touch_below_the_header(app: str, visit: Callable[..., Any]) -> None:
    page = visit(f"{app}/learn", 844, 390, has_touch=True)
    page.get_by_test_id("stTopNavLink").first.wait_for()
    below = """nav => { const { left, right } = nav.getBoundingClientRect(), step = (right - left) / 20;
        const y = document.querySelector("[data-testid=stHeader]").getBoundingClientRect().bottom + 1;
        return [...Array(19).keys()].some((i) => nav.contains(document.elementFromPoint(left + (i + 1) * step, y))) }"""
    assert not page.get_by_test_id("stTopNav").evaluate(below)
    page.get_by_test_id("stTopNavLink").filter(has_text="Map").tap()
    page.wait_for_url("**/map**")
