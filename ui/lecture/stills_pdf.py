"""A lecture as a PDF: a page with the summary, then a still of every scene with its texts. For paper, where nothing can play."""

import io
import re
import textwrap
from collections.abc import Mapping, Sequence
from string import ascii_lowercase

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser

from dmf_core.trajectory import Trajectory
from ui.figures.drawing import drawing
from ui.figures.static import SIZE, compose
from ui.figures.theme import LIGHT
from ui.lecture.moments import moments, start_frame, until
from ui.lecture.rich_text import inline, plain
from ui.lecture.script import Lecture, Scene

TALLER = 1.18  # of a page than its still: room for the texts above
WIDTH = 128  # characters of a line
LEFT = 0.04  # of its width: as the still
LINE = 0.026  # of the height of a page
PRIVATE = 0xE000  # the first of the characters that mean nothing: no text has them
SIGNS = re.compile(r"\\[a-zA-Z]+ ?|[{}^_ \\]+")  # of a formula, that take no room or that of one letter
BLANK, SEMICOLON = r"\;\;", r";\;\;"
MATRIX = re.compile(r"\\begin\{[pbvV]?matrix\}(.*?)\\end\{[pbvV]?matrix\}", re.DOTALL)


def stills_pdf(lecture: Lecture, runs: Mapping[str, Trajectory]) -> bytes:
    """The file; equal lectures give equal bytes. Notes and answers are not in it. `runs`: by digest, each of them ended."""
    file = io.BytesIO()
    with drawing("lecture"), PdfPages(file, metadata={"CreationDate": None, "Title": plain(inline(lecture.title))}) as pages:
        pages.savefig(_cover(lecture))
        for number, scene in enumerate(lecture.scene, start=1):
            pages.savefig(_page(number, scene, runs[scene.spec.digest()], lecture.scene[number - 1 :]))
    return file.getvalue()


def _cover(lecture: Lecture) -> Figure:
    figure = Figure(figsize=(SIZE[0], SIZE[1] * TALLER), facecolor=LIGHT.page)
    figure.text(LEFT, 0.92, shown(lecture.title), fontsize=18, fontweight="bold", color=LIGHT.ink)
    paragraphs = [" ".join(part.split("\n")) for part in lecture.summary.strip().split("\n\n")]
    _lines(figure, [line for text in paragraphs for line in [*_wrapped(text), ""]], 0.87)
    return figure


def last_frame(scenes: Sequence[Scene], run: Trajectory) -> int | None:
    """Of the run of the first of these scenes, which are the rest of a lecture: where the first question about it begins.

    A question hides what comes after it, in its scene and in all before it, on paper too. None: nothing is hidden.
    """
    spec, known = scenes[0].spec, moments(run, scenes[0].spec)
    starts = [int(start_frame(scene, known)) for scene in scenes if scene.question is not None and scene.spec == spec]
    return min(starts, default=None)


def _page(number: int, scene: Scene, run: Trajectory, rest: Sequence[Scene]) -> Figure:
    last = last_frame(rest, run)
    shown_run = run if last is None else until(run, last)
    figure = compose(
        shown_run, scene.spec, scene.shown_view.model_copy(update={"frame": _frame(scene, run, last)}).options()
    ).figure
    figure.set_size_inches(SIZE[0], SIZE[1] * TALLER)
    for axes in figure.axes:
        place = axes.get_position()
        axes.set_position((place.x0, place.y0 / TALLER, place.width, place.height / TALLER))
    for text in figure.texts:
        text.set_y(text.get_position()[1] / TALLER)
    figure.text(LEFT, 0.955, f"{number} {shown(scene.heading)}", fontsize=15, fontweight="bold", color=LIGHT.ink)
    question_lines = [] if scene.question is None else _wrapped(f"{scene.question.text} {_choices(scene.question.choices)}")
    _lines(figure, [*_wrapped(scene.text), *question_lines], 0.92)
    return figure


def _frame(scene: Scene, run: Trajectory, last: int | None) -> int:
    """Where the scene begins; the end of a run that it would play from the start, asking nothing: paper plays nothing."""
    first = int(start_frame(scene, moments(run, scene.spec)))
    return len(run.snapshots) - 1 if first == 0 and last is None and scene.question is None else first


def _choices(texts: Sequence[str]) -> str:
    """One after the other, with letters."""
    return "  ".join(f"({letter}) {text}" for letter, text in zip(ascii_lowercase, texts, strict=False))


def _lines(figure: Figure, lines: list[str], top: float) -> None:
    for place, line in enumerate(lines):
        figure.text(LEFT, top - place * LINE, line, fontsize=10, color=LIGHT.ink2)


def _wrapped(text: str) -> list[str]:
    """Lines that do not break a formula: for the wrapping it is a word about as long as it will look."""
    parts = text.split("$")
    parts[0::2] = [words.replace("*", "") for words in parts[0::2]]
    formulas = parts[1::2]
    parts[1::2] = [chr(PRIVATE + place) * len(SIGNS.sub("x", formula)) for place, formula in enumerate(formulas)]
    lines = textwrap.wrap("".join(parts), WIDTH, break_long_words=False)
    for place, formula in enumerate(formulas):
        written = f"${formula}$".replace("\\", r"\\")  # as a replacement
        lines = [re.sub(f"{chr(PRIVATE + place)}+", written, line) for line in lines]
    return [shown(line) for line in lines]


def shown(text: str) -> str:
    """What matplotlib can set: formulas where it knows all of their commands, else as they are written."""
    candidate = MATRIX.sub(_in_one_line, text).replace("\\top", "\\mathsf{T}").replace("\\ge ", "\\geq ")
    try:
        MathTextParser("path").parse(candidate)
    except ValueError:
        return text.replace("$", "")
    return candidate


def _in_one_line(matrix: re.Match[str]) -> str:
    """Its rows one after another, which is all that matplotlib can set: (a b; c d)."""
    rows = [BLANK.join(cell.strip() for cell in row.split("&")) for row in matrix[1].strip().split(r"\\")]
    return f"({SEMICOLON.join(rows)})"
