"""A map on the page: a component in which Plotly draws the scene of a map and our modules (js/) the cell at the cursor."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui.figures import words
from ui.figures.map.figure import cells, figure
from ui.figures.map.places import measure_shown
from ui.figures.map.scale import colours
from ui.figures.map.scene import MapScene
from ui.figures.map.verdict import described
from ui.figures.theme import THEMES, style_sheet
from ui.player.modules import joined
from ui.streamlit_patches.lasting_components import component
from ui.streamlit_patches.plotly_script import plotly_address

HERE = Path(__file__).parent
KEYS = "Arrow keys move the cell, Enter opens it, Shift and Enter compares, Z refines around it, P is for the projector."
ACTIONS = ("cell", "open", "compare", "area")  # what the component reports: the cell at the cursor, and presses


@cache
def _component() -> Callable[..., Any]:
    css = "\n".join([style_sheet(), (HERE / "map.css").read_text(encoding="utf-8")])
    html = (HERE / "map.html").read_text(encoding="utf-8")
    return component("dmf_map", html=html, css=css, js=joined(HERE / "js" / "mount.js"))


def map_view(
    scene: MapScene,
    name: str,
    version: int,
    notes: tuple[str, str],
    key: str,
    act: Callable[[str, dict[str, Any]], None],
    cell: tuple[int, int] | None = None,
    marked: tuple[int, int] | None = None,
) -> None:
    """Shows the map. `act` is called with one of ACTIONS and its places, before the page runs again.

    `name`: another one is another map; `version` rises with what is known of it. `notes`: what a press does next, and how the map
    is read. `cell`: where the cursor is until it is moved. `marked`: the first of two cells to be compared.
    """
    data = {
        "name": name,
        "cell": cell,
        "version": version,
        "curves": scene.curves,
        "figure": figure(scene),
        "cells": cells(scene),
        "colours": {theme: colours(theme) for theme in THEMES},
        "tokens": {theme: each.tokens for theme, each in THEMES.items()},
        "described": described(scene),
        "keys": KEYS,
        "marked": marked,
        "hint": notes[0],
        "note": notes[1],
        "above": words.capital(measure_shown(scene)) if scene.curves else f"{scene.y_title} by {scene.x_title.lower()}",
        "below": measure_shown(scene),
        "plotly": plotly_address(),
    }

    def pressed(action: str) -> Callable[[], None]:
        def on_change() -> None:
            reported: Any = st.session_state.get(key)
            places = reported.get(action) if reported else None
            if places:
                act(action, dict(places))

        return on_change

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    _component()(key=key, data=text, **{f"on_{action}_change": pressed(action) for action in ACTIONS})
