"""Our own HTML with SVG inside, which st.html would take out. Never give it text that a visitor typed, unescaped."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ui.streamlit_patches.lasting_components import component

STYLES = [
    Path(__file__).parent / "assets" / name
    for name in ("norm_or_rank.css", "theory.css", "observations.css", "files.css", "thumb.css", "map.css", "reproductions.css")
]
SCRIPT = """
export default function mount({ data, parentElement }) {
  const place = parentElement.querySelector(".dmf-markup");
  if (place.shown !== data) { place.shown = data; place.innerHTML = data; }
}
"""


@cache
def _component() -> Callable[..., Any]:
    css = "\n".join(style.read_text(encoding="utf-8") for style in STYLES)
    return component("dmf_markup", html='<div class="dmf-markup"></div>', css=css, js=SCRIPT)


def markup(html: str, key: str) -> None:
    """Shows it; the same HTML again changes nothing in the browser."""
    _component()(key=key, data=html)
