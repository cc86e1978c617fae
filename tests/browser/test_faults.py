"""What goes wrong in ordinary life, in a real Chromium: a killed worker, a closed browser, a step that is too large."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.browser.conftest import ROOT, frames, playwright, served, settled
from tests.browser.test_app import PAINTED, PLAYER, run_of, wait_for_another_run
from tests.browser.visitors import patient

SMALL = "problem.rows=20&problem.columns=20&problem.rank=2&problem.observations=240&integrator.kind=gradient_descent"
SLOW = f"{SMALL}&integrator.learning_rate=0.001&stop.loss=1e-12&stop.seconds=600"
QUICK = "problem.rows=20&problem.columns=20&problem.rank=2&problem.observations=240&init.kind=balanced&stop.loss=0.001"
GROWING = f'{PLAYER}[data-state="growing"]:not([data-frames="0"])'
STATE = "data-test-connection-state"  # of Streamlit
CONNECTION = f"document.querySelector('[{STATE}]')"
with_proc = pytest.mark.skipif(not os.path.isdir("/proc"), reason="workers are found through /proc")


def processes() -> Iterator[tuple[int, int, str]]:
    """(its id, its parent's id, its command line) of every process."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stat, open(f"/proc/{name}/cmdline") as command:
                yield int(name), int(stat.read().rpartition(")")[2].split()[1]), command.read()
        except (OSError, IndexError):
            continue


def workers(address: str) -> list[int]:
    """The worker processes of the server at this address."""
    port = address.rpartition(":")[2]
    servers = {pid for pid, _, command in processes() if f"--server.port\0{port}\0" in command}
    return [pid for pid, parent, command in processes() if parent in servers and "dmf_core.jobs.worker" in command]


def seconds(pid: int) -> float:
    """Time of the processor that a process has used."""
    with open(f"/proc/{pid}/stat") as stat:
        user, system = stat.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def growing(page) -> None:
    page.get_by_role("button", name="Run · about").first.click()
    page.wait_for_selector(GROWING)


@pytest.fixture(scope="module")
def left(app, chromium) -> float:
    """When a browser was closed over a growing run. The queue waits before it believes that: the other tests fill the time."""
    page = patient(chromium.new_page())
    page.goto(f"{app}/?{SLOW}&seed=12")
    growing(page)
    page.close()
    return time.monotonic()


def test_smaller_step_leads_out_of_a_divergence_on_the_page(app, left, visit) -> None:
    page = visit(f"{app}/?{SMALL}&integrator.learning_rate=20&stop.iterations=4000&init.scale=0.1")
    page.get_by_test_id("player-notice").get_by_text("Diverged at").wait_for()
    page.get_by_role("button", name="Last stable state").click()
    lowest, moment = page.evaluate(
        f"(() => {{ const {{ run, clock }} = document.querySelector('{PLAYER}').player;"
        " return [Math.min(...run.series.loss), run.series.loss[clock.f]] })()"
    )
    assert moment == lowest
    before = run_of(page)
    page.get_by_role("button", name="Use a smaller step").click()
    wait_for_another_run(page, before)
    assert "integrator.learning_rate=20&" not in page.url + "&"
    assert page.get_by_text("Diverged at").count() == 0


def test_run_out_of_time_is_given_more_on_the_page(app, left, visit) -> None:
    page = visit(f"{app}/?{SMALL}&integrator.learning_rate=0.001&stop.loss=1e-12&stop.seconds=0.3")
    page.evaluate(f"document.querySelector('{PLAYER}').mark = 'the first'")
    page.get_by_role("button", name="Run · about").first.click()
    page.get_by_role("button", name="Give it four times as long").wait_for()
    advice = page.locator(".dmf-notice").inner_text()
    assert "raise “Stop after seconds”" in advice and "stop.seconds" not in advice  # the label that stands on the page
    page.get_by_role("button", name="Give it four times as long").click()
    assert page.evaluate(f"document.querySelector('{PLAYER}').mark") == "the first"  # not mounted anew
    page.wait_for_url("**stop.seconds=1.2**")
    page.wait_for_selector(PAINTED)


def test_pages_outlive_their_server_and_the_first_click_on_the_next_one_counts(chromium) -> None:
    """Without the watcher the new server takes the first choice for one that was always there, and puts it back."""
    script = ROOT / "app.py"
    playing, comparing = (patient(chromium.new_page(viewport={"width": 1400, "height": 900})) for _ in range(2))
    with served(script) as address:
        playing.goto(f"{address}/?{QUICK}")
        playing.wait_for_selector(PAINTED)
        comparing.goto(f"{address}/compare?{QUICK}")
        comparing.wait_for_selector('[data-testid=compare]:not([data-frames="0"])')
        assert comparing.get_by_test_id("connection").is_hidden()
    playing.get_by_text("the run on this page still plays").wait_for()
    for each in ("first", "play"):  # Streamlit's own message would make the page inert
        playing.locator(f'[data-do="{each}"]').click()
    playing.wait_for_selector(f'{PLAYER}:not([data-frame="0"])')
    assert playing.get_by_test_id("connection").is_hidden()  # the player says it
    with playing.expect_event("requestfailed", lambda request: request.url == playing.url):  # it is not left for nothing
        playing.evaluate(f"window.before = true, {CONNECTION}.setAttribute('{STATE}', 'DISCONNECTED_FOREVER')")
    assert playing.evaluate("window.before")
    comparing.get_by_test_id("connection").wait_for()
    with served(script, int(address.rpartition(":")[2])):
        playing.wait_for_function("!window.before")  # but opened again when there is a server
        playing.wait_for_selector(PAINTED)
        playing.close()
        comparing.get_by_test_id("connection").wait_for(state="hidden")
        with contextlib.suppress(playwright.TimeoutError):  # the rerun that the watcher asks for, on a server that has just begun
            comparing.wait_for_selector("[data-testid=stApp][data-test-script-state=running]", timeout=5000)
        settled(comparing)
        assert comparing.get_by_test_id("stDialog").count() == 0
        comparing.get_by_label("Change one factor").first.click()
        comparing.get_by_role("option", name="Seed", exact=True).click()
        comparing.get_by_text("Only the seed differs").wait_for()
    comparing.close()


def test_connection_that_streamlit_gives_up_is_opened_again_at_the_same_run(app, visit) -> None:
    page = visit(f"{app}/?{QUICK}")
    page.wait_for_selector(PAINTED)
    before = run_of(page)
    with page.expect_navigation():
        page.evaluate(f"{CONNECTION}.setAttribute('{STATE}', 'DISCONNECTED_FOREVER')")
    page.wait_for_selector(PAINTED)
    assert run_of(page) == before
    page.evaluate(f"window.stays = true, {CONNECTION}.setAttribute('{STATE}', 'DISCONNECTED_FOREVER')")
    settled(page)
    frames(page)
    assert page.evaluate("window.stays")  # not again and again


@with_proc
def test_closed_browser_ends_the_work_that_nobody_watches(app, left) -> None:
    end = left + 60
    while True:
        before = sum(map(seconds, workers(app)))
        time.sleep(1)
        if sum(map(seconds, workers(app))) - before < 0.03:  # a run takes all that the machine gives
            return
        assert time.monotonic() < end, "a worker still computes"


@with_proc
def test_killed_worker_is_said_on_the_page_and_run_again_works(app, visit) -> None:
    page = visit(f"{app}/?{SLOW}&seed=11")
    growing(page)
    for pid in workers(app):
        os.kill(pid, signal.SIGKILL)
    page.get_by_text("The worker stopped unexpectedly").wait_for()
    assert int(page.get_attribute(PLAYER, "data-frames")) > 0  # what was computed stays
    page.get_by_role("button", name="Run again").click()
    page.wait_for_selector(GROWING)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Everything up to here is valid.").wait_for()
