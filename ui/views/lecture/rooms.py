"""The rooms that are open: who is there, and the ways to projector, desk, answers, and out."""

import csv
import io

import streamlit as st

from ui.controls.press import press
from ui.figures.qr import qr_code
from ui.figures.words import plural
from ui.lecture.door import Door, RoomLine

SECONDS = 2.0  # between two counts on this page


def rooms(entrance: Door, addresses: list[str]) -> None:
    """The upper half of the page; nothing where no room is open."""
    for line in entrance.rooms():
        _room(entrance, line, addresses)


def _room(entrance: Door, line: RoomLine, addresses: list[str]) -> None:
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    place = f"{f'/{base}' if base else ''}/live/{line.code}"
    key = entrance.key(line.code)
    with st.container(border=True, key=f"room-{line.code}"):
        st.subheader(f"{line.code} · {line.title}", anchor=False)
        _counts(entrance, line.code)
        first, second = st.columns(2)
        first.link_button("Projector", f"{place}/present#key={key}", type="primary", width="stretch")
        second.link_button("Desk", f"{place}/desk#key={key}", width="stretch")
        _address(entrance, line, addresses)
        with st.expander("Answers, and the end of the room"):
            st.download_button(
                "Answers as CSV", lambda: _csv(entrance, line.code), f"answers-{line.code}.csv", "text/csv", on_click="ignore"
            )
            st.download_button(
                "Handout",
                lambda: entrance.handout(line.code),
                f"handout-{line.code}.html",
                "text/html",
                on_click="ignore",
                disabled=line.ready < line.runs,
                help="One file for a memory stick: every scene with its player, questions and the answers of the room. It shows "
                "what comes after every question, so hand it out after the lecture.",
            )
            st.download_button(
                "PDF of stills",
                lambda: entrance.stills(line.code),
                f"lecture-{line.code}.pdf",
                "application/pdf",
                on_click="ignore",
                disabled=line.ready < line.runs,
                help="A page with the summary, then a still of every scene; what comes after a question is not on it.",
            )
            if press("Delete this room", f"delete-{line.code}", help="With all its answers; phones are told that it is closed."):
                entrance.delete(line.code)
                st.rerun()


@st.fragment(run_every=SECONDS)
def _counts(entrance: Door, code: str) -> None:
    line = next((each for each in entrance.rooms() if each.code == code), None)
    if line is None:
        return
    runs = (
        "all runs are ready"
        if line.ready == line.runs
        else f"{line.ready} of {line.runs} runs are ready, the others are computed"
    )
    st.markdown(f"{_many(line.here, 'phone')} here, {_many(line.answers, 'answer')}; {runs}.")


def _address(entrance: Door, line: RoomLine, addresses: list[str]) -> None:
    """Where the audience finds the room: never this computer's own name for itself."""
    choices = addresses if line.address in addresses or not line.address else [line.address, *addresses]
    if not choices:
        st.warning(
            "Phones cannot reach this computer: it has no address in a network, or the server listens on this computer only. "
            "Connect it to the Wi-Fi of the hall, or set DMF_PUBLIC_URL to the address at which phones find it, and start again."
        )
        return
    at = choices.index(line.address) if line.address in choices else 0
    chosen = st.selectbox("Address for the audience", choices, index=at, key=f"address-{line.code}")
    if chosen != line.address:
        entrance.move_to(line.code, chosen)
    image, words = st.columns([1, 3], vertical_alignment="center")
    code = qr_code(f"{chosen}/{line.code}")
    if code is not None:
        image.image(code, width=140)
    words.markdown(f"`{chosen}` and the code **{line.code}**, or the QR code, which is on the projector too.")
    if line.here == 0:
        words.caption(
            "Nobody is here yet. Try it with your own phone first: university Wi-Fi may keep devices apart, phones may prefer "
            "mobile data to a Wi-Fi without internet, and the hotspot of a laptop may end near eight phones."
        )


def _many(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else plural(noun)}"


def _csv(entrance: Door, code: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["scene", "question", "answer"])
    writer.writerows(entrance.answers(code))
    return text.getvalue()
