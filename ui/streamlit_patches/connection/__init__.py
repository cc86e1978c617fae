"""What every page says when the server does not answer, and what it does when it answers again."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def connection() -> None:
    """Mounts the watcher, which is seen only while the connection is lost.

    After a restart the server knows nothing of the page: what the next click changes it would not notice, for want of a value
    before. So the watcher asks for a rerun as soon as there is a connection again.
    """
    _component()(key="connection", on_again_change=lambda: None)


@cache
def _component() -> Callable[..., Any]:
    html, css, js = ((HERE / f"connection.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("dmf_connection", html=html, css=css, js=js, isolate_styles=False)
