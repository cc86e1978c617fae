"""A slider that reports while it is dragged, drawn like Streamlit's own, which reports only when it is let go."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui.streamlit_patches.lasting_components import component

HERE = Path(__file__).parent
KEY = "dragged "  # before the path of the setting: the plain path may hold the value of another widget


@cache
def _component() -> Callable[..., Any]:
    html, css, js = ((HERE / f"slider.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return component("dmf_slider", html=html, css=css, js=js)


def slider(
    label: str, values: Sequence[Any], value: Any, path: str, on_change: Callable[[Any], None], words: Callable[[Any], str] = str
) -> None:
    """A slider over `values`, which stands at `value`, one of them.

    `on_change` is called with the new value while it is dragged, never more often than the page can follow: the browser sends
    the next one when the page has been run for the one before, and the last one in any case.
    """
    key, texts = KEY + path, [words(each) for each in values]

    def moved() -> None:
        sent = dict(st.session_state[key]).get("sent")
        place, text = (sent.get("place"), sent.get("text")) if isinstance(sent, dict) else (None, None)
        if text not in texts:  # of a slider that stood here before
            return
        if not (isinstance(place, int) and texts[place : place + 1] == [text]):  # two values may have the same words
            place = texts.index(text)
        on_change(values[place])

    sent = dict(st.session_state.get(key) or {}).get("sent") or {}
    place = list(values).index(value)
    data = {"label": label, "words": texts, "place": place, "heard": sent.get("count", 0)}
    _component()(key=key, data=data, on_sent_change=moved)
