"""What a reproduction found, as Markdown: each claim with its number, the published values beside ours."""

from typing import Any

import streamlit as st

from dmf_core.reproductions.framework.reproduction import Certainty
from ui.figures import words
from ui.figures.typeset import plain

INDENT = "\u2003\u2002"  # as wide as the mark above
SIGNS = {"<=": "≤", ">=": "≥", "==": "="}


def claim_line(claim: dict[str, Any]) -> str:
    """Holds or not, the sentence, and below it the numbers and the source."""
    mark = ":green[✓]" if claim["holds"] else ":red[✕]"
    value = "missing" if claim["value"] is None else words.number(claim["value"], 4)
    bound = words.number(claim["bound"], 4)
    numbers = f"{value} {SIGNS[claim['relation']]} {bound}"
    if not claim["holds"]:
        numbers = f"{value}, where {SIGNS[claim['relation']]} {bound} was claimed"
    return f"{mark} {plain(claim['sentence'])}  \n{INDENT}{numbers} :gray[· {plain(claim['source'])}]"


def published_table(values: list[dict[str, Any]], range_is: str) -> None:
    """Writes the table. What most values have in common about their source is said once, below it."""
    if not values:
        return
    known = [f"{each['certainty']} ({each['source']})" for each in values]
    usual = max(known, key=known.count)
    compared = any(each["ours"] is not None for each in values)
    origin = "derived" if all(each["certainty"] == Certainty.DERIVED.value for each in values) else "published"
    rows = [f"| | {origin} | {'measured' if origin == 'derived' else 'ours'} |", "|:--|--:|--:|"]
    if not compared:
        rows = [f"| | {origin} |", "|:--|--:|"]
    for each, how in zip(values, known, strict=True):
        what = plain(each["what"]) + ("" if how == usual else f" :gray[{plain(how)}]")
        ours = f" {_ours(each['ours'])} |" if compared else ""
        rows.append(f"| {what} | {words.number(each['value'], 4)} |{ours}")
    st.markdown("\n".join(rows))
    others = "" if known.count(usual) == len(known) else ", unless said otherwise"
    who = "Values are" if origin == "derived" else "Published values are"
    ranges = f" {'Measured' if origin == 'derived' else 'Ours'}: {range_is}." if compared else ""
    st.caption(plain(f"{who} {usual}{others}.{ranges}"))


def _ours(ours: dict[str, Any] | None) -> str:
    if ours is None or ours["median"] is None:
        return "not run"
    if ours["count"] == 1:
        return words.number(ours["median"], 4)
    median, low, high = (words.number(ours[name], 4) for name in ("median", "low", "high"))
    if low == high:  # closer than these digits tell
        return f"{median} (± {words.number((ours['high'] - ours['low']) / 2, 1)})" if ours["high"] > ours["low"] else median
    return f"{median} ({low} to {high})"
