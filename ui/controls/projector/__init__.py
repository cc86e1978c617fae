"""The projector on pages without a player: P, or ?view=projector, shows the page alone and larger; Escape leaves."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


@cache
def _component() -> Callable[..., Any]:
    html, css, js = ((HERE / f"projector.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("dmf_page_projector", html=html, css=css, js=js, isolate_styles=False)


def projector() -> None:
    """Once on every page. Its style sheet also brings depth and initial scale to hand beside the player's own projector."""
    _component()(key="page-projector")
