"""The texts of a comparison: title, summary, names and states of the columns, the truth for its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dmf_core import __version__
from dmf_core.jobs import State
from dmf_core.jobs import View as JobView
from dmf_core.measures.effective_rank import entropy_rank, ratio_rank
from dmf_core.problems.observed_data import Given
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Start, Trajectory
from ui.fields import in_labels
from ui.figures.births import grown
from ui.figures.notice import Notice
from ui.figures.scene import scene
from ui.figures.scene.comparison import ComparisonScene
from ui.figures.scene.comparison_json import comparison_json, stills_json
from ui.figures.text.summary import headline, story
from ui.figures.words import number
from ui.views.compare.comparison import Comparison
from ui.views.compare.summary import Run, sentences, title
from ui.views.compare.words import heading


@dataclass(frozen=True)
class Column:
    """One run of a comparison as the page knows it. Without a view it was not requested yet; `error`: it cannot be."""

    value: Any
    spec: RunSpec
    view: JobView | None = None
    error: str = ""

    @property
    def trajectory(self) -> Trajectory | None:
        return self.view.trajectory if self.view else None

    @property
    def ended(self) -> bool:
        """True when nothing more will come."""
        return self.view is None or self.view.state.ended


def head(
    comparison: Comparison, columns: Sequence[Column], notice: Notice, account: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Everything but the pictures; `account`: how the data of the visitor were read."""
    runs = [Run(each.value, each.spec, each.trajectory) for each in columns if each.trajectory is not None]
    pairs = tuple((each.trajectory, each.spec) for each in columns)
    ended = all(run is not None and run.end is not None for run, _ in pairs)
    shown, shared = _scene_and_stills(pairs) if ended else _scene_and_stills.__wrapped__(pairs)  # a growing run is looked at once
    whole = len(runs) == len(columns)
    specs = [each.spec for each in columns]
    return {
        "title": title(comparison.factor, comparison.values, runs),
        "summary": sentences(comparison.factor, runs) if whole else [],
        "provenance": provenance(specs) + (f" · Data: {account['sentence']}" if account else ""),
        "notice": notice.as_dict(),
        "at": comparison.at,
        "overlaid": comparison.overlaid,
        "measured": all(spec.problem.measured for spec in specs),
        "given": comparison.base.problem.in_order,
        "scene": shared,
        "stills": stills_json(shown, comparison.at, comparison.overlaid),
        "runs": [_one(comparison.factor, each) for each in columns],
    }


@lru_cache(maxsize=8)
def _scene_and_stills(pairs: tuple[tuple[Trajectory | None, RunSpec], ...]) -> tuple[ComparisonScene, dict[str, Any]]:
    """The scene of the runs, and what of it does not depend on the view."""
    shown = ComparisonScene(tuple(None if run is None else scene(run, spec) for run, spec in pairs))
    return shown, comparison_json(shown)


def provenance(specs: Sequence[RunSpec]) -> str:
    """runs 3f9a 71c2, 88d0 14be · DMF Lab 0.1."""
    digests = [f"{spec.digest()[:4]} {spec.digest()[4:8]}" for spec in specs]
    return f"runs {', '.join(digests)} · DMF Lab {'.'.join(__version__.split('.')[:2])}"


def _one(factor: str, column: Column) -> dict[str, Any]:
    run = column.trajectory
    return {
        "run": column.spec.digest(),
        "name": heading(factor, column.value),
        "status": status(column),
        "centre": "" if run is not None else _instead(column),
        "alt": "" if run is None else story(run, column.spec, grown(run)),
        "truth": None if run is None else _truth(run.start, column.spec),
    }


def status(column: Column) -> str:
    """Beside the name of a column: how far its run is, and of a complete one the verdict."""
    if column.error:
        return "cannot be run"
    if column.view is None:
        return "not run yet"
    run = column.trajectory
    if column.view.state is State.FAILED:
        return "failed"
    if run is None and column.view.state.ended:
        return "cancelled"
    if run is None:
        place = column.view.position_in_queue
        return "running" if place is None else f"waiting, {place} in line"
    t = f"t = {number(run.snapshots[-1].t)}"
    if run.end is None:
        return f"running, {t}" if not column.view.state.ended else f"stopped at {t}"
    if run.end.outcome.done:
        return " ".join(headline(run, column.spec))
    words = {Outcome.CANCELLED: "cancelled", Outcome.DIVERGED: "diverged", Outcome.BUDGET: "out of time"}
    return f"{words.get(run.end.outcome, 'failed')} at {t}"


def _instead(column: Column) -> str:
    """In the middle of a column without a picture."""
    if column.error:
        return in_labels(column.error, column.spec)
    if column.view is None:
        return "Press Run."
    return in_labels(column.view.message, column.spec) if column.view.state.ended else ""


def _truth(start: Start, spec: RunSpec) -> dict[str, float | None] | None:
    """The numbers of the truth itself, for the last column of the table; None where it is not known."""
    values = start.true_singular_values
    if values is None or isinstance(spec.problem, Given):
        return None
    return {
        "entropy_rank": round(float(entropy_rank(values)), 4),
        "ratio_rank": round(float(ratio_rank(values)), 4),
        "nuclear_norm": round(float(np.sum(values)), 3),
        "observed_error": 0.0 if spec.problem.noise_level == 0 else None,  # the noise is not recorded
        "unobserved_error": 0.0,
        "mean_squared_error": 0.0,
    }
