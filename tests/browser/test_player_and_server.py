"""The player and the script behind it: runs and views that come, and what is reported back."""

from typing import Any
from urllib.parse import urlencode

from dmf_core.presets import PRESETS
from tests.browser.conftest import frames, settled
from tests.browser.player import PLAYER, Visit, begun, dataset, frame, player, press_keys, wait_until
from ui.player.view import View

# Until the script's next answer, which sets `report` anew.
COUNT_REPORTS = f"""(() => {{ const p = document.querySelector('{PLAYER}').player, report = p.report; p.reports = 0;
    p.report = (view) => {{ p.reports += 1; report(view) }} }})()"""
# A timer of the page that is set after the report's own and is longer than it (400 ms) fires after it, on any machine.
LONG_ENOUGH = "new Promise((done) => setTimeout(done, 500))"


def rerun(page: Any) -> None:
    """Runs the script once more, and waits until the player has what came of it."""
    page.get_by_role("button", name="Rerun").click()
    page.get_by_text("reruns: 1").wait_for()  # written after the player
    settled(page)
    frames(page)


def reported(page: Any) -> View:
    """What Python knows of the view."""
    return View.model_validate_json(page.get_by_text("view: {").inner_text().removeprefix("view: "))


def test_hidden_entry_and_determinant_are_the_strips_of_their_problem(visit: Visit, app: str) -> None:
    changes = PRESETS["hidden-entry"].changes | {"stop.loss": 1e-3}
    page = visit(f"{app}/?{urlencode({path: str(value) for path, value in changes.items()})}")
    begun(page)
    menus = page.locator(".dmf-strip select")
    page.wait_for_function("document.querySelector('.dmf-strip select').value === 'hidden'")
    assert [menu.input_value() for menu in menus.all()] == ["hidden", "determinant"]
    wait_until(page, "d.state !== 'growing' && d.state !== 'empty'")  # the end of a run that grows is not its end
    page.locator("[data-testid=player]").press("End")
    label = "document.querySelector('.dmf-strips canvas').getAttribute('aria-label')"
    page.wait_for_function(f"/hidden entry: 22.*determinant of W: \\d/.test({label})")  # 1/sqrt(2 loss) = 22.4
    menus.first.select_option("error")
    page.wait_for_function("document.querySelector('.dmf-strips canvas').getAttribute('aria-label').includes('mean squared')")


def test_rerun_with_the_same_data_changes_nothing(page: Any) -> None:
    press_keys(page, "Shift+ArrowRight")
    page.evaluate(f"document.querySelector('{PLAYER}').player.mark = 1")
    rerun(page)
    assert frame(page) == 10
    assert page.evaluate(f"document.querySelector('{PLAYER}').player.mark") == 1


def test_new_run_starts_playing_from_its_first_frame(page: Any) -> None:
    press_keys(page, "End")
    run = dataset(page)["run"]
    page.evaluate(f"""const root = document.querySelector("{PLAYER}"), check = () => {{
        if (root.dataset.run !== "{run}" && root.dataset.state === "playing") window.starts ||= {{ ...root.dataset }} }};
        new MutationObserver(check).observe(root, {{ attributes: true }}); null""")  # as it happens, however late we are
    field = page.get_by_test_id("stNumberInputField")
    field.fill("8")
    field.press("Enter")
    starts = page.wait_for_function("window.starts").json_value()
    assert int(starts["frame"]) < 60 and starts["run"] != run


def test_growing_run_is_followed_to_its_end_and_then_nothing_jumps(stage: str, visit: Visit) -> None:
    page = visit(f"{stage}/?state=growing")
    assert dataset(page)["state"] == "growing"
    assert frame(page) == 29
    page.get_by_role("button", name="Grow").click()
    wait_until(page, "d.frames === '50'")
    assert frame(page) == 49
    press_keys(page, "Home")
    page.get_by_role("button", name="Grow").click()
    wait_until(page, "d.state !== 'growing'")
    assert frame(page) == 0  # moved by hand: it stays
    assert dataset(page)["state"] == "paused"


def test_buttons_of_the_notice_reach_python(stage: str, visit: Visit) -> None:
    page = visit(f"{stage}/?state=growing")
    page.get_by_role("button", name="Cancel, keep what is there").click()
    page.get_by_text("action: cancel").wait_for()


def test_empty_player_offers_run(stage: str, visit: Visit) -> None:
    page = visit(f"{stage}/?state=empty")
    assert dataset(page)["state"] == "empty"
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("action: run").wait_for()


def test_view_of_the_server_is_applied_once(stage: str, visit: Visit) -> None:
    view = View(frame=31, axis="seconds", log_time=True, log_values=True, matrix="residual", mode=2, future=False)
    page = visit(f"{stage}/?shown={view.model_dump_json()}")
    wait_until(page, "d.state === 'paused' && d.frame === '31'")
    shown = player(page, "[p.axis.name, p.axis.log, p.log, p.shown, p.selected, p.hidden]")
    assert shown == ["seconds", True, True, "residual", 2, True]
    press_keys(page, "Home", "l")
    rerun(page)
    assert frame(page) == 0
    assert not player(page, "p.log")


def test_view_is_reported_when_paused_and_costs_no_payload(stage: str, visit: Visit) -> None:
    page = visit(stage)
    wait_until(page, "d.state === 'playing'")
    player(page, "p.clock.speed = 0.001")  # three hours: not at its end meanwhile
    page.evaluate(COUNT_REPORTS)
    press_keys(page, "a")
    page.evaluate(LONG_ENOUGH)
    assert player(page, "[p.reports, p.clock.playing]") == [0, True]  # never while playing
    assert reported(page) == View()
    received: list[int] = []
    player(page, "p.mark = 1")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameReceived", lambda event: received.append(len(event["response"]["payloadData"])))
    press_keys(page, "Home", "Shift+ArrowRight", "2", "e")
    page.get_by_text('"frame":10,"axis":"iterations"').filter(has_text='"mode":2').wait_for()
    assert reported(page) == View(frame=10, axis="iterations", matrix="residual", mode=2)
    assert frame(page) == 10
    assert player(page, "p.mark") == 1
    assert sum(received) < 100_000  # the payload alone is more than that
    settled(page)  # the rerun is over
    page.evaluate(COUNT_REPORTS)
    press_keys(page, "ArrowRight", "ArrowLeft")
    page.evaluate(LONG_ENOUGH)
    assert player(page, "p.reports") == 0  # back where it was: nothing to report
