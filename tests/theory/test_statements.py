"""Which statement covers which method, and what methods with finite steps do to what the flow keeps."""

import numpy as np
import pytest

from dmf_core.analysis.replay import explained
from dmf_core.integrators import INTEGRATORS
from dmf_core.interfaces import Coverage
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.statements import STATEMENTS, covered

SMALL = {"problem.rows": 20, "problem.columns": 20, "problem.rank": 2, "problem.observations": 250, "seed": 7}
START = {"init.kind": "balanced", "init.scale": 1e-2, "stop.loss": 1e-2, "dtype": "float64"}


def drift(kind: str, rate: float) -> float:
    """Relative, at worst."""
    changes = SMALL | START | {"integrator.learning_rate": rate}
    spec = RunSpec().replaced({"integrator.kind": kind}).replaced(changes)
    insight = explained(run(spec), spec).insight
    assert insight is not None and insight.check is not None
    return float(np.nanmax(insight.check.drift) / np.nanmax(insight.check.squares))


@pytest.mark.parametrize("statement", list(STATEMENTS))
def test_every_statement_says_why_about_every_method(statement: str) -> None:
    assert STATEMENTS[statement].source
    for kind, integrator in INTEGRATORS.items():
        covers = covered(statement, integrator)
        assert covers.because
        assert (covers.coverage is Coverage.EXACT) == integrator.continuous
        assert ("clock" in covers.because) == (kind == "group_rmsprop" and STATEMENTS[statement].timed)


def test_gradient_descent_loses_balance_with_the_square_of_its_step() -> None:
    """The square in every iteration, so over the same time the step itself: a quarter."""
    assert drift("gradient_descent", 0.1) == pytest.approx(drift("gradient_descent", 0.4) / 4, rel=0.1)


def test_adam_does_not_keep_the_balance_however_small_its_steps() -> None:
    coarse, fine = drift("adam", 2e-3), drift("adam", 5e-4)
    assert fine > 0.1
    assert fine > coarse / 2  # where a method that follows the flow has a quarter
