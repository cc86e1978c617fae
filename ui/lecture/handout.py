"""A lecture as one HTML file: every scene with its player and its question, and what a room answered. No server, no network."""

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dmf_core.trajectory import Trajectory
from ui.figures.payload import payload
from ui.figures.words import number
from ui.lecture.answer_book import Answer, Truth
from ui.lecture.document import document, sheet
from ui.lecture.moments import moments, solution, start_frame
from ui.lecture.rich_text import blocks, inline, plain
from ui.lecture.rich_text import html as rich
from ui.lecture.script import Lecture, Question, Scene
from ui.lecture.tally import PER_CENT, nearness, tally
from ui.lecture.timeline import Moments
from ui.player import markup, scripts
from ui.streamlit_patches.plotly_script import plotly_pieces

HEAD: dict[str, Any] = {"kind": "none", "lead": "", "text": "", "buttons": [], "given": None, "plotly": ""}
Runs = Mapping[str, Trajectory]  # of the scenes, by digest, each of them ended
Answers = Mapping[int, Iterable[Answer]]  # by scene, from 0


def handout(lecture: Lecture, runs: Runs, answers: Answers | None = None) -> bytes:
    """The file. Notes are not in it; with `answers` the counts of every question are, without who gave which."""
    specs = {scene.spec.digest(): scene.spec for scene in lecture.scene}
    known = {digest: moments(runs[digest], spec) for digest, spec in specs.items()}
    sections = [
        _section(position, scene, known[scene.spec.digest()], None if answers is None else list(answers.get(position, ())))
        for position, scene in enumerate(lecture.scene)
    ]
    filled = document(
        "handout.html",
        plain(inline(lecture.title)),
        heading=rich(inline(lecture.title)),
        css=sheet("handout"),
        summary=rich(blocks(lecture.summary.strip())),
        scenes="\n".join(sections),
        player=markup(),
        runs="\n".join(_run(digest, payload(runs[digest], spec, final=True).decode()) for digest, spec in specs.items()),
        plotly=plotly_pieces().replace("</script", "<\\/script"),
        script=scripts().replace("</script", "<\\/script"),
    )
    return filled.encode()


def _run(digest: str, text: str) -> str:
    escaped = text.replace("<", "\\u003c")  # nothing in it may end the element
    return f'<script type="application/json" id="run-{digest}">{escaped}</script>'


def _section(position: int, scene: Scene, run: Moments, answers: list[Answer] | None) -> str:
    view = scene.shown_view.model_dump(mode="json") | {"frame": int(start_frame(scene, run)), "projector": False}
    head = html.escape(json.dumps({**HEAD, "view": view}, ensure_ascii=False))
    text = f"<p>{rich(inline(scene.text))}</p>\n" if scene.text else ""
    question = "" if scene.question is None else _question(scene.question, solution(scene, run), answers)
    return (
        f"<section>\n<h2>{position + 1} {rich(inline(scene.heading))}</h2>\n{text}"
        f'<div class="stage" data-run="{scene.spec.digest()}" data-head="{head}"></div>\n{question}</section>'
    )


def _question(question: Question, right: Truth | None, answers: list[Answer] | None) -> str:
    """The question, the answers of the room, and, folded, what happened."""
    counts = tally(question, answers) if answers else None
    parts = [f"<h2>{rich(inline(question.text))}</h2>", *_answers(question, counts)]
    if answers is not None:
        parts.append(f"<p>{html.escape(_tally_sentence(counts))}</p>")
    if right is not None:
        near = "" if counts is None else f" {html.escape(nearness(question, right, counts))}"
        parts.append(f"<details><summary>What happened</summary>{_truth(question, right, counts, near)}</details>")
    return "\n".join(['<div class="question">', *parts, "</div>\n"])


def _answers(question: Question, counts: Mapping[str, Any] | None) -> list[str]:
    """The choices, or the range, with the answers where there are some."""
    if question.range is None:
        return [_choice(text, counts, index) for index, text in enumerate(question.choices)]
    low, high = question.range
    if question.kind == "curve":
        words = f"<p>A curve from t = {number(low)} to {number(high)}, of values up to {number(question.top or 0.0)}.</p>"
        return [words, *([] if counts is None else [_sketches(question, counts)])]
    words = f"<p>A moment from t = {number(low)} to {number(high)}.</p>"
    return [words, *([] if counts is None else [_marks(low, high, counts["values"], question.birth or 1)])]


def _truth(question: Question, right: Truth, counts: Mapping[str, Any] | None, near: str) -> str:
    if isinstance(right, tuple):
        heights = [PER_CENT * value / (question.top or 1.0) for value in right]
        return _sketches(question, counts or {"sketches": []}, heights) + (f"<p>{near.strip()}</p>" if near else "")
    text = rich(inline(question.choices[int(right)])) if question.range is None else f"t = {number(right)}"
    return f"<p>{text}.{near}</p>"


def _sketches(question: Question, counts: Mapping[str, Any], truth: Sequence[float] = ()) -> str:
    """The sketches of the room as faint lines, their middle, and the true curve where it is given."""
    lines = [("sketch", each) for each in counts["sketches"]]
    lines += [("middle", counts["middle"])] if "middle" in counts else []
    lines += [("truth", truth)] if truth else []
    polylines = [f'<polyline class="{kind}" points="{_points(heights)}"/>' for kind, heights in lines]
    label = f"{len(counts['sketches'])} sketches from t = {number(question.moments[0])} to {number(question.moments[-1])}"
    return f'<svg class="sketches" viewBox="0 0 240 100" role="img" aria-label="{label}">{"".join(polylines)}</svg>'


def _points(heights: Sequence[float]) -> str:
    last = len(heights) - 1
    return " ".join(f"{240 * position / last:.0f},{PER_CENT - height:.1f}" for position, height in enumerate(heights))


def _choice(text: str, counts: Mapping[str, Any] | None, index: int) -> str:
    if counts is None:
        return f'<div class="choice"><span>{rich(inline(text))}</span></div>'
    count = counts["counts"][index]
    share = count / max(counts["counts"])
    return f'<div class="choice" style="--share: {share:.3f}"><span>{rich(inline(text))}</span><i>{count}</i></div>'


def _marks(low: float, high: float, values: list[list[float]], mode: int) -> str:
    most = max(count for _, count in values)
    bars = [
        f'<i style="left: {100 * (value - low) / (high - low):.2f}%; height: {100 * count / most:.1f}%"></i>'
        for value, count in values
    ]
    ends = f"<span>{number(low)}</span><span>{number(high)}</span>"
    return f'<div class="marks" data-tally="true" style="--mode: var(--line{min(mode, 6)})">{ends}{"".join(bars)}</div>'


def _tally_sentence(counts: Mapping[str, Any] | None) -> str:
    if counts is None:
        return "Nobody in the room answered."
    answered = f"{counts['answers']} answer{'' if counts['answers'] == 1 else 's'}"
    if "half" not in counts:
        return f"The room gave {answered}."
    low, high = counts["half"]
    return (
        f"The room gave {answered}; the middle one is {number(counts['middle'])}, half lie from {number(low)} to {number(high)}."
    )
