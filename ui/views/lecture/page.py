"""The page: a script, a room for it, and the rooms that are open."""

import streamlit as st

from dmf_core.events import refused
from ui.controls.page_address import server_addresses
from ui.lecture import door
from ui.lecture.addresses import public_url
from ui.lecture.door import Door
from ui.lecture.guard import at_the_server
from ui.views.lecture.rooms import rooms
from ui.views.lecture.script_editor import script_editor

TOKEN = "lecture token"


def page() -> None:
    st.title("Lecture")
    hall = door.hall()
    if hall is None:
        st.info(
            "This server holds no lectures: DMF_LECTURES is off, or names a folder that cannot be used, as its log says then. "
            "Where several dashboards share this address, load the page again: one of them may hold lectures.",
            icon=None,
        )
        return
    st.markdown(
        "You show scenes on the projector; the audience follows on phones, without accounts and without an app, and predicts "
        "what comes next before it is shown."
    )
    entrance = Door(hall)
    if not _host(entrance):
        return
    addresses = [f"{address}/live" for address in server_addresses()]
    rooms(entrance, addresses)
    script_editor(entrance, addresses)


def _host(entrance: Door) -> bool:
    """True where this visitor may open rooms: on the computer of the server, or with its token."""
    if at_the_server(st.context.ip_address, dict(st.context.headers), public_url()):
        return True
    if entrance.is_host(st.session_state.get(TOKEN, "")):
        return True
    st.markdown(
        "From another computer than the server, rooms are opened with the token that its console prints at the start, or "
        "`python -m dmf_core lecture token` there."
    )
    typed = st.text_input("Token of the server", type="password", key="lecture token typed")
    if not typed:
        return False
    if entrance.is_host(typed):
        st.session_state[TOKEN] = typed
        st.rerun()
    refused("room", "token")
    st.error("This is not the token of this server; look at the console once more.")
    return False
