"""The pages below /live/: HTML, scripts and styles, each script and style under the digest of its bytes."""

import gzip
import hashlib
import html
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from ui.lecture.document import document, sheet
from ui.player import markup
from ui.player.modules import joined

HERE = Path(__file__).parent
ENTRIES = ("follow", "present", "desk", "enter")
BLANKS = re.compile(r"\s*([{};,])\s*|(?<=:)\s")  # of a style sheet
INDENT = re.compile(r"^ +", re.MULTILINE)
LINE_END = re.compile(r" *// .*$", re.MULTILINE)  # an address has no space behind its slashes
EMPTY = re.compile(r"\n{2,}")
CAST = re.compile(r"/\*.*?\*/", re.DOTALL)
TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    kind: str
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """By name, which changes with the contents."""
    texts = {f"{name}.js": lean_script(joined(HERE / "js" / f"{name}.js")) for name in ENTRIES}
    texts |= {f"{name}.css": lean_sheet(sheet(name)) for name in ENTRIES}
    made: dict[str, Asset] = {}
    for name, text in texts.items():
        stem, _, ending = name.rpartition(".")
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        made[f"{stem}-{digest}.{ending}"] = Asset(TYPES[ending], gzip.compress(text.encode(), 9, mtime=0))
    return made


def lean_script(text: str) -> str:
    """Without indentation, comments at the end of lines, types and empty lines: a tenth of what a phone loads."""
    return EMPTY.sub("\n", INDENT.sub("", LINE_END.sub("", CAST.sub("", text))))


def lean_sheet(text: str) -> str:
    """Without comments, indentation and the blanks around punctuation (before a colon they mean something)."""
    return BLANKS.sub(r"\1", INDENT.sub("", CAST.sub("", text)))


def page(entry: str, base: str, title: str, code: str = "") -> bytes:
    """One of ENTRIES as HTML. `base`: the path in front of /live."""
    names = {f"{name.partition('-')[0]}.{name.rpartition('.')[2]}": name for name in assets()}
    body = (HERE / f"{entry}.html").read_text(encoding="utf-8")
    return document(
        "page.html",
        title,
        style=f"{base}/live/static/{names[f'{entry}.css']}",
        script=f"{base}/live/static/{names[f'{entry}.js']}",
        settings=html.escape(json.dumps({"base": base, "code": code})),
        entry=entry,
        body=Template(body).substitute(player=markup(), code=html.escape(code)),
    ).encode()
