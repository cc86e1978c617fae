"""A field reduced to one number a cell: the right runs in the right cell, whatever is missing, failed or refused."""

import numpy as np
import pytest

from dmf_core.baselines.comparison import baseline, baseline_spec
from dmf_core.sweep import Sweep, plan
from dmf_core.sweep.field import MapQuestion
from dmf_core.sweep.grid import grid
from dmf_core.sweep.order import along
from dmf_core.sweep.plan import least_plan
from dmf_core.trajectory import collect

from .conftest import finish
from .fields import SQUARE, rows_of
from .inline import Inline


@pytest.mark.parametrize(
    "order", [("problem.observations", "model.depth", "seed"), ("seed", "problem.observations", "model.depth")]
)
def test_cell_holds_the_values_of_its_seeds(order):
    axes = {"problem.observations": [40, 60, 80], "model.depth": [2, 3], "seed": [0, 1, 2]}
    planned = plan(SQUARE, {path: axes[path] for path in order})
    rows = rows_of(planned, lambda spec: spec.problem.observations * 10 + spec.model.depth + spec.seed / 10)
    cells = grid(planned, rows, "reconstruction_error")
    assert cells.shape == (2, 3)
    assert np.allclose(cells.median, [[402.1, 602.1, 802.1], [403.1, 603.1, 803.1]])
    assert np.allclose(cells.highest - cells.lowest, 0.2)
    assert [spec.seed for spec in cells.specs(1, 0)] == [0, 1, 2]
    assert {(spec.model.depth, spec.problem.observations) for spec in cells.specs(1, 0)} == {(3, 40)}


def test_missing_failed_and_refused_runs_are_told_apart():
    planned = plan(SQUARE, {"problem.observations": [60, 100, 200], "seed": [0, 1]})  # 144 entries: 200 do not fit
    rows = rows_of(planned, lambda spec: None if spec.seed else 0.5, lambda spec: spec.problem.observations == 100)
    cells = grid(planned, rows, "reconstruction_error")
    assert cells.known.tolist() == [[2, 0, 0]] and cells.failed.tolist() == [[1, 0, 0]]
    assert cells.refused.tolist() == [[False, False, True]] and cells.measured.tolist() == [[True, False, False]]
    assert cells.median[0, 0] == 0.5 and np.isnan(cells.median[0, 1:]).all()
    assert cells.share_below(0.6)[0, 0] == 1.0


def test_runs_along_the_threshold_are_those_between_both_sides():
    planned = plan(SQUARE, {"problem.observations": list(range(20, 140, 10)), "seed": [0]})
    done = {20, 60, 100}
    rows = rows_of(
        planned, lambda spec: 1.0 if spec.problem.observations <= 60 else 0.01, lambda spec: spec.problem.observations not in done
    )
    chosen = along(grid(planned, rows, "reconstruction_error"), 0.1)
    assert {planned.runs[digest].spec.problem.observations for digest in chosen} == {80}


def test_other_depths_are_fields_of_their_own():
    field = MapQuestion(SQUARE, "problem.observations=40,60", "problem.rank=1,2", seeds=2, other_depths=(2, 4))
    planned, layers = field.plan(), field.layers()
    rows = rows_of(planned, lambda spec: spec.model.depth + spec.problem.rank / 10)
    assert layers.values == (3, 2, 4)
    for layer, depth in enumerate(layers.values):
        cells = grid(planned, rows, "reconstruction_error", layers, layer)
        assert np.allclose(cells.median, [[depth + 0.1] * 2, [depth + 0.2] * 2])
        assert cells.known.tolist() == [[2, 2], [2, 2]]
        assert {spec.model.depth for spec in cells.specs(0, 0)} == {depth}


def test_minimum_nuclear_norm_of_a_field_is_that_of_its_observations(small_plan):
    least = least_plan(small_plan)
    assert len(least.runs) == 3  # of three seeds, whatever the depth
    assert least.stored and least.digest != small_plan.digest
    table = finish(Sweep(least, None, Inline())).table
    for cell in small_plan.cells:
        alone = collect(list(baseline(baseline_spec(cell.spec))))
        (same,) = {each.digest for each in least.cells if each.values == cell.values}
        expected = alone.snapshots[-1].measures["nuclear_norm"]
        assert table.rows[same].measures["nuclear_norm"] == pytest.approx(expected, rel=1e-6)
