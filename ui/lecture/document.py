"""HTML documents of lectures, the pages below /live/ and the handout: one head, then what each of them has."""

import html
from pathlib import Path
from string import Template

HERE = Path(__file__).parent


def document(file: str, title: str, **parts: str) -> str:
    """head.html and this file with its parts put in; the title is escaped here, the parts are HTML."""
    text = "".join((HERE / name).read_text(encoding="utf-8") for name in ("head.html", file))
    return Template(text).substitute(title=html.escape(title), **parts)
