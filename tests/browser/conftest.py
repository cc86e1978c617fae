"""A Streamlit server in a process of its own, and Chromium to look at it. Without Chromium these tests skip, loudly."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.server import CHROMIUM, FLAGS
from tests.browser.player import Visit, press_keys, wait_until
from tests.browser.visitors import browsers, patient, seen, visiting

ROOT = Path(__file__).parents[2]
MISSING = "no Chromium: install the package chromium, or set CHROMIUM to its path. The browser tests did not run."
try:
    import playwright.sync_api as playwright
except ImportError:
    playwright = None  # type: ignore[assignment]
    MISSING = "no Playwright: pip install playwright. The browser tests did not run."

# One page for all tests of the player: ?state= chooses what it shows.
SCRIPT = """
import dataclasses
import streamlit as st
import torch
from dmf_core import simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome
from ui.figures.notice import Notice, notice
from ui.figures.payload import payload
from ui.player import player
from ui.player.view import View, current

torch.set_num_threads(1)  # as in the workers; more are slower on a busy machine
st.set_page_config(layout="wide")

@st.cache_data
def made(seed, state, count):
    spec = RunSpec().replaced({"seed": seed, "stop.loss": 1e-4})
    run = simulate.run(spec)
    if state == "empty":
        return payload(run.start, spec), Notice("empty", "Press Run.", buttons=(("run", "Run"),))
    if state == "cancelled":
        run = dataclasses.replace(run, snapshots=run.snapshots[:40], end=dataclasses.replace(run.end, outcome=Outcome.CANCELLED))
    if state == "growing" and count < 60:
        run = dataclasses.replace(run, snapshots=run.snapshots[:count], end=None)
    return payload(run, spec), notice(run)

state = st.query_params.get("state", "")
st.session_state.setdefault("count", 30)
st.session_state.setdefault("reruns", 0)
seed = st.sidebar.number_input("Seed", 0, 9, 7)

def add(name, number):
    st.session_state[name] += number

st.sidebar.button("Grow", on_click=add, args=("count", 20))  # callbacks: a report of the view would undo the answer of a button
st.sidebar.button("Rerun", on_click=add, args=("reruns", 1))
data, notice = made(seed, state, st.session_state.count)
view = st.query_params.get("shown")
action = player(data, "player", notice, View.model_validate_json(view) if view else None)
st.sidebar.write(f"action: {action}")
st.sidebar.text(f"view: {current().model_dump_json()}")
st.sidebar.text_input("Name")
st.sidebar.text(f"reruns: {st.session_state.reruns}")
"""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if any(MISSING in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())):  # in any process
        terminalreporter.section("BROWSER TESTS SKIPPED", red=True)
        terminalreporter.line(MISSING, red=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        report.sections.append(("What the pages show", seen()))
    return report


@contextmanager
def served(script: Path, port: int = 0) -> Iterator[str]:
    """The address of `streamlit run script`, from the repository root; on a free port where none is given."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = port or free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.address", "127.0.0.1"]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_healthy(process, f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_healthy(process: "subprocess.Popen[bytes]", address: str) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise RuntimeError(f"the Streamlit server ended with code {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the Streamlit server did not answer within two minutes")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running browser."""
    if playwright is None or CHROMIUM is None:
        pytest.skip(MISSING)
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        browsers[browser] = {}
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def stage(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page that shows nothing but the player."""
    script = tmp_path_factory.mktemp("stage") / "stage.py"
    script.write_text(SCRIPT)
    with served(script) as address:
        yield address


@pytest.fixture(scope="session")
def app(chromium: Any) -> Iterator[str]:
    """The address of the real application."""
    with served(ROOT / "app.py") as address:
        yield address


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """See `visiting`."""
    with visiting(chromium) as open_page:
        yield open_page


@pytest.fixture
def unopened(chromium: Any) -> Iterator[Any]:
    """A page with a profile of its own, not open yet. It stays until the report of its test is written."""
    with chromium.new_context(viewport={"width": 1400, "height": 900}) as context:
        yield patient(context.new_page())


@pytest.fixture
def page(stage: str, visit: Visit) -> Any:
    """The page that shows nothing but the player, paused at its first frame."""
    opened = visit(stage)
    wait_until(opened, "d.state === 'playing'")
    press_keys(opened, "Home")
    wait_until(opened, "d.state === 'paused' && d.frame === '0'")
    return opened


SETTLED = """() => {
    const going = (each) => each.playState === "running" && isFinite(each.effect.getComputedTiming().endTime);
    const run = document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning";
    return run && !document.getAnimations().some(going) && document.fonts.status === "loaded" }"""
OURS = "[...document.querySelectorAll('[data-testid=player], [data-testid=compare]')].every((each) => each.dataset.theme === "
THEIRS = "getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === "


def settled(page: Any, colours: str = "") -> None:
    """Waits until the script has run and nothing on the page fades or moves by itself; and until it has these `colours`."""
    page.wait_for_function(SETTLED)
    if colours:
        page.wait_for_function(f"{THEIRS}'{colours}'")
        page.wait_for_function(f"{OURS}'{colours}')")
        page.wait_for_function(SETTLED)


def view_reported(page: Any) -> None:
    """Waits until the player has told Python what it shows, a moment after the last change."""
    page.wait_for_function(
        "(() => { const p = document.querySelector('[data-testid=player]').player;"
        " const view = JSON.parse(p.reported || null) || [];"
        " return view[0] === Math.floor(p.clock.f + 1e-6) && view[4] === p.shown && view[13] === p.strips.picked[1] })()"
    )
    frames(page)
    settled(page)


def frames(page: Any, count: int = 10) -> None:
    """Waits until the browser has drawn so many times."""
    tick = "(n) => new Promise((done) => { const tick = () => n-- > 0 ? requestAnimationFrame(tick) : done(); tick() })"
    page.evaluate(tick, count)


FPS = """() => new Promise((done) => { let n = 0; const from = performance.now();
    const tick = (now) => { n++; now - from < 1000 ? requestAnimationFrame(tick) : done(n / (now - from) * 1000) };
    requestAnimationFrame(tick) })"""
MIN_FPS = 50  # 55 is the aim and 60 is measured on an idle machine
SHARE = 0.8  # of what a page at rest gets on a machine with other work


def plays_smoothly(page: Any, play: Callable[[], None]) -> bool:
    """Whether a second of ten, after `play`, has as many pictures as there should be on this machine now."""
    rest = page.evaluate(FPS)
    play()
    return any(page.evaluate(FPS) > min(MIN_FPS, SHARE * rest) for _ in range(10))


def upload(page: Any, file: Any) -> None:
    """Chooses "Your own matrix, or an archive" and gives it a file."""
    place = page.locator("input[type=file]")
    for _ in range(12):  # a rerun just after the first picture closes the menu again
        page.get_by_label("Start from").first.click()
        try:
            page.get_by_text("Your own matrix, or an archive").click(timeout=5000)
            place.wait_for(state="attached", timeout=15_000)
            break
        except playwright.TimeoutError:
            continue
    place.set_input_files(file)
