"""Is the page as quick as a person expects? Everything is measured in a real Chromium and printed as one table.

    python -m benchmarks.page [--only slider fold ..]

At 100 x 100, depth 3: the charts that Plotly draws, frames per second in every view, from letting go of a slider to the new
run, switching views and time axes, four runs beside each other, the first view, bytes sent, requests elsewhere, console errors,
axe-core, a film. Of the first minute: seconds to the first rising curve, pictures while a slider is dragged, what is above the
fold at five sizes, how much of the film of the first run waits. Whether its words and its announced times are true is measured by
`benchmarks.words` and `benchmarks.estimates`, which `python -m benchmarks` runs after it.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from benchmarks.response import FRAMES, WATCH, places, release
from benchmarks.server import CHROMIUM, FLAGS, serve
from dmf_core.inputs import Inputs
from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from ui.export import EXPORTS, Source
from ui.figures.film import film
from ui.figures.payload import payload
from ui.figures.plot_options import PlotOptions
from ui.figures.scene.opening import RISEN
from ui.player.view import View
from ui.session.state import FIRST_PRESET

PLAYER = '[data-testid="player"]'
SIZES = ((1280, 720), (1366, 768), (1440, 900), (1920, 1080), (390, 844))
FOLDED = (".dmf-title", ".dmf-judged", ".dmf-curves", ".dmf-spectrum", ".dmf-track", ".dmf-transport")
DRAGGED = 5.0  # seconds
PICTURES = """
() => {
  window.pictures = [];
  let shown = document.querySelector('[data-testid="player"]').dataset.run;
  const tick = now => {
    const player = document.querySelector('[data-testid="player"]');
    const whole = player && player.dataset.frames > 0 && player.dataset.state !== 'growing';
    if (whole && player.dataset.run !== shown) {
      shown = player.dataset.run;
      window.pictures.push(now);
    }
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}
"""
PAINTED = '[data-testid="player"]:not([data-frames="0"])'
COMPARED = '[data-testid="compare"][data-columns="4"]:not([data-state="growing"]):not([data-state="empty"])'
COMPARED_BY_PLOTLY = '.dmf-column:last-child .dmf-plot[data-renderer="plotly"]'
VIEWS = {"W": "w", "residual": "e", "truth": "t", "observed": "o", "log": "l", "theory and K": "k"}
RELEASES = 10
SWITCH = """
(key) => new Promise(done => {
  const player = document.querySelector('[data-testid="player"]');
  player.focus();
  const began = performance.now();
  player.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
})
"""
SWITCH_COMPARED = SWITCH.replace('player"]', 'compare"]')
PLOTLY = '.dmf-strips .dmf-plot[data-renderer="plotly"]'  # the last of the charts
ARRIVAL = """
(() => {
  let began = null, before = null, longest = 0;
  const tick = now => {
    const player = document.querySelector('[data-testid="player"]');
    if (began === null && player && player.dataset.frames > 0) began = now;
    else if (began !== null) longest = Math.max(longest, now - before);
    before = now;
    if (document.querySelector('.dmf-strips .dmf-plot[data-renderer="plotly"]')) window.arrived = {after: now - began, longest};
    else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})()
"""
Row = tuple[str, float, float, bool]  # what, measured, target, whether smaller is better


def opened(browser: Browser, complaints: list[str], address: str) -> Page:
    page = blank(browser, complaints, address)
    page.goto(address)
    return page


def blank(browser: Browser, complaints: list[str], address: str) -> Page:
    """A page of a new profile, on which nothing was opened yet."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    home = address.split("/")[2]
    page.on("request", lambda request: _elsewhere(request.url, home) and complaints.append(f"asked {request.url}"))
    return page


def _elsewhere(url: str, home: str) -> bool:
    return not url.startswith((f"http://{home}", f"ws://{home}", "blob:", "data:"))


def plotly(browser: Browser, url: str, complaints: list[str]) -> Iterator[Row]:
    """From the first picture to the charts drawn by Plotly, and the longest wait for a frame meanwhile; medians of three."""
    after, waits = [], []
    for _ in range(3):
        page = blank(browser, complaints, url)
        page.add_init_script(ARRIVAL)
        page.goto(url)
        page.wait_for_function("window.arrived", timeout=60_000)
        arrived = page.evaluate("window.arrived")
        after.append(arrived["after"])
        waits.append(arrived["longest"])
        page.context.close()
    yield "Plotly in place after the first picture (ms)", statistics.median(after), 2500, True
    yield "  longest wait for a frame meanwhile (ms)", statistics.median(waits), 200, True


def first_view(playwright: Playwright, url: str, complaints: list[str]) -> Iterator[Row]:
    first, rises = [], []
    for _ in range(5):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = blank(browser, complaints, url)
        began = time.perf_counter()  # the address is entered; that a profile takes 0.16 s to make is not the page's
        page.goto(url)
        page.wait_for_selector(PAINTED, timeout=60_000)
        first.append(1000 * (time.perf_counter() - began))
        page.wait_for_function(f"document.querySelector('{PLAYER}').dataset.rise >= {RISEN}", timeout=60_000)
        rises.append(time.perf_counter() - began)
        browser.close()
    yield "first view, warm server, new profile (ms, median of 5)", statistics.median(first), 1500, True
    yield "  first curve rises (s, median of 5)", statistics.median(rises), 2.5, True


def fold(browser: Browser, url: str, complaints: list[str]) -> Iterator[Row]:
    """How many parts reach below the lower edge: title, verdict, curves, spectrum, track, transport; W too in a wide window."""
    below = 0
    for width, height in SIZES:
        page = blank(browser, complaints, url)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(url)
        page.wait_for_selector(PAINTED, timeout=60_000)
        parts = [*FOLDED, *([".dmf-matrix canvas"] if width >= 1280 else [])]
        lowest = page.evaluate(
            "(parts) => parts.map((part) => document.querySelector(part).getBoundingClientRect().bottom)", parts
        )
        below += sum(bottom > height for bottom in lowest)
        page.context.close()
    yield f"parts below the fold, {len(SIZES)} sizes", below, 0, True


def dragged(browser: Browser, url: str, complaints: list[str]) -> Iterator[Row]:
    """A hand moves a slider for five seconds: new pictures in a second, and the median time between two of them."""
    page = opened(browser, complaints, url)
    page.wait_for_selector(PLOTLY, timeout=60_000)
    page.wait_for_timeout(3000)  # the theory of the first run is there
    track = page.get_by_role("slider", name="Observed entries").bounding_box()
    assert track is not None
    page.evaluate(PICTURES)
    x, y = track["x"] + 0.3 * track["width"], track["y"] + track["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    until = time.perf_counter() + DRAGGED
    while time.perf_counter() < until:
        x += 0.3
        page.mouse.move(x, y)
        page.wait_for_timeout(16)
    moments = page.evaluate("window.pictures")
    page.mouse.up()
    page.context.close()
    gaps = [after - before for before, after in pairwise(moments)]
    yield "a slider is dragged (pictures per second)", len(moments) / DRAGGED, 4, False
    yield "  time between two pictures (ms, median)", statistics.median(gaps) if gaps else 1000 * DRAGGED, 250, True


def explore(browser: Browser, url: str, complaints: list[str]) -> Iterator[Row]:
    page = opened(browser, complaints, f"{url}/?model.depth=3")
    page.wait_for_selector(PLOTLY, timeout=60_000)
    for name, key in VIEWS.items():
        page.evaluate(SWITCH, key)
        yield f"playing, {name} (frames per second)", _frames(page), 55, False
    switches = [page.evaluate(SWITCH, key) for key in [*VIEWS.values(), *"aaaaa"]]
    yield "switching view or time axis (ms, slowest)", max(switches), 100, True
    page.context.close()


def slider(browser: Browser, url: str, complaints: list[str]) -> Iterator[Row]:
    """A slider is let go: of new runs, and then of the same ones again."""
    page = opened(browser, complaints, f"{url}/?model.depth=3")
    page.wait_for_selector(PLOTLY, timeout=60_000)
    page.wait_for_timeout(3000)  # the theory of the first run is there
    page.evaluate(WATCH)
    shares = places(RELEASES)
    yield "slider to frame, uncached (ms, median)", statistics.median([release(page, share) for share in shares]), 300, True
    yield "slider to frame, cached (ms, median)", statistics.median([release(page, share) for share in shares]), 200, True
    page.context.close()


def _frames(page: Page) -> float:
    """While it plays: from the start, if it stood still."""
    if page.get_attribute(PAINTED, "data-state") != "playing":
        page.locator('[data-do="first"]').first.click()
        page.locator('[data-do="play"]').first.click()
    return float(page.evaluate(FRAMES, 2))


def compare(browser: Browser, url: str, complaints: list[str]) -> Iterator[Row]:
    page = opened(browser, complaints, f"{url}/compare?seed=400")
    page.wait_for_timeout(5000)  # the page's scripts are read once
    times = []
    for seed in (401, 402, 403):
        page.goto(f"{url}/about")
        page.wait_for_timeout(1500)
        began = time.perf_counter()
        values = quote("1,2,3,4")
        page.goto(f"{url}/compare?seed={seed}&compare.factor=model.depth&compare.values={values}")
        page.wait_for_selector(COMPARED, timeout=60_000)
        times.append(1000 * (time.perf_counter() - began))
    yield "four runs beside each other, page load included (ms)", statistics.median(times), 1500, True
    page.wait_for_timeout(1500)
    page.locator('[data-do="first"]').first.click()
    page.locator('[data-do="play"]').first.click()
    yield "  playing (frames per second)", float(page.evaluate(FRAMES, 3)), 50, False
    page.locator('[data-do="play"]').first.click()
    page.wait_for_selector(COMPARED_BY_PLOTLY, timeout=60_000)
    switches = [_processor_time(page, key) for key in "llllaaaa"]
    yield "  switching scale or axis (ms of processor time, median)", statistics.median(switches), 100, True
    page.context.close()


def _processor_time(page: Page, key: str) -> float:
    """Milliseconds that the page's main thread works from the press of a key to the second picture after it."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        return next(
            float(each["value"]) for each in session.send("Performance.getMetrics")["metrics"] if each["name"] == "TaskDuration"
        )

    before = worked()
    page.evaluate(SWITCH_COMPARED, key)
    after = worked()
    session.detach()
    return 1000 * (after - before)


def accessibility(browser: Browser, url: str, complaints: list[str]) -> Iterator[Row]:
    page = opened(browser, complaints, url)
    addresses: set[str] = set()
    for first in (url, f"{url}/gallery"):
        page.goto(first)
        page.get_by_test_id("stTopNavLink").first.wait_for(timeout=30_000)
        page.locator(".st-key-views a").nth(1).wait_for(timeout=30_000)
        links = "[data-testid=stTopNavLink], .st-key-views a"
        addresses |= set(page.eval_on_selector_all(links, "links => links.map(link => link.href.split('?')[0])"))
    serious = 0
    for address in sorted(addresses):
        page.goto(address)
        page.wait_for_timeout(4000)
        response = Axe().run(page).response
        serious += sum(violation["impact"] in ("serious", "critical") for violation in response["violations"])
    yield f"serious violations by axe-core on {len(addresses)} pages", serious, 0, True
    page.context.close()


def without_browser() -> Iterator[Row]:
    spec = RunSpec()
    finished = run(spec)
    yield "payload of the default run (kB)", len(payload(finished, spec)) / 1000, 600, True
    export = next(each for each in EXPORTS if each.suffix == ".gif")
    began = time.perf_counter()
    export.make(Source(finished, spec, Inputs(), View()), lambda share: None)
    yield "film, GIF (s)", time.perf_counter() - began, 5, True
    for order, name in FIRST_PRESET.items():
        spec = preset_spec(name)
        movie = film(run(spec), spec, PlotOptions(), dpi=50)
        top = movie.parts.curves.get_ylim()[1]
        waits = statistics.mean(float(movie.values(f).max() < RISEN * top) for f in movie.moments(100))
        yield f"share of the first film that waits, {order} (%)", 100 * waits, 10, True


PARTS = {part.__name__: part for part in (plotly, fold, dragged, explore, slider, compare, accessibility)}
ALL = ("first_view", *PARTS, "without_browser")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=ALL, default=ALL, metavar="PART", help=f"of {', '.join(ALL)}")
    rows: list[Row] = []
    complaints: list[str] = []
    for row in measured(parser.parse_args().only, complaints):
        rows.append(row)
        tell(row)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    report: list[dict[str, Any]] = [{"what": name, "measured": value, "target": target} for name, value, target, _ in rows]
    print(json.dumps({"benchmark": "page", "rows": report}))


def measured(parts: Sequence[str], complaints: list[str]) -> Iterator[Row]:
    """The rows of these parts, then whether the pages of all of them complained."""
    if set(parts) != {"without_browser"}:
        with serve() as url, sync_playwright() as playwright:
            if "first_view" in parts:
                yield from first_view(playwright, url, complaints)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for name, part in PARTS.items():
                if name in parts:
                    yield from part(browser, url, complaints)
            browser.close()
    if "without_browser" in parts:
        yield from without_browser()
    yield "requests elsewhere and console errors", float(len(complaints)), 0.0, True


def tell(row: Row) -> None:
    name, value, target, smaller = row
    met = value <= target if smaller else value >= target
    print(
        f"{name:58s} {value:9.1f}   {'at most' if smaller else 'at least'} {target:6g}   {'met' if met else 'NOT MET'}",
        flush=True,
    )


if __name__ == "__main__":
    main()
