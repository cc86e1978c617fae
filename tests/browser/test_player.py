"""The player in a real browser: what plays, steps and scrubs it, by keys and by hand."""

from typing import Any

import pytest

from tests.browser.conftest import frames, plays_smoothly
from tests.browser.player import MOVING, PLAYER, Visit, dataset, frame, player, press_keys, wait_until


def test_player_plays_by_itself(stage: str, visit: Visit) -> None:
    page = visit(stage)
    wait_until(page, f"d.state === 'playing' && document.querySelector('{PLAYER}').player.clock.u > 0.02")


def test_reduced_motion_opens_paused_at_the_last_event(stage: str, visit: Visit) -> None:
    page = visit(stage, reduced_motion="reduce")
    assert dataset(page)["state"] == "paused"
    last = page.evaluate(f"document.querySelector('{PLAYER}').player.run.events.at(-1)[1]")
    assert frame(page) == int(last)
    assert page.evaluate(MOVING, PLAYER) == []
    page.keyboard.press("Space")
    wait_until(page, "d.state === 'playing'")


def test_space_pauses_and_plays_on(page: Any) -> None:
    press_keys(page, "Space")
    wait_until(page, "d.state === 'playing'")
    press_keys(page, "Space")
    wait_until(page, "d.state === 'paused'")
    before = frame(page)
    frames(page)
    assert frame(page) == before


def test_playing_from_where_it_begins_to_the_end_takes_twelve_seconds(page: Any) -> None:
    press_keys(page, "Space")
    wait_until(page, "d.state === 'playing'")
    seconds = """(place) => new Promise((done) => { const clock = document.querySelector(place).player.clock;
        let passed = 0, before = null, from = 0; const tick = (now) => {
        if (before === null) from = clock.u; else passed += Math.min(now - before, 100); before = now;
        passed < 1200 ? requestAnimationFrame(tick) : done(passed / 1000 / (clock.u - from)) }; requestAnimationFrame(tick) })"""
    share = player(page, "1 - p.axis.opens")
    assert 0.5 < share < 1
    assert share * page.evaluate(seconds, PLAYER) == pytest.approx(
        12, rel=0.05
    )  # a picture that came late counts for 100 ms at most


def test_arrows_step(page: Any) -> None:
    for key, expected in [("ArrowLeft", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("Shift+ArrowRight", 11)]:
        press_keys(page, key)
        assert frame(page) == expected


def test_end_and_home_jump(page: Any) -> None:
    press_keys(page, "End")
    assert frame(page) == int(dataset(page)["frames"]) - 1
    press_keys(page, "Home")
    assert frame(page) == 0


def test_events_are_reached_by_page_keys(page: Any) -> None:
    events = page.evaluate(f"document.querySelector('{PLAYER}').player.run.events.map((e) => e[1])")
    press_keys(page, "+", "+", "PageDown")
    wait_until(page, "d.state === 'paused' && d.frame !== '0'")
    assert frame(page) == int(events[0])
    press_keys(page, "End", "PageUp")
    assert frame(page) == int(events[-1])


def test_keys_work_without_focus_but_for_those_that_scroll_a_long_page(page: Any) -> None:
    page.evaluate("document.activeElement.blur()")
    long = "(least) => { document.querySelector('[data-testid=stMainBlockContainer]').style.minHeight = least }"
    page.evaluate(long, "300vh")
    page.keyboard.press("End")
    assert frame(page) == 0
    page.evaluate(long, "")
    page.keyboard.press("End")
    assert frame(page) == int(dataset(page)["frames"]) - 1
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    assert frame(page) == 10
    page.keyboard.press("?")
    assert page.is_visible(".dmf-help")
    page.keyboard.press("Escape")
    page.keyboard.press("Space")
    wait_until(page, "d.state === 'playing'")
    page.get_by_label("Name").click()
    page.keyboard.type("p ? 12")
    page.keyboard.press("ArrowLeft")
    assert page.get_by_label("Name").input_value() == "p ? 12"
    assert dataset(page)["projector"] == "" and page.is_hidden(".dmf-help")
    page.focus("[data-do=projector]")
    page.keyboard.press("Enter")
    assert dataset(page)["projector"] == "wide"
    page.keyboard.press("Escape")
    assert dataset(page)["projector"] == "" and page.evaluate("document.activeElement.dataset.do") == "projector"


def test_run_that_is_opened_rises_at_once_and_does_not_tell_its_end(stage: str, visit: Visit) -> None:
    page = visit(stage)
    page.wait_for_function(f"document.querySelector('{PLAYER}').dataset.rise >= 0.02")
    opened = player(page, "[p.axis.opens, p.curves.risen(p.clock.opening), p.clock.u < 0.9]")
    assert 0.05 < opened[0] < 0.5 and opened[1] < 0.02 and opened[2]
    assert page.is_hidden(".dmf-summary") and page.get_by_test_id("player-verdict").inner_text() == ""
    assert player(page, "p.hidden")
    page.evaluate(f"document.querySelector('{PLAYER}').player.clock.u = 0.999")  # the end of the first playing
    wait_until(page, "d.state === 'paused'")
    assert page.is_visible(".dmf-summary") and "Recovered" in page.get_by_test_id("player-verdict").inner_text()
    assert float(dataset(page)["rise"]) > 0.5


def test_dragging_the_track_scrubs(page: Any) -> None:
    box = page.locator(".dmf-track").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 12, steps=4)
    middle = frame(page)
    page.mouse.move(box["x"] + box["width"] + 30, box["y"] + 12, steps=4)
    page.mouse.up()
    assert 0 < middle < frame(page) == int(dataset(page)["frames"]) - 1
    assert dataset(page)["state"] == "paused"


def test_theme_switch_in_mid_play_keeps_frame_and_playing(page: Any) -> None:
    press_keys(page, "Shift+ArrowRight", "Space")
    page.evaluate(f"document.querySelector('{PLAYER}').player.clock.speed = 0.001")  # three hours: not at its end meanwhile
    page.click("[data-testid=stMainMenu] button")
    before = frame(page)
    page.locator("[aria-label=Theme]").get_by_text("dark_mode").click()
    wait_until(page, "d.theme === 'dark'")
    assert dataset(page)["state"] == "playing"
    assert before <= frame(page) < int(dataset(page)["frames"]) - 1


def test_loop_begins_again(page: Any) -> None:
    press_keys(page, "r", "+", "+", "End", "ArrowLeft", "Space")
    wait_until(page, "d.state === 'playing' && Number(d.frame) < 20")
    press_keys(page, "Space")


def test_playing_is_smooth(page: Any) -> None:
    assert plays_smoothly(page, lambda: press_keys(page, "Space"))
