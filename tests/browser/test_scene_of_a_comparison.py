"""Several runs as one scene: stills and Plotly in Chromium and matplotlib agree within 2 pixels, in columns and overlaid."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from tests.browser.test_compare import DEPTHS, PLAYER, opened
from tests.browser.test_scene import DOTS, NEAR, distance
from ui.figures.scene import scene
from ui.figures.scene.comparison import ComparisonScene, overlaid_modes
from ui.figures.static import drawing
from ui.figures.static_compared_curves import column, overlaid

Visit = Callable[..., Any]
SPEC = RunSpec().replaced(
    {"problem.rows": 40, "problem.columns": 40, "problem.rank": 3, "problem.observations": 800, "seed": 7}
    | {"init.kind": "balanced", "stop.loss": 1e-4}
)  # fmt: skip
SEEN = ".every((each) => !each.offsetParent || each.dataset.renderer === '%s')"
PLOTS = "[...document.querySelectorAll('.dmf-compare .dmf-plot')]"
STILLS = f"{PLAYER}.charts().forEach((chart) => {{ chart.admitted = false }}); {PLAYER}.layout()"
ADMITTED = f"{PLAYER}.charts().forEach((chart) => {{ chart.admitted = true }}); {PLAYER}.layout()"
PAINTED = """([selector, lines, ticks]) => { const root = document.querySelector(selector), box = root.getBoundingClientRect();
  const all = (inner) => [...root.querySelectorAll(inner)];
  const points = all(lines).map((path) => { const at = path.getScreenCTM(), long = path.getTotalLength();
    return Array.from({length: 300}, (_, i) => { const p = path.getPointAtLength(i * long / 299).matrixTransform(at);
      return [p.x - box.x, p.y - box.y]; }) });
  const places = (inner) => all(inner).map((each) => { const r = each.getBoundingClientRect();
    return [each.textContent, r.left - box.x, (r.left + r.right) / 2 - box.x, (r.top + r.bottom) / 2 - box.y]; });
  return {points, ticks: places(ticks), names: places('.dmf-truth'), marks: places('.dmf-tick')} }"""
WAYS = {
    "still": ('.dmf-still path[data-mode="{}"]', ".dmf-still span"),
    "plotly": ('.js-line[data-mode="{}"]', ".ytick text"),
}


@pytest.fixture(scope="module")
def shown() -> ComparisonScene:
    specs = [SPEC.replaced({"model.depth": depth}) for depth in (2, 3)]
    return ComparisonScene(tuple(scene(run(spec), spec) for spec in specs))


def places(page: Any, chart: str) -> tuple[list[float], list[float]]:
    """[width, height] of a chart and [x0, x1, y0, y1] of its plot."""
    places = page.evaluate(f"(({{width, height, x0, x1, y0, y1}}) => [[width, height], [x0, x1, y0, y1]])({PLAYER}.{chart})")
    return places[0], places[1]


def laid_out(size: list[float], box: list[float]) -> tuple[Figure, Axes]:
    (width, height), (x0, x1, y0, y1) = size, box
    figure = Figure(figsize=(width / DOTS, height / DOTS), dpi=DOTS)
    FigureCanvasAgg(figure)
    return figure, figure.add_axes((x0 / width, 1 - y0 / height, (x1 - x0) / width, (y0 - y1) / height))


def agree(drawing: dict[str, Any], axes: Axes, height: float, curves: list[np.ndarray]) -> None:
    """Curves, marks of both axes and names of the dashed lines of one chart, with what matplotlib has in its axes."""
    assert len(drawing["points"]) == len(curves) > 1
    for points, curve in zip(drawing["points"], curves, strict=True):
        assert distance(np.array(points), curve) < NEAR
        assert distance(curve[:: max(1, len(curve) // 40)], np.array(points)) < NEAR
    renderer = axes.figure.canvas.get_renderer()  # type: ignore[union-attr]

    def extent(text: Any) -> Any:
        return text.get_window_extent(renderer)

    heights = {text.get_text(): extent(text) for text in axes.get_yticklabels()}
    assert {text for text, *_ in drawing["ticks"]} == set(heights)
    for text, _, _, middle in drawing["ticks"]:
        assert height - (heights[text].y0 + heights[text].y1) / 2 == pytest.approx(middle, abs=NEAR), text
    marks = {text.get_text(): extent(text) for text in axes.get_xticklabels()}
    assert {text for text, *_ in drawing["marks"]} == set(marks)
    for text, _, centre, _ in drawing["marks"]:
        assert (marks[text].x0 + marks[text].x1) / 2 == pytest.approx(centre, abs=NEAR), text
    boxes = {text.get_text(): extent(text) for text in axes.texts}
    for text, left, _, middle in drawing["names"]:
        assert boxes[text].x0 == pytest.approx(left, abs=NEAR), text
        assert height - (boxes[text].y0 + boxes[text].y1) / 2 == pytest.approx(middle, abs=NEAR), text


def discs_agree(discs: list[list[float]], axes: Axes, height: float) -> None:
    rings = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(rings) == len(discs) > 1
    at = np.array([axes.transData.transform(line.get_xydata()[0]) for line in rings]) * [1, -1] + [0, height]
    for x, y, mode, *_ in discs:
        assert float(np.hypot(*(at - [x, y]).T).min()) < NEAR, mode


def curve(axes: Axes, shown: ComparisonScene, i: int, mode: int, height: float) -> np.ndarray:  # [S, 2]
    each, own = shown.scenes[i], shown.axis("error").each[i]
    assert each is not None
    assert own is not None
    places = np.interp(each.curves.frames, np.arange(len(own.column)), own.places)
    return np.asarray(
        axes.transData.transform(np.stack([places, each.curves.values[:, mode - 1]], axis=1)) * [1, -1] + [0, height]
    )


def drawings(page: Any, chart: str, modes: list[int]) -> list[dict[str, Any]]:
    """What the browser draws of one chart: by Plotly, then as the still."""
    drawings = []
    for name, way in (("plotly", ADMITTED), ("still", STILLS)):
        page.evaluate(f"() => {{ {way} }}")
        page.wait_for_function(PLOTS + SEEN % name)
        lines, ticks = WAYS[name]
        every = [page.evaluate(PAINTED, [chart, lines.format(mode), ticks]) for mode in modes]
        points = [line for each in every for line in each["points"]]
        drawings.append(every[0] | {"points": points})
    page.evaluate(f"() => {{ {ADMITTED} }}")
    return drawings


def test_columns_are_drawn_alike_by_still_plotly_and_matplotlib(app: str, visit: Visit, shown: ComparisonScene) -> None:
    page = opened(app, visit, DEPTHS.replace("1,2,3", "2,3"), reduced_motion="reduce")
    page.wait_for_function(PLOTS + SEEN % "plotly")
    page.evaluate(f"{PLAYER}.clock.goPlace(0.6)")
    for i, each in enumerate(shown.there):
        size, box = places(page, f"columns[{i}].curves")
        with drawing("columns"):
            figure, axes = laid_out(size, box)
            frame = page.evaluate(f"{PLAYER}.columns[{i}].f")
            column(axes, shown, i, shown.axis("error"), shown.heights(False), "", frame)
            figure.canvas.draw()
        curves = [curve(axes, shown, i, mode, size[1]) for mode in range(1, each.learned + 1)]
        for positions in drawings(page, f".dmf-column:nth-child({i + 1}) .dmf-plot", list(range(1, each.learned + 1))):
            agree(positions, axes, size[1], curves)
            assert bool(positions["names"]) == (i == 0)  # both have the same truth
        discs_agree(page.evaluate(f"{PLAYER}.columns[{i}].curves.shown"), axes, size[1])


def test_overlaid_runs_are_drawn_alike_by_still_plotly_and_matplotlib(app: str, visit: Visit, shown: ComparisonScene) -> None:
    query = DEPTHS.replace("1,2,3", "2,3") + "&compare.runs=overlaid"
    page = opened(app, visit, query, reduced_motion="reduce")
    page.wait_for_function(PLOTS + SEEN % "plotly")
    page.evaluate(f"{PLAYER}.clock.goPlace(0.6)")
    size, box = places(page, "overlay")
    with drawing("overlaid"):
        figure, axes = laid_out(size, box)
        frames = page.evaluate(f"{PLAYER}.columns.map((each) => each.f)")
        overlaid(axes, shown, shown.axis("error"), shown.heights(False), frames)
        figure.canvas.draw()
    modes = list(range(1, max(map(overlaid_modes, shown.there)) + 1))
    runs = [(i, mode) for mode in modes for i, each in enumerate(shown.there) if mode <= overlaid_modes(each)]
    for name, positions in zip(("plotly", "still"), drawings(page, ".dmf-overlay .dmf-plot", modes), strict=True):
        order = runs if name == "plotly" else [(i, mode) for mode in modes for i in (1, 0) if (i, mode) in runs]
        agree(positions, axes, size[1], [curve(axes, shown, i, mode, size[1]) for i, mode in order])
        assert positions["names"]
    discs_agree(page.evaluate(f"{PLAYER}.overlay.parts.flatMap((part) => part.shown)"), axes, size[1])


def test_pointer_reads_a_curve_and_a_box_enlarges_every_column(app: str, visit: Visit) -> None:
    page = opened(app, visit, DEPTHS.replace("1,2,3", "2,3"), reduced_motion="reduce")
    page.wait_for_function(PLOTS + SEEN % "plotly")
    box = page.locator(".dmf-column:nth-child(2) .dmf-plot").bounding_box()
    x, y = page.evaluate(f"((c, f) => [c.x(f), c.y(c.view.run.value(0, f))])({PLAYER}.columns[1].curves, 40)")
    page.mouse.move(box["x"] + x - 3, box["y"] + y - 3)
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.wait_for_selector(".dmf-column:nth-child(2) .hoverlayer text")
    assert page.locator(".dmf-column:nth-child(2) .hoverlayer").text_content().startswith("mode 1 ")
    assert page.evaluate(f"{PLAYER}.lit") == 1
    page.get_by_role("button", name="zoom", exact=True).click()
    page.mouse.move(box["x"] + 150, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 200, steps=4)
    page.mouse.up()
    page.wait_for_function(f"{PLAYER}.window")
    ranges = page.evaluate(f"{PLAYER}.columns.map(({{curves: {{drawing}}}}) => Array.from(drawing._fullLayout.xaxis.range))")
    assert ranges[0] == pytest.approx(ranges[1])
    page.focus("[data-testid=compare]")
    page.keyboard.press("Escape")
    assert page.evaluate(f"{PLAYER}.window") is None
