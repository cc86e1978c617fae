"""Fields of runs whose numbers a test makes up."""

from collections.abc import Callable, Mapping
from typing import Any

from dmf_core.spec import RunSpec
from dmf_core.store import Row
from dmf_core.sweep import Plan
from dmf_core.trajectory import Outcome

SQUARE = RunSpec().replaced({"problem.rows": 12, "problem.columns": 12, "problem.rank": 2, "problem.observations": 60})


def rows_of(
    plan: Plan, number: Callable[[RunSpec], float | None], skip: Callable[[RunSpec], bool] = lambda spec: False
) -> Mapping[str, Row]:
    """A row for every run that is not skipped; None: the run diverged."""
    made: dict[str, Row] = {}
    for digest, cell in plan.runs.items():
        assert cell.spec is not None
        if skip(cell.spec):
            continue
        value = number(cell.spec)
        outcome = Outcome.DIVERGED if value is None else Outcome.CONVERGED
        measures: dict[str, Any] = {"reconstruction_error": value}
        made[digest] = Row(digest, {}, outcome, "It diverged." if value is None else "", 0.1, 10, measures, {})
    return made
