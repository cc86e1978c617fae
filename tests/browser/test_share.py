"""The link in a real browser: copied here, opened there, the same run at the same moment."""

import io
import re
from typing import Any

from PIL import Image

from tests.browser.conftest import playwright, view_reported
from ui.figures.qr import QUIET, modules

PLAYER = '[data-testid="player"]'
PAINTED = f'{PLAYER}:not([data-frames="0"]):not([data-state="growing"])'
SMALL = "problem.rows=30&problem.columns=30&problem.rank=2&problem.observations=500&seed=5&model.depth=2"


def at_rest(page: Any) -> None:
    """Waits for the run's last moment, told to the server: from here on the address does not change by itself."""
    page.wait_for_selector(PAINTED)
    page.focus(PLAYER)
    page.keyboard.press("End")
    view_reported(page)


def link(page: Any) -> Any:
    """The opened Link popover."""
    page.get_by_role("button", name="Link", exact=True).click()
    box = page.locator("[data-testid=link]")
    box.locator("svg").first.wait_for()
    return box


def test_copied_link_opens_the_same_run_in_another_browser(app, visit) -> None:
    page = visit(f"{app}/?{SMALL}", permissions=["clipboard-read", "clipboard-write"])
    at_rest(page)
    box = link(page)
    box.get_by_role("button", name="Copy").click()
    box.get_by_text("Copied.").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address.startswith(f"{app}/?version=1&")
    assert address == box.locator("textarea").input_value()
    other_page = visit(address)
    other_page.wait_for_selector(PAINTED)
    assert other_page.get_attribute(PLAYER, "data-run") == page.get_attribute(PLAYER, "data-run")


def test_link_copies_without_a_clipboard_of_the_page(app, visit) -> None:
    page = visit(f"{app}/?{SMALL}", permissions=["clipboard-read"])
    at_rest(page)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")  # as on a page without https
    box = link(page)
    box.get_by_role("button", name="Copy").click()
    box.get_by_text("Copied.").wait_for()


def test_large_qr_code_is_drawn_module_by_module_also_in_the_dark(app, visit) -> None:
    page = visit(f"{app}/?{SMALL}", color_scheme="dark")
    at_rest(page)
    box = link(page)
    text = box.locator("textarea").input_value()
    box.get_by_role("button", name="Show large").click()
    code = box.locator("dialog svg")
    code.wait_for()
    shot = Image.open(io.BytesIO(code.screenshot())).convert("L")
    expected = modules(text)
    assert expected is not None
    size = shot.width / (len(expected) + 2 * QUIET)
    assert size >= 8  # pixels a module: readable from the back of a lecture hall
    for y, row in enumerate(expected):
        for x, dark in enumerate(row):
            at = tuple(int((place + QUIET + 0.5) * size) for place in (x, y))
            assert (shot.getpixel(at) < 128) == dark
    assert all(shot.getpixel((x, int(size * 2))) == 255 for x in range(shot.width))  # the quiet zone
    page.keyboard.press("Escape")
    code.wait_for(state="hidden")


def test_link_opens_at_the_moment_it_was_made_at(app, visit) -> None:
    page = visit(f"{app}/?{SMALL}")
    page.wait_for_selector(PAINTED)
    page.focus(PLAYER)
    for key in ("Home", "Shift+ArrowRight", "ArrowRight", "ArrowRight", "a", "e"):
        page.keyboard.press(key)
    page.get_by_label("Lower strip").select_option("norms")
    view_reported(page)
    field = link(page).locator("textarea")
    reported = re.compile("view.frame=12.*view.matrix=residual.*view.lower_strip=norms")
    playwright.expect(field).to_have_value(reported, timeout=60_000)
    address = field.input_value()
    other_page = visit(address)
    other_page.wait_for_selector(f'{PAINTED}[data-frame="12"]')
    assert other_page.get_attribute(PLAYER, "data-run") == page.get_attribute(PLAYER, "data-run")
    assert other_page.get_attribute("[role=radio][data-key=residual]", "aria-checked") == "true"
    strips = [other_page.get_by_label(f"{which} strip").input_value() for which in ("Upper", "Lower")]
    assert strips == ["error", "norms"]
