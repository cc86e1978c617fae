"""Births predicted from the start alone, against closed forms and against runs."""

import numpy as np
import pytest
from scipy.integrate import quad

from dmf_core.analysis.replay import explained
from dmf_core.inputs import Inputs, digest_of
from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.births import predicted_births, random_pull
from ui.figures.births import at, growths

FIRST, ANY = 0.07, 0.20  # relative; measured: 0.064 and 0.15 at worst, median 0.02


def compared(spec: RunSpec) -> dict[int, float]:
    """predicted / measured by mode."""
    trajectory = explained(run(spec), spec)
    assert trajectory.insight is not None
    t = trajectory.column("t")
    born = {g.mode: at(t, g.born) for g in growths(trajectory.singular_values, True, t) if g.born is not None}
    return {r + 1: when / born[r + 1] for r, when in enumerate(trajectory.insight.births) if np.isfinite(when)}


@pytest.mark.parametrize("name", ["five-modes", "arora-completion", "arora-completion-depth2", "rectangular", "too-few", "noise"])
def test_predicted_births_come_true_on_the_presets(name: str) -> None:
    ratios = compared(preset_spec(name))
    assert len(ratios) >= 2
    assert abs(ratios[1] - 1) < FIRST
    assert all(abs(ratio - 1) < ANY for ratio in ratios.values())


@pytest.mark.parametrize(
    "changes",
    [{"model.depth": 2}, {"model.depth": 4}, {"init.scale": 1e-6}, {"init.kind": "gaussian"}, {"init.kind": "identity"}],
)
def test_predicted_births_follow_depth_and_start(changes: dict[str, object]) -> None:
    ratios = compared(preset_spec("five-modes").replaced(changes))
    assert abs(ratios[1] - 1) < FIRST
    assert all(abs(ratio - 1) < ANY for ratio in ratios.values())


@pytest.mark.parametrize("changes", [{"model.depth": 1}, {"init.scale": 5.0}])
def test_nothing_is_predicted_where_nothing_waits(changes: dict[str, object]) -> None:
    assert compared(preset_spec("five-modes").replaced(changes)) == {}


def test_nothing_is_predicted_from_noise() -> None:
    data = np.random.default_rng(0).normal(size=(40, 40))
    data[np.random.default_rng(1).random(data.shape) < 0.5] = np.nan
    spec = RunSpec().replaced({"problem.kind": "observed_data", "init.kind": "balanced", "stop.loss": 0.1})
    spec = spec.replaced({"problem.data": digest_of(data), "problem.observations": 600})
    insight = explained(run(spec, Inputs(data=data)), spec, Inputs(data=data)).insight
    assert insight is not None
    assert np.isnan(insight.births).all()


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_a_lone_mode_is_born_when_the_integral_says(depth: int) -> None:
    n, target, s0 = 6, 4.0, 1e-3
    a, b = np.linalg.qr(np.random.default_rng(0).normal(size=(n, n)))[0][:, :2].T
    first = np.zeros((n, n))
    first[0] = s0 ** (1 / depth) * b
    middle = np.zeros((n, n))
    middle[0, 0] = s0 ** (1 / depth)
    last = np.zeros((n, n))
    last[:, 0] = s0 ** (1 / depth) * a
    g = 2 * target / n**2
    actual = list(predicted_births((first, *[middle] * (depth - 2), last), g * np.outer(a, b), 0.0, 1))
    exact, _ = quad(lambda s: 1 / (depth * s ** (2 - 2 / depth) * g * (1 - s / target)), s0, target / 2)  # Theorem 3
    assert actual[0][0] == 1
    assert actual[0][1] == pytest.approx(exact, rel=5e-3)  # the solver's tolerance is 1e-3


def test_random_pull_is_what_random_signs_give() -> None:
    source = np.random.default_rng(0)
    shape, m = (80, 120), 3000
    pull = np.zeros(shape)
    pull.ravel()[source.permutation(pull.size)[:m]] = 2 / m * source.normal(size=m)
    assert np.linalg.norm(pull, 2) == pytest.approx(random_pull(shape, m, 1.0), rel=0.05)
