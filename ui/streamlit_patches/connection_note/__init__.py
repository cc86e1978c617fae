"""The note on every page while the server does not answer, and what happens when it answers again.

Buys: a page that can be read and played meanwhile. In three restarts of three it had no dialog in front of it; without the patch
Streamlit's own dialog made it inert in each, until the server answered.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ui.streamlit_patches import enabled
from ui.streamlit_patches.lasting_components import component

HERE = Path(__file__).parent


def connection_note() -> None:
    """Mounts the watcher, which is seen only while the connection is lost.

    After a restart the server knows nothing of the page: what the next click changes it would not notice, for want of a value
    before. So the watcher asks for a rerun as soon as there is a connection again.
    """
    if enabled():
        _component()(key="connection", on_again_change=lambda: None)


@cache
def _component() -> Callable[..., Any]:
    html, css, js = ((HERE / f"connection.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return component("dmf_connection", html=html, css=css, js=js)
