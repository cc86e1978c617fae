"""A scene as the page takes it: JSON with arrays in base64."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from dmf_core.trajectory import Start
from ui.figures.scene import figure
from ui.figures.scene.curves import Heights, heights
from ui.figures.scene.free_space import PLOTS, Layout
from ui.figures.scene.labels import Label, Words, labels_of_truth_alone
from ui.figures.scene.scene import Scene, true_values_of
from ui.figures.scene.still import LOWER, UPPER, curves_still, empty_still, strip_still
from ui.figures.scene.strips import STRIPS, usual
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.spectra import naming

Json = dict[str, Any]
Texts = dict[tuple[str, int, str, int, str], int]  # role, mode, words, whether the place is their end, tail; and their number


def run_json(scene: Scene) -> Json:
    """What does not depend on the spectrum: axes and strips."""
    strips = {kind: scene.strip(kind) for kind, about in STRIPS.items() if about.of(scene.columns)}
    shown = zip(usual(scene.columns, theory=False), (UPPER, LOWER), strict=True)
    axis = scene.axis("time", False)
    return {
        "axes": {each.key: {**_axis(each), "opens": round(scene.opening(each), 5)} for each in scene.axes()},
        "layout": figure.layout(),
        "strips": {
            kind: {
                "name": strip.about.name,
                "signed": strip.about.signed,
                "counts": strip.about.counts,
                "size": strip.about.size,
                "low": strip.low,
                "lines": [[each.about.key, each.about.name, each.level] for each in strip.lines],
                "axis": [figure.strip_axis(strip, UPPER), figure.strip_axis(strip, LOWER)],
                "traces": figure.strip_traces(strip),
                "truth": strip.truth,
            }
            for kind, strip in strips.items()
        },
        "usual": [usual(scene.columns, theory) for theory in (False, True)],
        "stills": [strip_still(strips[kind], axis, high) for kind, high in shown if kind in strips],
    }


def _axis(axis: TimeAxis) -> Json:
    return {
        "log": axis.log,
        "low": axis.low,
        "high": axis.high,
        "open": axis.open,
        # the page has t, iterations and seconds in any case, and takes their logarithm as here
        "column": in_base64(axis.column.astype("<f4")) if axis.name in ("error", "events") else None,
        "ticks": [axis.ticks(PLOTS[kind].width) for kind in ("wide", "narrow")],
        "axis": figure.x_axis(axis, PLOTS["wide"].width),
        "readout": figure.READOUT[axis.name],
    }


def spectrum_json(scene: Scene, labelled: bool = True) -> Json:
    """Curves and scales of one spectrum; where `labelled` also its words and its still."""
    scales = {("log" if log else "linear"): scene.heights(log) for log in (False, True)}
    layouts = {
        f"{axis.key}, {scale}, {kind}": Layout(axis, each, plot)
        for axis in (scene.axes() if labelled else ())
        for scale, each in scales.items()
        for kind, plot in PLOTS.items()
    }
    texts: Texts = {}
    places: dict[str, Any] = {}
    births: dict[str, Any] = {}
    for key, (labels, births_of) in zip(layouts, scene.labels_of(list(layouts.values())) if layouts else (), strict=True):
        places[key] = places_json(labels, texts)
        births[key] = [[birth.mode, *[[side, dy] for side, dy in birth.places]] for birth in births_of if birth.places]
    return {
        "frames": in_base64(scene.curves.frames.astype("<f4")),
        "values": in_base64(scene.curves.values.T.astype("<f4")),
        "heights": {scale: heights_json(each) for scale, each in scales.items()},
        "traces": figure.traces(scene),
        "texts": list(texts),
        "places": places,
        "births": births,
        "still": curves_still(scene, scene.axis("time", False), scales["linear"]) if labelled else "",
    }


def start_json(start: Start | None) -> Json:
    """The scales before there is a run: as far as the truth tells them."""
    true = np.empty(0) if start is None else true_values_of(start)
    names = naming("singular_values" if start is None else start.main_spectrum)
    words = Words(names.noun, names.symbol, true, 0, 0, (), False)
    scales = {("log" if log else "linear"): heights(None, true, 0, log) for log in (False, True)}
    texts: Texts = {}
    places = {
        f"time, {scale}, {kind}": places_json(labels_of_truth_alone(words, each, plot), texts)
        for scale, each in scales.items()
        for kind, plot in PLOTS.items()
    }
    shown = {scale: heights_json(each) for scale, each in scales.items()}
    return {
        "heights": shown,
        "traces": [],
        "texts": list(texts),
        "places": places,
        "births": {},
        "still": empty_still(scales["linear"]),
    }


def heights_json(scale: Heights) -> Json:
    return {"low": scale.low, "high": scale.high, "base": scale.base, "axis": figure.y_axis(scale)}


def places_json(labels: Sequence[Label], texts: Texts) -> list[list[Any]]:
    """Of each label the number of its words, its place and how far it is moved."""
    boxes = []
    for label in labels:
        words = (label.role, label.mode, label.text, int(label.end), label.tail)
        number = texts.setdefault(words, len(texts))
        boxes.append([number, round(label.x, 4), float(f"{label.y:.6g}"), label.dx, label.dy])
    return boxes


def in_base64(values: np.ndarray) -> str:
    """The bytes of an array, as JSON holds them."""
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
