"""What a lecture takes from a run: its moments, where a scene begins, what is right, and the bytes for a phone."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from dmf_core import limits
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Bounds, Check, Insight, Trajectory
from ui.figures.births import at, grown
from ui.figures.events import events
from ui.figures.payload import payload
from ui.figures.spectra import pictured
from ui.figures.words import number
from ui.lecture.answer_book import Part, Truth
from ui.lecture.script import CURVES, Question, Scene
from ui.lecture.timeline import Moments

PACKING = 6  # gzip; 2 ms for a run
PREDICTED = ("births",)  # from the start alone, not over the snapshots
LEAST = 20_000  # bytes: with fewer a run has one matrix, and nothing more goes


def moments(run: Trajectory, spec: RunSpec) -> Moments:
    """Of a run that has ended."""
    shown = pictured(run, spec)
    modes = grown(shown)
    times = shown.column("t")
    happened = {round(event.frame, 4) for event in events(shown, modes) if event.frame > 0}
    births = {mode.mode: at(times, mode.born) for mode in modes if mode.born is not None and mode.timed}
    frames = sorted(happened | {float(len(times) - 1)})
    values = {
        mode + 1: tuple(float(f"{value:.6g}") for value in shown.singular_values[:, mode])
        for mode in range(min(CURVES, shown.singular_values.shape[1]))
    }
    return Moments(spec.digest(), tuple(float(t) for t in times), tuple(frames), births, values)


def start_frame(scene: Scene, run: Moments) -> float:
    """The frame at which a scene begins: a whole one where the future is to stay on the server."""
    if scene.at == "end":
        frame = float(run.last)
    elif isinstance(scene.at, float):
        frame = run.frame(scene.at)
    else:
        frame = float(min(scene.shown_view.frame or 0, run.last)) if scene.at is None else 0.0
    return float(int(frame)) if scene.question is not None else frame


def question_part(scene: Scene, run: Moments | None) -> Part:
    """What may be shown of a run before the question of a scene is played: until where, and how far its axis goes."""
    ends = None if scene.question is None or scene.question.range is None else scene.question.range[1]
    return (int(start_frame(scene, run)) if run else 0), ends


def solution(scene: Scene, run: Moments) -> Truth | None:
    """The right answer: the number of a choice from 0, a flow time, or the values of a curve; None where there is none."""
    question = scene.question
    if question is None:
        return None
    if question.birth is not None:
        return run.births.get(question.birth)
    if question.curve is not None:
        return run.curve(question.curve, question.moments) if question.curve in run.values else None
    return None if question.right is None else question.right - 1


def complaints(scene: Scene, run: Moments) -> Sequence[tuple[str, str]]:
    """(key, sentence) of everything in a scene that does not fit its run."""
    end, question = run.times[-1], scene.question
    wrong: list[tuple[str, str]] = []
    if isinstance(scene.at, float) and scene.at > end:
        wrong.append(("at", f"at is {number(scene.at)}, but the run ends at t = {number(end)}; name an earlier moment."))
    if question is None or question.range is None:
        return wrong
    if question.curve is not None:
        return wrong + _curve_complaints(scene, question, run)
    if question.birth is None:
        return wrong
    born = run.births.get(question.birth)
    low, high = question.range
    if born is None:
        names = ", ".join(map(str, sorted(run.births))) or "none"
        wrong.append(("question.birth", f"mode {question.birth} is never born in this run; modes that are: {names}."))
    elif not low <= born <= high:
        wrong.append(("question.range", f"mode {question.birth} is born at t = {number(born)}, outside of the range; widen it."))
    elif born <= run.times[int(start_frame(scene, run))]:
        wrong.append(
            ("at", f"mode {question.birth} is born at t = {number(born)}, before the scene begins; name an earlier moment.")
        )
    return wrong


def _curve_complaints(scene: Scene, question: Question, run: Moments) -> list[tuple[str, str]]:
    """The same for a curve that is sketched."""
    low, high = question.range or (0.0, 0.0)
    end, began = run.times[-1], run.times[int(start_frame(scene, run))]
    if question.curve not in run.values:
        return [("question.curve", f"curve is {question.curve}, but the run has {len(run.values)} modes.")]
    if high > end:
        return [("question.range", f"the range ends at {number(high)}, but the run at t = {number(end)}; shorten it.")]
    if low < began:
        return [("question.range", f"the range begins before the scene, at t = {number(began)}; begin it there or later.")]
    most = max(run.curve(question.curve, question.moments))
    if most > (question.top or 0.0):
        return [("question.top", f"the curve rises to {number(most)}, above top; raise it.")]
    return []


def until(run: Trajectory, frame: int) -> Trajectory:
    """The run as far as this frame: nothing after it is in it."""
    count = frame + 1
    known = run.insight is not None and len(run.insight.measured) == len(run.snapshots)
    insight = _until(run.insight, count) if run.insight is not None and known else None
    return replace(run, snapshots=run.snapshots[:count], end=None, insight=insight, accuracy=None)


def _until(insight: Insight, count: int) -> Insight:
    """So many snapshots of it; the predicted births would answer what the room is asked, so they are left out."""
    cut = {each.name: _cut(getattr(insight, each.name), count) for each in fields(insight) if each.name not in PREDICTED}
    return replace(insight, **cut, births=np.full_like(insight.births, np.nan))


def _cut(value: Any, count: int) -> Any:
    """Arrays over the snapshots, also within another record, so far; anything else as it is."""
    if isinstance(value, np.ndarray):
        return value[:count]
    if isinstance(value, Check | Bounds):
        return replace(value, **{each.name: getattr(value, each.name)[:count] for each in fields(value)})
    return value


def packed(run: Trajectory, spec: RunSpec, last: int | None = None, ends: float | None = None) -> bytes:
    """The payload of a run for a phone, gzip. `last`: the last frame that it has; nothing after it is in the bytes. `ends`: the
    moment at which the time axis then ends."""
    if last is not None:
        run = until(run, last)
    most = limits.LECTURE_PAYLOAD_BYTES
    while True:
        body = gzip.compress(_without_stills(payload(run, spec, most, final=True, ends=ends or 0.0)), PACKING, mtime=0)
        if len(body) <= limits.LECTURE_PACKED_BYTES or most < LEAST:
            return body
        most = most * 7 // 8  # fewer matrices: those of a tensor hardly shrink by packing


def _without_stills(body: bytes) -> bytes:
    """Pages of lectures draw their charts from the numbers, in every view."""
    values = json.loads(body)
    for chart in (values["chart"], *(spectrum["chart"] for spectrum in values["spectra"] if "chart" in spectrum)):
        chart["still"] = None
    values["scene"]["stills"] = None
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
