"""What only a browser shows: presenter's Chromium to a phone's, playing behind a jittery network, a slow phone, the slider."""

import asyncio
import statistics
from typing import Any

import numpy as np
from playwright.async_api import Browser, Page, async_playwright

from benchmarks.lecture.hall import Server
from benchmarks.lecture.jitter import MEDIAN, delayed
from benchmarks.lecture.phone import CODE, joined, left
from benchmarks.lecture.report import Report, p95
from benchmarks.response import WATCH, places
from benchmarks.server import CHROMIUM, FLAGS

PHONE, PROJECTOR = {"width": 390, "height": 844}, {"width": 1280, "height": 720}
JUMPS, PLAYED, SLOWER, PICTURES = 20, 8.0, 6, 4  # jumps; seconds; times the processor is slower; first pictures
ROUNDS, RELEASES = 3, 6  # of the slider, alone and with everybody
PAINTED = "document.querySelector('.dmf') && document.querySelector('.dmf').dataset.frames > 0"
FRAME = "document.querySelector('.dmf').player.clock.f"
NOTE_FRAMES = """() => { const dmf = document.querySelector('.dmf');
  window.changes = [];
  new MutationObserver(() => changes.push([Date.now(), dmf.player.clock.f]))
    .observe(dmf, { attributes: true, attributeFilter: ['data-frame'] }) }"""
JUMP = "(f) => { const { player } = document.querySelector('.dmf'); player.byHand(f); return Date.now() }"
SAMPLE = """() => { window.samples = [];
  const tick = () => { samples.push([Date.now(), document.querySelector('.dmf').player.clock.f]); requestAnimationFrame(tick) };
  tick() }"""
NOTE_PICTURE = """addEventListener('DOMContentLoaded', () => new MutationObserver((_, watcher) => {
  const dmf = document.querySelector('.dmf');
  if (dmf && dmf.dataset.frames > 0) {
    watcher.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => (window.drawnAt = performance.now())));
  }
}).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-frames'] }))"""
WHOLE = "One matrix: nothing is learned"  # a scene with all of its run


async def browsers(server: Server, key: str, count: int, report: Report) -> None:
    """All rows; Chromium runs on the same cores."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        projector = await _opened(browser, f"{server.url}/live/{CODE}/present#key={key}", PROJECTOR)
        await _at(projector, WHOLE, "ArrowDown")
        await _jumps(browser, server, projector, report)
        await _playing(browser, server, projector, report)
        await projector.context.close()
        await _first_pictures(browser, server, report)
        await _slider(browser, server, count, report)
        await browser.close()


async def _opened(browser: Browser, address: str, size: Any) -> Page:
    context = await browser.new_context(viewport=size)
    page = await context.new_page()
    await page.goto(address)
    await _until(page, PAINTED)
    return page


async def _until(page: Page, true: str, seconds: float = 60) -> None:
    """Asked from outside: the pages below /live/ let nobody evaluate a text in them."""
    async with asyncio.timeout(seconds):
        while not await page.evaluate(true):
            await asyncio.sleep(0.02)


async def _at(page: Page, heading: str, key: str) -> None:
    while await page.inner_text("#heading") != heading:
        before = await page.evaluate("document.querySelector('.dmf').dataset.seq")
        await page.keyboard.press(key)
        await _until(page, f"document.querySelector('.dmf').dataset.seq !== '{before}'")
    await _until(page, PAINTED)


async def _jumps(browser: Browser, server: Server, projector: Page, report: Report) -> None:
    """From the hand of the presenter to the picture of a phone; both have one clock, that of this machine."""
    phone = await _opened(browser, f"{server.url}/live/{CODE}", PHONE)
    await phone.evaluate(NOTE_FRAMES)
    last, times = await projector.evaluate("document.querySelector('.dmf').player.run.frames") - 1, []
    for jump in range(JUMPS):
        frame = 1 + (7 * jump) % (last - 1)  # never the one before
        seen = await phone.evaluate("changes.length")
        began = await projector.evaluate(JUMP, frame)
        await _until(phone, f"changes.length > {seen}")
        times.append(await phone.evaluate(f"changes[{seen}][0]") - began)
        await asyncio.sleep(0.3)
    report.add("presenter's Chromium to a phone's, p95", p95(times), 200, "ms")
    await phone.context.close()


async def _playing(browser: Browser, server: Server, projector: Page, report: Report) -> None:
    """How far a phone behind a jittery network is from the presenter, in time, while a run plays."""
    async with delayed(server.port) as port:
        phone = await _opened(browser, f"http://127.0.0.1:{port}/live/{CODE}", PHONE)
        await projector.evaluate(JUMP, 0)
        await asyncio.sleep(3)  # the clock of the phone has been compared five times
        for page in (projector, phone):
            await page.evaluate(SAMPLE)
        await projector.keyboard.press(" ")
        await asyncio.sleep(PLAYED)
        ours, theirs = [np.array(await page.evaluate("samples")) for page in (projector, phone)]
        await phone.context.close()
    report.add(f"playing, {1000 * MEDIAN:g} ms of jitter: phone against presenter, p95", apart(ours, theirs), 50, "ms")


def apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The 95th percentile of |t - t'| over the pictures of the phone, whose frame the presenter showed at t'. Milliseconds.

    Rows are (time, frame). The first half second is left out: the word that it plays is on its way.
    """
    moving = np.flatnonzero(np.diff(ours[:, 1]) > 0)
    first, last = ours[moving[0], 0] + 500, ours[moving[-1] + 1, 0]
    rising = np.concatenate(([True], np.diff(np.maximum.accumulate(ours[:, 1])) > 0))
    inside = (theirs[:, 0] > first) & (theirs[:, 0] < last) & (theirs[:, 1] < ours[-1, 1])
    at = np.interp(theirs[inside, 1], ours[rising, 1], ours[rising, 0])
    return p95(np.abs(theirs[inside, 0] - at).tolist())


async def _first_pictures(browser: Browser, server: Server, report: Report) -> None:
    times = []
    for _ in range(PICTURES):
        context = await browser.new_context(viewport=PHONE)
        await context.add_init_script(NOTE_PICTURE)
        page = await context.new_page()
        tools = await context.new_cdp_session(page)
        await tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        await page.goto(f"{server.url}/live/{CODE}")
        await _until(page, "window.drawnAt > 0")
        times.append(await page.evaluate("drawnAt") / 1000)
        await context.close()
    report.add(f"first picture, processor {SLOWER} times slower, median", statistics.median(times), 2.5, "s")


async def _slider(browser: Browser, server: Server, count: int, report: Report) -> None:
    """On the presenter's page of the run, in turn alone and with all phones there; every run is known by then."""
    context = await browser.new_context(viewport={"width": 1400, "height": 900})
    page = await context.new_page()
    await page.goto(server.url)
    await page.wait_for_selector('[data-testid="player"]:not([data-frames="0"])', timeout=60_000)
    await page.evaluate(WATCH)
    shares = places(RELEASES)
    for share in shares:  # computed once
        await _released(page, share)
    alone: list[float] = []
    followed: list[float] = []
    for _ in range(ROUNDS):
        alone += [await _released(page, share) for share in shares]
        phones = await joined(server.port, count, 2.0)
        await asyncio.sleep(2)
        followed += [await _released(page, share) for share in shares]
        await left(phones)
        await asyncio.sleep(2)
    ratio = statistics.median(followed) / statistics.median(alone)
    report.add(f"slider to frame with {count} phones against alone, medians", ratio, 1.2, "times")
    await context.close()


async def _released(page: Page, share: float) -> float:
    """As `benchmarks.response.release`, here beside the phones of the same event loop."""
    track = await page.get_by_role("slider", name="Observed entries").bounding_box()
    assert track is not None
    before = await page.evaluate("window.measured.length")
    await page.mouse.click(track["x"] + share * track["width"], track["y"] + track["height"] / 2)
    await page.wait_for_function("before => window.measured.length > before", arg=before, timeout=30_000)
    await page.wait_for_timeout(700)
    return float(await page.evaluate("window.measured.at(-1)"))
