"""Runs beside each other with one cursor: a component that draws with the scripts of the player and a few of its own."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui.player import SCRIPTS
from ui.player.pressed import pressed, remember

HERE = Path(__file__).parent
PLAYER = HERE.parent
OWN = ("20_common_axis.js", "21_column.js", "22_at_cursor.js", "23_overlay.js", "23_steered.js", "24_comparison.js")


@cache
def _component() -> Callable[..., Any]:
    drawing = [(PLAYER / "js" / name).read_text(encoding="utf-8") for name in SCRIPTS]
    drawing = [script for script in drawing if "export default" not in script]  # all but the player that mounts itself
    own = [(HERE / "js" / name).read_text(encoding="utf-8") for name in OWN]
    styles = [PLAYER / "player.css", HERE / "compare.css"]
    return st.components.v2.component(
        "dmf_compare",
        html=(HERE / "compare.html").read_text(encoding="utf-8"),
        css="\n".join(path.read_text(encoding="utf-8") for path in styles),
        js="\n".join([*drawing, *own]),
        isolate_styles=False,
    )


def compare(head: Mapping[str, Any], payloads: Sequence[bytes], key: str) -> dict[str, Any] | None:
    """Mounts the comparison. Returns what was pressed since the last call, else None.

    What was pressed is {"action": "open", "run": digest} and the like. `payloads` are those of ui.figures.payload.payload,
    one for each run; `head` is what ui.views.compare.head.head gives.
    The same again changes nothing in the browser. Give the same `key` on every rerun.
    """
    words = json.dumps({**head, "lengths": [len(each) for each in payloads]}, ensure_ascii=False, separators=(",", ":"))
    _component()(key=key, data=words.encode() + b"\n" + b"".join(payloads), on_action_change=remember(key))
    return pressed(key)
