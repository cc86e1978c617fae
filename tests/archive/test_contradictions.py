"""What an archive says twice: honest ones of every kind agree, and a change of one side is seen without a run."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.archive.contradictions import contradictions
from tests.archive.forgery import reassembled
from tests.archive.test_forgeries import KINDS, opened

Edit = Callable[[np.ndarray], np.ndarray]


def _last(factor: float) -> Edit:
    def edit(array: np.ndarray) -> np.ndarray:
        array = array.copy()
        array.flat[-1] *= factor
        return array

    return edit


def _named(kind: str, name: str, edit: Edit) -> set[str]:
    original = opened(kind)
    arrays = archive.to_arrays(original.trajectory, original.spec, original.inputs)
    forged = reassembled(original, arrays | {name: edit(arrays[name])})
    return {each.array for each in contradictions(forged.trajectory, original.spec)}


@pytest.mark.parametrize("kind", list(KINDS))
def test_honest_archive_contradicts_itself_nowhere(kind: str) -> None:
    assert contradictions(opened(kind).trajectory, opened(kind).spec) == []


def _all(factor: float) -> Edit:
    return lambda array: array * factor


@pytest.mark.parametrize(
    ("kind", "name", "edit", "named"),
    [
        ("float32", "loss", _last(1.04), "observed_error"),
        ("float32", "measure_mean_squared_error", _last(1.04), "mean_squared_error"),
        ("float32", "measure_nuclear_norm", _last(1 + 1e-9), "nuclear_norm"),
        ("float32", "singular_values", _last(1.04), "nuclear_norm"),  # the smallest one, a small share of the sum
        ("float64", "singular_values", _last(1.04), "schatten"),
        ("cp", "measure_entropy_rank", _last(1.04), "entropy_rank"),
        ("cp", "spectrum_unfolding_1", _all(1.04), "spectrum_unfolding_1"),
        ("square", "measure_determinant", _all(1e4), "determinant"),
        ("float32", "true_singular_values", _all(1.04), "true_singular_values"),
        ("with its theory", "insight_sigma", _all(1.04), "insight_sigma"),
    ],
)
def test_number_that_no_longer_follows_from_the_others_is_named(kind: str, name: str, edit: Edit, named: str) -> None:
    assert named in _named(kind, name, edit)


def test_last_matrix_that_is_not_that_of_the_last_snapshot_is_named() -> None:
    assert "singular_values" in _named("float32", "end_to_end_last", lambda W: W * np.float32(1.001))


@pytest.mark.parametrize(("before", "after"), [("t = ", "t = 1"), ("reached ", "reached 9"), (", after ", ", after 1")])
def test_sentence_with_other_numbers_than_the_last_snapshot_is_named(before: str, after: str) -> None:
    run = opened("float32").trajectory
    assert run.end is not None and before in run.end.message
    forged = replace(run, end=replace(run.end, message=run.end.message.replace(before, after)))
    assert [each.array for each in contradictions(forged, opened("float32").spec)] == ["message"]
