"""The projector on pages without a player, and on every page the large code: P, or ?view=projector, shows the page alone.

Q shows the address of the page as a QR code that fills the window; the server makes it, for only it knows its addresses.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui.controls.page_address import page_url
from ui.figures.qr import qr_code
from ui.lecture.addresses import reachable
from ui.session import share
from ui.streamlit_patches.lasting_components import component

HERE = Path(__file__).parent
KEY = "page-projector"
VIEW = "view"  # of the address: pages of followers have no projector


@cache
def _component() -> Callable[..., Any]:
    html, css, js = ((HERE / f"projector.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return component("dmf_page_projector", html=html, css=css, js=js)


def projector() -> None:
    """Once on every page. Its style sheet also brings depth and initial scale to hand beside the player's own projector."""
    pressed: Any = st.session_state.get(KEY)
    requested = bool(pressed) and bool(pressed.get("code"))
    _component()(key=KEY, data=_code() if requested else None, on_code_change=lambda: None)


def _code() -> dict[str, str | None]:
    """Of the address in the bar of the browser, as other devices reach it."""
    parameters = {key: st.query_params[key] for key in st.query_params if key != VIEW}
    return code_and_words(share.address(page_url(), parameters))


def code_and_words(address: str) -> dict[str, str | None]:
    """The QR code of an address and the words below it; or why there is none."""
    if not reachable(address):
        words = "Other devices cannot reach this page: the server listens to this computer only, or is in no network."
        return {"code": None, "words": words}
    code = qr_code(address)
    return {"code": code, "words": address if code else f"This address is too long for a QR code: {address}"}
