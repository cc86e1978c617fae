"""One scene, four renderers: its still, Plotly and our own lines in Chromium and matplotlib agree within 2 pixels."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from tests.browser.player import dataset, player, press_keys, wait_until
from tests.browser.visitors import READY
from ui.figures.plot_options import PlotOptions
from ui.figures.scene import Scene, scene
from ui.figures.static import drawing
from ui.figures.static_axes import PIXEL
from ui.figures.static_curves import curves

Visit = Callable[..., Any]
NEAR = 2.0  # pixels
DOTS = 72 / PIXEL  # per inch: a pixel of matplotlib is one of the page
PLOTLY = '.dmf-curves .dmf-plot[data-renderer="plotly"]'
PLOTLY_SCRIPT = re.compile(r"//[^/]+/media/")  # the place for files of a session; nothing else of ours stands there
LATE = "Math.floor(0.8 * p.run.frames)"  # a frame
CURVES = """(selector) => { const box = document.querySelector('.dmf-curves .dmf-plot').getBoundingClientRect();
  return [...document.querySelectorAll(selector)].map((path) => { const at = path.getScreenCTM(), long = path.getTotalLength();
    return Array.from({length: 400}, (_, i) => { const p = path.getPointAtLength(i * long / 399).matrixTransform(at);
      return [p.x - box.x, p.y - box.y]; }) }) }"""
# Without a still, and before Plotly is there again: curves of these paths, words of the vertical axis, how both charts are drawn.
LIGHT = f"""(paths) => {{ const p = document.querySelector('[data-testid=player]').player;
  p.askedStill = null;
  for (const chart of p.charts()) chart.admitted = false;
  p.layout();
  const curves = paths.map((path) => ({CURVES})(path)[0]);
  const texts = [...document.querySelectorAll('.dmf-curves .dmf-light text')].map((each) => each.textContent);
  return [curves, texts, [...document.querySelectorAll('.dmf-plot')].map((plot) => plot.dataset.renderer)] }}"""
WORDS = """(selector) => { const box = document.querySelector('.dmf-curves .dmf-plot').getBoundingClientRect();
  const visible = [...document.querySelectorAll(selector)].filter((each) => each.getClientRects().length);
  return Object.fromEntries(visible.map((each) => { const r = each.getBoundingClientRect();
    return [each.textContent, [r.left - box.x, r.right - box.x, (r.top + r.bottom) / 2 - box.y]] })) }"""


@pytest.fixture(scope="module")
def shown() -> Scene:
    """The run that the stage shows."""
    spec = RunSpec().replaced({"seed": 7, "stop.loss": 1e-4})
    return scene(run(spec), spec)


def distance(points: np.ndarray, line: np.ndarray) -> float:  # [n, 2], [m, 2]
    """The largest distance of a point from a broken line."""
    a, b = line[:-1], line[1:]
    along = b - a
    share = ((points[:, None] - a) * along).sum(axis=2) / np.maximum((along * along).sum(axis=1), 1e-12)
    nearest = a + np.clip(share, 0, 1)[..., None] * along
    return float(np.sqrt(((points[:, None] - nearest) ** 2).sum(axis=2)).min(axis=1).max())


def in_browser(page: Any, paths: str, ticks: str) -> tuple[list[np.ndarray], dict[str, Any], dict[str, Any]]:
    """Curves of the learned modes, largest last; ticks; words. All of one moment: a chart may be drawn again at any time."""
    page.wait_for_function("all => all.every(each => document.querySelector(each))", arg=[paths, ticks])
    lines, *names = page.evaluate(
        f"([paths, ticks]) => [({CURVES})(paths), ({WORDS})(ticks), ({WORDS})('.dmf-curves .dmf-word')]", [paths, ticks]
    )
    return [np.array(line) for line in lines], *names


def by_matplotlib(shown: Scene, size: list[float], box: list[float], frame: int, log: bool) -> tuple[Figure, Any]:
    width, height = size
    x0, x1, y0, y1 = box
    figure = Figure(figsize=(width / DOTS, height / DOTS), dpi=DOTS)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((x0 / width, 1 - y0 / height, (x1 - x0) / width, (y0 - y1) / height))
    options = PlotOptions(frame=frame, log_values=log)
    curves(axes, shown, options, shown.axis("time", False), frame, moving=True)
    return figure, axes


@pytest.mark.parametrize("log", [False, True])
def test_still_plotly_and_matplotlib_draw_one_scene(stage: str, visit: Visit, shown: Scene, log: bool) -> None:
    page = visit(stage, reduced_motion="reduce")
    learned = shown.learned
    boxes = []
    if not log:
        held: list[Any] = []  # the request for Plotly: the still stays until it has been read
        page.route(PLOTLY_SCRIPT, lambda route: held.append(route))
        with page.expect_request(PLOTLY_SCRIPT):
            page.reload()
        page.wait_for_selector(READY)
        paths = [f'.dmf-curves .dmf-still path[data-mode="{mode}"]' for mode in range(1, learned + 1)]
        boxes.append(in_browser(page, ", ".join(reversed(paths)), ".dmf-curves .dmf-still span"))
        (request,) = held
        request.continue_()
        page.unroute(PLOTLY_SCRIPT)
    page.wait_for_selector(PLOTLY)
    if log:
        press_keys(page, "l")
        page.wait_for_function("document.querySelector('.dmf-curves .ytick text').textContent.startsWith('10')")
    paths = f".dmf-curves .scatterlayer .trace:nth-last-child(-n+{learned}) .js-line"
    boxes.append(in_browser(page, paths, ".dmf-curves .ytick text"))
    frame = int(dataset(page)["frame"])
    press_keys(page, "ArrowRight", "ArrowLeft", "0")  # at a snapshot, nothing selected
    discs = player(page, "p.curves.shown")
    size, box = player(page, "[[p.curves.width, p.curves.height], [p.curves.x0, p.curves.x1, p.curves.y0, p.curves.y1]]")
    with drawing("scene"):
        figure, axes = by_matplotlib(shown, size, box, frame, log)
        figure.canvas.draw()
    height = size[1]
    T = len(shown.run.snapshots)
    down = np.array([1, -1]), np.array([0, height])
    places = np.interp(shown.curves.frames, np.arange(T), shown.axis("time", False).places)
    floor = axes.get_ylim()[0]
    curves = []
    for mode in range(learned - 1, -1, -1):
        points = np.stack([places, np.maximum(shown.curves.values[:, mode], floor)], axis=1)
        curves.append(axes.transData.transform(points) * down[0] + down[1])
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]

    def extent(text: Any) -> Any:
        return text.get_window_extent(renderer)

    for lines, ticks, words in boxes:
        assert len(lines) == learned
        assert max(distance(line, other) for line, other in zip(lines, curves, strict=True)) < NEAR
        assert max(distance(other[:: len(other) // 40], line) for line, other in zip(lines, curves, strict=True)) < NEAR
        marks = {text.get_text(): extent(text) for text in axes.get_yticklabels()}
        assert set(ticks) == set(marks)
        for text, (_, right, middle) in ticks.items():
            assert height - (marks[text].y0 + marks[text].y1) / 2 == pytest.approx(middle, abs=NEAR), text
            assert right == pytest.approx(box[0] - 8, abs=NEAR), text
        labels = {text.get_text(): text for text in axes.texts}
        assert len(words) > (1 if log else learned)
        for text, (left, right, middle) in words.items():
            bounds = extent(labels[text])
            assert height - (bounds.y0 + bounds.y1) / 2 == pytest.approx(middle, abs=NEAR), text
            edges = (bounds.x1, right) if labels[text].get_ha() == "right" else (bounds.x0, left)
            assert edges[0] == pytest.approx(edges[1], abs=NEAR), text
    rings = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(rings) == len(discs) > 2
    for x, y, mode, _ in discs:
        away = [axes.transData.transform(line.get_xydata()[0]) * down[0] + down[1] - [x, y] for line in rings]
        assert min(float(np.hypot(*each)) for each in away) < NEAR, mode


def test_pointer_on_a_curve_reads_its_numbers_and_a_box_enlarges_both_charts(stage: str, visit: Visit) -> None:
    page = visit(stage, reduced_motion="reduce")
    page.wait_for_selector(PLOTLY)
    page.wait_for_selector('.dmf-strips .dmf-plot[data-renderer="plotly"]')
    press_keys(page, "End")
    box = page.locator(".dmf-curves .dmf-plot").bounding_box()
    x, y = player(page, f"[p.curves.x({LATE}), p.curves.y(p.run.value(0, {LATE}))]")
    page.mouse.move(box["x"] + x - 3, box["y"] + y - 3)
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.wait_for_selector(".dmf-curves .hoverlayer text")
    assert page.locator(".dmf-curves .hoverlayer").text_content().startswith("mode 1 ")
    assert player(page, "p.lit") == 1
    page.get_by_role("button", name="zoom", exact=True).click()
    page.mouse.move(box["x"] + 150, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 200, steps=4)
    page.mouse.up()
    page.wait_for_function("document.querySelector('[data-testid=player]').player.window")
    place = "p.axis.low + (%s - p.curves.x0) / (p.curves.x1 - p.curves.x0) * (p.axis.high - p.axis.low)"
    assert player(page, "p.window.x") == pytest.approx(player(page, f"[{place % 150}, {place % 300}]"), rel=0.02)  # to a pixel
    assert player(page, "[p.curves.low, p.strips.low]") == [player(page, "p.window.x[0]")] * 2
    ranges = player(page, "[p.curves, p.strips].map((chart) => Array.from(chart.drawing._fullLayout.xaxis.range))")
    assert ranges[0] == pytest.approx(ranges[1])
    assert dataset(page)["frame"] == str(int(dataset(page)["frames"]) - 1)  # drawing a box moves no cursor
    press_keys(page, "Escape")
    assert player(page, "p.window") is None


def test_hidden_future_is_not_read_off_by_the_pointer(stage: str, visit: Visit) -> None:
    page = visit(stage, reduced_motion="reduce")
    page.wait_for_selector(PLOTLY)
    press_keys(page, "Home", "f")
    box = page.locator(".dmf-curves .dmf-plot").bounding_box()
    x, y = player(page, f"[p.curves.x({LATE}), p.curves.y(p.run.value(0, {LATE}))]")
    page.mouse.move(box["x"] + x - 3, box["y"] + y - 3)
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.locator(".dmf-curves .hoverlayer text").count() == 0
    assert player(page, "p.lit") == 0
    press_keys(page, "f")
    wait_until(page, "d.frames > 0")


def test_plotly_that_did_not_come_is_sent_for_again(stage: str, visit: Visit) -> None:
    page = visit("about:blank", ready="body")
    page.route(PLOTLY_SCRIPT, lambda route: route.fulfill(body=""), times=1)
    with page.expect_response(PLOTLY_SCRIPT) as first:
        page.goto(stage)
    assert first.value.text() == ""
    page.wait_for_selector(PLOTLY)


def test_link_to_another_axis_has_its_curves_before_plotly_is_there(app: str, visit: Visit) -> None:
    """Plotly is taken away again: what then shows is what a visitor sees before it has come."""
    small = "problem.rows=40&problem.columns=40&problem.rank=3&problem.observations=800&seed=7&stop.loss=0.0001"
    page = visit(f"{app}/?{small}&view.axis=iterations&view.log_time=true&view.log_values=true", reduced_motion="reduce")
    page.wait_for_selector(PLOTLY)
    page.wait_for_selector('.dmf-strips .dmf-plot[data-renderer="plotly"]')
    learned = player(page, "p.run.learned")
    assert player(page, "[p.axis.key, p.log]") == ["iterations log", True]
    curves = page.evaluate(CURVES, f".dmf-curves .scatterlayer .trace:nth-last-child(-n+{learned}) .js-line")
    ticks = page.eval_on_selector_all(".dmf-curves .ytick text", "texts => texts.map((each) => each.textContent)")
    player(page, "p.charts().forEach((chart) => { chart.admitted = false })")
    player(page, "p.layout()")
    renderers = page.eval_on_selector_all(".dmf-plot", "plots => plots.map((plot) => plot.dataset.renderer)")
    assert renderers == ["still", "still"]
    modes = range(learned, 0, -1)
    still = [page.evaluate(CURVES, f'.dmf-curves .dmf-still path[data-mode="{mode}"]')[0] for mode in modes]
    light, marks, renderers = page.evaluate(LIGHT, [f'.dmf-curves .dmf-light path[data-mode="{mode}"]' for mode in modes])
    assert renderers == ["light", "light"] and marks == ticks
    assert len(curves) == len(still) == len(light) == learned > 1
    for line in (still, light):
        for a, b in zip(curves, line, strict=True):
            assert distance(np.array(a), np.array(b)) < NEAR
            assert distance(np.array(b), np.array(a)) < NEAR
