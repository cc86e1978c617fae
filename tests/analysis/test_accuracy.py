"""Which runs have an accuracy, and what is said of those that have none."""

import math
from dataclasses import replace

import pytest

from dmf_core import limits
from dmf_core.analysis.accuracy import MOST_WORK, OVERHEAD, assessable, sentence, why_unknown
from dmf_core.cli.words import summary
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Accuracy, Outcome, Trajectory
from ui.figures.text.summary import inaccurate

SPEC = RunSpec().replaced(
    {"problem.rows": 8, "problem.columns": 8, "problem.rank": 1, "problem.observations": 40, "stop.loss": 1e-3}
)


def _lasted(made: Trajectory, seconds: float, gradients: int) -> Trajectory:
    assert made.end is not None
    return replace(made, end=replace(made.end, seconds=seconds, gradients=gradients))


def test_run_too_long_to_be_walked_again_says_so_in_one_sentence() -> None:
    made = run(SPEC)
    assert why_unknown(SPEC, made) == "" == inaccurate(made, SPEC)  # its accuracy comes soon
    long = _lasted(made, 60.0, round(MOST_WORK / OVERHEAD))
    assert why_unknown(SPEC, long) in summary(long, SPEC)
    assert "would take about 4 min" in inaccurate(long, SPEC)  # 60 s, 2.15 times the gradients, in float64
    assert "about 2 min" in why_unknown(SPEC.replaced({"dtype": "float64"}), long)


def test_only_a_run_of_the_adaptive_method_that_ended_as_it_should_has_an_accuracy() -> None:
    long = _lasted(run(SPEC), 60.0, round(MOST_WORK / OVERHEAD))
    assert long.end is not None
    cancelled = replace(long, end=replace(long.end, outcome=Outcome.CANCELLED))
    descent = SPEC.replaced({"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.1, "stop.iterations": 9})
    assert why_unknown(SPEC, cancelled) == "" == why_unknown(descent, long)


def test_work_of_sensing_counts_its_matrices() -> None:
    """Each gradient reads 800 matrices of 1,600 numbers twice: a run of 3,000 gradients takes seconds, of completion none."""
    made = run(SPEC)
    assert made.end is not None
    end = replace(made.end, gradients=3000)
    sides = {"problem.rows": 40, "problem.columns": 40, "problem.observations": 800}
    assert assessable(SPEC.replaced(sides), (40, 40), end)
    assert not assessable(SPEC.replaced({"problem.kind": "matrix_sensing"}).replaced(sides), (40, 40), end)


@pytest.mark.parametrize(
    ("accuracy", "tolerance", "advice"),
    [
        (Accuracy(0.03, 1e-3, None, None), 1e-2, "; choose a tolerance of 0.001, or more snapshots."),
        (Accuracy(math.inf, 1e-3, None, None), 1e-2, "; choose a tolerance of 0.001, or more snapshots."),
        (Accuracy(1e-3, 0.01, None, None), 1e-2, "; choose a tolerance of 0.001."),  # final values need no snapshots
        (Accuracy(1e-3, 1e-3, None, 0.5), 1e-2, "; choose a tolerance of 0.001."),
        (Accuracy(0.03, 1e-3, None, None), limits.MIN_TOLERANCE, "; choose more snapshots."),  # there is no stricter one
        (Accuracy(1e-3, 0.01, None, None), limits.MIN_TOLERANCE, "Less accurate than usual: final singular values to about 1 %."),
    ],
    ids=str,
)
def test_remedy_of_an_inaccurate_run_names_only_what_helps(accuracy: Accuracy, tolerance: float, advice: str) -> None:
    assert sentence(accuracy, tolerance).endswith(advice)
