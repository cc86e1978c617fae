"""A lecture as one HTML file: every scene with its player and its question, and what a room answered. No server, no network."""

import html
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Any

from dmf_core.trajectory import Trajectory
from ui.figures.payload import payload
from ui.figures.theme import style_sheet
from ui.figures.words import number
from ui.lecture.answer_book import Answer
from ui.lecture.moments import moments, solution, start_frame
from ui.lecture.rich_text import blocks, inline, plain
from ui.lecture.rich_text import html as rich
from ui.lecture.room import nearness
from ui.lecture.script import Lecture, Question, Scene
from ui.lecture.tally import tally
from ui.lecture.timeline import Moments
from ui.player import HERE as PLAYER
from ui.player import scripts, styles
from ui.streamlit_patches.plotly_script import plotly_pieces

HERE = Path(__file__).parent
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
    sheets = [(HERE / name).read_text(encoding="utf-8") for name in ("page.css", "handout.css")]
    filled = Template((HERE / "handout.html").read_text(encoding="utf-8")).substitute(
        title=html.escape(plain(inline(lecture.title))),
        heading=rich(inline(lecture.title)),
        css="\n".join([styles(), style_sheet(":root"), *sheets]),
        summary=rich(blocks(lecture.summary.strip())),
        scenes="\n".join(sections),
        player=(PLAYER / "player.html").read_text(encoding="utf-8"),
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
    asked = "" if scene.question is None else _question(scene.question, solution(scene, run), answers)
    return (
        f"<section>\n<h2>{position + 1} {rich(inline(scene.heading))}</h2>\n{text}"
        f'<div class="stage" data-run="{scene.spec.digest()}" data-head="{head}"></div>\n{asked}</section>'
    )


def _question(question: Question, right: Answer | None, answers: list[Answer] | None) -> str:
    """What was asked, what the room said, and, folded, what happened."""
    counts = tally(question, answers) if answers else None
    parts = [f"<h2>{rich(inline(question.text))}</h2>"]
    if question.range is None:
        parts += [_choice(text, counts, index) for index, text in enumerate(question.choices)]
    else:
        low, high = question.range
        parts.append(f"<p>A moment from t = {number(low)} to {number(high)}.</p>")
        if counts is not None:
            parts.append(_marks(low, high, counts["values"]))
    if answers is not None:
        parts.append(f"<p>{html.escape(_said(counts))}</p>")
    if right is not None:
        truth = rich(inline(question.choices[int(right)])) if question.range is None else f"t = {number(right)}"
        near = "" if counts is None else f" {html.escape(nearness(question, right, counts))}"
        parts.append(f"<details><summary>What happened</summary><p>{truth}.{near}</p></details>")
    return "\n".join(['<div class="question">', *parts, "</div>\n"])


def _choice(text: str, counts: Mapping[str, Any] | None, index: int) -> str:
    if counts is None:
        return f'<div class="choice"><span>{rich(inline(text))}</span></div>'
    count = counts["counts"][index]
    share = count / max(counts["counts"])
    return f'<div class="choice" style="--share: {share:.3f}"><span>{rich(inline(text))}</span><i>{count}</i></div>'


def _marks(low: float, high: float, values: list[list[float]]) -> str:
    most = max(count for _, count in values)
    bars = [
        f'<i style="left: {100 * (value - low) / (high - low):.2f}%; height: {100 * count / most:.1f}%"></i>'
        for value, count in values
    ]
    return f'<div class="marks" data-tally="true"><span>{number(low)}</span><span>{number(high)}</span>{"".join(bars)}</div>'


def _said(counts: Mapping[str, Any] | None) -> str:
    if counts is None:
        return "Nobody in the room answered."
    answered = f"{counts['answers']} answer{'' if counts['answers'] == 1 else 's'}"
    if "middle" not in counts:
        return f"The room gave {answered}."
    low, high = counts["half"]
    return (
        f"The room gave {answered}; the middle one is {number(counts['middle'])}, half lie from {number(low)} to {number(high)}."
    )
