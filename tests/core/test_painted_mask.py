"""A drawn mask: its text, what the spec makes of it, and that nothing but the drawing changes it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dmf_core import painted_mask
from dmf_core.errors import BadInput
from dmf_core.prepare import prepare
from dmf_core.spec import RunSpec, parse_value

MASK = np.random.default_rng(2).random((12, 20)) < 0.4
PAINTED_MASK = {
    "problem.rows": 12,
    "problem.columns": 20,
    "problem.rank": 2,
    "problem.pattern": "drawn",
    "problem.mask": painted_mask.to_text(MASK),
}


@settings(max_examples=60, deadline=None)
@given(arrays(bool, st.tuples(st.integers(2, 100), st.integers(2, 100))))
def test_mask_survives_its_text_and_stays_text_in_an_address(mask: np.ndarray) -> None:
    text = painted_mask.to_text(mask)
    assert np.array_equal(painted_mask.from_text(text, *mask.shape), mask)
    assert painted_mask.count(text) == mask.sum()
    assert parse_value(text) == text  # never a number, null or true


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_mask_or_refused_and_no_mask_has_two_texts(text: str) -> None:
    try:
        mask = painted_mask.from_text(text, 3, 7)
    except BadInput:
        return
    assert painted_mask.to_text(mask) == text


def test_observed_entries_are_the_mask_at_every_seed_depth_and_start() -> None:
    spec = RunSpec().replaced(PAINTED_MASK)
    for changes in ({}, {"seed": 9}, {"model.depth": 2}, {"init.scale": 0.1, "init.kind": "balanced"}):
        assert np.array_equal(prepare(spec.replaced(changes)).problem.observed.numpy(), MASK)


def test_number_of_observations_is_that_of_the_mask_whatever_is_given() -> None:
    spec = RunSpec().replaced(PAINTED_MASK)
    assert spec.problem.observations == MASK.sum()
    assert spec.replaced({"problem.observations": 7}) == spec
    assert RunSpec.from_json(spec.to_json()).digest() == spec.digest()


def test_another_pattern_lets_go_of_the_mask_and_keeps_the_count() -> None:
    spec = RunSpec().replaced(PAINTED_MASK).replaced({"problem.pattern": "uniform"})
    assert (spec.problem.mask, spec.problem.observations) == (None, MASK.sum())
    assert spec.digest() == spec.replaced({"problem.mask": PAINTED_MASK["problem.mask"]}).digest()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"problem.mask": None}, "problem.mask is empty"),
        ({"problem.mask": "m"}, "not the text of a 12 x 20 mask"),
        ({"problem.mask": PAINTED_MASK["problem.mask"] + "AAAA"}, "not the text of a 12 x 20 mask"),  # type: ignore[operator]
        ({"problem.columns": 21}, "not the text of a 12 x 21 mask"),
        ({"problem.mask": painted_mask.to_text(np.zeros((12, 20), dtype=bool))}, "no observed entry; paint at least one"),
        ({"problem.rows": 101}, "at most 100 rows and columns and the matrix is 101 x 20"),
        ({"problem.mask": 3}, "problem.mask is 3"),
        ({"problem.mask": "m" * 20_000}, "problem.mask"),
    ],
)
def test_mask_that_does_not_fit_gets_one_sentence(changes: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        RunSpec().replaced(PAINTED_MASK | changes)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300


def test_stretched_mask_keeps_its_shape() -> None:
    two = np.kron(np.eye(2, dtype=bool), np.ones((6, 10), dtype=bool))
    larger = painted_mask.stretched(two, 30, 40)
    assert np.array_equal(larger, np.kron(np.eye(2, dtype=bool), np.ones((15, 20), dtype=bool)))
    assert np.array_equal(painted_mask.stretched(larger, 12, 20), two)
    assert np.array_equal(painted_mask.stretched(MASK, 12, 20), MASK)
