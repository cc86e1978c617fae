"""The Compare page in a real browser: one cursor, equal scales, links, and the way to Explore and back."""

import csv
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.browser import player
from tests.browser.conftest import frames, plays_smoothly

Visit = Callable[..., Any]
COMPARE = "[data-testid=compare]"
PLAYER = f"document.querySelector('{COMPARE}').player"
SMALL = "problem.rows=40&problem.columns=40&problem.rank=3&problem.observations=800&seed=7&init.kind=balanced&stop.loss=0.0001"
DEPTHS = f"compare?{SMALL}&compare.factor=model.depth&compare.values=1,2,3"


dataset = partial(player.dataset, selector=COMPARE)
wait_until = partial(player.wait_until, selector=COMPARE)
press_keys = partial(player.press_keys, selector=COMPARE)


def opened(app: str, visit: Visit, query: str = DEPTHS, **options: Any) -> Any:
    page = visit(f"{app}/{query}", **options)
    page.wait_for_function(f"() => {PLAYER} && {PLAYER}.runs.every((run) => run.frames > 0 && !run.growing)")  # cold workers
    page.get_by_text("Only ").first.wait_for()
    return page


@pytest.fixture
def page(app: str, visit: Visit) -> Any:
    """Three depths, paused at the first moment."""
    page = opened(app, visit)
    press_keys(page, "Home")
    wait_until(page, "d.state === 'paused' && d.frame === '0'")
    return page


def test_comparison_plays_by_itself(app: str, visit: Visit) -> None:
    page = opened(app, visit)
    wait_until(page, "d.frame > 2")  # untouched; on a busy machine it may be over already
    assert page.text_content("[data-testid=compare-title]") == "Same data, same start, depth 1, 2 and 3"
    assert "Only depth differs" in page.text_content("[data-testid=compare-summary]")


def test_columns_share_scales_and_cursor(page: Any) -> None:
    page.evaluate(f"{PLAYER}.clock.goPlace(0.4)")
    columns = page.evaluate(
        f"{PLAYER}.columns.map((c) => [c.curves.top, c.curves.x0, c.curves.x1, c.spectrum.curves.y(1), c.spectrum.bars])"
    )
    assert len(columns) == 3
    assert columns[0] == columns[1] == columns[2]
    errors = page.evaluate(
        f"{PLAYER}.runs.map((run, i) => betweenLogAt(run.series.observed_error, {PLAYER}.columns[i].f))".replace(
            "betweenLogAt",
            "((c, f) => { const i = Math.floor(f), j = Math.min(i + 1, c.length - 1);"
            " return 10 ** (Math.log10(c[i]) + (Math.log10(c[j]) - Math.log10(c[i])) * (f - i)) })",
        )
    )
    assert max(errors) == pytest.approx(min(errors), rel=1e-3)  # float32, and an error that never rises here


def test_moving_cursor_puts_no_node_in_or_out(page: Any) -> None:
    """Each one would make the browser match the :has() rules of the whole page again, in every frame."""
    changed = page.evaluate(
        f"""() => {{ const {{clock, root}} = {PLAYER}; clock.goPlace(0.1);
        const before = root.querySelector('.dmf-table').textContent, observer = new MutationObserver(() => {{}});
        observer.observe(root, {{childList: true, subtree: true}});
        for (let i = 2; i < 9; i++) clock.goPlace(i / 10);
        return [observer.takeRecords().length, root.querySelector('.dmf-table').textContent !== before] }}"""
    )
    assert changed == [0, True]


def test_at_equal_flow_time_the_columns_show_one_time(page: Any) -> None:
    page.select_option(".dmf-at select", "time")
    wait_until(page, "d.at === 'time'")
    page.evaluate(f"{PLAYER}.clock.goPlace(0.3)")
    times = page.eval_on_selector_all(".dmf-table tr:last-child td", "cells => cells.slice(0, 3).map((c) => c.textContent)")
    assert len(set(times)) == 1
    page.wait_for_function("location.search.includes('compare.at=time')")


def test_run_that_ended_before_the_cursor_says_so(page: Any) -> None:
    press_keys(page, "a")
    wait_until(page, "d.at === 'time'")
    press_keys(page, "End")
    times = page.eval_on_selector_all(".dmf-table tr:last-child td", "cells => cells.slice(0, 3).map((c) => c.textContent)")
    assert sum("(its end)" in text for text in times) == 2


def test_keys_steer_all_columns(page: Any) -> None:
    press_keys(page, "End")
    ends = page.eval_on_selector_all(".dmf-column", "columns => columns.map((c) => Number(c.dataset.frame))")
    lengths = page.evaluate(f"{PLAYER}.runs.map((run) => run.frames - 1)")
    assert ends == lengths
    press_keys(page, "ArrowLeft", "l", "e", "2")
    assert page.evaluate(f"[{PLAYER}.log, {PLAYER}.shown, {PLAYER}.chosen]") == [True, "residual", 2]
    press_keys(page, "Home", "PageDown")
    wait_until(page, "d.state === 'paused' && d.frame !== '0'")
    press_keys(page, "?")
    assert page.is_visible(".dmf-help")


def test_dragging_in_any_column_moves_all(page: Any) -> None:
    box = page.locator(".dmf-ccurves .dmf-plot").nth(1).bounding_box()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 10, steps=4)
    page.mouse.up()
    frames = page.eval_on_selector_all(".dmf-column", "columns => columns.map((c) => Number(c.dataset.frame))")
    assert all(frame > 0 for frame in frames)
    assert page.evaluate(f"{PLAYER}.clock.u") == pytest.approx(0.48, abs=0.05)


def test_runs_are_overlaid_and_nothing_below_moves(page: Any, visit: Visit) -> None:
    places = "[...document.querySelectorAll('.dmf-cmatrix, .dmf-track, .dmf-table')].map((e) => e.getBoundingClientRect().top)"
    before = page.evaluate(places)
    assert not page.is_visible(".dmf-overlay canvas")
    press_keys(page, "v")
    wait_until(page, "d.overlaid === '1'")
    assert page.evaluate(places) == before
    page.evaluate(f"{PLAYER}.clock.goPlace(0.5)")
    letters = page.eval_on_selector_all(".dmf-chead h2", "heads => heads.map((h) => h.textContent[0])")
    assert letters == ["a", "b", "c"]
    shown = page.evaluate(f"{PLAYER}.overlay.parts.map((c) => c.shown.length)")
    assert all(shown)  # every run has its discs
    x, y = page.evaluate(f"{PLAYER}.overlay.parts[1].shown[0].slice(0, 2)")
    box = page.locator(".dmf-overlay .dmf-plot").bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)
    assert page.evaluate(f"{PLAYER}.chosen") == 1
    page.wait_for_function("location.search.includes('compare.runs=overlaid')")
    other_page = visit(page.url)
    wait_until(other_page, "d.overlaid === '1' && d.frames > 0")


def test_run_is_opened_in_explore_and_the_way_back_keeps_the_comparison(page: Any) -> None:
    runs = dataset(page)["runs"].split(",")
    page.get_by_role("button", name="Open Depth 2 in Explore").click()
    page.wait_for_selector(f'[data-testid=player][data-run="{runs[1]}"]')
    page.wait_for_function("location.search.includes('model.depth=2')")
    page.get_by_role("link", name="Compare").click()
    wait_until(page, f"d.runs === '{','.join(runs)}'")


def test_link_opens_the_same_comparison_in_another_browser(page: Any, visit: Visit) -> None:
    page.select_option(".dmf-at select", "progress")
    page.wait_for_function("location.search.includes('compare.at=progress')")
    other_page = visit(page.url)
    wait_until(other_page, "d.frames > 0")
    assert dataset(other_page)["runs"] == dataset(page)["runs"]
    assert dataset(other_page)["at"] == "progress"


def test_compare_with_starts_from_the_run_of_explore(app: str, visit: Visit) -> None:
    page = visit(f"{app}/?{SMALL}&model.depth=4")
    page.wait_for_selector('[data-testid=player]:not([data-frames="0"])')
    run = page.get_attribute("[data-testid=player]", "data-run")
    page.get_by_role("button", name="Compare with…").click()
    wait_until(page, "d.frames > 0")
    assert run in dataset(page)["runs"].split(",")
    page.wait_for_function("new URLSearchParams(location.search).get('compare.values') === '2,3,4'")


def test_long_runs_wait_then_grow_and_can_be_cancelled(app: str, visit: Visit) -> None:
    slow = SMALL.replace("0.0001", "1e-12") + "&integrator.kind=gradient_descent&integrator.learning_rate=0.002"
    page = visit(f"{app}/compare?{slow}&compare.factor=seed&compare.values=1,2")
    page.locator(COMPARE).get_by_role("button", name="Run 2 · about").click()
    wait_until(page, "d.state === 'growing' && d.frames > 0")
    page.get_by_role("button", name="Cancel, keep what is there").click()
    page.get_by_text("Everything up to here is valid.").wait_for()
    assert int(dataset(page)["frames"]) > 0


@pytest.mark.parametrize(
    ("width", "values"), [(390, "1,2,3"), (768, "1,2,3,4"), (1100, "1,2,3"), (1400, "1,2,3,4"), (1400, "2,3")]
)
def test_page_never_scrolls_sideways(app: str, visit: Visit, width: int, values: str) -> None:
    page = opened(app, visit, DEPTHS.replace("1,2,3", values), width=width, height=844)
    widest = "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"
    assert page.evaluate(widest) <= width


FOLD = """() => ['.dmf-title', '.dmf-cnote', '.dmf-cspectrum', '.dmf-cmatrix', '.dmf-track', '.dmf-transport', '.dmf-plot']
  .flatMap((name) => [...document.querySelectorAll(".dmf-compare " + name)].filter((each) => each.offsetParent).slice(0, 1))
  .map((each) => { const box = each.getBoundingClientRect(); return [each.className, box.top, box.bottom]; })"""


def test_picture_is_above_the_fold_on_every_screen(app: str, visit: Visit) -> None:
    page = opened(app, visit, DEPTHS.replace("1,2,3", "1,2,3,4"))
    for overlaid in ("0", "1"):
        press_keys(page, *("v" if overlaid == "1" else ""))
        wait_until(page, f"d.overlaid === '{overlaid}'")
        for width, height in ((1280, 720), (1366, 768), (1440, 900), (1920, 1080), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function(f"innerWidth === {width} && innerHeight === {height}")
            frames(page)
            places = page.evaluate(FOLD)
            assert len(places) == 7
            below = [place for place in places if place[1] < 0 or place[2] > height]
            assert not [place for place in below if width > 400 or "dmf-cm" not in place[0]], (width, height, overlaid)


def test_transport_stays_in_sight_on_a_phone(app: str, visit: Visit) -> None:
    page = opened(app, visit, width=390, height=844)
    box = page.locator(".dmf-play").bounding_box()
    assert box["y"] + box["height"] <= 844
    assert box["height"] >= 44


def test_four_runs_play_smoothly(app: str, visit: Visit) -> None:
    page = opened(app, visit, DEPTHS.replace("1,2,3", "1,2,3,4"))
    press_keys(page, "Home")

    def play() -> None:
        press_keys(page, "Space")
        wait_until(page, "d.state === 'playing'")

    assert plays_smoothly(page, play)


def test_downloaded_numbers_hold_a_line_for_every_run(page: Any) -> None:
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Numbers (CSV)").click()
    lines = list(csv.DictReader(download.value.path().read_text().splitlines()))
    assert [line["model.depth"] for line in lines] == ["1", "2", "3"]
    assert all(float(line["observed_error"]) <= 1e-4 for line in lines)  # where these runs stop
