"""Trajectory -> what the player in the browser needs, as JSON bytes. Finite numbers only, arrays in base64."""

import hashlib
import json
from typing import Any

import numpy as np

from dmf_core import __version__
from dmf_core.analysis import accuracy
from dmf_core.analysis.left_open import left_open_sentence
from dmf_core.presets import preset_sentence
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Start, Trajectory
from ui.figures import picture
from ui.figures.births import at, grown, growths, live, titles
from ui.figures.captions import captions, run_line
from ui.figures.events import as_lists, events
from ui.figures.law import BYTES as LAW_BYTES
from ui.figures.law import law, predicted
from ui.figures.scene import Scene, scene
from ui.figures.scene.as_json import in_base64, run_json, spectrum_json, start_json
from ui.figures.scene.scene import TRUE_MODES
from ui.figures.scene.series import finite
from ui.figures.spectra import naming, pictured, seen_as
from ui.figures.text.glossary import terms_in
from ui.figures.text.summary import before_the_end, headline, sentences
from ui.figures.theory.over_curves import overlay
from ui.figures.truth import levels, true_rank
from ui.figures.typeset import typeset
from ui.figures.words import clock, plural

BYTES = 480_000  # of a complete run
GROWING_BYTES = 200_000  # of one that is sent again and again
CURVE_BYTES = 230_000  # of the curves of all spectra together
LAW_SHARE = 12  # of all bytes, at least: the numbers of the equation
MODES = 100  # curves at most
LEAST_MODES, LEAST_VALUES = 12, 7500  # of a spectrum whatever the room: as many as there are bars beside the curves
VERSION = ".".join(__version__.split(".")[:2])


def payload(
    run: Trajectory | Start | None,
    spec: RunSpec,
    most: int = BYTES,
    final: bool = False,
    ends: float = 0.0,
    labelled: bool = True,
) -> bytes:
    """Everything to draw: a run as far as it is known, or only its axes (a Start, None).

    Equal runs give equal bytes; the first key, `id`, is a digest of the rest. At most about `most` bytes. `final`: nothing
    more will come, as in a file. `ends`: a moment that the time axis of an unfinished run shows in any case. Not `labelled`:
    without the words among the curves and the still, which a comparison has of its own.
    """
    body = _common(run.start if isinstance(run, Trajectory) else run, spec)
    if isinstance(run, Trajectory):
        body |= _moving(pictured(run, spec), spec, final, ends, most, labelled)
    text = _json(body)
    if isinstance(run, Trajectory):
        text = text[:-1] + b',"picture":' + _json(_pictures(run, spec, _room(len(text), run, most, final))) + b"}"
    return b'{"id":"' + hashlib.sha256(text).hexdigest()[:16].encode() + b'",' + text[1:]


def _common(start: Start | None, spec: RunSpec) -> dict[str, Any]:
    digest = spec.digest() if start is None else start.digest
    rank = None if start is None else true_rank(start)
    return {
        "run": digest,
        "frames": 0,
        "growing": False,
        "outcome": "",
        "depth": spec.model.layers if start is None else spec.model.degree(start.shape),
        "clock": clock(spec),
        **_named(spec.model.pictured or ("singular_values" if start is None else start.main_spectrum)),
        "spectra": [],
        "true_values": _true_values(start),
        "true_rank": rank,
        "true_levels": {} if start is None else levels(start, spec.model.degree(start.shape)),
        "titles": [[0, f"{spec.model.title}: no run yet"]],
        "live": [[0, "No run yet", ""]],
        "events": [],
        "timeline": [],
        "heading": [],
        "growths": [],
        "summary": [],
        "glossary": {},
        "verdict": ["", "", ""],
        "law": None,
        "over": None,
        "predicted": [],
        "run_line": run_line(start, spec),
        "provenance": _provenance(spec),
        "scene": None,
        "chart": start_json(start),
    }


def _provenance(spec: RunSpec) -> str:
    digest = spec.digest()
    return f"run {digest[:4]} {digest[4:8]} · seed {spec.seed} · DMF Lab {VERSION}"


def _never_known(run: Trajectory, spec: RunSpec) -> list[str]:
    """What the observed entries leave open for every method, once a run has ended."""
    sentence = "" if run.end is None else left_open_sentence(run.start, spec)
    return [typeset(sentence)] if sentence else []


def _accuracy(run: Trajectory, spec: RunSpec) -> str:
    """How accurate a run is that is as accurate as promised; of another one the summary speaks."""
    known = run.accuracy
    tolerance = spec.integrator.judged_tolerance
    if known is None or not accuracy.as_promised(known) or tolerance is None:
        return ""
    sentence = accuracy.sentence(known, tolerance).rstrip(".")
    return f" · {sentence[0].lower()}{sentence[1:]}"


def _moving(run: Trajectory, spec: RunSpec, final: bool, ends: float, most: int, labelled: bool) -> dict[str, Any]:
    t, T, spectra = run.column("t"), len(run.snapshots), run.spectra
    diverged = run.end is not None and run.end.outcome is Outcome.DIVERGED
    room = min(CURVE_BYTES, 2 * most) // len(spectra)
    others = [{"key": key, **_spectrum(scene(seen_as(run, key), spec, key, ends), room, labelled)} for key in spectra[1:]]
    done = run.end is not None and run.end.outcome.done
    promise = preset_sentence(spec) if done else ""
    texts = [*([promise] if promise else []), *sentences(run, spec, grown(run)), *_never_known(run, spec)]
    equation, main = law(run, spec, final, min(LAW_BYTES, most // LAW_SHARE)), scene(run, spec, ends=ends)
    return {
        **_spectrum(main, room, labelled),
        "spectra": [{"key": spectra[0]}, *others] if others else [],  # the first is what stands here already; the page copies it
        "scene": run_json(main),
        "spectrum": spectra[0] if others else "",
        "frames": T,
        "growing": run.end is None,
        "outcome": "" if run.end is None else run.end.outcome.value,
        "t": in_base64(finite(t).astype("<f8")),
        "iteration": in_base64(run.column("iteration").astype("<f8")),
        "seconds": in_base64(finite(run.column("seconds")).astype("<f8")),
        "series": {key: None if values is None else _column(values) for key, values in main.columns.items()},
        "provenance": _provenance(spec) + _accuracy(run, spec),
        "summary": texts,
        "glossary": terms_in(texts),
        "verdict": [*headline(run, spec), before_the_end(run, spec)],  # mark, words, words at an earlier frame
        "law": equation,
        "over": overlay(run, spec, equation["missing"]),
        "predicted": [] if diverged else predicted(run, spec),
    }


def _spectrum(spectrum: Scene, most: int, labelled: bool) -> dict[str, Any]:
    """What is drawn and said of the spectrum that stands in the main place, in about `most` bytes."""
    run, complete, diverged = spectrum.run, spectrum.ended, spectrum.diverged
    values, t, T = finite(run.singular_values), run.column("t"), len(run.snapshots)
    chart = spectrum_json(spectrum, labelled)
    count = min(
        values.shape[1], MODES, max(1, min(LEAST_MODES, LEAST_VALUES // T), (most - len(chart["values"])) * 3 // (16 * T))
    )
    modes, noun, head = spectrum.grown, spectrum.names.noun, spectrum.spec.model.title
    births = [[g.mode, round(g.born, 4), at(t, g.born)] for g in spectrum.births if g.born is not None]
    return {
        **_named(run.start.main_spectrum),
        "modes": count,
        "modes_total": values.shape[1],
        "learned": len(growths(values, complete, t) if diverged else modes),
        "values": in_base64(values[:, :count].T.astype("<f4")),  # mode after mode
        "true_values": _true_values(run.start),
        "events": sorted(births, key=lambda birth: birth[1]),  # only the births: mode, frame, t
        "timeline": as_lists(events(run, modes, noun)),
        "heading": list(spectrum.words.heading),
        "growths": [[g.mode, g.starts, g.arrives] for g in modes],
        "live": [(0, "This run diverges", "")] if diverged else live(modes, T, complete, noun),
        "titles": _diverging(T, head) if diverged else titles(modes, T, head, complete, noun),
        "chart": chart,
    }


def _named(key: str) -> dict[str, str]:
    names = naming(key)
    return {"head": names.head, "word": names.noun, "words": plural(names.noun), "symbol": names.symbol}


def _true_values(start: Start | None) -> list[float] | None:
    if start is None or start.true_singular_values is None:
        return None
    values: list[float] = finite(start.true_singular_values[: min(true_rank(start) or 0, TRUE_MODES)]).tolist()
    return values


def _diverging(frames: int, head: str) -> list[tuple[float, str]]:
    words_from: list[tuple[float, str]] = [
        (0, f"{head}: this run diverges"),
        (frames - 1, f"{head}: the run has diverged"),
    ]
    return words_from if frames > 1 else words_from[1:]


def _pictures(run: Trajectory, spec: RunSpec, room: int) -> dict[str, Any]:
    start = run.start
    rows, columns = picture.order(start)
    grid = np.ix_(rows, columns)
    truth, observed = picture.quantised(start)[grid], picture.mask(start)[grid]
    known = truth != picture.UNKNOWN
    each = truth.size * 4 // 3 + 8
    frames = picture.keyframes(run.column("position"), room // each)
    shown = np.stack([run.snapshots[i].picture[grid] for i in frames])
    away = np.abs(shown.astype(np.int16) - truth)[:, known]
    return {
        "captions": captions(start, spec, bool(known.all())),
        "rows": truth.shape[0],
        "columns": truth.shape[1],
        "shape": list(start.shape),
        "sides": list(start.shown_sides) if len(start.shape) > 2 else None,
        "limit": float(start.picture_limit),
        "grey": picture.greys(start, spec),
        "residual_limit": float(start.picture_limit) * max(1, int(away.max(initial=0))) / 127,
        "frames": frames.tolist(),
        "values": in_base64(shown),
        "truth": in_base64(truth) if known.any() else None,
        "truth_complete": bool(known.all()),
        "observed": in_base64(np.packbits(observed)) if observed.any() else None,
        "as_given": picture.as_given(spec),
        "row_order": rows.tolist(),
        "column_order": columns.tolist(),
    }


def _room(rest: int, run: Trajectory, most: int, final: bool) -> int:
    """Bytes for pictures: what the rest leaves, less the truth, the mask and the orders."""
    budget = most if run.end is not None or final else most * GROWING_BYTES // BYTES
    cells = run.snapshots[0].picture.size
    return budget - rest - cells * 4 // 3 - cells // 6 - 3000


def _column(values: np.ndarray) -> str:
    return in_base64(values.astype("<f4"))


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()
