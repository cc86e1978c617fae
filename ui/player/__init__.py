"""The animated view of a run: a Streamlit component. Plotly draws its charts, our scripts (js/, in this order) what moves."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui.figures.notice import EMPTY, Notice
from ui.figures.scene import discs
from ui.figures.theme import GAMMA, LIGHT, NAMED, style_sheet
from ui.player.pressed import pressed, remember
from ui.player.view import View
from ui.streamlit_patches.plotly_script import plotly_address

HERE = Path(__file__).parent
NOTHING = Notice("none")
SCRIPTS = (
    "01_data.js",
    "02_axes.js",
    "02_scale.js",
    "03_paint.js",
    "03_time.js",
    "04_plotly.js",
    "04_chart.js",
    "04_curves.js",
    "04_labels.js",
    "05_spectrum.js",
    "05_tangents.js",
    "06_strip.js",
    "06_strips.js",
    "07_track.js",
    "08_arrangement.js",
    "08_matrix.js",
    "09_clock.js",
    "09_depth.js",
    "10_controls.js",
    "10_notice.js",
    "10_tensor.js",
    "11_gestures.js",
    "11_cell.js",
    "11_tip.js",
    "12_events.js",
    "12_player.js",
    "12_projector.js",
    "12_view.js",
    "12_words.js",
    "13_equation.js",
    "13_theory.js",
    "14_actions.js",
    "15_enlarging.js",
    "16_mount.js",
)
STYLES = ("player.css", "equation.css", "theory.css")


def styles() -> str:
    """The style sheet, colours first."""
    return "\n".join([style_sheet(), *((HERE / name).read_text(encoding="utf-8") for name in STYLES)])


def scripts() -> str:
    """All scripts, the constants that they share with the pictures first."""
    return "\n".join([constants(), *((HERE / "js" / name).read_text(encoding="utf-8") for name in SCRIPTS)])


def constants() -> str:
    """What Python and the scripts must agree on, as declarations."""
    named = {
        "TOKEN_NAMES": list(LIGHT.tokens),
        "MODES_COLOURED": NAMED,
        "GAMMA": GAMMA,
        "DISCS": {"radius": discs.RADIUS, "apart": discs.APART, "step": discs.STEP, "low": discs.LOW},
    }
    return "\n".join(f"const {name} = {json.dumps(value)};" for name, value in named.items())


@cache
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "dmf_player",
        html=(HERE / "player.html").read_text(encoding="utf-8"),
        css=styles(),
        js=scripts(),
        isolate_styles=False,
    )


def player(
    data: bytes | str,
    key: str,
    notice: Notice = NOTHING,
    view: View | None = None,
    given: dict[str, Any] | None = None,
) -> str | None:
    """Mounts the player. Returns the action whose button was pressed since the last call, else None.

    `data` is what ui.figures.payload.payload gives; the same data again changes nothing in the browser. Give the
    same `key` on every rerun. Actions are those of the notice's buttons ("cancel", "run", "retry", ..). A `view` counts
    when the run is first shown and again when it changes; what the visitor made of it is `ui.player.view.current(key)`.
    `given` is what ui.figures.given_data.given_data says of the data of the visitor.
    """
    body = data.encode() if isinstance(data, str) else data
    seen = None if view is None else view.model_dump(mode="json")
    shown = {**notice.as_dict(), "view": seen, "given": given, "plotly": plotly_address()}
    head = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    _component()(key=key, data=head + b"\n" + body, on_action_change=remember(key), on_view_change=_nothing)
    action = pressed(key)
    return str(action["action"]) if action else None


def _nothing() -> None:
    pass


__all__ = ["EMPTY", "Notice", "player"]
