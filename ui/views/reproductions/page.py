"""Published figures: the recorded result of each, and on demand the result of this machine beside it."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from dmf_core.problems.synthetic import Synthetic
from dmf_core.problems.tensor_truth import TensorTruth
from dmf_core.reproductions import REPRODUCTIONS
from dmf_core.reproductions.framework.record import recorded
from dmf_core.reproductions.framework.report import panels_of, published_with_ours
from dmf_core.reproductions.framework.reproduction import Certainty, Panel, Reproduction
from ui.controls.echo import Echo
from ui.figures import words
from ui.figures.panel import Theme, overlaid_panels, panels_html
from ui.figures.typeset import plain
from ui.markup import markup
from ui.views.reproductions.cards import cards, held, when_and_where
from ui.views.reproductions.ratings import half
from ui.views.reproductions.report import claims_table, comparison, published_table
from ui.views.reproductions.running import Done, result_here, run_here

FIGURE = "figure"  # in the address
CHOSEN = "figure chosen"  # in the session
FIGURES = Echo("figures")


def heading() -> None:
    """What is recorded, in a title and a sentence."""
    records = {name: record for name in REPRODUCTIONS if (record := recorded(name)) is not None}
    claims = [claim for record in records.values() for claim in record["claims"]]
    holding = sum(claim["holds"] for claim in claims)
    st.title(f"{words.capital(words.count(len(records), 'figure'))} run again: {holding} of {len(claims)} claims hold")
    versions = {record["versions"]["program"].partition(",")[0] for record in records.values()}
    machines = {record["machine"] for record in records.values()}
    by = f"Recorded with {versions.pop()}" if len(versions) == 1 else "Recorded"
    on = f" on {machines.pop()}" if len(machines) == 1 else ""
    st.caption(
        f"{by}{on}, seconds are processor time. Every claim is decided by a number, also one that fails. We use other random "
        "matrices: compare the trends, not the digits."
    )


def chosen() -> str | None:
    """The figure of the address; a card that is pressed changes it."""
    if FIGURES.heard(FIGURE):
        st.session_state[CHOSEN] = st.query_params.get(FIGURE)
    elif st.query_params.get(FIGURE) != st.session_state[CHOSEN]:
        _say(st.session_state[CHOSEN])
    name: str | None = st.session_state[CHOSEN]
    if name is not None and name not in REPRODUCTIONS:
        st.warning(f"There is no figure {name[:60]} here; choose one of the cards.", icon=":material/warning:")
        name = None
    pressed = cards(name)
    if pressed is not None and pressed != (name or ""):
        st.session_state[CHOSEN] = pressed or None
        _say(pressed or None)
        st.rerun()
    FIGURES.end()
    return name


def _say(figure: str | None) -> None:
    """Writes it into the address."""
    if figure is None:
        st.query_params.pop(FIGURE, None)
    else:
        st.query_params[FIGURE] = figure
    FIGURES.say(FIGURE)


def show(name: str | None) -> None:
    """The figure: its recorded result, the button that runs it here, and what came out here beside it."""
    if name is None:
        return
    figure = half(name)
    if figure is None:
        return
    record = None if figure.data else recorded(name)
    picture, result = st.columns((600, 652), gap="large")
    with result:
        _result(figure, record)
    with picture:
        _picture(figure, record)


def _picture(figure: Reproduction, record: dict[str, Any] | None) -> None:
    st.subheader(plain(figure.title))
    st.caption(plain(figure.paper))
    theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
    full = result_here(figure, quick=False)
    if record is not None:
        panels = panels_of(record)
        markup(_panels(figure.name, theme, full), "panels")
        parts = (RINGS if has_rings(panels) else "", CROSSES if full is not None else "", other_draws(figure))
        st.caption("".join(parts).strip())
    elif full is not None:
        markup(_drawn_here(full, theme), "panels")
    quick = result_here(figure, quick=True) if st.session_state.get("Quick form") else None
    if quick is not None:
        st.markdown("**Quick form, on this machine**")
        markup(_drawn_here(quick, theme), "quick panels")
    st.markdown(plain(figure.about))


RINGS = "Rings: published. "
CROSSES = "Crosses: this machine. "


def other_draws(figure: Reproduction) -> str:
    """A warning where published values come from other random matrices than ours; else nothing."""
    measured = any(each.certainty in (Certainty.PRINTED, Certainty.FIGURE) for each in figure.published)
    problems = [run.spec.problem for run in figure.runs(quick=True).values()] if measured else []
    if any(isinstance(problem, Synthetic) for problem in problems):
        return "We use other random matrices: compare the trends, not the digits."
    if any(isinstance(problem, TensorTruth) for problem in problems):
        return "We use other random tensors: compare the trends, not the digits."
    return ""


def has_rings(panels: list[Panel]) -> bool:
    """True where a published value is drawn."""
    return any(line.role == "published" for panel in panels for line in panel.lines)


def _drawn_here(done: Done, theme: Theme) -> str:
    if theme not in done.pictures:
        done.pictures[theme] = panels_html(done.panels, theme)
    return done.pictures[theme]


@lru_cache(maxsize=64)
def _panels(name: str, theme: Theme, full: Done | None) -> str:
    """The recorded panels with what was measured here, once for each theme: drawing takes seconds."""
    record = recorded(name)
    assert record is not None
    return panels_html(overlaid_panels(panels_of(record), () if full is None else full.panels), theme)


def _result(figure: Reproduction, record: dict[str, Any] | None) -> None:
    quick = bool(st.session_state.get("Quick form"))
    local = result_here(figure, quick)
    before = None if record is None else record["quick_claims" if quick else "claims"]
    shown = before if before is not None else None if local is None else local.report["claims"]
    if shown is not None:
        mark, text = held(shown)
        st.subheader(f":{'green' if mark == '✓' else 'orange'}[{mark}] {text}")
    st.toggle("Quick form", key="Quick form", help="A part that takes seconds, with the claims it supports.")
    if local is None:
        run_here(figure, quick)
    elif before is not None:
        st.markdown(f"**This machine: {held(local.report['claims'])[1]}.** {comparison(before, local.report['claims'])}")
    if shown is not None:
        markup(claims_table(before, None if local is None else local.report["claims"]), "claims")
    for trouble in [] if local is None else local.report["troubles"]:
        st.warning(trouble, icon=":material/warning:")
    ours = record["published"] if record is not None and not quick else published_with_ours(figure, {})
    markup(published_table(ours, figure.range_is, () if local is None else local.report["published"]), "published")
    _numbers(figure, record, local, quick)


def _numbers(figure: Reproduction, record: dict[str, Any] | None, local: Done | None, quick: bool) -> None:
    """What can be taken away, and where the record comes from."""
    with st.container(horizontal=True):
        if record is not None:
            text = json.dumps(record, allow_nan=False)
            st.download_button(
                "Recorded numbers (JSON)", text, f"{figure.name}-recorded.json", "application/json", on_click="ignore"
            )
        if local is not None:
            text = json.dumps(local.report, allow_nan=False)
            st.download_button(
                "Numbers of this machine (JSON)", text, f"{figure.name}.json", "application/json", on_click="ignore"
            )
    if record is not None:
        st.caption(plain(origin(record)))
    form = (" --data FILE" if figure.data else "") + (" --quick" if quick else "")
    st.caption(f"The same without a browser: python -m dmf_core reproduce {figure.name}{form}")


def origin(record: Mapping[str, Any]) -> str:
    """Where, when and by what a record was made."""
    versions = record["versions"]
    libraries = ", ".join(f"{name} {version}" for name, version in versions.items() if name not in ("program", "python"))
    return (
        f"Recorded {when_and_where(record)[0]}: {words.count(record['runs'], 'run')} on {record['machine']}, "
        f"{record['processor_seconds']:g} s of the processor, {record['seconds']:g} s by the clock with "
        f"{words.count(record['workers'], 'worker')}; {versions['program']}, Python {versions['python']}, {libraries}; "
        f"list of runs {record['specs'][:8]}."
    )
