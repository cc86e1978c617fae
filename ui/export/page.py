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
from ui.figures.scene.view_still import view_still
from ui.figures.static import stamp
from ui.figures.theme import style_sheet
from ui.player import DASHBOARD, markup, scripts, styles
from ui.streamlit_patches.plotly_script import plotly_pieces

PAGE = Path(__file__).parent / "page.html"
SETTINGS = 20_000  # bytes of the spec, twice, and of the notice, at most


def page(source: Source, _: Tell) -> bytes:
    """The page as one file that makes no request: its own content security policy forbids them."""
    run, spec = source.run, source.spec
    sentence = notice(run).labelled(spec).as_dict() | {"buttons": []}  # only a server has answers
    sentence["view"] = source.view.model_dump(mode="json")
    sentence["given"] = given_data(source.inputs.account)
    sentence["still"] = view_still(run, spec, source.options)
    filled = Template(PAGE.read_text(encoding="utf-8")).substitute(
        title=html.escape(f"DMF Lab, run {spec.digest()[:8]}"),
        stamp=html.escape(stamp(spec)),
        digest=spec.digest(),
        spec_text=html.escape(spec.to_json()),
        spec=_inline(spec.to_json()),
        notice=_inline(json.dumps(sentence, ensure_ascii=False)),
        run=_inline(payload(run, spec, final=True).decode()),
        page_css=style_sheet(":root"),
        player_css=_styles(),
        player_html=markup(),
        player_js=_script(scripts()),
        plotly=_script(plotly_pieces()),
    )
    return filled.encode()


def plotly_page(source: Source, _: Tell) -> bytes:
    return interactive.page(source.run, source.spec).encode()


def page_bytes(_: Source) -> int:
    """The size of a saved page, at most."""
    parts = [scripts(), _styles(), markup(), plotly_pieces(), style_sheet(":root"), PAGE.read_text(encoding="utf-8")]
    return BYTES + SETTINGS + sum(len(part.encode()) for part in parts)


def _styles() -> str:
    return f"{styles()}\n{DASHBOARD.read_text(encoding='utf-8')}"


def _script(text: str) -> str:
    """Inside a script element: nothing in it may end the element."""
    return text.replace("</script", "<\\/script")


def _inline(text: str) -> str:
    """JSON inside a script element: nothing in it may end the element."""
    return text.replace("<", "\\u003c")
