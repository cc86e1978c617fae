"""The run as one page with the same player, from the same files: no server, no network, nothing beside it."""

import html
import json
from pathlib import Path
from string import Template

from ui.export.source import Source, Tell
from ui.figures import interactive
from ui.figures.given_data import given_data
from ui.figures.notice import notice
from ui.figures.payload import BYTES, payload
from ui.figures.static import stamp
from ui.player import HERE as PLAYER
from ui.player import SCRIPTS, STYLES

PAGE = Path(__file__).parent / "page.html"


def page(source: Source, _: Tell) -> bytes:
    """Works from a memory stick: its own policy forbids every request."""
    run, spec = source.run, source.spec
    said = notice(run).as_dict() | {"buttons": [], "view": source.view.model_dump(mode="json")}  # only a server has answers
    said["given"] = given_data(source.inputs.account)
    filled = Template(PAGE.read_text(encoding="utf-8")).substitute(
        title=html.escape(f"DMF Lab, run {spec.digest()[:8]}"),
        stamp=html.escape(stamp(spec)),
        digest=spec.digest(),
        spec_text=html.escape(spec.to_json()),
        spec=_inline(spec.to_json()),
        notice=_inline(json.dumps(said, ensure_ascii=False)),
        run=_inline(payload(run, spec, final=True).decode()),
        player_css="\n".join(_read(name) for name in STYLES),
        player_html=_read("player.html"),
        player_js="\n".join(_read(f"js/{name}") for name in SCRIPTS).replace("</script", "<\\/script"),
    )
    return filled.encode()


def plotly_page(source: Source, _: Tell) -> bytes:
    return interactive.page(source.run, source.spec).encode()


def page_bytes(_: Source) -> int:
    """At most."""
    files = [*(f"js/{name}" for name in SCRIPTS), *STYLES]
    return BYTES + sum((PLAYER / name).stat().st_size for name in files)


def _read(name: str) -> str:
    return (PLAYER / name).read_text(encoding="utf-8")


def _inline(text: str) -> str:
    """JSON inside a script element: nothing in it may end the element."""
    return text.replace("<", "\\u003c")
