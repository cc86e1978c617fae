"""Stages counted from a loss that is known in closed form."""

from types import SimpleNamespace

import numpy as np
import pytest

from dmf_core.reproductions.cao_2022.figure import SCALES, Case, heights
from dmf_core.reproductions.cao_2022.stages import stages

from .conftest import Reproduced


def staircase(times: list[float], drops: list[float]) -> SimpleNamespace:
    """A loss that falls by the drops, one logistic step after another."""
    t = np.linspace(0, 100, 2000)
    loss = sum(drop / (1 + np.exp(np.clip(t - time, -50, 50))) for time, drop in zip(times, drops, strict=True)) + 1e-9
    return SimpleNamespace(column=lambda name: t if name == "t" else loss)


@pytest.mark.parametrize(("times", "count"), [([30.0], 1), ([20.0, 60.0], 2), ([20.0, 22.0, 70.0], 2), ([15.0, 45.0, 80.0], 3)])
def test_stages_are_the_steps_that_stand_apart(times: list[float], count: int) -> None:
    actual = stages(staircase(times, [1.0, 0.5, 0.2][: len(times)]))  # type: ignore[arg-type]
    assert actual.count == count
    assert len(actual.between) == count - 1


def test_loss_between_stages_is_that_of_the_steps_to_come() -> None:
    actual = stages(staircase([15.0, 45.0, 80.0], [1.0, 0.5, 0.2]))  # type: ignore[arg-type]
    assert actual.between == pytest.approx((0.7, 0.2), rel=1e-3)


def test_heights_are_losses_of_best_approximations() -> None:
    U, _ = np.linalg.qr(np.random.default_rng(3).normal(size=(20, 3)))
    M = (U * np.array([10.0, 7.0, 5.0])) @ U.T
    left, sigma, right = np.linalg.svd(M)
    best = [(left[:, :r] * sigma[:r]) @ right[:r] for r in (1, 2)]
    assert heights((10.0, 7.0, 5.0)) == pytest.approx([np.mean((M - W) ** 2) for W in best])


def test_counts_of_stages_do_not_depend_on_how_deep_a_near_stop_must_be(reproduced: Reproduced) -> None:
    """A third or a thirtieth of both bursts instead of a tenth; only the scale between four stages and one may differ."""
    results, _ = reproduced("cao-stages")
    cases = [key for key in results.runs if isinstance(key, Case) and key.scale != SCALES[2]]
    assert len(cases) == 11
    for case in cases:
        run = results.of(case)
        assert run is not None
        assert len({stages(run, deep).count for deep in (3, 10, 30)}) == 1, case
