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
from ui.figures import words
from ui.figures.panel import Theme, laid_together, panels_html
from ui.figures.typeset import plain
from ui.markup import markup
from ui.views.reproductions.cards import cards, held, when_and_where
from ui.views.reproductions.ratings import half
from ui.views.reproductions.report import claims_table, comparison, published_table
from ui.views.reproductions.running import Done, result_here, run_here

FIGURE = "figure"  # in the address


def heading() -> None:
    """What is recorded, in a title and a sentence."""
    records = {name: made for name in REPRODUCTIONS if (made := recorded(name)) is not None}
    claims = [claim for made in records.values() for claim in made["claims"]]
    holding = sum(claim["holds"] for claim in claims)
    st.title(f"{words.capital(words.count(len(records), 'figure'))} run again: {holding} of {len(claims)} claims hold")
    versions = {made["versions"]["program"].partition(",")[0] for made in records.values()}
    machines = {made["machine"] for made in records.values()}
    by = f"Recorded with {versions.pop()}" if len(versions) == 1 else "Recorded"
    on = f" on {machines.pop()}" if len(machines) == 1 else ""
    st.caption(
        f"{by}{on}, seconds are processor time. Every claim is decided by a number, also one that fails. We use other random "
        "matrices: compare the trends, not the digits."
    )


def chosen() -> str | None:
    """The figure of the address; a card that is pressed changes it."""
    name = st.query_params.get(FIGURE)
    if name is not None and name not in REPRODUCTIONS:
        st.warning(f"There is no figure {name[:60]} here; choose one of the cards.", icon=":material/warning:")
        name = None
    pressed = cards(name)
    if pressed is not None and pressed != (name or ""):
        _address(FIGURE, pressed)
        st.rerun()
    return name


def _address(key: str, value: str) -> None:
    if value:
        st.query_params[key] = value
    else:
        st.query_params.pop(key, None)


def show(name: str | None) -> None:
    """The figure: its recorded result, the button that runs it here, and what came out here beside it."""
    if name is None:
        return
    figure = half(name)
    if figure is None:
        return
    made = None if figure.data else recorded(name)
    picture, result = st.columns((600, 652), gap="large")
    with result:
        _result(figure, made)
    with picture:
        _picture(figure, made)


def _picture(figure: Reproduction, made: dict[str, Any] | None) -> None:
    st.subheader(plain(figure.title))
    st.caption(plain(figure.paper))
    theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
    full = result_here(figure, quick=False)
    if made is not None:
        panels = panels_of(made)
        markup(_drawn(figure.name, theme, full), "panels")
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
def _drawn(name: str, theme: Theme, full: Done | None) -> str:
    """The recorded panels with what was measured here, once for each theme: drawing takes seconds."""
    made = recorded(name)
    assert made is not None
    return panels_html(laid_together(panels_of(made), () if full is None else full.panels), theme)


def _result(figure: Reproduction, made: dict[str, Any] | None) -> None:
    quick = bool(st.session_state.get("Quick form"))
    here = result_here(figure, quick)
    before = None if made is None else made["quick_claims" if quick else "claims"]
    shown = before if before is not None else None if here is None else here.report["claims"]
    if shown is not None:
        mark, text = held(shown)
        st.subheader(f":{'green' if mark == '✓' else 'orange'}[{mark}] {text}")
    st.toggle("Quick form", key="Quick form", help="A part that takes seconds, with the claims it supports.")
    if here is None:
        run_here(figure, quick)
    elif before is not None:
        st.markdown(f"**This machine: {held(here.report['claims'])[1]}.** {comparison(before, here.report['claims'])}")
    if shown is not None:
        markup(claims_table(before, None if here is None else here.report["claims"]), "claims")
    for trouble in [] if here is None else here.report["troubles"]:
        st.warning(trouble, icon=":material/warning:")
    ours = made["published"] if made is not None and not quick else published_with_ours(figure, {})
    markup(published_table(ours, figure.range_is, () if here is None else here.report["published"]), "published")
    _numbers(figure, made, here, quick)


def _numbers(figure: Reproduction, made: dict[str, Any] | None, here: Done | None, quick: bool) -> None:
    """What can be taken away, and where the record comes from."""
    with st.container(horizontal=True):
        if made is not None:
            text = json.dumps(made, allow_nan=False)
            st.download_button(
                "Recorded numbers (JSON)", text, f"{figure.name}-recorded.json", "application/json", on_click="ignore"
            )
        if here is not None:
            text = json.dumps(here.report, allow_nan=False)
            st.download_button(
                "Numbers of this machine (JSON)", text, f"{figure.name}.json", "application/json", on_click="ignore"
            )
    if made is not None:
        st.caption(plain(origin(made)))
    form = (" --data FILE" if figure.data else "") + (" --quick" if quick else "")
    st.caption(f"The same without a browser: python -m dmf_core reproduce {figure.name}{form}")


def origin(made: Mapping[str, Any]) -> str:
    """Where, when and by what a record was made."""
    versions = made["versions"]
    libraries = ", ".join(f"{name} {version}" for name, version in versions.items() if name not in ("program", "python"))
    return (
        f"Recorded {when_and_where(made)[0]}: {words.count(made['runs'], 'run')} on {made['machine']}, "
        f"{made['processor_seconds']:g} s of the processor, {made['seconds']:g} s by the clock with "
        f"{words.count(made['workers'], 'worker')}; {versions['program']}, Python {versions['python']}, {libraries}; "
        f"list of runs {made['specs'][:8]}."
    )
