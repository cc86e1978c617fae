"""Every array and number of an archive, changed in one place behind hashes that fit: no verdict may call that fine.

One archive of each kind. An honest one is equal on the machine that made it.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.analysis.replay import explained
from dmf_core.archive import Archive
from dmf_core.archive.contents import NOT_COMPARED
from dmf_core.errors import Damaged
from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory
from tests.archive.cut_off import cut_off
from tests.archive.forgery import CHANGES, moved_start, reassembled

PLACES = 2  # elements of each array, besides its first and last ones

SIZE = {"problem.rows": 6, "problem.columns": 5, "problem.rank": 2, "problem.observations": 20, "save.snapshots": 10}
SIZE |= {"init.scale": 3e-2, "stop.loss": 1e-3, "stop.iterations": 60}
CUBE = {"problem.kind": "tensor_completion", "problem.shape": "4,3,3", "problem.rank": 1, "problem.observations": 24}
CUBE |= {"init.scale": 0.3, "stop.iterations": 60, "stop.loss": 1e-3, "save.snapshots": 8}
STEPS = {"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.5, "stop.iterations": 200}

KINDS: dict[str, dict[str, object]] = {
    "float32": SIZE,
    "float64": SIZE | {"dtype": "float64"},
    "with its theory": SIZE,
    "square": SIZE | {"problem.columns": 6, "problem.observations": 35},  # has a determinant and a hidden entry
    "sensing": SIZE | {"problem.kind": "matrix_sensing"},
    "noise": SIZE | {"problem.noise": 0.2, "stop.loss": None, "stop.time": 50.0},
    "given data": {"stop.iterations": 30, "save.snapshots": 8},
    "gradient descent": SIZE | STEPS,
    "adam": SIZE | STEPS | {"integrator.kind": "adam", "integrator.learning_rate": 0.05},
    "diverged": SIZE | STEPS | {"integrator.learning_rate": 3.0, "init.scale": 0.5},
    "cancelled": SIZE | STEPS | {"stop.iterations": None},
    "out of time": SIZE | {"stop.seconds": 0.25},
    "cp": CUBE,
    "cp with its theory": CUBE,
    "deep tucker": CUBE | {"model.kind": "tucker", "model.depth": 2, "dtype": "float64"},
    "tensor train, measured": CUBE | {"problem.kind": "tensor_sensing", "model.kind": "tensor_train"},
    "tree": CUBE | {"model.kind": "hierarchical_tucker"},
}


@cache
def opened(kind: str) -> Archive:
    """An archive of this kind, written and read."""
    inputs = Inputs()
    spec = RunSpec().replaced(KINDS[kind])
    if kind == "given data":
        data = np.random.default_rng(0).normal(size=(6, 5))
        inputs = Inputs(data=np.where(data > 1, np.nan, data))
        spec = with_inputs(spec, inputs)
    made = cut_off(spec, kind == "cancelled") if kind in ("cancelled", "out of time") else run(spec, inputs)
    if "theory" in kind:
        made = explained(made, spec, inputs)
    return archive.read(archive.write(made, spec, inputs))


@cache
def fresh_of(kind: str) -> Trajectory:
    original = opened(kind)
    made = run(archive.again(original), original.inputs)
    return explained(made, archive.again(original), original.inputs) if "theory" in kind else made


@pytest.mark.parametrize("kind", list(KINDS))
def test_honest_archive_is_equal_where_it_was_made(kind: str) -> None:
    verdict = archive.decided(opened(kind), fresh_of(kind))
    assert verdict is not None
    assert verdict.word is archive.Word.EQUAL, verdict.message
    outcomes = {"diverged": Outcome.DIVERGED, "cancelled": Outcome.CANCELLED, "out of time": Outcome.BUDGET}
    end = opened(kind).trajectory.end
    assert end is not None and end.outcome is outcomes.get(kind, end.outcome)
    assert len(opened(kind).trajectory.snapshots) >= 4


def _forgeries(original: Archive) -> Iterator[tuple[str, Archive]]:
    """Every array with every change, at its first, last and some other elements, where that changes anything."""
    arrays = archive.to_arrays(original.trajectory, original.spec, original.inputs)
    generator = np.random.default_rng(0)
    for name, array in arrays.items():
        if name in NOT_COMPARED or name.startswith(tuple(NOT_COMPARED)):
            continue
        places = [0, array.size - 1, *generator.integers(0, array.size, PLACES)] if array.size else []
        for change_name, change in CHANGES.items():
            several = places[:1] if change_name.startswith("all") else places
            for place in {tuple(int(i) for i in np.unravel_index(each, array.shape)) for each in several}:
                with np.errstate(over="ignore"):
                    changed = change(array, place).astype(array.dtype)
                if not np.array_equal(changed, array, equal_nan=array.dtype.kind == "f"):
                    yield f"{name} at {place}, {change_name}", reassembled(original, arrays | {name: changed})


@cache
def rounded_of(kind: str) -> list[Trajectory]:
    starts = archive.rounded(opened(kind), fresh_of(kind))
    return [explained(run(*each), *each) if "theory" in kind else run(*each) for each in starts]


def _verdict(kind: str, forged: Archive) -> archive.Verdict:
    return archive.decided(forged, fresh_of(kind)) or archive.compare(forged, fresh_of(kind), rounded_of(kind))


@pytest.mark.parametrize("kind", list(KINDS))
def test_run_of_another_machine_is_within_tolerance(kind: str) -> None:
    """Another machine: every product of the run is rounded otherwise, because its start is one rounding away."""
    original, fresh = opened(kind), fresh_of(kind)
    start = moved_start(archive.again(original), original.inputs, fresh, 77)
    moved = explained(run(*start), *start) if "theory" in kind else run(*start)
    if kind in ("cancelled", "out of time"):  # as far as the clock let it come, and with what that run says of its end
        assert original.trajectory.end is not None
        arrays = archive.to_arrays(moved, original.spec) | {"seconds": original.trajectory.column("seconds")}
        moved = reassembled(replace(original, trajectory=moved), arrays).trajectory
        moved = replace(moved, end=replace(original.trajectory.end, end_to_end_last=arrays["end_to_end_last"]))
    verdict = _verdict(kind, replace(original, trajectory=replace(moved, start=original.trajectory.start)))
    assert verdict.word is archive.Word.WITHIN_TOLERANCE, verdict.message
    assert verdict.differences


@pytest.mark.parametrize("kind", list(KINDS))
def test_verify_calls_no_changed_array_equal_or_within_tolerance(kind: str) -> None:
    verdicts = {name: _verdict(kind, forged) for name, forged in _forgeries(opened(kind))}
    assert len(verdicts) > 200
    assert [name for name, verdict in verdicts.items() if verdict.word.fine] == []


def _numbers(original: Archive) -> Iterator[tuple[str, Archive]]:
    """The numbers and words of an archive that are no arrays, changed one at a time."""
    run, end = original.trajectory, original.trajectory.end
    assert end is not None
    for name in ("gradients", "accepted", "rejected"):
        value = getattr(end, name)
        for other in {value + 1, 2 * value, value - 1, 0} - {value}:
            yield f"{name} {other}", replace(original, trajectory=replace(run, end=replace(end, **{name: other})))
    for other in (0.0, -1.0, float("nan"), run.snapshots[-1].seconds * 0.99):
        yield f"seconds {other}", replace(original, trajectory=replace(run, end=replace(end, seconds=other)))
    digit = next(i for i, letter in enumerate(end.message) if letter.isdigit())
    for message in ("All is well.", end.message[:digit] + str((int(end.message[digit]) + 1) % 10) + end.message[digit + 1 :]):
        yield message, replace(original, trajectory=replace(run, end=replace(end, message=message)))
    limit = run.start.picture_limit * 1.04
    yield "picture_limit", replace(original, trajectory=replace(run, start=replace(run.start, picture_limit=limit)))


@pytest.mark.parametrize("kind", list(KINDS))
def test_verify_calls_no_changed_number_equal_or_within_tolerance(kind: str) -> None:
    unchecked = ("gradients",) if kind == "out of time" else ()  # those of a step that was cut off: see the next test
    for name, forged in _numbers(opened(kind)):
        if not name.startswith(unchecked or "-"):
            assert not _verdict(kind, forged).word.fine, name


def test_gradients_of_a_run_that_was_cut_off_may_be_those_of_one_unfinished_step_more() -> None:
    original = opened("out of time")
    run, end = original.trajectory, original.trajectory.end
    assert end is not None
    for more, fine in [(0, True), (3, True), (-1, False), (end.gradients, False)]:
        forged = replace(original, trajectory=replace(run, end=replace(end, gradients=end.gradients + more)))
        assert _verdict("out of time", forged).word.fine == fine


@pytest.mark.parametrize("clock", ["zero", "negative", "unknown", "standing still", "running back"])
def test_verify_calls_impossible_times_damaged(clock: str) -> None:
    original = opened("float32")
    seconds = original.trajectory.column("seconds")
    seconds = {
        "zero": 0 * seconds,
        "negative": -seconds[::-1],
        "unknown": np.where(np.arange(len(seconds)) == 1, np.nan, seconds),
        "standing still": np.full(len(seconds), seconds[-1]),
        "running back": seconds[::-1],
    }[clock]
    arrays = archive.to_arrays(original.trajectory, original.spec) | {"seconds": seconds}
    verdict = _verdict("float32", reassembled(original, arrays))
    assert verdict.word is archive.Word.DAMAGED
    assert verdict.message.startswith("Damaged: the archive contradicts itself, seconds differs from any clock")


def test_run_out_of_time_before_its_seconds_were_used_up_is_damaged() -> None:
    original = opened("out of time")
    end = original.trajectory.end
    assert end is not None
    early = replace(end, seconds=0.9 * original.spec.stop.seconds)
    seconds = np.linspace(0.01, 0.1, len(original.trajectory.snapshots))
    arrays = archive.to_arrays(original.trajectory, original.spec) | {"seconds": seconds}
    forged = reassembled(replace(original, trajectory=replace(original.trajectory, end=early)), arrays)
    assert _verdict("out of time", forged).word is archive.Word.DAMAGED


@pytest.mark.parametrize("kind", ["float32", "cp"])
def test_changed_array_in_a_zip_whose_hashes_fit_is_damaged_or_different(kind: str) -> None:
    original = opened(kind)
    arrays = archive.to_arrays(original.trajectory, original.spec)
    for name, array in arrays.items():
        if name in NOT_COMPARED or not array.any():
            continue
        forged = reassembled(original, arrays | {name: CHANGES["times 1.04"](array, _largest(array)).astype(array.dtype)})
        if forged.trajectory.end is not None and array.dtype.kind == "f":
            content = archive.write(forged.trajectory, original.spec)
            try:
                again = archive.read(content)
            except Damaged:
                continue
            assert not _verdict(kind, again).word.fine, name


def _largest(array: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(np.nanargmax(np.abs(array))), array.shape))
