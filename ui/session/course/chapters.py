"""The chapters of the course as data: the run, its one control, the part of the player shown, the runs compared with. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from dmf_core.baselines.comparison import WORK, baseline_spec
from dmf_core.inputs import Inputs
from dmf_core.jobs import WholeRun
from dmf_core.prepare import with_inputs, with_sample
from dmf_core.presets import preset_spec
from dmf_core.spec import RunSpec
from ui.player.view import View
from ui.session.course.prose import Prose, prose

Layout = Literal["curves", "errors", "matrix"]  # the curves with the spectrum; with the errors below; or with the matrix
TWO_BY_TWO = np.array([[np.nan, 1.0], [1.0, 0.0]])  # the smallest case of Razin and Cohen 2020


@dataclass(frozen=True, eq=False)
class Chapter:
    """One chapter. Its key names its text, its picture and its answer; its number is its place in CHAPTERS."""

    key: str
    minutes: int
    layout: Layout = "curves"
    preset: str = "fewer-entries"
    changes: Mapping[str, Any] = field(default_factory=dict)  # of the preset
    given: Inputs = Inputs()  # data that the program does not have
    view: View = View()  # how the player opens
    path: str | None = None  # the setting that can be changed
    values: tuple[Any, ...] = ()  # .. the values it can have
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # name -> changes of the chapter's run
    least: str = ""  # the run whose observations the words complete with the smallest nuclear norm too; "": none

    @cached_property
    def spec(self) -> RunSpec:
        """The run that the chapter opens with."""
        return with_inputs(preset_spec(self.preset).replaced(dict(self.changes)), self.given)

    @cached_property
    def inputs(self) -> Inputs:
        """The inputs of the run besides its spec."""
        return with_sample(self.spec, self.given)

    @cached_property
    def needed(self) -> dict[str, WholeRun]:
        """All runs that the words speak of, by the names that the words give them; the chapter's own first."""
        runs = {"start": WholeRun(self.spec, self.inputs)}
        runs |= {name: WholeRun(self.spec.replaced(dict(changes)), self.inputs) for name, changes in self.others.items()}
        if self.least:
            runs["least"] = WholeRun(baseline_spec(runs[self.least].spec), self.inputs, WORK)
        return runs

    @cached_property
    def prose(self) -> Prose:
        """The words."""
        return prose(self.key)

    def at(self, value: Any) -> RunSpec:
        """The run with this value of the chapter's setting."""
        return self.spec if self.path is None else self.spec.replaced({self.path: value})

    @property
    def usual(self) -> Any:
        """The value of the setting that the chapter opens with; None without a setting."""
        return None if self.path is None else _at(self.spec, self.path)

    def value_in(self, spec: RunSpec) -> Any:
        """The value of the chapter's setting in this run, where it is a run of the chapter; else None."""
        if self.path is None or spec.problem.kind != self.spec.problem.kind or spec.model.kind != self.spec.model.kind:
            return None
        value = _at(spec, self.path)
        return value if value in self.values and self.at(value) == spec else None


def _at(spec: RunSpec, path: str) -> Any:
    section, _, name = path.partition(".")
    return getattr(getattr(spec, section), name)


CHAPTERS = (
    Chapter("hidden", 2, "matrix", view=View(matrix="observed", frame=0, future=False)),
    Chapter("one-by-one", 3, view=View(frame=0, future=False), least="start"),
    Chapter("no-product", 2, "errors", path="model.depth", values=(1, 2, 3, 4), others={"one": {"model.depth": 1}}),
    Chapter("depth", 4, path="model.depth", values=(1, 2, 3, 4), others={"two": {"model.depth": 2}}),
    Chapter(
        "start",
        3,
        "errors",
        path="init.scale",
        values=(1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0),
        others={"large": {"init.scale": 1.0}},
    ),
    Chapter(
        "too-few",
        3,
        "errors",
        path="problem.observations",
        values=tuple(range(200, 1001, 50)),
        others={"few": {"problem.observations": 400}},
    ),
    Chapter(
        "norm",
        4,
        changes={"model.depth": 2, "problem.observations": 500},
        path="model.depth",
        values=(2, 3, 4),
        others={"four": {"model.depth": 4}, "thousand": {"model.depth": 3, "problem.observations": 1000}},
        least="thousand",
    ),
    Chapter(
        "no-norm",
        4,
        "errors",
        changes={
            "problem.kind": "observed_data",
            "problem.observations": None,
            "init.kind": "identity",
            "init.scale": 1e-3,
            "stop.loss": 3e-4,
        },
        given=Inputs(data=TWO_BY_TWO),
        view=View(frame=0, future=False),
    ),
    Chapter("photograph", 3, "matrix", preset="photograph"),
)
