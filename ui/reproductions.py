"""Published figures, run again on demand: picture, claims with their numbers, published values beside ours."""

import json
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from dmf_core.cost import in_words
from dmf_core.jobs import State
from dmf_core.reproductions import REPRODUCTIONS
from dmf_core.reproductions.batch import Batch
from dmf_core.reproductions.report import beside, report
from dmf_core.reproductions.reproduction import Certainty, Key, Panel, Reproduction, Results, Run
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.panel import Theme, panels_html
from ui.figures.typeset import typeset
from ui.markup import markup
from ui.services import queue

LOOK_SECONDS = 0.4
INDENT = "\u2003\u2002"  # as wide as the mark above
SIGNS = {"<=": "≤", ">=": "≥", "==": "="}


@dataclass(frozen=True, eq=False)
class Done:
    """What a reproduction has given."""

    report: dict[str, Any]
    panels: list[Panel]
    drawn: dict[Theme, str] = field(default_factory=dict)  # once for each theme: drawing takes seconds


@st.cache_resource(show_spinner=False)
def _done() -> dict[tuple[str, bool], Done]:
    """Of this server: who comes next finds it."""
    return {}


@st.cache_resource(show_spinner=False)
def _planned(name: str, quick: bool) -> dict[Key, Run]:
    """Nothing is run here."""
    return REPRODUCTIONS[name].runs(quick)


class _Remembered:
    """What the queue still holds of runs that ended: who stopped, or left, goes on from there."""

    def find(self, run: Run) -> Trajectory | None:
        job = queue().find(run.digest)
        found = job.trajectory if job is not None and job.state is State.DONE else None
        return found if found is not None and found.end is not None and found.end.outcome.done else None

    def keep(self, run: Run, trajectory: Trajectory) -> None:
        """The queue does."""


def chosen() -> tuple[Reproduction, bool]:
    """The figure, and whether its quick form is wanted."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {name: f"{name}: {each.title}" for name, each in REPRODUCTIONS.items()}
        name = st.selectbox("Figure", list(titles), format_func=lambda name: titles[name], key="Figure")
        quick = st.toggle("Quick form", key="Quick form", help="A part that takes seconds, with the claims it supports.")
    return REPRODUCTIONS[name], quick


def show(figure: Reproduction, quick: bool) -> None:
    """The figure, as far as it is known, and the button that runs it."""
    st.subheader(figure.title)
    st.markdown(_plain(f"{figure.paper}. {figure.about}"))
    key = (figure.name, quick)
    batch: Batch | None = st.session_state.get(f"batch {key}")
    if key not in _done() and batch is None:
        _offer(figure, quick)
    if key in _done():
        _show_done(figure, _done()[key])
        return
    if batch is not None:
        st.fragment(_look, run_every=LOOK_SECONDS)(figure, quick, batch)
    _published(beside(figure, {}), figure.range_is)


def _offer(figure: Reproduction, quick: bool) -> None:
    batch = Batch(_planned(figure.name, quick), _Remembered())
    kept, left = batch.tally.kept, batch.tally.total - batch.tally.kept
    price = f"{words.count(left, 'run')}, about {in_words(batch.seconds / max(1, len(queue().slots)))}"
    if st.button(f"Go on · {price}" if kept else f"Run · {price}", type="primary"):
        st.session_state[f"batch {(figure.name, quick)}"] = batch
        st.rerun()
    if kept:
        st.caption(f"{words.whole(kept)} of {words.whole(batch.tally.total)} runs are done and kept.")


def _look(figure: Reproduction, quick: bool, batch: Batch) -> None:
    key = (figure.name, quick)
    tally = batch.poll(queue())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(tally.done / tally.total, f"{words.whole(tally.done)} of {words.whole(tally.total)} runs")
        if st.button("Stop"):
            batch.stop(queue())
            del st.session_state[f"batch {key}"]
            st.rerun()
    if batch.ended:
        results = Results(_planned(*key), batch.trajectories, quick)
        found = report(figure, results) | {"troubles": list(tally.troubles)}
        _done()[key] = Done(found, figure.panels(results))
        st.session_state.pop(f"batch {key}", None)
        st.rerun()


def _show_done(figure: Reproduction, done: Done) -> None:
    claims = done.report["claims"]
    held = sum(claim["holds"] for claim in claims)
    st.markdown(f"**{held} of {len(claims)} claims hold.**")
    theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
    if theme not in done.drawn:
        done.drawn[theme] = panels_html(done.panels, theme)
    markup(done.drawn[theme], "panels")
    st.markdown("\n\n".join(_claim(claim) for claim in claims))
    for trouble in done.report["troubles"]:
        st.warning(trouble, icon=":material/warning:")
    _published(done.report["published"], done.report["range"])
    text = json.dumps(done.report, allow_nan=False)
    st.download_button("Numbers (JSON)", text, f"{figure.name}.json", "application/json", on_click="ignore")
    form = " --quick" if done.report["quick"] else ""
    st.caption(f"The same without a browser: python -m dmf_core reproduce {figure.name}{form}")


def _claim(claim: dict[str, Any]) -> str:
    mark = ":green[✓]" if claim["holds"] else ":red[✕]"
    value = "missing" if claim["value"] is None else words.number(claim["value"], 4)
    bound = words.number(claim["bound"], 4)
    numbers = f"{value} {SIGNS[claim['relation']]} {bound}"
    if not claim["holds"]:
        numbers = f"{value}, where {SIGNS[claim['relation']]} {bound} was claimed"
    return f"{mark} {_plain(claim['sentence'])}  \n{INDENT}{numbers} :gray[· {_plain(claim['source'])}]"


def _published(values: list[dict[str, Any]], range_is: str) -> None:
    """The table. What most values have in common about their source is said once, below it."""
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
        what = _plain(each["what"]) + ("" if how == usual else f" :gray[{_plain(how)}]")
        ours = f" {_ours(each['ours'])} |" if compared else ""
        rows.append(f"| {what} | {words.number(each['value'], 4)} |{ours}")
    st.markdown("\n".join(rows))
    others = "" if known.count(usual) == len(known) else ", unless said otherwise"
    who = "Values are" if origin == "derived" else "Published values are"
    ranges = f" {'Measured' if origin == 'derived' else 'Ours'}: {range_is}." if compared else ""
    st.caption(_plain(f"{who} {usual}{others}.{ranges}"))


def _ours(ours: dict[str, Any] | None) -> str:
    if ours is None or ours["median"] is None:
        return "not run"
    if ours["count"] == 1:
        return words.number(ours["median"], 4)
    median, low, high = (words.number(ours[name], 4) for name in ("median", "low", "high"))
    return f"{median} ({low} to {high})"


def _plain(text: str) -> str:
    """Typeset, and otherwise as it is: bars, stars and underscores are not Markdown here."""
    return "".join(f"\\{letter}" if letter in "|*_[]$<>~" else letter for letter in typeset(text))
