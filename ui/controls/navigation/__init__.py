"""The menu of pages, and the views of one page: links to what shows the same run, or the same collection, otherwise."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from ui.streamlit_patches.lasting_components import component

Group = Literal["Explore", "Gallery"]

PRODUCT = "DMF Lab"
HERE = Path(__file__).parent
MENU = ("Explore", "Compare", "Map", "Learn", "Lecture", "Gallery", "Tensors", "About")
VIEWS: dict[Group, dict[str, str]] = {  # of the pages that have several: their names and files, the page itself first
    "Explore": {"Run": "explore", "Theory": "theory", "Norm or rank?": "norm_or_rank", "Observations": "observations"},
    "Gallery": {"Runs and maps": "gallery", "Reproductions": "reproductions"},
}


def navigation() -> st.Page:
    """Shows the menu and names the tab; the page of the address, to be run.

    The other views of a page are not in the menu but have an address.
    """
    shown = [st.Page(f"pages/{name.lower()}.py", title=name, default=name == MENU[0]) for name in MENU]
    others = [each for views in VIEWS.values() for each in list(views.items())[1:]]
    hidden = [st.Page(f"pages/{file}.py", title=name, visibility="hidden") for name, file in others]
    page = st.navigation(shown + hidden, position="top")
    st.set_page_config(page_title=f"{page.title} · {PRODUCT}")  # of the browser's tab; what else is configured stays
    _component()(key="menu")
    st.html(f"<style>:root {{ --dmf-page: '{page.title}'; }}</style>")  # the button of the menu shows it on a phone
    return page


def view_links(group: Group) -> None:
    """The views of this page as a row of links: in the header where it is wide enough, else above the page."""
    with st.container(key="views", horizontal=True, gap=None, width="content"):
        for name, file in VIEWS[group].items():
            st.page_link(f"pages/{file}.py", label=name)
    st.html(f"<style>{_marked(MENU.index(group) + 1)}</style>")


def _marked(place: int) -> str:
    """A style for the entry of the menu at this place: Streamlit marks none while a view is open that is not in the menu."""
    top, side = f"[data-testid=stTopNav] > :nth-child({place}) a", f"[data-testid=stSidebarNavItems] > :nth-child({place}) a"
    return f"{top}, {side} {{ background: light-dark(#EDEDE6, #2C3137); }} :is({top}, {side}) p {{ font-weight: 600; }}"


@cache
def _component() -> Callable[..., Any]:
    css, js = ((HERE / f"navigation.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    return component("dmf_navigation", html="<i hidden></i>", css=css, js=js)
