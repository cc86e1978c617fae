"""The two settings that a map varies, and their values."""

from typing import Any

import streamlit as st

from dmf_core.spec import RunSpec
from dmf_core.sweep.axes import Axis, parse_axis
from ui.controls.echo import SIDEBAR
from ui.fields import label
from ui.figures import words
from ui.figures.map.phrases import value
from ui.session.map_state import MapState
from ui.session.past import flat

BOTH_SIDES = "problem.rows,problem.columns"
NOT_VARIED = (
    "version",
    "seed",
    "save.snapshots",
    "stop.seconds",
    "device",
    "problem.mask",
    "problem.data",
    "init.factors",
    "plugins",
)
USUAL = {  # values to begin with
    "problem.observations": "60:840:60",
    "problem.rank": "1:8",
    "model.depth": "1:5",
    "init.scale": "1:1e-6:7log",
    "problem.noise": "0:0.5:6lin",
    "stop.time": "100:100000:10log",
    BOTH_SIDES: "10:50:10",
}


def axis_control(state: MapState, axis: str, title: str) -> None:
    """The setting, and its values as they are typed."""
    text: str = getattr(state.field, axis)
    path, _, typed = text.partition("=")
    choices = paths_of(state.field.base)
    choices += [path] if path and path not in choices else []
    choices = ["", *choices] if axis == "up" else choices
    with st.container(gap="xxsmall"):
        SIDEBAR.follow(f"map {axis}", path)
        st.selectbox(
            title,
            choices,
            index=choices.index(path),
            key=f"map {axis}",
            format_func=lambda each: _name(each) if each else "nothing: curves instead",
            on_change=SIDEBAR.chosen(f"map {axis}", lambda chosen: _choose(state, axis, chosen)),
        )
        if not path:
            return
        SIDEBAR.follow(f"map {axis} values", typed)
        st.text_input(
            f"{title}, values",
            typed,
            key=f"map {axis} values",
            label_visibility="collapsed",
            help="Values with commas between them; `2:5` for the whole numbers from 2 to 5, `20:90:10` for every tenth one; "
            "`0.1:2:5lin` for 5 values evenly spread, `1e-6:1e-2:5log` on a logarithmic scale.",
            on_change=SIDEBAR.chosen(f"map {axis} values", lambda text: state.change(**{axis: f"{path}={text}"})),
        )
        st.caption(_range(parse_axis(text)))


def _choose(state: MapState, axis: str, path: str) -> None:
    """Another setting, with values to begin with."""
    if not path:
        state.change(**{axis: ""})
        return
    own = flat(state.field.base.model_dump(mode="json")).get(path)
    typed = USUAL.get(path) or _around(own)
    other = "up" if axis == "across" else "across"
    if getattr(state.field, other).partition("=")[0] == path:  # they change places
        state.change(across=state.field.up, up=state.field.across)
        return
    state.change(**{axis: f"{path}={typed}"})


def _around(own: Any) -> str:
    """Some values about this one."""
    if isinstance(own, bool):
        return "false,true"
    if isinstance(own, int):
        return f"{max(1, own // 2)}:{2 * own}:{max(1, own // 4)}"
    if isinstance(own, float) and own > 0:
        return f"{own / 10:g}:{own * 10:g}:5log"
    return str(own)


def paths_of(spec: RunSpec) -> list[str]:
    """The settings of this run that can vary."""
    paths = [path for path in flat(spec.model_dump(mode="json")) if path not in NOT_VARIED and not path.endswith(".kind")]
    usual = [path for path in USUAL if path in paths]
    sides = [BOTH_SIDES] if "problem.columns" in paths else []
    kinds = ["integrator.kind", "init.kind"]
    return [*usual, *sides, *(path for path in paths if path not in usual), *kinds]


def _name(path: str) -> str:
    return "Rows and columns" if path == BOTH_SIDES else label(path)


def _range(axis: Axis) -> str:
    first, last = value(axis.name, axis.values[0]), value(axis.name, axis.values[-1])
    return f"{first} to {last}: {words.count(len(axis.values), 'value')}." if len(axis.values) > 1 else f"{first}."
