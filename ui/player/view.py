"""The view of a run, which changes its picture and never the run: the part of a link that the player holds."""

from typing import Any, Literal

import streamlit as st
from pydantic import Field

from dmf_core import limits
from dmf_core.settings import Settings
from ui.figures.plot_options import PlotOptions
from ui.figures.theme import LIGHT, Theme

Axis = Literal["time", "iterations", "error", "seconds", "events"]
Matrix = Literal["W", "residual", "truth", "observed", "K"]
Strip = Literal[
    "",
    "error",
    "loss",
    "relative",
    "entropy_rank",
    "ratio_rank",
    "norms",
    "schatten",
    "hidden",
    "alignment",
    "balance",
    "determinant",
]  # the keys of ui.figures.scene.strips; "": what the run is about


class View(Settings):
    """The moment shown and how it is shown. None: what the player chooses by itself."""

    frame: int | None = Field(None, ge=0, lt=limits.MAX_SNAPSHOTS)
    axis: Axis = "time"
    log_time: bool = False
    log_values: bool = False
    matrix: Matrix = "W"
    mode: int | None = Field(None, ge=0, le=limits.MAX_SIDE)  # selected; 0: none
    future: bool = True  # False: hidden, to predict and reveal
    projector: bool = False
    theory: bool = False  # laid over the curves; only then K is one of the matrices
    spectrum: str = Field("", max_length=40)  # of a tensor: the key of the spectrum whose curves are shown; "": its main one
    part: str = Field("", max_length=40)  # of a tensor: slice, unfolding-1 ..; "": slice
    slice: int = Field(0, ge=0, le=limits.MAX_SIDE**2)
    upper_strip: Strip = ""
    lower_strip: Strip = ""

    def options(self, theme: Theme = LIGHT) -> PlotOptions:
        """The same for pictures that are drawn on the server."""
        return PlotOptions(
            frame=self.frame,
            axis=self.axis,
            log_time=self.log_time,
            log_values=self.log_values,
            matrix="W" if self.matrix == "K" and not self.theory else self.matrix,  # as in the player
            mode=self.mode,
            future=self.future,
            part=self.part,
            slice=self.slice,
            spectrum=self.spectrum,
            strips=(self.upper_strip, self.lower_strip),
            theory=self.theory,
            theme=theme,
        )


def current(key: str = "player") -> View:
    """The view that the player of this key reported last; the default view before its first report."""
    state: Any = st.session_state.get(key)
    try:
        return View.model_validate(dict(state["view"]))
    except (KeyError, TypeError, ValueError):
        return View()
