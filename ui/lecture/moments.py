"""What a lecture takes from a run: its moments, where a scene begins, what is right, and the bytes for a phone."""

import gzip
from collections.abc import Sequence
from dataclasses import replace

from dmf_core import limits
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.births import at, grown
from ui.figures.events import events
from ui.figures.payload import payload
from ui.figures.spectra import pictured
from ui.figures.words import number
from ui.lecture.script import Scene
from ui.lecture.timeline import Moments

PACKING = 6  # gzip; 2 ms for a run


def moments(run: Trajectory, spec: RunSpec) -> Moments:
    """Of a run that has ended."""
    shown = pictured(run, spec)
    modes = grown(shown)
    times = shown.column("t")
    happened = {round(event.frame, 4) for event in events(shown, modes) if event.frame > 0}
    births = {mode.mode: at(times, mode.born) for mode in modes if mode.born is not None and mode.timed}
    frames = sorted(happened | {float(len(times) - 1)})
    return Moments(spec.digest(), tuple(float(t) for t in times), tuple(frames), births)


def start_frame(scene: Scene, run: Moments) -> float:
    """The frame at which a scene begins: a whole one where the future is to stay on the server."""
    if scene.at == "end":
        frame = float(run.last)
    elif isinstance(scene.at, float):
        frame = run.frame(scene.at)
    else:
        frame = float(min(scene.shown_view.frame or 0, run.last)) if scene.at is None else 0.0
    return float(int(frame)) if scene.question is not None else frame


def solution(scene: Scene, run: Moments) -> float | int | None:
    """The right answer: the number of a choice from 0, or a flow time; None where there is none."""
    question = scene.question
    if question is None:
        return None
    if question.birth is not None:
        return run.births.get(question.birth)
    return None if question.right is None else question.right - 1


def complaints(scene: Scene, run: Moments) -> Sequence[tuple[str, str]]:
    """(key, sentence) of everything in a scene that does not fit its run."""
    end, question = run.times[-1], scene.question
    wrong: list[tuple[str, str]] = []
    if isinstance(scene.at, float) and scene.at > end:
        wrong.append(("at", f"at is {number(scene.at)}, but the run ends at t = {number(end)}; name an earlier moment."))
    if question is None or question.birth is None or question.range is None:
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


def packed(run: Trajectory, spec: RunSpec, until: int | None = None) -> bytes:
    """The payload of a run for a phone, gzip. `until`: the last frame that it has; nothing after it is in the bytes."""
    if until is not None:
        run = replace(run, snapshots=run.snapshots[: until + 1], end=None, insight=None, accuracy=None)
    return gzip.compress(payload(run, spec, limits.LECTURE_PAYLOAD_BYTES, final=True), PACKING, mtime=0)
