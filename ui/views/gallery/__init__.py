"""The gallery: a component of plain HTML cards, each with its picture, drawn once from the real run and kept here."""

from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from dmf_core.presets import GROUPS, PRESETS
from dmf_core.sweep.ready import READY
from ui.figures.map.card import style_sheet
from ui.session.state import OWN
from ui.streamlit_patches.lasting_components import component

HERE = Path(__file__).parent
MAPS = HERE / "maps"
MAP = "map "  # before the name of a ready map, where others are those of presets
THUMB = HERE.parents[1] / "assets" / "thumb.css"
COLUMNS, ROWS, STEP, SIDE = 14, 8, 18, 14  # of the picture on the card for one's own data
JS = """
export default function mount({ parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".dmf-gallery");
  if (root) root.onclick = (event) => {
    const button = event.target.closest("[data-open]");
    if (button) setTriggerValue("open", button.dataset.open);
  };
}
"""


def gallery() -> str | None:
    """Shows the cards. Returns the name of the preset whose card was chosen just now (OWN: somebody's own matrix; MAP and a
    name: a ready map)."""
    pressed: str | None = _component()(key="gallery", on_open_change=lambda: None).get("open")
    return pressed


@cache
def _component() -> Callable[..., Any]:
    css = "\n".join([*(path.read_text(encoding="utf-8") for path in (HERE / "gallery.css", THUMB)), style_sheet()])
    return component("dmf_gallery", html=markup(), css=css, js=JS)


def markup() -> str:
    """All groups with their cards."""
    groups = [
        (title, [_card(name, picture(name), p.title, p.sentence) for name, p in PRESETS.items() if p.group == group])
        for group, title in GROUPS.items()
    ]
    maps = [_card(f"{MAP}{name}", map_picture(name), each.title, each.sentence) for name, each in READY.items()]
    groups.append(("Maps", maps))
    groups.append(("Your data", [_card(OWN, _gaps(), "Your own matrix, or an archive", YOURS)]))
    parts = [f'<h2>{escape(title)}</h2><div class="dmf-cards">{"".join(cards)}</div>' for title, cards in groups]
    return f'<div class="dmf-gallery" data-testid="gallery">{"".join(parts)}</div>'


YOURS = "CSV or NPY with gaps, ratings, an image, or a run that was exported here."


def picture(name: str) -> str:
    """The <svg> of a preset."""
    return (HERE / f"{name}.svg").read_text(encoding="utf-8")


def map_picture(name: str) -> str:
    """The <svg> of a ready map."""
    return (MAPS / f"{name}.svg").read_text(encoding="utf-8")


def _card(name: str, picture: str, title: str, sentence: str) -> str:
    return (
        f'<article class="dmf-card">{picture}<h3><button type="button" data-open="{name}">{escape(title)}</button></h3>'
        f"<p>{escape(sentence)}</p></article>"
    )


def _gaps() -> str:
    """A matrix with gaps: what such a file holds."""
    cells = ""
    for row in range(ROWS):
        for column in range(COLUMNS):
            given = (row * 7 + column * 5 + row * column) % 3 == 0
            kind = 'class="cell" fill="#0065A6"' if given else 'class="gap" stroke="#7F868D" stroke-opacity=".5"'
            cells += f'<rect {kind} x="{15 + column * STEP}" y="{8 + row * STEP}" width="{SIDE}" height="{SIDE}"/>'
    return f'<svg class="dmf-thumb" viewBox="0 0 280 160" role="img" aria-label="A matrix with gaps." fill="none">{cells}</svg>'
