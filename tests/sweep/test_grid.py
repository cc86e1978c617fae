"""A field reduced to one number a cell: the right runs in the right cell, whatever is missing, failed or refused."""

import numpy as np
import pytest

from dmf_core.sweep import plan
from dmf_core.sweep.grid import grid
from dmf_core.sweep.order import along

from .fields import SQUARE, rows_of


@pytest.mark.parametrize(
    "order", [("problem.observations", "model.depth", "seed"), ("seed", "problem.observations", "model.depth")]
)
def test_cell_holds_the_values_of_its_seeds(order):
    axes = {"problem.observations": [40, 60, 80], "model.depth": [2, 3], "seed": [0, 1, 2]}
    planned = plan(SQUARE, {path: axes[path] for path in order})
    rows = rows_of(planned, lambda spec: spec.problem.observations * 10 + spec.model.depth + spec.seed / 10)
    found = grid(planned, rows, "reconstruction_error")
    assert found.shape == (2, 3)
    assert np.allclose(found.median, [[402.1, 602.1, 802.1], [403.1, 603.1, 803.1]])
    assert np.allclose(found.highest - found.lowest, 0.2)
    assert [spec.seed for spec in found.specs(1, 0)] == [0, 1, 2]
    assert {(spec.model.depth, spec.problem.observations) for spec in found.specs(1, 0)} == {(3, 40)}


def test_missing_failed_and_refused_runs_are_told_apart():
    planned = plan(SQUARE, {"problem.observations": [60, 100, 200], "seed": [0, 1]})  # 144 entries: 200 do not fit
    rows = rows_of(planned, lambda spec: None if spec.seed else 0.5, lambda spec: spec.problem.observations == 100)
    found = grid(planned, rows, "reconstruction_error")
    assert found.known.tolist() == [[2, 0, 0]] and found.failed.tolist() == [[1, 0, 0]]
    assert found.refused.tolist() == [[False, False, True]] and found.measured.tolist() == [[True, False, False]]
    assert found.median[0, 0] == 0.5 and np.isnan(found.median[0, 1:]).all()
    assert found.share_below(0.6)[0, 0] == 1.0


def test_runs_along_the_threshold_are_those_between_both_sides():
    planned = plan(SQUARE, {"problem.observations": list(range(20, 140, 10)), "seed": [0]})
    done = {20, 60, 100}
    rows = rows_of(
        planned, lambda spec: 1.0 if spec.problem.observations <= 60 else 0.01, lambda spec: spec.problem.observations not in done
    )
    chosen = along(grid(planned, rows, "reconstruction_error"), 0.1)
    assert {planned.runs[digest].spec.problem.observations for digest in chosen} == {80}
