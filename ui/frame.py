"""What every page shares: configuration, logo and the few style rules that the theme cannot express."""

from pathlib import Path

import streamlit as st

from ui.streamlit_patches.connection import connection
from ui.streamlit_patches.lasting_downloads import lasting_downloads

ASSETS = Path(__file__).parent / "assets"
ICON, LOGO, STYLE = ((ASSETS / name).read_text() for name in ("icon.svg", "logo.svg", "page.css"))


def configure() -> None:
    """To be called once, first, by app.py."""
    lasting_downloads()
    st.set_page_config(page_title="DMF Lab", page_icon=ICON, layout="wide", initial_sidebar_state=272)
    st.logo(LOGO, icon_image=ICON, size="medium")
    st.html(f"<style>{STYLE}</style>")
    connection()
