"""Runs side by side with one cursor: a component that draws with modules of the player and a few of its own."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ui.player import markup, styles
from ui.player.modules import joined
from ui.player.pressed import pressed, remember
from ui.streamlit_patches.lasting_components import component
from ui.streamlit_patches.plotly_script import plotly_address

HERE = Path(__file__).parent


@cache
def compare_scripts() -> str:
    """All modules of the comparison, and those of the player that it needs, as one script."""
    return joined(HERE / "js" / "mount.js")


@cache
def _component() -> Callable[..., Any]:
    css = "\n".join([styles(), (HERE / "compare.css").read_text(encoding="utf-8")])
    return component("dmf_compare", html=markup(HERE / "compare.html"), css=css, js=compare_scripts())


def compare(head: Mapping[str, Any], payloads: Sequence[bytes], key: str) -> dict[str, Any] | None:
    """Mounts the comparison. Returns what was pressed since the last call, else None.

    What was pressed is {"action": "open", "run": digest} and the like. `payloads` are those of ui.figures.payload.payload,
    one for each run; `head` is what ui.views.compare.head.head gives.
    The same again changes nothing in the browser. Give the same `key` on every rerun.
    """
    whole_head = {**head, "plotly": plotly_address(), "lengths": [len(each) for each in payloads]}
    words = json.dumps(whole_head, ensure_ascii=False, separators=(",", ":"))
    _component()(key=key, data=words.encode() + b"\n" + b"".join(payloads), on_action_change=remember(key))
    return pressed(key)
