"""Every sentence of random runs, read back by code of the test's own and held against the arrays.

`python -m benchmarks.words 2000` does the same to two thousand.
"""

from dataclasses import replace

import pytest

from benchmarks.random_words import Case, case
from benchmarks.words import wrong
from dmf_core.analysis.accuracy import assessed, outline
from dmf_core.analysis.replay import returned
from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from ui.figures.text.summary import headline, sentences

RUNS = 200


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [case(number) for number in range(RUNS)]


def test_words_of_random_runs_are_borne_out_by_the_arrays(cases: list[Case]) -> None:
    assert {number: faults for number, each in enumerate(cases) if (faults := wrong(each))} == {}


def test_random_runs_are_of_every_kind_of_trouble(cases: list[Case]) -> None:
    """Else the test above says little."""
    specs, runs = [each.spec for each in cases], [each.run for each in cases]
    assert {spec.model.depth for spec in specs if not spec.model.tensor} == set(range(1, 9))
    assert {spec.model.kind for spec in specs} >= {"deep_matrix", "cp", "tucker", "tensor_train", "hierarchical_tucker"}
    outcomes = {"growing" if run.end is None else run.end.outcome.value for run in runs}
    assert outcomes >= {"growing", "converged", "iterations", "time", "cancelled", "budget", "diverged"}
    assert sum(len(run.snapshots) <= 2 for run in runs) > 20
    assert sum(spec.problem.noise_level > 0 for spec in specs) > 50


def test_tolerance_that_makes_the_picture_wrong_is_said_beside_the_title() -> None:
    """0.1 is off by 67 % here; at the default one the same run is as promised."""
    small = {"problem.rows": 60, "problem.columns": 60, "problem.rank": 5, "problem.observations": 1500, "seed": 7}
    spec = RunSpec().replaced(small | {"init.kind": "balanced", "stop.loss": 1e-4, "integrator.tolerance": 0.1})
    coarse, usual = run(spec), run(spec.replaced({"integrator.tolerance": 0.01}))
    errors = [each.snapshots[-1].measures["unobserved_error"] or 0.0 for each in (coarse, usual)]
    assert abs(errors[0] / errors[1] - 1) > 0.3  # what the warning is about
    assert any("A tolerance of 0.1 is above the usual 0.01" in text for text in sentences(coarse, spec, []))
    known = replace(coarse, accuracy=returned(assessed(spec, Inputs(), outline(coarse))))
    assert headline(known, spec) == ("△", "Recovered, but not accurate")
    assert any("Not accurate: the error of unseen entries is off by" in text for text in sentences(known, spec, []))
    assert headline(usual, spec) == ("✓", "Recovered")
    assert not any("tolerance" in text for text in sentences(usual, spec.replaced({"integrator.tolerance": 0.01}), []))
