"""The mask as a grid to paint on: our own component, with what Python makes of the mask drawn into it."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dmf_core import painted_mask
from dmf_core.theory.recoverable import Reading
from ui.player.modules import joined
from ui.streamlit_patches.lasting_components import component

HERE = Path(__file__).parent
KEY = "mask"


@cache
def _component() -> Callable[..., Any]:
    html, css = ((HERE / f"editor.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
    return component("dmf_mask", html=html, css=css, js=joined(HERE / "js" / "editor.js"))


def editor(reading: Reading, on_paint: Callable[[str], None]) -> None:
    """Shows the mask; calls `on_paint` with the text of another one as soon as it is painted, before the page runs again."""
    rows, columns = reading.mask.shape
    shown = {
        "rows": rows,
        "columns": columns,
        "mask": painted_mask.to_text(reading.mask),
        "lost": painted_mask.to_text(reading.lost),
        "of_rows": reading.components.of_rows.tolist(),
        "of_columns": reading.components.of_columns.tolist(),
        "tied": len(reading.components.tied),
    }
    _component()(key=KEY, data=shown, on_mask_change=lambda: _painted(on_paint))


def _painted(on_paint: Callable[[str], None]) -> None:
    edited: Any = st.session_state.get(KEY)
    text = edited.get("mask") if edited else None
    if isinstance(text, str):
        on_paint(text)
