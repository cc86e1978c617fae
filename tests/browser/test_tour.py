"""The guided tour in a real browser: the step is done on the real control, and the panel notices."""

from pathlib import Path

import pytest

from tests.browser.conftest import settled

PLAYER = '[data-testid="player"]'
DRAWN = f'{PLAYER}:not([data-frames="0"]):not([data-state="growing"])'
PANEL = ".st-key-tour"
REPORTS = any("setStateValue" in file.read_text() for file in (Path(__file__).parents[2] / "ui" / "player" / "js").iterdir())


def test_setting_of_a_chapter_is_outlined_and_its_change_is_noticed(app, visit) -> None:
    page = visit(f"{app}/?tour=3")
    page.wait_for_selector(DRAWN)
    depth = page.locator(".st-key-model-depth")
    assert depth.evaluate("(control) => getComputedStyle(control).outlineStyle") == "solid"
    depth.get_by_text("1", exact=True).click()
    page.locator(PANEL).get_by_text("at 40 instead of 5").wait_for(timeout=60_000)
    assert depth.evaluate("(control) => getComputedStyle(control).outlineStyle") == "none"
    page.locator(PANEL).get_by_role("button", name="Next:").click()
    page.locator(PANEL).get_by_text("Chapter 4 of 8").wait_for(timeout=60_000)
    assert "tour=4" in page.url


def test_tour_is_left_and_resumed_from_learn(app, visit) -> None:
    page = visit(f"{app}/?tour=6")
    page.wait_for_selector(DRAWN)
    page.focus(PLAYER)
    page.keyboard.press("?")
    page.keyboard.press("Escape")  # closes the help, and only that
    page.wait_for_selector(".dmf-help", state="hidden")
    assert page.locator(PANEL).count() == 1
    page.keyboard.press("Escape")
    page.wait_for_selector(PANEL, state="detached")
    page.get_by_role("link", name="Learn").click()
    page.get_by_role("button", name="Go on with chapter 6").click()
    page.locator(PANEL).get_by_text("Chapter 6 of 8").wait_for(timeout=60_000)


def test_panel_covers_nothing_and_play_stays_in_reach(app, visit) -> None:
    page = visit(f"{app}/?tour=3")
    page.wait_for_selector(DRAWN)
    panel, player = page.locator(PANEL).bounding_box(), page.locator(PLAYER).bounding_box()
    assert panel["y"] + panel["height"] <= player["y"]
    for chapter in (2, 8):  # those that ask for play: the whole button, above the fold
        page.goto(f"{app}/?tour={chapter}")
        page.wait_for_selector(DRAWN)
        button = page.locator(".dmf-play").bounding_box()
        assert button["y"] + button["height"] < 900
    phone = visit(f"{app}/?tour=3", 390, 844)
    phone.wait_for_selector(DRAWN)
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= 390


@pytest.mark.skipif(not REPORTS, reason="the player on this branch does not report its view yet")
def test_moves_of_the_player_are_noticed(app, visit) -> None:
    page = visit(f"{app}/?tour=1")
    page.wait_for_selector(f'{DRAWN}[data-frame="0"]')
    page.locator(PANEL).get_by_text("choose truth").wait_for(timeout=60_000)
    page.locator(".dmf-shown [data-key=truth]").click()
    page.locator(PANEL).get_by_text("575 degrees of freedom").wait_for(timeout=60_000)
    page.locator(PANEL).get_by_role("button", name="Next:").click()
    page.locator(PANEL).get_by_text("Chapter 2 of 8").wait_for(timeout=60_000)
    page.wait_for_selector(f'{DRAWN}[data-frame="0"]')
    settled(page)
    page.focus(PLAYER)
    page.keyboard.press("End")
    page.locator(PANEL).get_by_text("born one after another").wait_for(timeout=60_000)
