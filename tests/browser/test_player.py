"""The player in a real browser: what a hand, a key and the server do to it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from dmf_core.presets import PRESETS
from tests.browser.conftest import frames, plays_smoothly, settled
from ui.player.view import View

Visit = Callable[..., Any]
PLAYER = "[data-testid=player]"


def at(page: Any) -> dict[str, str]:
    """The data attributes of the player."""
    dataset: dict[str, str] = page.eval_on_selector(PLAYER, "root => ({...root.dataset})")
    return dataset


def frame(page: Any) -> int:
    return int(at(page)["frame"])


def wait(page: Any, condition: str) -> None:
    """Until a condition on the data attributes `d` holds."""
    page.wait_for_function(
        f"() => {{ const d = document.querySelector('{PLAYER}').dataset; return {condition} }}", timeout=60_000
    )


def press(page: Any, *keys: str) -> None:
    page.focus(PLAYER)
    for key in keys:
        page.keyboard.press(key)


def rerun(page: Any) -> None:
    """Runs the script once more, and waits until the player has what came of it."""
    page.get_by_role("button", name="Rerun").click()
    page.get_by_text("reruns: 1").wait_for()  # written after the player
    settled(page)
    frames(page)


@pytest.fixture
def page(stage: str, visit: Visit) -> Any:
    """The player, paused at its first frame."""
    opened = visit(stage)
    wait(opened, "d.state === 'playing'")
    press(opened, "Home")
    wait(opened, "d.state === 'paused' && d.frame === '0'")
    return opened


def test_hidden_entry_and_determinant_are_the_strips_of_their_problem(visit: Visit, app: str) -> None:
    changes = PRESETS["hidden-entry"].changes | {"stop.loss": 1e-3}
    page = visit(f"{app}/?{urlencode({path: str(value) for path, value in changes.items()})}")
    menus = page.locator(".dmf-strip select")
    menus.first.wait_for()
    page.wait_for_function("document.querySelector('.dmf-strip select').value === 'hidden'")
    assert [menu.input_value() for menu in menus.all()] == ["hidden", "determinant"]
    wait(page, "d.state !== 'growing' && d.state !== 'empty'")  # the end of a run that grows is not its end
    page.locator("[data-testid=player]").press("End")
    label = "document.querySelector('.dmf-strips canvas').getAttribute('aria-label')"
    page.wait_for_function(f"/hidden entry: 22.*determinant of W: \\d/.test({label})")  # 1/sqrt(2 loss) = 22.4
    menus.first.select_option("error")
    page.wait_for_function("document.querySelector('.dmf-strips canvas').getAttribute('aria-label').includes('mean squared')")


def test_player_plays_by_itself(stage: str, visit: Visit) -> None:
    page = visit(stage)
    wait(page, f"d.state === 'playing' && document.querySelector('{PLAYER}').player.clock.u > 0.02")


def test_reduced_motion_opens_paused_at_the_last_event(stage: str, visit: Visit) -> None:
    page = visit(stage, reduced_motion="reduce")
    assert at(page)["state"] == "paused"
    last = page.evaluate(f"document.querySelector('{PLAYER}').player.run.events.at(-1)[1]")
    assert frame(page) == int(last)


def test_space_pauses_and_plays_on(page: Any) -> None:
    press(page, "Space")
    wait(page, "d.state === 'playing'")
    press(page, "Space")
    wait(page, "d.state === 'paused'")
    before = frame(page)
    frames(page)
    assert frame(page) == before


def test_playing_from_where_it_begins_to_the_end_takes_twelve_seconds(page: Any) -> None:
    press(page, "Space")
    wait(page, "d.state === 'playing'")
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
        press(page, key)
        assert frame(page) == expected


def test_end_and_home_jump(page: Any) -> None:
    press(page, "End")
    assert frame(page) == int(at(page)["frames"]) - 1
    press(page, "Home")
    assert frame(page) == 0


def test_events_are_reached_by_page_keys(page: Any) -> None:
    events = page.evaluate(f"document.querySelector('{PLAYER}').player.run.events.map((e) => e[1])")
    press(page, "+", "+", "PageDown")
    wait(page, "d.state === 'paused' && d.frame !== '0'")
    assert frame(page) == int(events[0])
    press(page, "End", "PageUp")
    assert frame(page) == int(events[-1])


def test_keys_work_without_focus_but_for_those_that_scroll(page: Any) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("End")
    assert frame(page) == 0
    page.keyboard.press("Shift+ArrowRight")
    assert frame(page) == 10
    page.keyboard.press("?")
    assert page.is_visible(".dmf-help")
    page.keyboard.press("Escape")
    page.keyboard.press("Space")
    wait(page, "d.state === 'playing'")
    page.get_by_label("Name").click()
    page.keyboard.type("p ? 12")
    page.keyboard.press("ArrowLeft")
    assert page.get_by_label("Name").input_value() == "p ? 12"
    assert at(page)["projector"] == "" and page.is_hidden(".dmf-help")


def test_run_that_is_opened_rises_at_once_and_does_not_tell_its_end(stage: str, visit: Visit) -> None:
    page = visit(stage)
    page.wait_for_function(f"document.querySelector('{PLAYER}').dataset.rise >= 0.02")
    opened = player(page, "[p.axis.opens, p.curves.risen(p.clock.opening), p.clock.u < 0.9]")
    assert 0.05 < opened[0] < 0.5 and opened[1] < 0.02 and opened[2]
    assert page.is_hidden(".dmf-summary") and page.get_by_test_id("player-verdict").inner_text() == ""
    assert player(page, "p.hidden")
    page.evaluate(f"document.querySelector('{PLAYER}').player.clock.u = 0.999")  # the end of the first playing
    wait(page, "d.state === 'paused'")
    assert page.is_visible(".dmf-summary") and "Recovered" in page.get_by_test_id("player-verdict").inner_text()
    assert float(at(page)["rise"]) > 0.5


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 768), (1440, 900), (1920, 1080), (390, 844)])
def test_picture_and_what_moves_it_are_above_the_fold(app: str, visit: Visit, width: int, height: int) -> None:
    page = visit(app, width, height)
    wait(page, "d.frames !== '0'")
    parts = [".dmf-title", ".dmf-judged", ".dmf-curves", ".dmf-spectrum", ".dmf-track", ".dmf-transport"]
    parts += [".dmf-matrix canvas"] if width >= 1280 else []
    lowest = page.evaluate("(parts) => parts.map((part) => document.querySelector(part).getBoundingClientRect().bottom)", parts)
    assert {part: bottom for part, bottom in zip(parts, lowest, strict=True) if bottom > height} == {}


def test_view_keys_change_only_the_view(page: Any) -> None:
    press(page, "Shift+ArrowRight", "l", "e")
    assert page.get_attribute("[role=radio][data-key=log]", "aria-checked") == "true"
    assert page.get_attribute("[role=radio][data-key=residual]", "aria-checked") == "true"
    press(page, "a")
    assert page.eval_on_selector(".dmf-axis select", "menu => menu.value") == "iterations"
    assert frame(page) == 10
    press(page, "?")
    assert page.is_visible(".dmf-help")
    press(page, "Escape")
    assert page.is_hidden(".dmf-help")


def test_dragging_the_track_scrubs(page: Any) -> None:
    box = page.locator(".dmf-track").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 12, steps=4)
    middle = frame(page)
    page.mouse.move(box["x"] + box["width"] + 30, box["y"] + 12, steps=4)
    page.mouse.up()
    assert 0 < middle < frame(page) == int(at(page)["frames"]) - 1
    assert at(page)["state"] == "paused"


def test_clicking_a_bar_selects_its_mode(page: Any) -> None:
    box = page.locator(".dmf-spectrum canvas").bounding_box()
    page.mouse.click(box["x"] + player(page, "p.spectrum.centre(1)"), box["y"] + 300)
    assert page.evaluate(f"document.querySelector('{PLAYER}').player.selected") == 2


def test_wheel_neither_scrubs_nor_zooms(page: Any) -> None:
    page.hover(".dmf-curves .dmf-plot")
    page.mouse.wheel(0, 300)
    assert frame(page) == 0


def test_theme_switch_in_mid_play_keeps_frame_and_playing(page: Any) -> None:
    press(page, "Shift+ArrowRight", "Space")
    page.click("[data-testid=stMainMenu] button")
    before = frame(page)
    page.locator("[aria-label=Theme]").get_by_text("dark_mode").click()
    wait(page, "d.theme === 'dark'")
    assert at(page)["state"] == "playing"
    assert before <= frame(page) < int(at(page)["frames"]) - 1


def test_rerun_with_the_same_data_changes_nothing(page: Any) -> None:
    press(page, "Shift+ArrowRight")
    page.evaluate(f"document.querySelector('{PLAYER}').player.mark = 1")
    rerun(page)
    assert frame(page) == 10
    assert page.evaluate(f"document.querySelector('{PLAYER}').player.mark") == 1


def test_new_run_starts_playing_from_its_first_frame(page: Any) -> None:
    press(page, "End")
    run = at(page)["run"]
    field = page.get_by_test_id("stNumberInputField")
    field.fill("8")
    field.press("Enter")
    wait(page, f"d.run !== '{run}'")
    assert at(page)["state"] == "playing"
    assert frame(page) < 60


def test_growing_run_is_followed_to_its_end_and_then_nothing_jumps(stage: str, visit: Visit) -> None:
    page = visit(f"{stage}/?state=growing")
    assert at(page)["state"] == "growing"
    assert frame(page) == 29
    page.get_by_role("button", name="Grow").click()
    wait(page, "d.frames === '50'")
    assert frame(page) == 49
    press(page, "Home")
    page.get_by_role("button", name="Grow").click()
    wait(page, "d.state !== 'growing'")
    assert frame(page) == 0  # moved by hand: it stays
    assert at(page)["state"] == "paused"


def test_buttons_of_the_notice_reach_python(stage: str, visit: Visit) -> None:
    page = visit(f"{stage}/?state=growing")
    page.get_by_role("button", name="Cancel, keep what is there").click()
    page.get_by_text("action: cancel").wait_for(timeout=60_000)


def test_empty_player_offers_run(stage: str, visit: Visit) -> None:
    page = visit(f"{stage}/?state=empty")
    assert at(page)["state"] == "empty"
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("action: run").wait_for(timeout=60_000)


@pytest.mark.parametrize("width", [390, 768, 1100, 1400])
def test_page_never_scrolls_sideways(stage: str, visit: Visit, width: int) -> None:
    page = visit(stage, width=width, height=844)
    widest = "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"
    assert page.evaluate(widest) <= width


def test_play_is_within_the_first_500_pixels_of_a_phone(stage: str, visit: Visit) -> None:
    page = visit(stage, width=390, height=844)
    box = page.locator(".dmf-play").bounding_box()
    assert box["y"] + box["height"] / 2 < 500
    assert box["height"] >= 44


def test_cursor_crosses_track_and_curves_at_one_place(page: Any) -> None:
    press(page, "End", "PageUp")
    player = f"document.querySelector('{PLAYER}').player"
    places = page.evaluate(f"(() => {{ const p = {player}; return [p.curves, p.strips, p.track].map((x) => x.x(p.clock.f)) }})()")
    assert max(places) - min(places) < 0.01


def test_playing_is_smooth(page: Any) -> None:
    assert plays_smoothly(page, lambda: press(page, "Space"))


def player(page: Any, expression: str) -> Any:
    """A value of the player, `p`."""
    return page.evaluate(f"(() => {{ const p = document.querySelector('{PLAYER}').player; return {expression} }})()")


def reported(page: Any) -> View:
    """What Python knows of the view."""
    return View.model_validate_json(page.get_by_text("view: {").inner_text().removeprefix("view: "))


def test_view_of_the_server_is_applied_once(stage: str, visit: Visit) -> None:
    view = View(frame=31, axis="seconds", log_time=True, log_values=True, matrix="residual", mode=2, future=False)
    page = visit(f"{stage}/?wanted={view.model_dump_json()}")
    wait(page, "d.state === 'paused' && d.frame === '31'")
    shown = player(page, "[p.axis.name, p.axis.log, p.log, p.shown, p.selected, p.hidden]")
    assert shown == ["seconds", True, True, "residual", 2, True]
    press(page, "Home", "l")
    rerun(page)
    assert frame(page) == 0
    assert not player(page, "p.log")


def test_view_is_reported_when_paused_and_costs_no_payload(stage: str, visit: Visit) -> None:
    page = visit(stage)
    wait(page, "d.state === 'playing'")
    press(page, "a")
    page.wait_for_timeout(700)
    assert reported(page) == View()  # never while playing
    received: list[int] = []
    player(page, "p.mark = 1")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameReceived", lambda event: received.append(len(event["response"]["payloadData"])))
    press(page, "Home", "Shift+ArrowRight", "2", "e")
    page.get_by_text('"frame":10,"axis":"iterations"').filter(has_text='"mode":2').wait_for(timeout=60_000)
    assert reported(page) == View(frame=10, axis="iterations", matrix="residual", mode=2)
    assert frame(page) == 10
    assert player(page, "p.mark") == 1
    assert sum(received) < 100_000  # the payload alone is more than that
    settled(page)  # the rerun is over
    before = len(received)
    press(page, "ArrowRight", "ArrowLeft")
    page.wait_for_timeout(900)
    assert len(received) == before  # back where it was: nothing to report


@pytest.mark.parametrize("axis", ["time", "iterations", "error", "seconds", "events"])
def test_every_axis_runs_from_the_start_to_the_end(page: Any, axis: str) -> None:
    for log in (False, True):
        player(page, f"p.setAxis('{axis}', {str(log).lower()})")
        assert player(page, "p.axis.log") == (log and axis in ("time", "iterations", "seconds"))
        places = player(page, "Array.from({ length: p.run.frames }, (_, i) => p.curves.x(i))")
        assert places == sorted(places)
        ends = player(page, "[p.curves.x0, p.curves.x1]")
        assert [places[0], places[-1]] == pytest.approx(ends, abs=0.01)


def test_births_are_evenly_spaced_on_the_event_axis(page: Any) -> None:
    player(page, "p.setAxis('events', false)")
    births = player(page, "p.run.timeline.filter((e) => e[0] === 'born').map((e) => e[2])")
    x0, x1 = player(page, "[p.curves.x0, p.curves.x1]")
    for i, frame in enumerate(births):
        # a birth lies between two snapshots, where the axis is linear in frames but the knot is in flow time
        before, at_frame, after = player(page, f"[Math.floor({frame}), {frame}, Math.ceil({frame})].map((f) => p.curves.x(f))")
        assert at_frame == pytest.approx(x0 + (i + 1) * (x1 - x0) / (len(births) + 1), abs=after - before)


def test_switching_axis_and_view_takes_under_100_ms(page: Any) -> None:
    for change in ("p.setAxis('events', false)", "p.setAxis('time', true)", "p.setLog(true)", "p.show('residual')"):
        took = f"(() => {{ const t = performance.now(); {change}; return performance.now() - t }})()"
        assert any(player(page, took) < 100 for _ in range(10))


def test_pointing_at_a_bar_lights_its_mode_everywhere(page: Any) -> None:
    press(page, "End")
    box = page.locator(".dmf-spectrum canvas").bounding_box()
    page.mouse.move(box["x"] + player(page, "p.spectrum.centre(2)"), box["y"] + 300)
    assert player(page, "[p.curves, p.spectrum, p.strips, p.track].map((panel) => panel.view.lit)") == [3] * 4
    now = int(player(page, "p.run.value(2, p.run.frames - 1)"))
    assert page.locator(".dmf-tip").inner_text().startswith(f"mode 3 now {now}")
    assert "heads for σ₃" in page.locator(".dmf-tip").inner_text()
    page.mouse.move(5, 5)
    assert player(page, "p.lit") == 0
    assert page.is_hidden(".dmf-tip")


def test_number_key_shows_the_numbers_of_its_mode_and_escape_hides_them(page: Any) -> None:
    press(page, "End", "2")
    assert page.locator(".dmf-tip").inner_text().startswith("mode 2 now")
    assert page.locator(".dmf-spoken").inner_text().startswith("mode 2 now")
    press(page, "Escape")
    assert page.is_hidden(".dmf-tip")
    assert player(page, "p.selected") == 2


def test_hidden_future_tells_nothing_of_it(page: Any) -> None:
    press(page, "Shift+ArrowRight", "1")
    page.get_by_role("button", name="Hide the future").click()
    assert page.is_hidden(".dmf-summary")
    assert "wait" not in page.get_by_test_id("player-live").inner_text()
    tip = page.locator(".dmf-tip").inner_text()
    assert "at the end" not in tip
    assert "heads" not in tip
    label = page.locator(".dmf-curves canvas").get_attribute("aria-label")
    assert "born" not in label
    page.get_by_role("button", name="Events").click()
    assert page.locator(".dmf-events li").count() == player(page, "p.run.timeline.filter((e) => e[2] <= p.clock.f).length")
    press(page, "f")
    assert page.is_visible(".dmf-summary")


def test_event_list_jumps_by_keyboard(page: Any) -> None:
    page.get_by_role("button", name="Events").focus()
    page.keyboard.press("Enter")
    items = page.locator(".dmf-events li button")
    assert items.all_inner_texts() == player(page, "p.run.timeline.map((e) => e[4])")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert player(page, "p.clock.f") == pytest.approx(player(page, "p.run.timeline[1][2]"), abs=1e-6)
    assert page.locator(".dmf-spoken").inner_text().lower().startswith(items.nth(1).inner_text())
    page.keyboard.press("Escape")
    assert page.is_hidden(".dmf-events")
    assert page.evaluate("document.activeElement.dataset.do") == "events"


def test_loop_begins_again(page: Any) -> None:
    press(page, "r", "+", "+", "End", "ArrowLeft", "Space")
    wait(page, "d.state === 'playing' && Number(d.frame) < 20")
    press(page, "Space")


def test_projector_fills_the_window_and_takes_keys_from_anywhere(page: Any) -> None:
    press(page, "Shift+ArrowRight", "p")
    wait(page, "d.projector === 'wide'")
    box = page.locator(PLAYER).bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1400, 900)
    assert page.locator(".dmf-numbers dt").all_inner_texts()[0] == "Error, observed"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("End")
    assert frame(page) == int(at(page)["frames"]) - 1
    page.keyboard.press("?")
    page.get_by_role("button", name="Events").click()
    assert page.evaluate(SMALLEST) >= 17
    for _ in range(3):  # the keys, the events, the projector
        page.keyboard.press("Escape")
    assert at(page)["projector"] == ""


def test_projector_can_be_asked_for_in_the_address(stage: str, visit: Visit) -> None:
    page = visit(f"{stage}/?view=projector", width=1280, height=720)
    assert at(page)["projector"] == "wide"
    assert page.evaluate("[...document.querySelectorAll('.dmf, .dmf-page')].every((e) => e.scrollHeight <= 720)")


def test_keys_leave_text_fields_alone(page: Any) -> None:
    press(page, "p")
    wait(page, "d.projector === 'wide'")
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), { id: 'name' }))")
    page.focus("#name")
    page.keyboard.type("aflp 12")
    assert page.input_value("#name") == "aflp 12"
    assert player(page, "[p.hidden, p.log, p.axisName, p.projector]") == [False, False, "time", True]


def test_strip_menus_change_what_the_strips_show(page: Any) -> None:
    page.get_by_label("Lower strip").select_option("norms")
    assert player(page, "p.strips.strips[1].lines.map((line) => line.name)") == ["nuclear", "spectral", "Frobenius"]
    page.get_by_label("Upper strip").select_option("loss")
    press(page, "End")
    assert "training loss" in page.locator(".dmf-strips canvas").get_attribute("aria-label")


def test_every_picture_has_words_made_from_the_run(page: Any) -> None:
    press(page, "End")
    labels = page.eval_on_selector_all(f"{PLAYER} canvas[role=img]", "all => all.map((each) => each.getAttribute('aria-label'))")
    assert len(labels) == 4
    assert all(any(c.isdigit() for c in label) for label in labels)


def test_tap_selects_and_shows_numbers_on_a_phone(stage: str, visit: Visit) -> None:
    page = visit(stage, width=390, height=844, has_touch=True)
    wait(page, "d.state === 'playing'")
    press(page, "End")
    box = page.locator(".dmf-spectrum canvas").bounding_box()
    page.touchscreen.tap(box["x"] + 21, box["y"] + 200)
    assert player(page, "p.selected") == 2
    assert page.locator(".dmf-tip").inner_text().startswith("mode 2 now")


# The smallest text on the sheet, in pixels: HTML as it is computed, and what the canvases are told to write.
SMALLEST = f"""() => {{
  const root = document.querySelector('{PLAYER}');
  const texts = [...root.querySelectorAll('*')].filter((e) => e.checkVisibility() && !e.closest('.dmf-spoken, svg')
    && ([...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.tagName === 'SELECT'));
  const zoom = (e) => (e.closest('.dmf-plot') ? root.player.zoom : 1); // a chart is enlarged as a whole
  return Math.min(12 * root.player.zoom, ...texts.map((e) => parseFloat(getComputedStyle(e).fontSize) * zoom(e)));
}}"""
