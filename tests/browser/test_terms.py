"""A word of the glossary says what it means to a finger and to the keyboard, with the text that a mouse gets."""

import pytest

from tests.browser.conftest import settled
from tests.browser.player import Visit

TERM = "p abbr[title]:visible"
SHOWN = "term => getComputedStyle(term, '::after').content"
PLACE = """term => { const sheet = getComputedStyle(term, '::after'), page = document.documentElement;
  const line = term.closest("p").getBoundingClientRect();
  return [line.left + parseFloat(sheet.left), line.left + parseFloat(sheet.left) + parseFloat(sheet.width), page.scrollWidth] }"""


@pytest.mark.parametrize("address", ["", "observations"], ids=["player", "page"])
def test_word_of_the_glossary_explains_itself_to_a_finger_and_to_the_keyboard(app: str, visit: Visit, address: str) -> None:
    page = visit(f"{app}/{address}", 390, 844, ready=TERM, has_touch=True)
    settled(page)
    term = page.locator(TERM).first
    assert term.evaluate(SHOWN) == "none"
    term.tap()
    meaning = term.get_attribute("title")
    assert meaning and term.evaluate(SHOWN) == f'"{meaning}"'
    left, right, width = term.evaluate(PLACE)
    assert 0 <= left < right <= 390 and width <= 390
    page.keyboard.press("Escape")
    assert term.evaluate(SHOWN) == "none"
    term.focus()
    assert term.evaluate(SHOWN) == f'"{meaning}"'
    page.get_by_role("heading").first.tap()
    assert term.evaluate(SHOWN) == "none"
