"""What every page shares: configuration, logo and the few style rules that the theme cannot express."""

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"


def configure() -> None:
    """To be called once, first, by app.py."""
    st.set_page_config(page_title="DMF Lab", page_icon=str(ASSETS / "icon.svg"), layout="wide", initial_sidebar_state=272)
    st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "icon.svg"), size="medium")
    st.html(f"<style>{(ASSETS / 'page.css').read_text()}</style>")
