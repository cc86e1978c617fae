"""Estimates of cost that learn from finished runs."""

import pytest

from dmf_core.cost import Cost, about
from dmf_core.jobs.experience import NEAREST, SURE, UNSURE, Experience
from dmf_core.spec import RunSpec

ESTIMATED = Cost(1000, 2.0, 0)


def of_seed(seed: int, **changes: object) -> RunSpec:
    return RunSpec().replaced({"seed": seed} | {path.replace("__", "."): value for path, value in changes.items()})


def test_estimate_without_experience_stays_and_may_be_far_off() -> None:
    found = Experience().corrected(of_seed(0), ESTIMATED)
    assert (found.seconds, found.most) == (2.0, UNSURE * 2.0)


def test_runs_that_took_three_times_as_long_raise_the_estimate_and_make_it_surer() -> None:
    experience = Experience()
    for seed in range(NEAREST):
        experience.learn(of_seed(seed), ESTIMATED, 6.0)
    found = experience.corrected(of_seed(99), ESTIMATED)
    assert found.seconds == pytest.approx(2 * 3 ** (5 / 6))  # the estimate itself counts as one run
    assert found.most == pytest.approx(SURE * found.seconds)
    assert experience.corrected(of_seed(99, model__depth=2), ESTIMATED).seconds == 2.0  # another kind of run


def test_run_is_learned_once() -> None:
    experience = Experience()
    for _ in range(20):
        experience.learn(of_seed(1), ESTIMATED, 20.0)
    assert experience.corrected(of_seed(2), ESTIMATED).seconds == pytest.approx(2 * 10**0.5)


@pytest.mark.parametrize(
    ("seconds", "most", "words"),
    [
        (0.3, 1.2, "about 0.3 s"),
        (3.0, 12.0, "about 3 to 12 s"),
        (3.0, 6.0, "about 3 s"),
        (40.0, 160.0, "about 40 s to 3 min"),
        (7.0, 0.0, "about 7 s"),
    ],
)
def test_range_is_said_where_it_is_one(seconds: float, most: float, words: str) -> None:
    assert about(Cost(1, seconds, 0, most)) == words
