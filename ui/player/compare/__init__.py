"""Runs beside each other with one cursor: a component that draws with the scripts of the player and a few of its own."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui.player import styles
from ui.player.modules import alone
from ui.player.pressed import pressed, remember

HERE = Path(__file__).parent
PLAYER = HERE.parent
SHARED = (  # modules of the player, joined with scripts of our own in one scope
    "constants.js",
    "data.js",
    "numbers.js",
    "paint.js",
    "spectrum.js",
    "track.js",
    "arrangement.js",
    "matrix.js",
    "clock.js",
    "controls.js",
    "gestures.js",
)
FIRST = ("10_layers.js", "10_axes.js", "11_curves.js", "12_labels.js")  # what the shared ones build on
OWN = ("20_common_axis.js", "21_column.js", "22_at_cursor.js", "23_overlay.js", "23_steered.js", "24_comparison.js")


@cache
def _component() -> Callable[..., Any]:
    shared = [alone((PLAYER / "js" / name).read_text(encoding="utf-8")) for name in SHARED]
    first, own = ([(HERE / "js" / name).read_text(encoding="utf-8") for name in names] for names in (FIRST, OWN))
    return st.components.v2.component(
        "dmf_compare",
        html=(HERE / "compare.html").read_text(encoding="utf-8"),
        css="\n".join([styles(), (HERE / "compare.css").read_text(encoding="utf-8")]),
        js="\n".join([*shared[:4], *first, *shared[4:], *own]),
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
