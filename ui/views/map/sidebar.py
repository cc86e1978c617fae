"""The sidebar of the page Map: what is varied, what is measured, what all runs share, and what it costs."""

from html import escape
from typing import Any

import streamlit as st

from dmf_core.cost import in_words
from dmf_core.inputs import Inputs
from dmf_core.measures import MEASURES
from dmf_core.spec import RunSpec
from dmf_core.sweep import Plan
from dmf_core.sweep.field import DEPTH, LOSS, SHOWN
from dmf_core.sweep.plan import memory
from dmf_core.sweep.ready import READY
from ui.controls.echo import SIDEBAR
from ui.controls.press import press
from ui.fields import field
from ui.figures import words
from ui.figures.map.phrases import about, measured, value
from ui.figures.map.scene import MapScene
from ui.services import shared_queue
from ui.session.map_state import MapState
from ui.session.navigation import page_of
from ui.session.past import flat
from ui.session.state import session, session_of
from ui.views.map.axes import axis_control
from ui.views.map.cost import cost_of
from ui.views.map.widgets import VIEW, segments, select
from ui.views.map.work import start
from ui.words import whole

EXPLORE = "the run of Explore"
MINIMUM_NORM = "Minimum nuclear norm"
THRESHOLDS = [1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 10.0]  # of errors; above 1 of ranks
SEEDS = (1, 3, 5, 10, 20)  # in each cell; a link may ask for others
DEPTHS = (1, 2, 3, 4)  # whose thresholds can be shown too
SHARED = (  # settings that the sidebar lists, where no axis varies them
    "model.depth",
    "problem.rank",
    "problem.observations",
    "init.scale",
    "problem.noise",
    "model.kind",
    "init.kind",
    "stop.loss",
)


def sidebar(state: MapState, plan: Plan | None) -> None:
    """Every control of the sidebar, from top to bottom."""
    _start_from(state)
    axis_control(state, "across", "Across")
    axis_control(state, "up", "Up")
    _measure(state)
    _seeds(state)
    _depths(state)
    _shared(state)
    if plan is not None:
        _run(state, plan)
    SIDEBAR.end()


def _start_from(state: MapState) -> None:
    names = {name: each.title for name, each in READY.items()} | {EXPLORE: "The run of Explore"}
    SIDEBAR.follow("map start", state.ready)
    st.selectbox(
        "Start from",
        list(names),
        index=list(names).index(state.ready) if state.ready in names else None,
        key="map start",
        format_func=lambda name: names[name],
        placeholder="These settings",
        on_change=SIDEBAR.chosen("map start", lambda name: _open(state, name)),
    )
    if state.ready in READY:
        st.caption(READY[state.ready].sentence)


def _open(state: MapState, name: str | None) -> None:
    if name in READY:
        state.open(str(name))
    elif name == EXPLORE:
        visit = session()
        state.inputs, state.ready = visit.inputs, None
        state.change(base=visit.spec)


def _measure(state: MapState) -> None:
    settings, measures = state.field, [*MEASURES, LOSS]
    with st.container(gap="xxsmall"):
        select(state, "Measure", "measure", measures, lambda each: words.capital(measured(each)))
        st.caption(f"{words.capital(about(settings.measure))}. " if about(settings.measure) else "")
    options = sorted({*THRESHOLDS, *([settings.threshold] if settings.threshold is not None else [])})
    if settings.threshold is not None:
        SIDEBAR.follow("map threshold", settings.threshold)
        st.select_slider(
            "Threshold",
            options,
            settings.threshold,
            key="map threshold",
            format_func=words.number,
            on_change=SIDEBAR.chosen("map threshold", lambda threshold: state.change(threshold=threshold)),
        )


def view_settings(state: MapState, scene: MapScene) -> None:
    """The controls above the map that change the view only: what is shown of the seeds, and the scale of the colours."""
    only = None if scene.log == state.field.log else scene.log
    names = {"median": "median", "worst": "worst seed", "share": "share below"}
    with st.container(horizontal=True, horizontal_alignment="right", key="map-view-settings"):
        segments(state, "Of the seeds", "shown", list(SHOWN), lambda each: names[each], inside=True)
        segments(state, "Colours", "log", [True, False], _scale_name, inside=True, only=only)
        VIEW.end()


def _scale_name(log: bool) -> str:
    return "log" if log else "linear"


def _seeds(state: MapState) -> None:
    with st.container(gap="xxsmall"):
        segments(state, "Seeds per cell", "seeds", sorted({*SEEDS, state.field.seeds}), str)
        st.caption("Each draws the truth, the observed entries and the start.")


def _depths(state: MapState) -> None:
    """Chooses what else has its threshold in the map: other depths, and the minimum nuclear norm."""
    own, matrix = state.field.base.model.layers, not state.field.base.model.tensor
    fixed = own is not None and not (state.field.layers() is None and _depth_is_axis(state))
    choices = [each for each in DEPTHS if each != own] if fixed else []
    choices = [*choices, *(each for each in state.field.other_depths if each not in (own, *choices))]
    offered: list[Any] = [*choices, *([MINIMUM_NORM] if matrix else [])]
    if not offered or not state.field.up:
        return
    chosen = [
        *(each for each in state.field.other_depths if each in choices),
        *([MINIMUM_NORM] if state.field.least and matrix else []),
    ]
    SIDEBAR.follow("map other depths", chosen)
    st.multiselect(
        "Threshold of these too",
        offered,
        default=chosen,
        key="map other depths",
        placeholder="Nothing",
        format_func=lambda each: each if each == MINIMUM_NORM else f"Depth {each}",
        on_change=SIDEBAR.chosen("map other depths", lambda depths: _change_depths(state, depths)),
    )


def _depth_is_axis(state: MapState) -> bool:
    return any(DEPTH in axis.paths for axis in state.field.typed())


def _change_depths(state: MapState, chosen: list[Any]) -> None:
    state.change(other_depths=tuple(each for each in chosen if each != MINIMUM_NORM), least=MINIMUM_NORM in chosen)


def _shared(state: MapState) -> None:
    """The settings that all runs have in common, and a button that opens them in Explore."""
    base = state.field.base
    varied = {path for text in (state.field.across, state.field.up) for path in text.partition("=")[0].split(",")}
    own = flat(base.model_dump(mode="json"))
    shown = [path for path in SHARED if path in own and path not in varied and own[path] is not None]
    rows = "".join(
        f"<div><dt>{escape(field(path, base).label)}</dt><dd>{escape(value(path, own[path]))}</dd></div>" for path in shown
    )
    size = " × ".join(map(str, base.shape)) if base.shape else "given data"
    rows += f"<div><dt>Size</dt><dd>{size}</dd></div>"
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown("**Shared**", width="content")
            help = "Opens these settings in Explore; then start from the run of Explore."
            if press("Edit", "edit shared", type="tertiary", help=help):
                _edit(base, state.inputs)
        st.html(f"<dl class='dmf-shared'>{rows}</dl>")


def _edit(base: RunSpec, inputs: Inputs) -> None:
    visit = session_of(base)
    visit.spec, visit.inputs, visit.preset = base, inputs, None
    st.switch_page(page_of(base))


def _run(state: MapState, plan: Plan) -> None:
    """The cost of the map, and the button that computes it."""
    cost = cost_of(state, plan)
    sizes = " × ".join(str(len(axis.values)) for axis in plan.axes)
    workers = max(1, shared_queue().workers)
    parts = [f"{sizes} = {whole(len(plan.cells))} runs"]
    parts += [f"{whole(cost.known)} are known already"] if cost.known else []
    if not cost.runs:
        st.caption(f"{', '.join(parts)}. ✓ The map shows these settings.")
        return
    core = in_words(cost.seconds * workers)
    parts.append(
        f"{whole(cost.runs)} to run: about {core} of one core, {memory(plan.runs.values(), workers) / 2**20:.0f} MB at most"
    )
    st.caption(f"{'; '.join(parts)}.")
    if state.requested != plan.digest:
        label = f"Run {whole(cost.runs)} runs · about {in_words(cost.seconds)}"
        st.button(label, type="primary", width="stretch", on_click=start, args=(state, plan))
