"""The page Map: title, cells, the read-out of one of them, and how far the runs are."""

import hashlib
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from dmf_core import limits
from dmf_core.cost import in_words
from dmf_core.errors import BadInput
from dmf_core.sweep import Plan
from dmf_core.sweep.grid import Grid
from ui.fields import in_labels
from ui.figures.map.scene import MapScene
from ui.figures.map.verdict import sentence, title
from ui.figures.text.glossary import with_meanings
from ui.markup import markup
from ui.player.map import map_view
from ui.session.map_state import MapState, map_state
from ui.session.navigation import gone
from ui.views.map.cell import area, compare, open_cell, readout, select_cell
from ui.views.map.cost import cost_of
from ui.views.map.exports import exports
from ui.views.map.sidebar import sidebar, view_settings
from ui.views.map.work import MapWork, scene_of, start, stop
from ui.watching import button, press, under_way, watch
from ui.words import whole

KEY = "map"
WIDTHS = (650, 352)  # of the map and of the read-out in pixels


def page() -> None:
    """The whole page."""
    gone()
    state = map_state()
    plan = _plan(state)
    with st.sidebar:
        sidebar(state, plan)
    plan = _plan(state)
    with st.container(key="message"):
        if state.message:
            st.warning(in_labels(state.message, state.field.base), icon=":material/warning:")
    if plan is None:
        st.title("Map")
        return
    if st.query_params.to_dict() != state.address():
        st.query_params.from_dict(state.address())
    cost = cost_of(state, plan)
    if cost.runs and cost.longest <= limits.RUN_WITHOUT_ASKING_SECONDS and state.requested != plan.digest:
        start(state, plan)
    work = MapWork(state, plan)
    watch(work, partial(_draw, state, plan, work, state.cell))
    with st.container(key="actions", horizontal=True, gap="small"):
        exports(state, plan)


def _plan(state: MapState) -> Plan | None:
    try:
        return state.plan()
    except BadInput as error:
        state.message = state.message or str(error)
        return None


def _draw(state: MapState, plan: Plan, work: MapWork, cell: tuple[int, int] | None) -> None:
    """`cell`: at the cursor when the page was run; where it has been moved since then, the map knows by itself."""
    scene = scene_of(state, plan)
    page = f'<div class="nr map-title"><h1>{escape(title(scene))}</h1><p>{escape(sentence(scene))}</p></div>'
    markup(with_meanings(page), "map title")
    with st.container(key="map-progress"):  # always there: the map never moves
        if len(work.rows) < len(plan.runs) and state.requested != plan.digest:
            _start(state, plan)
        else:
            _progress(state, plan, work)
    left, right = st.columns(WIDTHS, gap="medium")
    with left:
        view_settings(state, scene)
        shown = hashlib.sha256(f"{plan.digest} {state.field}".encode()).hexdigest()[:16]
        version = len(work.rows) + len(state.known_least)
        act, notes = partial(_act, state, plan), (_hint(state, scene), _note(scene.grid))
        map_view(scene, shown, version, notes, KEY, act, cell, state.marked)
    with right:
        readout(state, plan, work, scene)


def _act(state: MapState, plan: Plan, action: str, places: dict[str, Any]) -> None:
    """Does what a press on the map asks for."""
    match action:
        case "cell":
            select_cell(state, plan, _place(places["at"]))
        case "open":
            press(partial(open_cell, state, plan, _place(places["at"])))
        case "compare":
            select_cell(state, plan, _place(places["at"]))
            press(partial(compare, state, plan, _place(places["at"])))
        case "area":
            press(partial(area, state, _place(places["from"]), _place(places["to"])))


def _place(cell: Any) -> tuple[int, int]:
    row, column = cell
    return int(row), int(column)


def _hint(state: MapState, scene: MapScene) -> str:
    """What a press on a cell does next."""
    if state.hint:
        return state.hint
    if state.marked is None:
        return "A click, or a second tap, opens a cell; Shift and click compares two; a drawn area is refined."
    where = "another cell" if scene.curves else "another cell of its row or column"
    return f"Marked: {scene.at(*state.marked)}. Shift and click {where}."


def _note(grid: Grid) -> str:
    parts = []
    if (grid.known == 0).any():
        parts.append("Small square: not measured yet, colour of the nearest cell that is.")
    if grid.failed.any():
        parts.append("△: some seeds failed; ✕: all did.")
    return " ".join(parts)


def _start(state: MapState, plan: Plan) -> None:
    """Why nothing happens by itself, and beside it the button that starts it: above the map, where one looks first."""
    cost = cost_of(state, plan)
    left = f"{whole(cost.runs)} runs take"
    if cost.known:
        left = f"{whole(cost.known)} of {whole(len(plan.runs))} runs are there, the rest takes"
    with st.container(key="map-start", horizontal=True, vertical_alignment="center"):
        st.markdown(f"Nothing runs before you ask for it: {left} about {in_words(cost.seconds)} here. What is computed stays.")
        button(f"Compute the map · about {in_words(cost.seconds)}", "compute map", partial(start, state, plan), primary=True)


def _progress(state: MapState, plan: Plan, work: MapWork) -> None:
    total = len(plan.runs)
    tally = work.sweeping.tally
    if work.least is not None and work.sweeping.ended and not work.least.ended:
        text = f"{whole(len(work.least.rows))} of {whole(len(work.least.plan.runs))} minima of the nuclear norm."
        under_way(text, "cancel map", partial(stop, state), len(work.least.rows) / max(1, len(work.least.plan.runs)))
        return
    if tally is None or work.sweeping.ended:
        done = len(work.rows)
        st.caption(f"{whole(done)} of {whole(total)} runs." if done < total else f"All {whole(total)} runs.")
        return
    parts = [f"{whole(tally.done)} of {whole(total)} runs"]
    parts += [f"{tally.rate:.3g} a second"] if tally.rate else []
    parts += [f"about {in_words(tally.left)} left"] if tally.left is not None else []
    parts += [f"{whole(tally.stored)} were in the store"] if tally.stored else []
    text = ", ".join(parts) + ". Sliders on other pages come first."
    under_way(text, "cancel map", partial(stop, state), tally.done / max(1, total))
