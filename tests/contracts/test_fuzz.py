"""The inputs that `python -m benchmarks.fuzz` makes for minutes, for a moment: a result or a sentence, each of them."""

import importlib
import random

import pytest

from benchmarks.fuzz.__main__ import KINDS

COUNTS = {
    "archives": 40,
    "links": 150,
    "scripts": 150,
    "messages": 300,
    "polls": 150,
    "uploads": 40,
}  # a second or two


@pytest.mark.parametrize("kind", KINDS)
def test_random_input_gives_a_result_or_a_sentence(kind: str) -> None:
    attempt = importlib.import_module(f"benchmarks.fuzz.{kind}").cases()
    for seed in range(COUNTS[kind]):
        attempt(random.Random(seed))
