"""HTML documents of lectures, the pages below /live/ and the handout: one head and one sheet, then what each of them has."""

import html
from pathlib import Path
from string import Template

from ui.figures.theme import style_sheet
from ui.player import styles

HERE = Path(__file__).parent
SHEETS = {  # beside page.css
    "follow": ("answers", "follow"),
    "present": ("answers", "live_controls", "present"),
    "desk": ("answers", "live_controls", "desk"),
    "enter": ("enter",),
    "handout": ("answers", "handout"),
}


def sheet(page: str) -> str:
    """The style sheet of a page: the player's, that of all pages, then its own."""
    own = [(HERE / f"{name}.css").read_text(encoding="utf-8") for name in ("page", *SHEETS[page])]
    return "\n".join([styles(), style_sheet(":root"), *own])


def document(file: str, title: str, **parts: str) -> str:
    """head.html and this file with its parts put in; the title is escaped here, the parts are HTML."""
    text = "".join((HERE / name).read_text(encoding="utf-8") for name in ("head.html", file))
    return Template(text).substitute(title=html.escape(title), **parts)
