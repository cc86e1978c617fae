"""Tests' visitors: each is like a new one, though their pages are used again."""

from typing import Any

import pytest

from tests.browser.visitors import visiting

SCRIPTLESS = "/_stcore/health"  # a word, and no script
STORE = """[localStorage, sessionStorage].forEach((each) => each.setItem("left", "1")); document.cookie = "left=1" """
STORED = "[localStorage.length, sessionStorage.length, document.cookie.includes('left')]"
SHOWN = "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]"


def test_visitor_has_nothing_of_the_one_before(stage: str, chromium: Any) -> None:
    address, pages = stage + SCRIPTLESS, []
    for options in ({}, {"width": 800, "color_scheme": "dark"}, {}):
        with visiting(chromium) as visit:
            page = visit(address, ready="body", **options)
            assert page.evaluate(STORED) == [0, 0, False]
            assert page.evaluate(SHOWN) == [options.get("width", 1400), "color_scheme" in options]
            page.evaluate(STORE)
            other = visit(address, ready="body")
            assert page.evaluate(STORED) == [1, 1, True] and other.evaluate(STORED) == [0, 0, False]
            pages.append(page)
    assert pages[0] is pages[1] is pages[2]


def test_error_is_a_complaint_of_its_own_visitor_only(stage: str, chromium: Any) -> None:
    for _ in range(2):
        with pytest.raises(AssertionError, match=r"^\['broken'\]"), visiting(chromium) as visit:  # once, not twice
            visit(stage + SCRIPTLESS, ready="body").evaluate("console.error('broken')")
    with visiting(chromium) as visit:
        visit(stage + SCRIPTLESS, ready="body")
