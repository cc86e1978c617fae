"""The words of a chapter as HTML: paragraphs with the glossary on hover, and what to look at in the picture."""

import re
from collections.abc import Mapping
from html import escape

from dmf_core.trajectory import Trajectory
from ui.fields import field
from ui.figures.text.glossary import terms_in
from ui.markup import markup
from ui.session.course.chapters import CHAPTERS, Chapter
from ui.session.course.numbers import filled, named
from ui.session.course.prose import LAW
from ui.session.course.visit import Visit

BOLD = re.compile(r"\*\*(.+?)\*\*")
LAW_HTML = (
    '<p class="lesson-law" role="math" aria-label="speed of σ = N times σ to the power 2 − 2/N times pull of the data">'
    "<span><i>dσ/dt</i><small>speed</small></span><span>=</span><span><i>N</i><small>depth</small></span><span>·</span>"
    "<span><i>σ<sup>2 − 2/N</sup></i><small>its size so far</small></span><span>·</span>"
    "<span><i>pull</i><small>of the data</small></span></p>"
)
Runs = Mapping[str, Trajectory] | None


def words(visit: Visit, chapter: Chapter, runs: Runs) -> None:
    """Number, title and paragraphs."""
    parts = [f'<p class="lesson-place">Chapter {visit.number} of {len(CHAPTERS)}</p><h1>{escape(chapter.prose.title)}</h1>']
    known: set[str] = set()
    for text in chapter.prose.paragraphs:
        if text == LAW:
            parts.append(LAW_HTML)
        elif (filled := filled_in(text, chapter, runs)) is not None:
            parts.append(f"<p>{explained(filled, known)}</p>")
    markup(f'<div class="lesson">{"".join(parts)}</div>', "words of the lesson")


def things_to_see(chapter: Chapter, runs: Runs) -> None:
    """What to look at in the picture, one column each; texts with numbers appear once the runs are there."""
    pairs = [(where, filled_in(text, chapter, runs)) for where, text in chapter.prose.pointers]
    items = [
        f"<p><b>{escape(filled_in(where, chapter, runs) or '')}</b> {explained(text, set())}</p>"
        for where, text in pairs
        if text is not None and filled_in(where, chapter, runs) is not None
    ]
    markup(
        f'<div class="lesson"><h2>Look at three things</h2><div class="lesson-three">{"".join(items)}</div></div>',
        "looks of the lesson",
    )


def filled_in(text: str, chapter: Chapter, runs: Runs) -> str | None:
    """The text with its numbers and the name of the chapter's setting; None while it needs a run that is not there yet."""
    if chapter.path is not None:
        text = text.replace("{setting}", field(chapter.path, chapter.spec).label)
    if not named(text):
        return text
    return None if runs is None else filled(text, runs)


def explained(text: str, known: set[str]) -> str:
    """As HTML; a glossary word explains itself where it stands first. `known`: words explained before."""
    html = BOLD.sub(r"<b>\1</b>", escape(text))
    for word, meaning in terms_in([text]).items():
        if word.lower() in known:
            continue
        known.add(word.lower())
        place = re.compile(rf"(?<![\w>\"]){re.escape(escape(word))}(?![\w\"])(?![^<]*</abbr>)")
        html = place.sub(rf'<abbr tabindex="0" title="{escape(meaning)}">\g<0></abbr>', html, count=1)
    return html
