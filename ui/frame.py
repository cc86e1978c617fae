"""What every page shares: configuration, logo and the few style rules that the theme cannot express."""

from pathlib import Path

import streamlit as st

from dmf_core.errors import BadInput
from dmf_core.registry.plugins import load_all
from ui.controls.projector import projector
from ui.player import DASHBOARD
from ui.streamlit_patches.connection_note import connection_note
from ui.streamlit_patches.lasting_downloads import lasting_downloads
from ui.streamlit_patches.lasting_page_change import lasting_page_change
from ui.streamlit_patches.whole_reruns import whole_reruns

ASSETS = Path(__file__).parent / "assets"
ICON, LOGO = ((ASSETS / name).read_text() for name in ("icon.svg", "logo.svg"))
SHEETS = (ASSETS / "page.css", ASSETS / "touch.css", DASHBOARD)
STYLE = "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)


def configure() -> None:
    """To be called once, first, by app.py."""
    lasting_downloads()
    whole_reruns()
    lasting_page_change()
    st.set_page_config(page_icon=ICON, layout="wide", initial_sidebar_state=272)
    st.logo(LOGO, icon_image=ICON, size="medium")
    st.html(f"<style>{STYLE}</style>")
    connection_note()
    projector()
    if problem := _plugins():
        st.error(problem)


@st.cache_resource(show_spinner=False)
def _plugins() -> str:
    """Loads the plugins that DMF_PLUGINS names and the installed ones, once. Returns why that failed, as a sentence."""
    try:
        load_all()
    except BadInput as error:
        return str(error)
    return ""
