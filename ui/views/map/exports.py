"""Link and Export of a map. Nothing is made before its button is pressed."""

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from dmf_core.sweep import Plan, Table
from ui.controls.link import add_to_lecture, address_box
from ui.controls.page_address import page_url
from ui.export.map_script import map_script
from ui.figures import words
from ui.figures.map.still import still
from ui.figures.theme import THEMES
from ui.player.view import View
from ui.session import share
from ui.session.map_state import MapState
from ui.views.map.work import scene_of, specs_of

Kind = Literal["png", "svg", "pdf"]
WIDTH = 320  # pixels


def exports(state: MapState, plan: Plan) -> None:
    """The two popovers."""
    _link(state, plan)
    popover = st.popover("Export", key="Export map", on_change="rerun")
    if not popover.open:
        return
    name = f"dmf-map-{plan.digest[:8]}"
    with popover, st.container(width=WIDTH):
        page = "dark" if st.context.theme.type == "dark" else "light"
        theme = st.segmented_control("Colours of pictures", list(THEMES), default=page, required=True)
        pictures: list[tuple[str, str, Kind]] = [
            ("PNG", "image/png", "png"),
            ("SVG", "image/svg+xml", "svg"),
            ("PDF", "application/pdf", "pdf"),
        ]
        _offer(
            "Picture",
            [(label, f"{name}.{kind}", mime, partial(_picture, state, plan, theme, kind)) for label, mime, kind in pictures],
        )
        table = [
            ("CSV", f"{name}.csv", "text/csv", lambda: _table(state, plan).to_csv().encode()),
            ("Parquet", f"{name}.parquet", "application/vnd.apache.parquet", lambda: _table(state, plan).to_parquet()),
        ]
        _offer("Table, one row a run", table)
        script: Callable[[], bytes] = partial(map_script, state.field, plan)
        _offer("Script that makes it again", [("Python", f"{name}.py", "text/x-python", script)])


def _offer(title: str, kinds: list[tuple[str, str, str, Callable[[], bytes]]]) -> None:
    with st.container(gap="xxsmall"):
        st.caption(title)
        with st.container(horizontal=True, gap="xsmall"):
            for label, name, mime, make in kinds:
                st.download_button(label, make, name, mime, on_click="ignore", key=f"export {name}")


def _picture(state: MapState, plan: Plan, theme: str, kind: Kind) -> bytes:
    return still(scene_of(state, plan), plan.digest[:8], THEMES[theme], kind)


def _table(state: MapState, plan: Plan) -> Table:
    return Table(plan, dict(state.known))


def _link(state: MapState, plan: Plan) -> None:
    popover = st.popover("Link", key="Link map", on_change="rerun")
    if not popover.open:
        return
    with popover, st.container(width=WIDTH):
        if state.field.base.needs_inputs:
            st.markdown("This map is of your own data, which no address can hold. Take its table or its picture along: Export.")
            return
        address = share.address(page_url(), state.address())
        address_box(address)
        st.caption("It holds every setting, the axes, the seeds, the measure, the threshold and the scale of the map.")
        _cell_to_lecture(state, plan)


def _cell_to_lecture(state: MapState, plan: Plan) -> None:
    """A scene shows one run: the cell at the cursor, with its first seed."""
    place = state.cell
    specs = [] if place is None else specs_of(state, plan, place)
    if place is None or not specs:
        st.caption("A scene of a lecture shows one run: move to a cell of the map, and its run can be added here.")
        return
    heading = words.capital(scene_of(state, plan).at(*place))
    st.caption(f"The cell at the cursor: {heading}, seed {specs[0].seed}.")
    add_to_lecture(
        lambda: [(specs[0], View(), heading)],
        "A scene shows one run: that of the cell at the cursor, with its first seed.",
        f"The last scene of your own lecture is now the run “{heading}”, seed {specs[0].seed}, from its start; give it notes on "
        "the page Lecture.",
    )
