"""What the player shows: axes, modes, events and words, and what points at them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import frames
from tests.browser.player import PLAYER, Visit, frame, player, press_keys, wait_until


def test_view_keys_change_only_the_view(page: Any) -> None:
    press_keys(page, "Shift+ArrowRight", "l", "e")
    assert page.get_attribute("[role=radio][data-key=log]", "aria-checked") == "true"
    assert page.get_attribute("[role=radio][data-key=residual]", "aria-checked") == "true"
    press_keys(page, "a")
    assert page.eval_on_selector(".dmf-axis select", "menu => menu.value") == "iterations"
    assert frame(page) == 10
    press_keys(page, "?")
    assert page.is_visible(".dmf-help")
    press_keys(page, "Escape")
    assert page.is_hidden(".dmf-help")


def test_clicking_a_bar_selects_its_mode(page: Any) -> None:
    box = page.locator(".dmf-spectrum canvas").bounding_box()
    page.mouse.click(box["x"] + player(page, "p.spectrum.centre(1)"), box["y"] + 300)
    assert page.evaluate(f"document.querySelector('{PLAYER}').player.selected") == 2


def test_wheel_neither_scrubs_nor_zooms(page: Any) -> None:
    page.hover(".dmf-curves .dmf-plot")
    page.mouse.wheel(0, 300)
    assert frame(page) == 0


def test_cursor_crosses_track_and_curves_at_one_place(page: Any) -> None:
    press_keys(page, "End", "PageUp")
    player = f"document.querySelector('{PLAYER}').player"
    places = page.evaluate(f"(() => {{ const p = {player}; return [p.curves, p.strips, p.track].map((x) => x.x(p.clock.f)) }})()")
    assert max(places) - min(places) < 0.01


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
    for i, born in enumerate(births):
        # a birth lies between two snapshots, where the axis is linear in frames but the knot is in flow time
        before, at_frame, after = player(page, f"[Math.floor({born}), {born}, Math.ceil({born})].map((f) => p.curves.x(f))")
        assert at_frame == pytest.approx(x0 + (i + 1) * (x1 - x0) / (len(births) + 1), abs=after - before)


def test_switching_axis_and_view_takes_under_100_ms_of_processor_time(page: Any) -> None:
    for change in ("p.setAxis('events', false)", "p.setAxis('time', true)", "p.setLog(true)", "p.show('residual')"):
        assert any(worked(page, lambda change=change: player(page, change)) < 100 for _ in range(3)), change


def worked(page: Any, act: Callable[[], object]) -> float:
    """Milliseconds of the processor that the page's main thread works during an act and until two pictures after it."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def total() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")

    before = total()
    act()
    frames(page, 2)
    took = total() - before
    session.detach()
    assert took > 0  # it was measured
    return took


def test_pointing_at_a_bar_lights_its_mode_everywhere(page: Any) -> None:
    press_keys(page, "End")
    box = page.locator(".dmf-spectrum canvas").bounding_box()
    page.mouse.move(box["x"] + player(page, "p.spectrum.centre(2)"), box["y"] + 300)
    assert player(page, "[p.curves, p.spectrum, p.strips, p.track].map((panel) => panel.view.lit)") == [3] * 4
    now = int(player(page, "p.run.value(2, p.run.frames - 1)"))
    assert page.locator(".dmf-tip").inner_text().startswith(f"mode 3 now {now}")
    assert "heads for σ₃" in page.locator(".dmf-tip").inner_text()
    press_keys(page, "Home")  # the pointer rests where the bar was; its numbers follow the cursor
    assert page.locator(".dmf-tip").inner_text().startswith("mode 3 now 0")
    page.mouse.move(5, 5)
    assert player(page, "p.lit") == 0
    assert page.is_hidden(".dmf-tip")


def test_number_key_shows_the_numbers_of_its_mode_and_escape_hides_them(page: Any) -> None:
    press_keys(page, "End", "2")
    assert page.locator(".dmf-tip").inner_text().startswith("mode 2 now")
    assert page.locator(".dmf-spoken").inner_text().startswith("mode 2 now")
    press_keys(page, "Escape")
    assert page.is_hidden(".dmf-tip")
    assert player(page, "p.selected") == 2


def test_hidden_future_tells_nothing_of_it(page: Any) -> None:
    press_keys(page, "Shift+ArrowRight", "1")
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
    press_keys(page, "f")
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


def test_strip_menus_change_what_the_strips_show(page: Any) -> None:
    page.get_by_label("Lower strip").select_option("norms")
    assert player(page, "p.strips.strips[1].lines.map((line) => line.name)") == ["nuclear", "spectral", "Frobenius"]
    page.get_by_label("Upper strip").select_option("loss")
    press_keys(page, "End")
    assert "training loss" in page.locator(".dmf-strips canvas").get_attribute("aria-label")


def test_every_picture_has_words_made_from_the_run(page: Any) -> None:
    press_keys(page, "End")
    labels = page.eval_on_selector_all(f"{PLAYER} canvas[role=img]", "all => all.map((each) => each.getAttribute('aria-label'))")
    assert len(labels) == 4
    assert all(any(c.isdigit() for c in label) for label in labels)


def test_tap_selects_and_shows_numbers_on_a_phone(stage: str, visit: Visit) -> None:
    page = visit(stage, width=390, height=844, has_touch=True)
    wait_until(page, "d.state === 'playing'")
    press_keys(page, "End")
    box = page.locator(".dmf-spectrum canvas").bounding_box()
    page.touchscreen.tap(box["x"] + 21, box["y"] + 200)
    assert player(page, "p.selected") == 2
    assert page.locator(".dmf-tip").inner_text().startswith("mode 2 now")


def test_matrix_of_few_pictures_says_its_moment_and_never_shows_one_to_come_while_that_is_hidden(page: Any) -> None:
    frames = "run: {picture: {frames: [0, 40]}}"
    few = f"((hidden) => Object.create(p.matrix, {{view: {{value: {{...p.matrix.view, hidden, {frames}}}}}}}))"
    assert player(page, f"[{few}(false).nearest(30), {few}(true).nearest(30), {few}(true).nearest(40)]") == [1, 0, 1]
    words = player(page, f"[[0, 1], [0, 2], [1, 30]].map(([shot, f]) => {few}(false).momentOf(shot, f))")
    assert words == ["", "t = 0", player(page, "p.axis.kind.say(p.axis.raw[40])")]
