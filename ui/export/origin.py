"""Which run an exported file shows: its spec, read from the metadata, if they are ours."""

import html
import io
import json
import re

from PIL import Image

from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec

MARK = re.compile(r"run [0-9a-f]{4} [0-9a-f]{4} · seed \d+ · DMF Lab [^;]*; digest ([0-9a-f]{64}); .*?spec (\{.*)", re.DOTALL)
HTML_SPEC = re.compile(r'<script type="application/json" id="spec">(.*?)</script>', re.DOTALL)
SVG_ABOUT = re.compile(r"<dc:description>(.*?)</dc:description>", re.DOTALL)
LETTERS = 100_000  # of metadata that are looked at
KINDS = ("svg", "gif", "html", "json")  # what can be dropped only for this; a PNG may also be an image


def origin(name: str, content: bytes) -> RunSpec | None:
    """The spec inside a PNG, GIF, SVG, HTML or JSON that was exported here; None where there is none.

    Raises BadInput when the file says which run it shows and then shows another one.
    """
    ending = name.lower().rpartition(".")[2]
    if ending in ("png", "gif"):
        return _named(_description(content))
    if ending == "svg":
        match = SVG_ABOUT.search(content[:LETTERS].decode(errors="replace"))
        return _named(html.unescape(match[1]) if match else "")
    if ending == "html":
        inside = HTML_SPEC.search(content.decode(errors="replace"))
        return RunSpec.from_json(inside[1]) if inside else None
    return _spec_in_json(content) if ending == "json" else None


def _description(content: bytes) -> str:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "GIF")) as image:
            text = image.info.get("Description") or image.info.get("comment") or ""
    except Exception:  # whatever a broken file does to the reader: the reader of images says what is wrong
        return ""
    return text.decode(errors="replace")[:LETTERS] if isinstance(text, bytes) else str(text)[:LETTERS]


def _named(text: str) -> RunSpec | None:
    match = MARK.match(text)
    if not match:
        return None
    spec = RunSpec.from_json(match[2])
    if spec.digest() != match[1]:
        raise BadInput(
            f"The file names the run {match[1][:8]}, but its settings are those of {spec.digest()[:8]}; export it again."
        )
    return spec


def _spec_in_json(content: bytes) -> RunSpec | None:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or not isinstance(body.get("spec"), dict) or "digest" not in body:
        return None
    spec = RunSpec.check(body["spec"])
    if spec.digest() != body["digest"]:
        raise BadInput(
            f"It names the run {str(body['digest'])[:8]}, but its settings are those of {spec.digest()[:8]}; export it again."
        )
    return spec
