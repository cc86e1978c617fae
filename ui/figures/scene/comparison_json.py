"""The scene of a comparison as the page takes it: what the runs share, and the stills of one view."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ui.figures.scene import figure
from ui.figures.scene.as_json import Texts, heights_json, places_json
from ui.figures.scene.common_axis import EQUAL, WIDTHS, CommonAxis
from ui.figures.scene.comparison import OVERLAID_PLOTS, PLOTS, ComparisonScene
from ui.figures.scene.curves import Heights
from ui.figures.scene.free_space import Plot
from ui.figures.scene.labels import Label
from ui.figures.scene.still import curves_still, empty_still, overlaid_still

Json = dict[str, Any]


def comparison_json(comparison: ComparisonScene) -> Json:
    """Scales, axes, words and the traces of overlaid curves."""
    scales = {("log" if log else "linear"): comparison.heights(log) for log in (False, True)}
    axes = {name: comparison.axis(name) for name in EQUAL} if comparison.there else {}
    count = range(len(comparison.scenes))

    def words(among: Callable[[CommonAxis, Heights, Plot], list[Label]], plots: Mapping[str, Plot]) -> Json:
        texts: Texts = {}
        places = {
            f"{name}, {scale}, {kind}": places_json(among(axis, heights, plot), texts)
            for name, axis in axes.items()
            for scale, heights in scales.items()
            for kind, plot in plots.items()
        }
        return {"texts": list(texts), "places": places}

    return {
        "heights": {name: heights_json(scale) for name, scale in scales.items()},
        "axes": {name: _axis(axis) for name, axis in axes.items()},
        "widths": WIDTHS,
        "columns": [words(partial(comparison.labels, i), PLOTS) for i in count],
        "overlaid": words(comparison.overlaid_labels, OVERLAID_PLOTS)
        | {"traces": [figure.overlaid_traces(comparison, i) for i in count], "truth": comparison.overlaid_truth.tolist()},
    }


def stills_json(comparison: ComparisonScene, at: str, overlaid: bool) -> Json:
    """The charts of one view, there before Plotly is: a still for every run, or one of all."""
    scale = comparison.heights(False)
    empty = {"at": at, "columns": [empty_still(scale) for _ in comparison.scenes], "overlaid": empty_still(scale)}
    if not comparison.there:
        return empty
    axis = comparison.axis(at)
    if overlaid:
        return {"at": at, "columns": [None for _ in comparison.scenes], "overlaid": overlaid_still(comparison, axis, scale)}
    pairs = zip(comparison.scenes, axis.each, strict=True)
    columns = [
        empty_still(scale) if scene is None or own is None else curves_still(scene, own, scale, births=False)
        for scene, own in pairs
    ]
    return {"at": at, "columns": columns, "overlaid": None}


def _axis(axis: CommonAxis) -> Json:
    whole = axis.whole
    return {
        "low": whole.low,
        "high": whole.high,
        "open": whole.open,
        "readout": figure.READOUT[whole.name],
        "ticks": [axis.ticks(width) for width in WIDTHS],
        "axis": figure.x_axis(whole, WIDTHS[0]),
    }
