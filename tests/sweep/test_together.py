"""Runs integrated together are the runs that they would be alone, within what is promised of every run."""

import math

import numpy as np
import pytest
import torch

from dmf_core.inputs import Inputs
from dmf_core.integrators.batched import Point, suits
from dmf_core.integrators.batched.field import BatchedField
from dmf_core.interfaces import VectorField
from dmf_core.prepare import prepare
from dmf_core.recording.snapshots import Recorder
from dmf_core.recording.stopping import _where_loss_is
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.store import row_of
from dmf_core.sweep.compute import numbers
from dmf_core.sweep.ends import final_measures
from dmf_core.sweep.paths import MOMENTS, Paths
from dmf_core.sweep.together import NEAR, where_loss_is
from dmf_core.sweep.ways import LOOKS, Curve, Way, births

BASE = RunSpec().replaced({"problem.rows": 9, "problem.columns": 12, "problem.rank": 2, "problem.observations": 80})
GROUPS = {
    "depth 1": {"model.depth": 1},
    "depth 2, to a time": {"model.depth": 2, "stop.time": 90.0, "init.scale": 1e-2},
    "depth 3, with replacement": {"problem.replacement": True},
    "depth 4, narrow, float64": {"model.depth": 4, "model.width": 5, "dtype": "float64", "init.scale": 5e-2},
    "depth 3, noise, a loss that is relative": {"problem.noise": 0.1, "stop.loss": None, "stop.relative_loss": 1e-2},
}


@pytest.fixture(autouse=True)
def few_runs_together(monkeypatch):
    monkeypatch.setattr("dmf_core.sweep.compute.FEWEST_TOGETHER", 4)


def rows_of(specs, inputs=Inputs()):
    return {answer.row.digest: answer.row for answer in numbers(specs, inputs) if answer is not None}


@pytest.mark.parametrize("changes", GROUPS.values(), ids=GROUPS)
def test_runs_together_are_born_and_end_as_alone(changes, monkeypatch):
    monkeypatch.setattr("dmf_core.integrators.batched.flow.LONELY", 0)  # five runs share few steps, and stay together here
    specs = [BASE.replaced({**changes, "seed": seed}) for seed in range(5)]
    specs[1] = specs[1].replaced({"problem.observations": 70, "init.scale": 0.05})  # what may differ inside a batch
    rows = rows_of(specs)
    for spec in specs:
        together, alone = rows[spec.digest()], row_of(run(spec), spec)
        assert together.batched and together.outcome is alone.outcome
        assert together.births.keys() == alone.births.keys()
        for mode, time in alone.births.items():
            assert together.births[mode] == pytest.approx(time, rel=0.01)  # the promise of every run
        for key in ("spectral_norm", "nuclear_norm"):
            assert together.measures[key] == pytest.approx(alone.measures[key], rel=0.005)
        assert together.measures.keys() == alone.measures.keys()
        assert together.gradients == pytest.approx(alone.gradients, rel=0.25)  # a stabilized step may have a sixth more stages


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_velocities_of_a_batch_are_those_of_each_field(depth):
    specs = [BASE.replaced({"model.depth": depth, "dtype": "float64", "seed": seed}) for seed in range(3)]
    specs[2] = specs[2].replaced({"problem.replacement": True})
    ready = [prepare(spec) for spec in specs]
    batched = BatchedField(ready[0].field, 5, 3)
    for place, each in zip((4, 0, 2), ready, strict=True):
        batched.put(place, each.field)
    scale = np.array([1.0, 0.3, 7.0])
    batched.select(torch.tensor([4, 0, 2]), scale)
    factors = [torch.stack(each) for each in zip(*(each.field.factors(each.x) for each in ready), strict=True)]
    out = [torch.empty_like(factor) for factor in factors]
    batched(factors, out)
    for k, each in enumerate(ready):
        velocity = each.field.flatten(tuple(factor[k] for factor in out)) / scale[k]
        torch.testing.assert_close(velocity, each.field(each.x), rtol=1e-12, atol=1e-18)
        assert batched.loss[k] == pytest.approx(each.field.loss, rel=1e-12)
        torch.testing.assert_close(batched.W[k], each.field.end_to_end(each.x), rtol=1e-12, atol=1e-18)


def test_end_is_where_bisection_finds_it():
    from dmf_core.integrators.interpolation import between

    ready = prepare(BASE)
    steps = iter(BASE.integrator.steps(ready.field, ready.x))
    a = next(steps)
    for b in steps:
        if b.loss < 0.9 * a.loss:
            for loss in (0.95 * a.loss, math.sqrt(a.loss * b.loss), 1.01 * b.loss):
                actual, by_bisection = where_loss_is(ready.field, a, b, loss), _where_loss_is(ready.field, a, b, loss)
                assert loss * (1 - NEAR) <= actual.loss <= loss or actual is b
                assert actual.t == pytest.approx(by_bisection.t, rel=1e-2)
                share = (actual.t - a.t) / (b.t - a.t)
                assert between(ready.field, a, b, share).loss == pytest.approx(actual.loss, rel=1e-4)
        if b.loss < 1e-4:
            break
        a = b


def test_runs_that_do_not_suit_are_taken_alone_and_are_the_same_bits():
    sensing = RunSpec().replaced(
        {"problem.kind": "matrix_sensing", "problem.rows": 5, "problem.columns": 5, "problem.rank": 1, "problem.observations": 20}
    )
    specs = [sensing.replaced({"seed": seed}) for seed in range(4)]
    assert not suits(VectorField(prepare(sensing).problem, sensing.model))
    rows = rows_of(specs)
    for spec in specs:
        row, alone = rows[spec.digest()], row_of(run(spec), spec)
        assert not row.batched and (row.measures, row.births) == (alone.measures, alone.births)


def test_run_that_drowns_in_rounding_leaves_the_batch_and_is_taken_alone(monkeypatch):
    monkeypatch.setattr("dmf_core.integrators.batched.states.States.roundoff_dominates", lambda self, runs, lost: runs % 2 == 0)
    specs = [BASE.replaced({"seed": seed}) for seed in range(4)]
    rows = rows_of(specs)
    assert sorted(row.batched for row in rows.values()) == [False, False, True, True]
    for spec in specs:
        row, alone = rows[spec.digest()], row_of(run(spec), spec)
        assert row.batched or (row.measures, row.births) == (alone.measures, alone.births)


def test_run_whose_steps_no_other_run_shares_leaves_the_batch_and_is_taken_alone(monkeypatch):
    """Of 40 runs of depth 5 the six stiffest took 46,570 gradients in the batch before they were begun anew."""
    specs = [BASE.replaced({"seed": seed}) for seed in range(4)]  # fewer than LONELY: no step is shared by as many
    assert all(row.batched for row in rows_of(specs).values())  # they are short
    monkeypatch.setattr("dmf_core.sweep.together.LONELY_GRADIENTS", 0)
    rows = rows_of(specs)
    for spec in specs:
        row, alone = rows[spec.digest()], row_of(run(spec), spec)
        assert not row.batched and (row.measures, row.births, row.gradients) == (alone.measures, alone.births, alone.gradients)
    monkeypatch.setattr("dmf_core.integrators.batched.flow.LONELY", 0)
    assert all(row.batched for row in rows_of(specs).values())


def logistic(t, birth, width):
    return 1 / (1 + np.exp(-(t - birth) / width))


@pytest.mark.parametrize("count", [40, MOMENTS], ids=["short", "full"])
def test_births_are_those_of_a_known_way(count):
    """W = U diag(3 f, 2 g, 0.5 k) V^T with logistic curves, whose halves are at 10, 25 and 31."""
    modes = [(10.0, 0.8, 3.0), (25.0, 1.1, 2.0), (31.0, 0.5, 0.5)]
    U, V = (np.linalg.qr(np.random.default_rng(seed).normal(size=(6, 3)))[0] for seed in (0, 1))
    like = torch.zeros(6, 6, dtype=torch.float64)
    paths = Paths(2, like)
    for t in np.linspace(0.0, 60.0, count):
        W = torch.from_numpy((U * [size * logistic(t, birth, width) for birth, width, size in modes]) @ V.T)
        if t == 0.0:
            paths.begin(1, W)
            continue
        first_mode = np.array([1])
        paths.add(
            Point(
                first_mode,
                np.array([t]),
                first_mode,
                np.array([np.exp(-t)]),
                np.array([0]),
                [],
                [],
                np.ones(1),
                W[None],
            )
        )
    way = paths.way(1, 60.0, W, np.array([3.0, 2.0, 0.5]))
    assert way is not None
    (times,) = births([way])
    assert times.keys() == {1, 2, 3}
    for mode, (birth, *_) in enumerate(modes, start=1):
        assert times[mode] == pytest.approx(birth, rel=2e-3)


def test_birth_is_the_first_passing_of_a_mode_that_falls_and_passes_again():
    """The first of two modes rises to 1.5 and falls to 0.15; the second one rises to 2 later: the largest passes 1 again."""
    t = np.linspace(0.0, 40.0, 81)
    up, down, late = (logistic(t, birth, 0.5) for birth in (10.0, 20.0, 30.0))
    values = np.stack([1.5 * up * (1 - 0.9 * down), 2 * late], axis=1)
    W = torch.from_numpy(values[:, :, None] * np.eye(2))
    final = np.sort(values[-1])[::-1].copy()
    way = Way(t, W, 40.0, W[-1], final, {0: 0.5 * final[0], 1: 0.5 * final[1]})
    (birth,) = births([way])
    assert birth[1] == pytest.approx(10 + 0.5 * np.log(2), rel=2e-3)  # where 1.5 times the logistic curve is 1
    assert birth[2] == pytest.approx(30 + 0.5 * np.log(0.0375 / 0.9625), rel=2e-3)  # where twice it is 0.075


@pytest.mark.parametrize("changes", GROUPS.values(), ids=GROUPS)
def test_final_measures_of_several_runs_are_those_of_each(changes):
    ready = [prepare(BASE.replaced({**changes, "seed": seed})) for seed in range(3)]
    steps = [list(zip(range(9), BASE.integrator.steps(each.field, each.x), strict=False))[-1][1] for each in ready]
    sigma, measures = final_measures(ready, steps)
    for each, step, values, measured in zip(ready, steps, sigma, measures, strict=True):
        (alone,) = Recorder(each).record([(step, step, 1.0)])
        assert np.array_equal(values, alone.singular_values)
        assert measured.keys() == alone.measures.keys()
        for key, value in alone.measures.items():
            assert measured[key] == (value if value is None else pytest.approx(value, rel=1e-12, abs=1e-12)), key


def test_moments_among_which_a_mode_may_be_born_hold_the_first_passing_for_any_directions():
    """Bounds by a few directions are bounds whatever these are: here at random, on a way of three modes that cross."""
    random = np.random.default_rng(0)
    t = np.linspace(0.0, 20.0, 41)
    sizes = np.stack(
        [3 * logistic(t, 12.0, 0.7), 2 * logistic(t, 4.0, 0.5), logistic(t, 8.0, 1.0)], axis=1
    )  # the second is first
    U, V = (np.linalg.qr(random.normal(size=(5, 3)))[0] for _ in range(2))
    W = torch.from_numpy(np.einsum("ik,tk,jk->tij", U, sizes, V))
    values = np.linalg.svd(W.numpy(), compute_uv=False)
    levels = {mode: 0.5 * float(values[-1][mode]) for mode in range(3)}
    way = Way(t, W, 20.0, W[-1], values[-1], levels)
    for _ in range(20):
        directions = torch.from_numpy(np.linalg.qr(random.normal(size=(5, 5)))[0])
        for mode, among in way.doubtful(directions).items():
            first = int(np.argmax(values[:, mode] >= levels[mode]))
            assert first - 1 in among and first in among


@pytest.mark.parametrize("curve", [lambda s: 4.0**s / 3, lambda s: 0.1 + 2 * s**4, lambda s: max(1e-4, 40 * s - 30)])
def test_curve_finds_where_a_value_is_one(curve):
    from scipy.optimize import brentq

    values = Curve(np.array([curve(0.0), curve(1.0)]))
    for _ in range(LOOKS):
        if not values.close:
            share = values.passing()
            values.add(share, curve(share))
    assert values.passing() == pytest.approx(brentq(lambda s: curve(s) - 1, 0.0, 1.0), abs=0.02)  # of the way between two moments
