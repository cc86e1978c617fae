"""The chapters of the guided tour as data: where each starts, which step it waits for, which control it means. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.presets import preset_spec
from dmf_core.spec import RunSpec
from ui.player.view import View

PROSE = Path(__file__).parents[2] / "prose" / "tour"
PLAY = (".dmf-play", ".dmf-track")
MATRIX = (".dmf-shown",)
SLIDERS = ("problem.rank", "problem.observations", "init.scale")  # of our own: ui/controls/slider names their keys
TWO_BY_TWO = np.array([[np.nan, 1.0], [1.0, 0.0]])  # the smallest case of Razin and Cohen 2020


@dataclass(frozen=True)
class Chapter:
    """One step of the tour. Either a setting is to be changed (`path`), or the player is to be moved (`seen`)."""

    number: int
    controls: tuple[str, ...] = ()  # CSS selectors of the controls of the player that are meant
    preset: str = "fewer-entries"
    changes: dict[str, Any] = field(default_factory=dict)  # of the preset: where the chapter starts
    inputs: Inputs = Inputs()
    view: View = View()  # how it opens
    path: str | None = None
    accepts: Callable[[Any], bool] = lambda value: False
    value: Any = None  # what "Do it for me" sets
    seen: Callable[[View, int], bool] = lambda view, frames: False  # of the view and the number of frames
    shown: View = View()  # what "Do it for me" shows

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """CSS selectors of the controls meant: those of the player, or the one in the sidebar that is keyed by the path."""
        name = (self.path or "").replace(".", "-")
        return self.controls or (f".st-key-dragged-{name}" if self.path in SLIDERS else f".st-key-{name}",)

    @cached_property
    def spec(self) -> RunSpec:
        """The run that the chapter starts with."""
        return with_inputs(preset_spec(self.preset).replaced(self.changes), self.inputs)

    @cached_property
    def title(self) -> str:
        return self._parts[0].removeprefix("# ").split("\n")[0]

    @cached_property
    def say(self) -> str:
        return self._parts[0].partition("\n")[2].strip()

    @cached_property
    def do(self) -> str:
        return self._parts[1]

    @cached_property
    def look(self) -> str:
        return self._parts[2]

    @cached_property
    def _parts(self) -> list[str]:
        text = (PROSE / f"{self.number}.md").read_text(encoding="utf-8")
        before, _, after = text.partition("## Do")
        do, _, look = after.partition("## Look")
        return [before.strip(), do.strip(), look.strip()]

    def asked(self, spec: RunSpec) -> bool:
        """True when the step that changes a setting has been done, and nothing else was changed."""
        return self.path is not None and self.allows(spec) and self.accepts(_at(spec, self.path))

    def allows(self, spec: RunSpec) -> bool:
        """True for the chapter's run and for what its step may make of it: of other runs its words may not be true."""
        if self.path is not None and spec.problem.kind == self.spec.problem.kind:
            return spec.replaced({self.path: _at(self.spec, self.path)}) == self.spec
        return spec == self.spec


def _at(spec: RunSpec, path: str) -> Any:
    section, _, name = path.partition(".")
    return getattr(getattr(spec, section), name)


def _ended(view: View, frames: int) -> bool:
    return view.frame is not None and view.frame >= frames - 1


LAST = View(frame=0)  # "Do it for me" replaces the frame by the last one
CHAPTERS = (
    Chapter(
        1,
        controls=MATRIX,
        view=View(matrix="observed", frame=0),
        seen=lambda view, frames: view.matrix == "truth",
        shown=View(matrix="truth"),
    ),
    Chapter(2, controls=PLAY, view=View(frame=0), seen=_ended, shown=LAST),
    Chapter(3, path="model.depth", accepts=lambda depth: depth == 1, value=1),
    Chapter(4, changes={"model.depth": 2}, path="model.depth", accepts=lambda depth: depth == 4, value=4),
    Chapter(5, path="init.scale", accepts=lambda scale: scale == 1, value=1.0),
    Chapter(6, path="problem.observations", accepts=lambda count: count < 500, value=400),
    Chapter(
        7,
        changes={"model.depth": 2, "problem.observations": 500},
        path="model.depth",
        accepts=lambda depth: depth == 4,
        value=4,
    ),
    Chapter(
        8,
        controls=PLAY,
        changes={
            "problem.kind": "observed_data",
            "problem.observations": None,
            "init.kind": "identity",
            "init.scale": 1e-3,
            "stop.loss": 3e-4,
        },
        inputs=Inputs(data=TWO_BY_TWO),
        view=View(frame=0),
        seen=_ended,
        shown=LAST,
    ),
)
