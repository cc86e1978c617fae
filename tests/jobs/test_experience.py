"""Estimates of cost that learn from finished runs."""

import time

import pytest

from dmf_core.cost import Cost, Machine, about, estimate, together
from dmf_core.integrators.gradient_flow import GradientFlow
from dmf_core.jobs.calibration import measured
from dmf_core.jobs.experience import SURE, Experience
from dmf_core.spec import RunSpec

ESTIMATED = Cost(1000, 2.0, 0)


def of_seed(seed: int, **changes: object) -> RunSpec:
    return RunSpec().replaced({"seed": seed} | {path.replace("__", "."): value for path, value in changes.items()})


def test_estimate_without_experience_stays_and_may_be_as_far_off_as_its_method_says() -> None:
    cost = Experience().corrected(of_seed(0), ESTIMATED)
    assert (cost.seconds, cost.most) == (2.0, GradientFlow.spread * 2.0)


def test_runs_that_need_three_times_the_gradients_raise_the_estimate_and_make_it_surer() -> None:
    experience = Experience()
    for seed in range(10):
        experience.learn(of_seed(seed), ESTIMATED, 3 * ESTIMATED.gradients, 6.0)
    cost = experience.corrected(of_seed(99), ESTIMATED)
    assert cost.seconds == pytest.approx(2 * 3 ** (10 / 11))  # the estimate itself counts as one run
    assert cost.gradients == pytest.approx(ESTIMATED.gradients * 3 ** (10 / 11), rel=1e-3)
    assert cost.most == pytest.approx(SURE * cost.seconds)


def test_runs_of_another_method_teach_nothing_of_its_gradients_and_unlike_ones_little() -> None:
    experience = Experience()
    for seed in range(10):
        experience.learn(of_seed(seed), ESTIMATED, 3 * ESTIMATED.gradients, 6.0)
    assert experience.corrected(of_seed(99, integrator__kind="adam"), ESTIMATED).seconds == 2.0
    deeper = experience.corrected(of_seed(99, model__depth=6), ESTIMATED).seconds
    smaller = experience.corrected(of_seed(99, init__scale=1e-9), ESTIMATED).seconds
    assert 2.0 <= deeper < 3.0 and 2.0 <= smaller < 5.4


def test_slow_machine_is_learned_from_every_run() -> None:
    """Twice as long for the same gradients: so are runs of every method, whose number of gradients stays as estimated."""
    experience = Experience()
    for seed in range(9):
        experience.learn(of_seed(seed), ESTIMATED, ESTIMATED.gradients, 4.0)
    cost = experience.corrected(of_seed(99, integrator__kind="adam"), ESTIMATED)
    assert cost.seconds == pytest.approx(2 * 2 ** (9 / 10)) and cost.gradients == ESTIMATED.gradients


def test_run_is_learned_once_and_costs_what_it_took() -> None:
    experience = Experience()
    for _ in range(20):
        experience.learn(of_seed(1), ESTIMATED, 10 * ESTIMATED.gradients, 20.0)
    assert experience.corrected(of_seed(2), ESTIMATED).seconds == pytest.approx(2 * 10**0.5)
    known = experience.corrected(of_seed(1), ESTIMATED)
    assert (known.gradients, known.seconds, known.most) == (10 * ESTIMATED.gradients, 20.0, SURE * 20.0)


def test_several_runs_take_no_longer_than_all_of_their_longest_together() -> None:
    cost = Cost(1000, 2.0, 5, 8.0)
    four = together([cost] * 4)
    assert (four.seconds, four.gradients, four.bytes) == (8.0, 4000, 5)
    assert 2 * 8.0 < four.most < 4 * 8.0
    assert together([Cost(1, 1.0, 0)]).most == 0.0  # nobody has said


def test_slower_machine_costs_more_of_what_it_is_slower_at() -> None:
    tiny, large = of_seed(0, problem__rows=5, problem__columns=5, problem__rank=1, problem__observations=20), of_seed(0)
    calls, products = Machine(calls=2.0), Machine(products=2.0)
    assert estimate(tiny, (5, 5), None, calls).seconds > 1.9 * estimate(tiny, (5, 5)).seconds
    assert estimate(large, (1000, 1000), None, products).seconds > 1.9 * estimate(large, (1000, 1000)).seconds


def test_calibration_is_cheap_and_gives_two_speeds() -> None:
    began = time.process_time()
    machine = measured()
    assert time.process_time() - began < 0.5  # 0.01 s
    assert 0.02 < machine.calls < 50 and 0.02 < machine.products < 50


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
