"""Running it again finds what was changed, however careful the forger, and forgives another machine's rounding."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from dmf_core import archive
from dmf_core.archive import Archive
from dmf_core.archive.bands import accurate, band_distance
from dmf_core.archive.rounding import rounded_starts
from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory
from tests.archive.cut_off import cut_off
from tests.archive.forgery import moved_start


def _changed(trajectory: Trajectory, at: int, **values: object) -> Trajectory:
    """The trajectory with another snapshot at one place."""
    snapshots = list(trajectory.snapshots)
    snapshots[at] = replace(snapshots[at], **values)  # type: ignore[arg-type]
    return Trajectory(trajectory.start, tuple(snapshots), trajectory.end)


def _verdict(trajectory: Trajectory, spec: RunSpec) -> archive.Verdict:
    return archive.verify(archive.read(archive.write(trajectory, spec)))


def test_verify_says_equal_for_an_untouched_archive(trajectory: Trajectory, spec: RunSpec) -> None:
    verdict = _verdict(trajectory, spec)
    assert verdict.word is archive.Word.EQUAL
    assert verdict.differences == ()


@pytest.mark.parametrize("share", [1.001, 1.01, 1.5])
def test_verify_finds_a_tampered_singular_value_behind_matching_hashes(
    share: float, trajectory: Trajectory, spec: RunSpec
) -> None:
    sigma = trajectory.snapshots[-1].singular_values.copy()
    sigma[0] *= share
    verdict = _verdict(_changed(trajectory, -1, singular_values=sigma), spec)
    assert verdict.word is archive.Word.DIFFERENT
    assert verdict.differences[0].array == "singular_values"
    assert verdict.differences[0].amount == pytest.approx(share - 1, rel=0.01)
    assert "singular_values differs by" in verdict.message


Forgery = Callable[[Trajectory], Trajectory]


def _end(trajectory: Trajectory, **values: object) -> Trajectory:
    assert trajectory.end is not None
    return replace(trajectory, end=replace(trajectory.end, **values))  # type: ignore[arg-type]


FORGERIES: dict[str, Forgery] = {
    "loss": lambda run: _changed(run, 3, loss=run.snapshots[3].loss * 1.2),
    "t": lambda run: _changed(run, -1, t=run.snapshots[-1].t * 1.1),
    "nuclear_norm": lambda run: _changed(run, 5, measures=run.snapshots[5].measures | {"nuclear_norm": 1.0}),
    "pictures": lambda run: _changed(run, 5, picture=-run.snapshots[5].picture),
    "end_to_end_last": lambda run: _end(run, end_to_end_last=run.end.end_to_end_last * 1.05),
    "ground_truth": lambda run: replace(run, start=replace(run.start, ground_truth=run.start.ground_truth * 1.01)),
    "observed_mask": lambda run: replace(run, start=replace(run.start, observed_mask=~run.start.observed_mask)),
    "message": lambda run: _end(run, message="All is well."),
    "counts": lambda run: _end(run, rejected=run.end.rejected + 1),
    "outcome": lambda run: _end(run, outcome=Outcome.DIVERGED),
}


@pytest.mark.parametrize("name", list(FORGERIES))
def test_verify_finds_every_tampered_array(name: str, trajectory: Trajectory, spec: RunSpec) -> None:
    verdict = _verdict(FORGERIES[name](trajectory), spec)
    assert verdict.word is archive.Word.DIFFERENT
    assert name in {each.array for each in verdict.differences if each.excess > 1}


def test_verify_finds_a_run_of_another_seed(trajectory: Trajectory, spec: RunSpec) -> None:
    archived = archive.read(archive.write(trajectory, spec))
    other_spec = spec.replaced({"seed": 1})
    assert archive.compare(archived, run(other_spec), [run(other_spec)]).word is archive.Word.DIFFERENT


@pytest.fixture(scope="module")
def of_two_threads() -> tuple[RunSpec, Trajectory]:
    """A run that is large enough for two threads to split its products."""
    spec = RunSpec().replaced({"stop.iterations": 8, "save.snapshots": 5})
    torch.set_num_threads(2)
    try:
        return spec, run(spec)
    finally:
        torch.set_num_threads(1)


def test_verify_forgives_the_rounding_of_two_threads(of_two_threads: tuple[RunSpec, Trajectory]) -> None:
    spec, elsewhere = of_two_threads
    verdict = _verdict(elsewhere, spec)
    assert verdict.word.fine
    if verdict.word is archive.Word.WITHIN_TOLERANCE:  # bits may agree by chance on another library
        # a picture may be off by the one grey level that is allowed; all else stays far inside
        assert 0 < max(each.excess for each in verdict.differences if each.array != "pictures") < 0.5


@pytest.fixture(scope="module")
def small() -> RunSpec:
    return (
        RunSpec()
        .replaced({"problem.rows": 12, "problem.columns": 9, "problem.rank": 2, "problem.observations": 70, "init.scale": 1e-2})
        .replaced({"stop.loss": 1e-4, "save.snapshots": 40})
    )


@pytest.fixture(scope="module")
def honest(small: RunSpec) -> dict[str, list[Trajectory]]:
    """The run again, and its `rounded`, for both formats: what a verdict on a run of another machine needs."""
    runs = {}
    for dtype in ("float32", "float64"):
        spec = small.replaced({"dtype": dtype})
        fresh = run(spec)
        runs[dtype] = [fresh, *(run(*each) for each in rounded_starts(spec, Inputs(), fresh))]
    return runs


def _elsewhere(spec: RunSpec, fresh: Trajectory, number: int) -> Trajectory:
    """What another machine might give: from a start that is one rounding away, in a way that no `rounded` run is."""
    moved = run(*moved_start(spec, Inputs(), fresh, 1000 + number))
    return replace(moved, start=fresh.start)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_verify_forgives_a_start_that_is_one_rounding_away(
    dtype: str, small: RunSpec, honest: dict[str, list[Trajectory]]
) -> None:
    spec, (fresh, *rounded) = small.replaced({"dtype": dtype}), honest[dtype]
    for number in range(5):
        verdict = archive.compare(Archive(spec, Inputs(), _elsewhere(spec, fresh, number), {}), fresh, rounded)
        assert verdict.word is archive.Word.WITHIN_TOLERANCE, verdict.message
        assert max(each.excess for each in verdict.differences if each.array != "pictures") < 0.5


AUDITED: dict[str, Forgery] = {  # changes that were called rounding once
    "second-to-last loss, doubled": lambda run: _changed(run, -2, loss=2 * run.snapshots[-2].loss),
    "small singular value, by 4 %": lambda run: _changed(run, -1, singular_values=_scaled(run.snapshots[-1].singular_values, 3)),
    "smallest one, by 4 %": lambda run: _changed(run, -1, singular_values=_scaled(run.snapshots[-1].singular_values, -1)),
    "time of a snapshot, by 1 %": lambda run: _changed(run, 8, t=1.01 * run.snapshots[8].t),
    "held-out error, by 4 %": lambda run: _changed(
        run,
        8,
        measures=run.snapshots[8].measures | {"unobserved_error": 1.04 * (run.snapshots[8].measures["unobserved_error"] or 0)},
    ),
}


def _scaled(sigma: np.ndarray, at: int) -> np.ndarray:
    sigma = sigma.copy()
    sigma[at] *= 1.04
    return sigma


@pytest.mark.parametrize("name", list(AUDITED))
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_verify_finds_a_small_change_in_a_run_of_another_machine(
    dtype: str, name: str, small: RunSpec, honest: dict[str, list[Trajectory]]
) -> None:
    spec, (fresh, *rounded) = small.replaced({"dtype": dtype}), honest[dtype]
    forged = AUDITED[name](_elsewhere(spec, fresh, 0))
    assert not archive.compare(Archive(spec, Inputs(), forged, {}), fresh, rounded).word.fine


@pytest.mark.parametrize("factor", [0.9, 1.01, 2.0])
def test_verify_finds_a_rewritten_tolerance(factor: float, small: RunSpec, honest: dict[str, list[Trajectory]]) -> None:
    """Settings, digests and hashes all say the other tolerance; the steps were those of the first one."""
    rewritten = small.replaced({"integrator.tolerance": factor * small.integrator.tolerance})
    assert _verdict(honest["float32"][0], rewritten).word is archive.Word.DIFFERENT


@pytest.mark.parametrize(("share", "within"), [(1.8, True), (1.4, False)])
def test_end_of_a_flat_tail_may_move_while_its_loss_stays_close(share: float, within: bool, trajectory: Trajectory) -> None:
    tail = trajectory.snapshots[-2]

    def ending(at: float) -> Trajectory:
        return _changed(trajectory, -1, t=at * tail.t, loss=tail.loss / 1.2)

    end = next(each for each in accurate(ending(share), ending(2.0), [], 1) if each.array == "t")
    # the loss falls by a sixth over the last half of the time: it takes ln 1.1 / ln 1.2 of that half for the last tenth
    assert end.allowed == pytest.approx(0.5 * np.log(1.1) / np.log(1.2))
    assert (end.excess <= 1) == within


def test_verify_of_a_cancelled_run_ends_where_it_was_cancelled() -> None:
    spec = RunSpec().replaced({"problem.rows": 60, "problem.columns": 60, "stop.loss": 1e-12, "integrator.tolerance": 1e-7})
    cancelled = cut_off(spec, cancel=True)
    assert cancelled.end is not None
    assert cancelled.end.outcome is Outcome.CANCELLED
    assert _verdict(cancelled, spec).word is archive.Word.EQUAL


def test_band_is_wide_in_time_and_narrow_in_height() -> None:
    times = np.linspace(0, 100, 201)
    curve = np.tanh((times - 50) / 2)[:, None]
    late = np.tanh((times / 1.005 - 50) / 2)[:, None]  # half a percent late: 0.12 apart at the steepest
    assert np.abs(curve - late).max() > 0.1
    assert band_distance(times, late, times, curve) < 1e-3
    assert band_distance(times, curve + 0.05, times, curve) > 0.049
