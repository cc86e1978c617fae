"""The heart: determinism, paired randomness, exact ends, what is recorded."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
import torch

from dmf_core.errors import BadInput, NoStep
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Step, VectorField
from dmf_core.measures import measures_of
from dmf_core.prepare import prepare, with_inputs
from dmf_core.simulate import run, simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End, Outcome, Progress, Snapshot, Start, Trajectory

SMALL = {"problem.rows": 20, "problem.columns": 20, "problem.rank": 2, "problem.observations": 240, "init.scale": 1e-2}


def small(**changes: object) -> RunSpec:
    return RunSpec().replaced(SMALL | {path.replace("__", "."): value for path, value in changes.items()})


@pytest.fixture(scope="module")
def finished() -> Trajectory:
    return run(small())


def end_of(trajectory: Trajectory) -> End:
    assert trajectory.end is not None
    return trajectory.end


def test_simulate_yields_one_start_snapshots_one_end() -> None:
    events = list(simulate(small()))
    assert isinstance(events[0], Start)
    assert isinstance(events[-1], End)
    assert all(isinstance(event, Snapshot | Progress) for event in events[1:-1])  # the latter on a busy machine


@pytest.mark.parametrize("integrator", ["gradient_flow", "gradient_descent", "adam"])
def test_same_spec_gives_the_same_bits(integrator: str) -> None:
    spec = small(integrator__kind=integrator, stop__iterations=300)
    a, b = run(spec), run(spec)
    for name in ("t", "iteration", "gradients", "loss", "position"):
        assert np.array_equal(a.column(name), b.column(name))
    assert np.array_equal(a.singular_values, b.singular_values)
    assert np.array_equal(end_of(a).end_to_end_last, end_of(b).end_to_end_last)


@pytest.mark.parametrize("side", [17, 20])  # matrices of odd sides lie at odd places in memory
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_same_bits_whenever_bundles_are_handed_out(side: int, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine measures samples earlier and drops more of them; what is left must be the same."""
    spec = small(save__snapshots=12, problem__rows=side, problem__columns=side, dtype=dtype)
    lazy = run(spec)
    monkeypatch.setattr("dmf_core.recording.sampling.BUNDLE_SECONDS", 0.0)
    eager = run(spec)
    assert np.array_equal(lazy.column("t"), eager.column("t"))
    assert np.array_equal(lazy.singular_values, eager.singular_values)
    assert [each.measures for each in lazy.snapshots] == [each.measures for each in eager.snapshots]


@pytest.mark.parametrize(
    "changes", [{"model.depth": 2}, {"init.kind": "balanced"}, {"init.scale": 0.1}, {"integrator.kind": "adam"}]
)
def test_changing_the_method_leaves_the_data_untouched(changes: dict[str, object]) -> None:
    noisy = small(problem__noise=0.1)
    a, b = prepare(noisy).problem, prepare(noisy.replaced(changes)).problem
    assert a.known.equal(b.known)
    assert a.observed.equal(b.observed)
    assert a.observations.values.equal(b.observations.values)


def test_more_observations_contain_the_fewer() -> None:
    few, many = prepare(small(problem__observations=50)).problem, prepare(small(problem__observations=90)).problem
    assert not (few.observed & ~many.observed).any()


def test_dtype_leaves_the_draws_untouched() -> None:
    single, double = prepare(small()), prepare(small(dtype="float64"))
    assert single.problem.observed.equal(double.problem.observed)
    assert np.allclose(single.x.numpy(), double.x.numpy(), rtol=1e-6, atol=0)


def test_converged_run_ends_exactly_at_the_loss(finished: Trajectory) -> None:
    assert end_of(finished).outcome is Outcome.CONVERGED
    assert 0.98e-6 <= finished.snapshots[-1].loss <= 1e-6


def test_stop_time_is_met_exactly() -> None:
    trajectory = run(small(stop__time=50))
    assert end_of(trajectory).outcome is Outcome.TIME
    assert trajectory.snapshots[-1].t == pytest.approx(50, rel=1e-12)


def test_stop_iterations_counts_every_step() -> None:
    trajectory = run(small(integrator__kind="gradient_descent", stop__iterations=17))
    assert end_of(trajectory).outcome is Outcome.ITERATIONS
    assert trajectory.snapshots[-1].iteration == 17
    assert trajectory.snapshots[-1].t == pytest.approx(1.7)


def test_gradient_descent_with_too_large_a_step_diverges_with_advice() -> None:
    spec = small(integrator__kind="gradient_descent", integrator__learning_rate=200)
    trajectory = run(spec)
    end = end_of(trajectory)
    assert end.outcome is Outcome.DIVERGED
    assert not end.outcome.done
    assert "stable limit" in end.message
    assert "200" in end.message
    assert np.isfinite(trajectory.singular_values).all()
    assert np.isfinite(trajectory.column("loss")).all()
    assert np.isfinite(end.end_to_end_last).all()


def test_the_advised_learning_rate_does_not_diverge_at_once() -> None:
    spec = small(integrator__kind="gradient_descent", integrator__learning_rate=200)
    advice = end_of(run(spec)).advice.learning_rate
    calm = run(spec.replaced({"integrator.learning_rate": advice, "stop.iterations": 50}))
    assert end_of(calm).outcome is Outcome.ITERATIONS


def test_wall_clock_budget_ends_a_run_with_advice() -> None:
    end = end_of(run(small(integrator__kind="gradient_descent", integrator__learning_rate=1e-4, stop__seconds=0.3)))
    assert end.outcome is Outcome.BUDGET
    assert end.seconds < 20  # without the budget it would take minutes
    assert "stop.seconds" in end.message


def test_snapshots_are_bounded_and_hold_first_and_last() -> None:
    for limit in (2, 3, 17):
        trajectory = run(small(save__snapshots=limit))
        assert len(trajectory.snapshots) <= limit
        assert trajectory.snapshots[0].t == 0
        assert trajectory.snapshots[-1].loss <= 1e-6


def test_snapshots_of_a_long_run_stay_bounded() -> None:
    spec = small(integrator__kind="gradient_descent", save__snapshots=20, stop__iterations=3000)
    trajectory = run(spec)
    assert 10 <= len(trajectory.snapshots) <= 20
    assert (np.diff(trajectory.column("iteration")) > 0).all()


def test_snapshots_land_where_the_picture_changes(finished: Trajectory) -> None:
    """No gap between frames is wide where something moves: each changes every singular value by little.

    A mode grows almost straight between its two bends; snapshots are spent on the bends (see the test below).
    """
    jumps = np.abs(np.diff(finished.singular_values, axis=0)).max(1) / finished.singular_values.max()
    assert jumps.max() < 0.1  # a fixed stride in time would jump by more than half


@pytest.mark.parametrize("depth", [2, 3])
def test_straight_lines_between_snapshots_are_the_curves(depth: int) -> None:
    """What the player draws between snapshots is true: within 1.2 % of the largest singular value, waiting times included."""
    spec = small(model__depth=depth)
    coarse, fine = run(spec), run(spec.replaced({"save.snapshots": 2000}))
    t = fine.column("t")
    interpolated = np.stack([np.interp(t, coarse.column("t"), values) for values in coarse.singular_values.T], axis=1)
    assert np.abs(interpolated - fine.singular_values).max() < 0.012 * fine.singular_values.max()


def test_straight_lines_between_snapshots_are_the_effective_rank_too() -> None:
    """Also on the first plateau, where W is too small to be seen and its spectrum takes shape: within 5 % of the modes."""
    spec = small()
    coarse, fine = run(spec), run(spec.replaced({"save.snapshots": 2000}))
    ranks = [each.measured("entropy_rank") for each in (coarse, fine)]
    assert ranks[0] is not None
    assert ranks[1] is not None
    interpolated = np.interp(fine.column("t"), coarse.column("t"), ranks[0])
    assert np.abs(interpolated - ranks[1]).max() < 0.05 * 20


def test_time_rises_from_snapshot_to_snapshot(finished: Trajectory) -> None:
    assert all(a.t < b.t for a, b in pairwise(finished.snapshots))


def test_training_loss_never_rises_along_the_flow(finished: Trajectory) -> None:
    loss = finished.column("loss")
    assert (loss[1:] <= loss[:-1] * (1 + 1e-5)).all()  # float32 sums


def test_measures_agree_with_their_definitions(finished: Trajectory) -> None:
    W, M = end_of(finished).end_to_end_last.astype(float), finished.start.ground_truth.astype(float)
    mask = finished.start.observed_mask
    sigma = np.linalg.svd(W, compute_uv=False)
    p = sigma / sigma.sum()
    expected = {
        "observed_error": ((W - M)[mask] ** 2).mean(),
        "unobserved_error": ((W - M)[~mask] ** 2).mean(),
        "mean_squared_error": ((W - M) ** 2).mean(),
        "reconstruction_error": np.linalg.norm(W - M) / np.linalg.norm(M),
        "entropy_rank": math.exp(-(p * np.log(p)).sum()),
        "ratio_rank": sigma.sum() / sigma[0],
        "nuclear_norm": sigma.sum(),
        "frobenius_norm": np.linalg.norm(W),
        "spectral_norm": sigma[0],
        "schatten": (sigma ** (2 / 3)).sum(),
    }
    elsewhere = {"balancedness_drift", "determinant", "hidden_entry"}  # tests/papers/test_razin_cohen.py has the last two
    assert set(expected) | elsewhere == set(measures_of((12, 12)))
    measures = finished.snapshots[-1].measures
    for key, value in expected.items():
        assert measures[key] == pytest.approx(value, rel=2e-3), key  # the float32 difference W - M is small


def test_sensing_has_no_entries_to_hold_out() -> None:
    trajectory = run(small(problem__kind="matrix_sensing", stop__time=1))
    assert trajectory.measured("unobserved_error") is None
    assert not trajectory.start.observed_mask.any()


def test_balancedness_is_conserved_by_the_flow(finished: Trajectory) -> None:
    drift = finished.measured("balancedness_drift")
    assert drift is not None
    assert drift[0] < 1e-5  # rounding
    assert drift.max() < 1e-2 * finished.measured("spectral_norm").max() ** (2 / 3)


def test_own_data_is_held_out_where_not_drawn() -> None:
    data = np.arange(24, dtype=float).reshape(4, 6)
    data[1, 2] = np.nan
    inputs = Inputs(data=data)
    spec = with_inputs(
        RunSpec().replaced({"problem.kind": "observed_data", "problem.observations": 15, "stop.time": 0.1}), inputs
    )
    trajectory = run(spec, inputs)
    assert trajectory.start.observed_mask.sum() == 15
    assert trajectory.measured("unobserved_error") is not None
    assert trajectory.measured("reconstruction_error") is None  # one entry is known to nobody
    assert trajectory.start.true_singular_values is None


@pytest.mark.parametrize(("normalize", "low", "high"), [("none", 0, 23), ("minmax", 0, 1), ("center", -11.5, 11.5)])
def test_normalization_is_of_the_training_entries(normalize: str, low: float, high: float) -> None:
    inputs = Inputs(data=np.arange(24, dtype=float).reshape(4, 6))
    spec = with_inputs(RunSpec().replaced({"problem.kind": "observed_data", "problem.normalize": normalize}), inputs)
    known = prepare(spec, inputs).start.ground_truth
    assert (known.min(), known.max()) == pytest.approx((low, high))


def test_run_can_start_from_given_factors() -> None:
    first = run(small(stop__time=1)).start.factors_first
    inputs = Inputs(factors=first)
    trajectory = run(with_inputs(small(stop__time=1, init__kind="identity"), inputs), inputs)
    assert all(np.array_equal(a, b) for a, b in zip(first, trajectory.start.factors_first, strict=True))


BAD_INPUTS = [
    (lambda: (RunSpec().replaced({"problem.kind": "observed_data"}), Inputs()), "no matrix was given"),
    (lambda: (with_inputs(small(), Inputs(factors=(np.ones((3, 20)), np.ones((20, 3))))), Inputs()), "given factors"),
    (lambda: ((i := Inputs(factors=(np.ones((20, 5)),))), with_inputs(small(), i))[::-1], "shapes"),
    (lambda: ((i := Inputs(data=np.full((4, 4), np.nan))), with_inputs(small(), i))[::-1], "none at all"),
    (lambda: ((i := Inputs(data=np.ones((1, 4)))), with_inputs(small(), i))[::-1], "1 x 4"),
    (lambda: (small(device="cuda"), Inputs()), "CUDA"),
    (
        lambda: (
            RunSpec().replaced({"problem.rows": 2000, "problem.columns": 2000, "model.depth": 8, "dtype": "float64"}),
            Inputs(),
        ),
        "above the budget",
    ),
]


@pytest.mark.parametrize(("make", "words"), BAD_INPUTS)
def test_inputs_that_do_not_fit_are_refused_before_the_start(make, words: str) -> None:
    spec, inputs = make()
    with pytest.raises(BadInput, match=words):
        next(simulate(spec, inputs))


def test_a_bug_of_ours_is_raised_and_never_called_a_divergence(monkeypatch: pytest.MonkeyPatch) -> None:
    def divides_by_zero(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("dmf_core.simulate.arrive", divides_by_zero)
    with pytest.raises(ZeroDivisionError):
        run(small())


def test_path_without_a_further_step_is_a_divergence_with_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(field: VectorField, x: torch.Tensor) -> Iterator[Step]:
        yield field.step(0.0, 0, 0, x, field(x))
        raise NoStep("No step is small enough at t = 1", "the gradient is not finite near this point.")

    monkeypatch.setattr("dmf_core.integrators.gradient_flow.GradientFlow.walk", lambda self, field, x: stuck(field, x))
    end = end_of(run(small()))
    assert end.outcome is Outcome.DIVERGED
    assert end.message == f"{end.headline}: {end.detail}"
    assert end.message.startswith("No step is small enough at t = 1: the gradient")


def test_message_of_two_parts_is_made_from_them() -> None:
    end = end_of(run(small(integrator__kind="gradient_descent", integrator__learning_rate=200)))
    assert end.message == f"{end.headline}: {end.detail}"
    assert f"{end.advice.learning_rate:.2g}" in end.detail
