"""Births of a run that keeps two snapshots, held against those of the same run with many."""

from typing import Any

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.analysis.birth_times import birth_times
from dmf_core.recording.growth import MOMENTS
from dmf_core.simulate import run
from dmf_core.spec import RunSpec

SMALL = {"problem.rows": 20, "problem.columns": 20, "problem.rank": 2, "problem.observations": 240, "stop.loss": 1e-4, "seed": 7}
CUBE = {"problem.kind": "tensor_completion", "problem.shape": (6, 6, 6), "problem.rank": 2, "problem.observations": 150}
RUNS: dict[str, dict[str, Any]] = {
    "depth 2": SMALL | {"model.depth": 2},
    "depth 3, balanced": SMALL | {"init.kind": "balanced"},
    "gradient descent": SMALL | {"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.2, "init.scale": 0.03},
    "cp": CUBE | {"stop.loss": 1e-3},
    "tucker": CUBE | {"stop.loss": 1e-3, "model.kind": "tucker"},
}


@pytest.mark.parametrize("name", list(RUNS))
def test_births_of_two_snapshots_are_those_of_many(name: str) -> None:
    """Many: 400, of which births are within 0.01 %. 0.2 % is twice what was measured of 60 moments, at the worst."""
    few, many = (run(RunSpec().replaced(RUNS[name] | {"save.snapshots": count})) for count in (2, 400))
    assert len(few.snapshots) == 2
    assert few.snapshots[-1].t == many.snapshots[-1].t  # the record changes no step
    exact = birth_times(many)
    assert exact
    assert birth_times(few) == pytest.approx(exact, rel=2e-3)


def test_run_with_many_snapshots_keeps_no_record() -> None:
    counts = (MOMENTS - 1, MOMENTS)
    ends = [run(RunSpec().replaced(RUNS["depth 2"] | {"save.snapshots": count})).end for count in counts]
    assert [bool(end.growth) for end in ends if end is not None] == [True, False]


def test_record_comes_back_from_the_archive_for_every_spectrum() -> None:
    spec = RunSpec().replaced(RUNS["tucker"] | {"save.snapshots": 3})
    trajectory = run(spec)
    opened = archive.read(archive.write(trajectory, spec)).trajectory
    assert trajectory.end is not None and opened.end is not None
    assert set(opened.end.growth) == set(trajectory.spectra)
    for key, times in trajectory.end.growth.items():
        np.testing.assert_array_equal(opened.end.growth[key], times)
        known = times[np.isfinite(times).all(axis=1)]
        assert (np.diff(known, axis=1) > 0).all()  # starts, is born, has arrived
