"""How long from letting go of a slider to the first painted frame of the new run, in a real Chromium?

    python -m benchmarks.response [--url http://localhost:8501]

Without --url a server is started. Each release is a new run at 100 x 100, depth 3 (uncached), then the same values again
(cached). Times are taken inside the page: pointer up -> the second animation frame after the player shows the new run.
"""

import argparse
import json
import statistics
import time
from contextlib import nullcontext

from playwright.sync_api import Page, sync_playwright

from benchmarks.server import CHROMIUM, FLAGS, serve

WATCH = """
() => {
  window.measured = [];
  let released = null, shown = null;
  addEventListener('pointerup', () => { released = performance.now(); }, true);
  const check = () => {
    const player = document.querySelector('[data-testid="player"]');
    const run = player && player.dataset.frames > 0 ? player.dataset.run : null;
    if (run && run !== shown) {
      const since = released;
      shown = run;
      released = null;
      requestAnimationFrame(() => requestAnimationFrame(
        () => { if (since !== null) window.measured.push(performance.now() - since); }));
    }
  };
  new MutationObserver(check).observe(document.body, {subtree: true, childList: true, attributes: true,
    attributeFilter: ['data-run', 'data-frames', 'data-state']});
  check();
}
"""
FRAMES = """
(seconds) => new Promise(done => {
  const start = performance.now();
  let frames = 0;
  const tick = now => {
    frames++;
    now - start < 1000 * seconds ? requestAnimationFrame(tick) : done(1000 * frames / (now - start));
  };
  requestAnimationFrame(tick);
})
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url")
    parser.add_argument("--releases", type=int, default=12)
    arguments = parser.parse_args()
    with nullcontext(arguments.url) if arguments.url else serve() as url:
        report = measure(url, arguments.releases)
    for key, value in report.items():
        print(f"{key:34s} {value:9.1f}")
    print(json.dumps({"benchmark": "response", **report}))


def measure(url: str, releases: int) -> dict[str, float]:
    """Medians in milliseconds, frames per second, bytes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        began = time.perf_counter()
        page.goto(url)
        page.wait_for_selector('[data-testid="player"]:not([data-frames="0"])', timeout=60_000)
        first = 1000 * (time.perf_counter() - began)
        frames = page.evaluate(FRAMES, 3)
        page.evaluate(WATCH)
        uncached = [release(page, share) for share in places(releases)]
        cached = [release(page, share) for share in places(releases)]
        browser.close()
    return {
        "first picture, warm server (ms)": first,
        "playing (frames per second)": frames,
        "slider to frame, uncached (ms)": statistics.median(uncached),
        "  slowest": max(uncached),
        "slider to frame, cached (ms)": statistics.median(cached),
        "  slowest ": max(cached),
    }


def places(count: int) -> list[float]:
    """Shares of the track, each far from the one before: a click on the thumb moves nothing."""
    return [0.1 + 0.4 * (i % 2) + 0.03 * (i // 2) for i in range(count)]


def release(page: Page, share: float) -> float:
    """Sets the slider of observed entries to this share of its track at once. Milliseconds until the new frame."""
    track = page.get_by_role("slider", name="Observed entries").bounding_box()
    assert track is not None
    before = page.evaluate("window.measured.length")
    page.mouse.click(track["x"] + share * track["width"], track["y"] + track["height"] / 2)
    page.wait_for_function("before => window.measured.length > before", arg=before, timeout=30_000)
    page.wait_for_timeout(700)  # the run itself plays on; the next release starts from a quiet page
    return float(page.evaluate("window.measured.at(-1)"))


if __name__ == "__main__":
    main()
