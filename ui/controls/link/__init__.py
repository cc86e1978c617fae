"""The Link popover: this run, at this moment, as an address to copy and as a QR code. Nothing leaves this machine."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec
from ui.controls.lecture_drafts import add_views
from ui.controls.page_address import page_url
from ui.controls.press import press
from ui.fields import FIELDS, field
from ui.figures.qr import qr_code
from ui.figures.words import clock
from ui.lecture.addresses import reachable
from ui.player.view import View, current
from ui.session import share
from ui.session.past import flat
from ui.session.state import Session
from ui.streamlit_patches.lasting_components import component

HERE = Path(__file__).parent
WIDTH = 320  # pixels
FIXED = "Fixed in this link"
AXES = {"iterations": "iterations", "error": "observed error", "seconds": "wall clock", "events": "events"}


@cache
def _component() -> Callable[..., Any]:
    html, css, js = ((HERE / f"link.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return component("dmf_link", html=html, css=css, js=js, isolate_styles=True)


def link(session: Session) -> None:
    """The Link popover. Its content is made when it is opened."""
    popover = st.popover("Link", key="Link", on_change="rerun")
    if not popover.open:
        return
    with popover, st.container(width=WIDTH):
        if own(session):
            st.markdown(
                "This run needs your own data, which no address can hold. Take it along as an archive: Export, then "
                "**Archive of the run**; it opens again under Start from."
            )
            return
        view = current()
        names = _lockable(session)
        fixed = tuple(st.session_state.get(FIXED, session.locked))
        parameters = share.parameters(session.spec, view, fixed)
        address = share.address(page_url(), parameters)
        address_box(address)
        st.caption(holds(view, session.spec, address))
        add_to_lecture(
            lambda: [(session.spec, view, session.spec.model.title)],
            "As the last scene of the script on the page Lecture.",
            "It is the last scene of your own lecture; give it a heading and notes on the page Lecture.",
        )
        st.multiselect(
            "Fixed in this link",
            list(names),
            default=[path for path in session.locked if path in names],
            key=FIXED,
            format_func=lambda path: names[path],
            placeholder="Nothing",
            help="For a lecture: whoever opens the link sees these values as text and can change the others.",
        )


def add_to_lecture(views: Callable[[], list[tuple[RunSpec, View, str]]], help: str, added: str) -> None:
    """A button: these (run, view, heading) become the last scenes of the visitor's own lecture. `added` says so afterwards."""
    if not press("Add to my lecture", "add to lecture", help=help):
        return
    try:
        add_views(views())
    except BadInput as error:
        st.error(str(error))
        return
    st.success(added)


def address_box(address: str) -> None:
    """The address to copy, and as a QR code."""
    _component()(key="link", data={"address": address, "code": qr_code(address)})


def own(session: Session) -> bool:
    """True when the run cannot be made from its spec alone."""
    return session.spec.needs_inputs


def holds(view: View, spec: RunSpec, address: str) -> str:
    """A sentence about what the address holds."""
    sentences = ["It holds every setting, the seed and the version of the settings"]
    if view.frame is not None:
        sentences.append(f"and opens at frame {view.frame + 1}, time axis {AXES.get(view.axis) or clock(spec)}")
    words = ", ".join(sentences) + "."
    if not reachable(address):
        words += (
            " It works on this computer only: the server listens to no other device, or this computer is in no network. An "
            "address in DMF_PUBLIC_URL is used instead."
        )
    return words


def _lockable(session: Session) -> dict[str, str]:
    known = flat(session.spec.model_dump(mode="json"))
    lockable = [path for path, each in FIELDS.items() if each.lockable]
    return {path: field(path, session.spec).label for path in lockable if known.get(path) is not None}
