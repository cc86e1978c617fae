"""Counts of a room against numpy and by hand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ui.lecture.script import Question
from ui.lecture.tally import accepted, tally

CHOICES = Question(text="?", choices=("a", "b", "c"))
MOMENT = Question(text="?", range=(0, 100), step=5)


@given(st.lists(st.integers(0, 2), max_size=50))
def test_choices_are_counted_once_each(answers: list[int]) -> None:
    assert tally(CHOICES, answers)["counts"] == [answers.count(choice) for choice in range(3)]


@given(st.lists(st.integers(0, 20).map(lambda n: 5 * n), min_size=1, max_size=60))
def test_the_middle_is_an_answer_with_half_of_the_room_on_either_side(answers: list[int]) -> None:
    result = tally(MOMENT, answers)
    middle, (low, high) = result["middle"], result["half"]
    assert {middle, low, high} <= set(answers)
    assert sum(answer <= middle for answer in answers) >= len(answers) / 2
    assert sum(answer >= middle for answer in answers) >= len(answers) / 2
    assert sum(low <= answer <= high for answer in answers) >= len(answers) / 2
    assert abs(middle - float(np.median(answers))) <= max(np.diff(sorted(answers)), default=0)
    assert sum(count for _, count in result["values"]) == result["answers"] == len(answers)


@given(st.floats(0, 100))
def test_an_answer_moves_by_at_most_half_a_grain(value: float) -> None:
    answer = accepted(MOMENT, value)
    assert answer is not None and answer % 5 == 0 and abs(answer - value) <= 2.5


def test_no_answers_have_no_middle() -> None:
    assert tally(MOMENT, []) == {"values": [], "answers": 0}
