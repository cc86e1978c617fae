"""The cards of the reproductions: picture, title, paper, and what is recorded. One of them may be open below."""

import datetime
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from dmf_core.reproductions import REPRODUCTIONS
from dmf_core.reproductions.framework.record import recorded
from dmf_core.reproductions.framework.reproduction import Reproduction
from ui.figures.reproduction_card import sketch
from ui.figures.typeset import typeset
from ui.streamlit_patches.lasting_components import component

HERE = Path(__file__).parent
KEY, PRESSED = "reproduction cards", "reproduction pressed"  # in the session
THUMB = HERE.parents[1] / "assets" / "thumb.css"


def cards(chosen: str | None) -> str | None:
    """Shows them: all in a grid, or in one row while one is open. Returns once the name that was pressed, "" for all."""
    _component()(key=KEY, data={"chosen": chosen or ""}, on_open_change=_remember)
    pressed: str | None = st.session_state.pop(PRESSED, None)
    return pressed


def _remember() -> None:
    st.session_state[PRESSED] = dict(st.session_state[KEY]).get("open")


@cache
def _component() -> Callable[..., Any]:
    css = "\n".join(path.read_text(encoding="utf-8") for path in (HERE / "cards.css", THUMB))
    js = (HERE / "cards.js").read_text(encoding="utf-8")
    return component("dmf_reproduction_cards", html=_html(), css=css, js=js)


def _html() -> str:
    cards = "".join(_card(figure, recorded(name)) for name, figure in REPRODUCTIONS.items())
    return (
        '<div class="rp-cards" data-testid="reproduction-cards"><button type="button" class="rp-all" data-open="" hidden>'
        f'All {len(REPRODUCTIONS)} figures</button><div class="rp-row">{cards}</div></div>'
    )


def _card(figure: Reproduction, record: Mapping[str, Any] | None) -> str:
    verdict, facts, picture = '<p class="rp-held">not recorded</p>', "", ""
    if record is not None:
        mark, words = held(record["claims"])
        kind = "ok" if mark == "✓" else "warn"
        verdict = f'<p class="rp-held rp-{kind}">{mark} {words}</p>'
        facts = f"<p>{escape(' · '.join(when_and_where(record)))}</p>"
        picture = sketch(record["panels"])
    return (
        f'<article class="rp-card" data-figure="{figure.name}">{picture}'
        f'<h3><button type="button" data-open="{figure.name}">{escape(typeset(figure.title))}</button></h3>'
        f"<p>{escape(figure.paper.partition(', arXiv')[0])}</p>{verdict}{facts}</article>"
    )


def held(claims: list[dict[str, Any]]) -> tuple[str, str]:
    """(mark, words): how many claims hold."""
    holding = sum(claim["holds"] for claim in claims)
    return ("✓" if holding == len(claims) else "△"), f"{holding} of {len(claims)} claim{'' if len(claims) == 1 else 's'} hold"


def when_and_where(record: Mapping[str, Any]) -> tuple[str, str, str]:
    """Date, kind of machine in short, and processor time of a record."""
    day = datetime.date.fromisoformat(record["date"])
    seconds = record["processor_seconds"]
    return (
        f"{day.day} {day:%b %Y}",
        record["machine"].partition(",")[0],
        f"{seconds:.0f} s" if seconds >= 9.5 else f"{seconds:.1f} s",
    )
