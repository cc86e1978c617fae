"""A figure run on this machine: what of it has been run, the button that runs it, and what came out."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st

from dmf_core.cost import about
from dmf_core.jobs import WholeRuns
from dmf_core.reproductions.framework.price import price_of
from dmf_core.reproductions.framework.report import report
from dmf_core.reproductions.framework.reproduction import Key, Panel, Reproduction, Results, Run
from ui.figures import words
from ui.figures.panel import Theme
from ui.services import queue, shared_queue
from ui.views.reproductions.ratings import data_of
from ui.watching import Remembered, button, under_way, watch

FormKey = tuple[str, str, bool]  # a figure, the digest of the visitor's data for it, and whether its quick form is meant


@dataclass(frozen=True, eq=False)
class Done:
    """The result of a reproduction."""

    report: dict[str, Any]
    panels: list[Panel]
    pictures: dict[Theme, str] = field(default_factory=dict)  # once for each theme: drawing takes seconds


@dataclass(eq=False)
class Known:
    """What is known of the figures: the runs that they need, and what came out, by figure, its data and its form."""

    planned: dict[FormKey, dict[Key, Run]] = field(default_factory=dict)
    done: dict[FormKey, Done] = field(default_factory=dict)

    def runs(self, figure: Reproduction, quick: bool) -> dict[Key, Run]:
        """The runs of a figure, planned once; computes none."""
        key = _key(figure, quick)
        if key not in self.planned:
            self.planned[key] = figure.runs(quick)
        return self.planned[key]


@st.cache_resource(show_spinner=False)
def _of_server() -> Known:
    """Kept for all visitors of the server."""
    return Known()


def _known(figure: Reproduction) -> Known:
    """That of the server, or of this session alone where it is about the visitor's data."""
    if not figure.data:
        return _of_server()
    if "own figures" not in st.session_state:
        st.session_state["own figures"] = Known()
    known: Known = st.session_state["own figures"]
    return known


def _key(figure: Reproduction, quick: bool) -> FormKey:
    return figure.name, figure.data, quick


def result_here(figure: Reproduction, quick: bool) -> Done | None:
    """What this machine gave in this session or before; None where it was not run to its end."""
    key, done = _key(figure, quick), _known(figure).done
    batch: WholeRuns[Key] | None = st.session_state.get(f"batch {key}")
    if batch is not None and batch.ended:
        done[key] = _finish(figure, quick, batch)
        st.session_state.pop(f"batch {key}", None)
    return done.get(key)


def run_here(figure: Reproduction, quick: bool) -> None:
    """The button that runs it, or how far it is."""
    batch: WholeRuns[Key] | None = st.session_state.get(f"batch {_key(figure, quick)}")
    if batch is None:
        _offer(figure, quick)
        return
    running = _Running(batch, _key(figure, quick))
    watch(running, running.draw)


def _offer(figure: Reproduction, quick: bool) -> None:
    batch = WholeRuns(_known(figure).runs(figure, quick), Remembered(), price_of(figure, shared_queue().machine))
    stored, left = batch.tally.from_shelf, batch.tally.total - batch.tally.from_shelf
    price = f"{words.count(left, 'run')}, {about(batch.cost(max(1, queue().workers)))}"
    label = f"Go on · {price}" if stored else f"Run it here · {price}"
    button(label, "run batch", partial(_start, figure, quick, batch), primary=True)
    if stored:
        st.caption(f"{words.whole(stored)} of {words.whole(batch.tally.total)} runs are done and kept.")


def _start(figure: Reproduction, quick: bool, batch: WholeRuns[Key]) -> None:
    st.session_state[f"batch {_key(figure, quick)}"] = batch


@dataclass(frozen=True, eq=False)
class _Running:
    """A batch that this page watches."""

    batch: WholeRuns[Key]
    key: FormKey

    @property
    def ended(self) -> bool:
        return self.batch.ended

    def poll(self) -> None:
        self.batch.poll(queue())

    def stop(self) -> None:
        self.batch.stop(queue())
        st.session_state.pop(f"batch {self.key}", None)

    def draw(self) -> None:
        tally = self.batch.tally
        text = f"{words.whole(tally.done)} of {words.whole(tally.total)} runs"
        under_way(text, "stop batch", self.stop, self.batch.fraction, label="Stop")


def _finish(figure: Reproduction, quick: bool, batch: WholeRuns[Key]) -> Done:
    """The report and the picture of a batch that has ended."""
    results = Results(_known(figure).runs(figure, quick), batch.trajectories, quick)
    result = report(figure, results) | {"troubles": list(batch.tally.troubles)} | data_of(figure)
    return Done(result, figure.panels(results))
