"""The animated view of a run: a Streamlit component. Plotly draws its charts, our modules (js/) what moves."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ui.figures.notice import EMPTY, Notice
from ui.figures.theme import style_sheet
from ui.player.modules import joined
from ui.player.pressed import pressed, remember
from ui.player.view import View
from ui.streamlit_patches.lasting_components import component
from ui.streamlit_patches.plotly_script import plotly_address

HERE = Path(__file__).parent
NOTHING = Notice("none")
STYLES = ("player.css", "sizes.css", "projector.css", "equation.css", "theory.css", "touch.css")
DASHBOARD = HERE / "dashboard.css"  # of every page of the dashboard, and of a saved one; phones of a lecture show no sentences
PARTS = ("plot.html", "steps.html")  # that the player and a comparison have both; named in a comment where they stand


def styles() -> str:
    """The style sheet, colours first."""
    return "\n".join([style_sheet(), *((HERE / name).read_text(encoding="utf-8") for name in STYLES)])


@cache
def markup(page: Path = HERE / "player.html") -> str:
    """The elements that the scripts fill."""
    text = page.read_text(encoding="utf-8")
    for part in PARTS:
        text = text.replace(f"<!-- {part} -->", (HERE / part).read_text(encoding="utf-8"))
    return text


@cache
def scripts() -> str:
    """All modules of the player as one script, whose default export mounts it."""
    return joined(HERE / "js" / "mount.js")


@cache
def _component() -> Callable[..., Any]:
    return component("dmf_player", html=markup(), css=styles(), js=scripts())


def player(
    data: bytes | str,
    key: str,
    notice: Notice = NOTHING,
    view: View | None = None,
    given: dict[str, Any] | None = None,
    still: dict[str, Any] | None = None,
) -> str | None:
    """Mounts the player. Returns the action whose button was pressed since the last call, else None.

    `data` is what ui.figures.payload.payload gives; the same data again changes nothing in the browser. Give the
    same `key` on every rerun. Actions are those of the notice's buttons ("cancel", "run", "retry", ..). A `view` counts
    when the run is first shown and again when it changes; what the visitor made of it is `ui.player.view.current(key)`.
    `still` is what ui.figures.scene.view_still gives for that view.
    `given` is what ui.figures.given_data.given_data says of the data of the visitor.
    """
    body = data.encode() if isinstance(data, str) else data
    view_json = None if view is None else view.model_dump(mode="json")
    shown = {**notice.as_dict(), "view": view_json, "given": given, "still": still, "plotly": plotly_address()}
    head = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    _component()(key=key, data=head + b"\n" + body, on_action_change=remember(key), on_view_change=_nothing)
    action = pressed(key)
    return str(action["action"]) if action else None


def _nothing() -> None:
    pass


__all__ = ["EMPTY", "Notice", "player"]
