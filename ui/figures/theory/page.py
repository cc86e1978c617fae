"""The page's HTML: its head, and a section for every overlay."""

from html import escape

from ui.figures import words
from ui.figures.theory.badge import Badge, badge
from ui.figures.theory.overlays import Overlay, alignment, overlays
from ui.figures.theory.readings import Readings

LARGE = "W is too large to look at all of its singular vectors, so its whole motion is not checked here."
OLD = "This archive was made before the whole motion of W was checked; run it again to see that."


def head(title: str, text: str) -> str:
    return f'<div class="nr"><h1>{escape(title)}</h1><p>{escape(text)}</p></div>'


def how_many_apply(readings: Readings) -> str:
    """How many statements apply, in words."""
    badges = [badge(each, readings) for each in readings.statements]
    count = sum(each.holds for each in badges)
    much = "All" if count == len(badges) else "None" if count == 0 else f"{words.capital(words.COUNTS[count])}"
    return (
        f"What is proved or derived about the gradient flow from a balanced start, held against this run. "
        f"{much} of these {words.COUNTS[len(badges)]} statements {'applies' if count == 1 else 'apply'} here; "
        "solid is what training did, dashed is what the statement says."
    )


def sections(readings: Readings, frame: int, opened: bool = False) -> str:
    """Every overlay at this frame."""
    parts = [_section(each) for each in overlays(readings, frame)]
    if readings.check is not None:
        parts.append(_alignment(readings, frame))
    without = "" if readings.check is not None else f'<p class="th-none">{OLD if opened else LARGE}</p>'
    return f'<div class="nr">{without}<div class="th-grid">{"".join(parts)}</div></div>'


def mark(badge: Badge) -> str:
    return f'<span class="{"th-ok" if badge.holds else "th-warn"}">{badge.mark}</span>'


def _section(each: Overlay) -> str:
    sentence = f"{escape(each.badge.text)} {escape(each.residual)}"
    return (
        f'<section class="th-one" data-statement="{each.statement}"><h2>{escape(each.title)}</h2>'
        f'<p class="th-source">{escape(each.source)}</p><p class="th-badge">{mark(each.badge)} {sentence}</p>'
        f"{each.picture}<p>{each.sentence}</p></section>"
    )


def _alignment(readings: Readings, frame: int) -> str:
    picture, sentence = alignment(readings, frame)
    return (
        '<section class="th-one" data-statement="alignment"><h2>How diagonal the gradient is</h2>'
        f'<p class="th-source">Measured, as in Arora et al. 2019, figure 3 (with the factor 2 of the gradient)</p>'
        f'<p class="th-badge">Where it is diagonal, singular vectors stand still.</p>{picture}<p>{escape(sentence)}</p></section>'
    )
