"""Plateaus of tensors: walked beside what is learned already, and how long they last is told in time."""

import itertools
import re
from types import SimpleNamespace

import pytest

from dmf_core.integrators.chebyshev import LONGEST
from dmf_core.integrators.chebyshev_tables import FINE, coefficients, stages
from dmf_core.norms import norm
from dmf_core.prepare import prepare
from dmf_core.recording.plateaus import Plateau
from dmf_core.simulate import run, simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End, Outcome, Progress

SMALL = {
    "problem.kind": "tensor_completion",
    "problem.shape": "6,5,7",
    "problem.rank": 2,
    "problem.observations": 150,
    "dtype": "float64",
}
LONG = SMALL | {"model.depth": 2, "model.rank": 4, "init.scale": 3e-3}  # plateaus of t = 3.6e9 and, after it, of 3e6
WAITING = [
    {"init.scale": 1e-4},
    {"model.depth": 2, "init.scale": 1e-2},
    {"model.kind": "tucker", "init.scale": 1e-3},
    {"model.kind": "tensor_train", "model.depth": 2, "init.scale": 1e-2},
    {"model.kind": "hierarchical_tucker", "init.scale": 1e-2},
]


def births(changes: dict[str, object]) -> tuple[float, float, int]:
    """(flow time of the first fall of the loss, how much later the second falls, gradients)."""
    spec = RunSpec().replaced(LONG | changes)
    prepared, times, first = prepare(spec), [], None
    for step in spec.integrator.steps(prepared.field, prepared.x):
        first = first or step.loss
        if step.loss < first * (0.8, 0.1)[len(times)]:
            times.append(step.t)
        if len(times) == 2:
            return times[0], times[1] - times[0], prepared.field.gradients
    raise AssertionError("rested")


def test_a_plateau_beside_a_learned_component_is_walked() -> None:
    """Against scipy's LSODA. The steps may err by half of what they move: 5 % of the second plateau, 0.3 % of t."""
    t, gap, gradients = births({})
    exact_t, exact_gap, _ = births({"integrator.kind": "implicit_flow", "integrator.tolerance": 1e-7})
    assert t == pytest.approx(exact_t, rel=3e-3)
    assert gap == pytest.approx(exact_gap, rel=0.05)
    assert gradients < 30_000  # with at most 390 stages: 48,000 at looser steps, and more the longer the plateau


@pytest.mark.parametrize("s", [stages(LONGEST), 1600])
def test_long_steps_are_stable(s: int) -> None:
    """x' = z x on the interval that `stages` promises: never above 1, so that nothing learned is disturbed."""
    table, _ = coefficients(s)
    for share in (0.001, 0.03, 0.4, 0.9, 1.0):
        z = -share * s * s / 1.54
        before, now = 1.0, 1 + table[0][2] * z
        for mu, nu, mu_t, gamma_t in table[1:]:
            before, now = now, (1 - mu - nu) + mu * now + nu * before + mu_t * z * now + gamma_t * z
        assert abs(now) < 0.97


def test_stages_grow_in_few_kinds_and_never_fall_short() -> None:
    counts = [stages(10 ** (k / 50)) for k in range(401)]
    assert counts == sorted(counts)
    assert all(s * s >= 1.54 * 10 ** (k / 50) for k, s in enumerate(counts))
    assert len({s for s in counts if s > FINE}) <= 41


@pytest.mark.parametrize("changes", WAITING, ids=str)
def test_told_length_of_a_plateau_is_right_within_a_factor_of_three(changes: dict[str, object]) -> None:
    spec = RunSpec().replaced(SMALL | {"stop.loss": 1e-5} | changes)
    prepared, predictions, falls = prepare(spec), [], []
    plateau = Plateau(len(prepared.field.shapes))
    for step in spec.integrator.steps(prepared.field, prepared.x):
        plateau.add_step(step, norm(step.velocity), 0.0)
        falls.append((step.t, step.loss))
        predictions.append((step.t, step.loss, plateau.more()))
        if step.loss <= 1e-5:
            break
    predicted_lengths = [each for each in predictions if each[2] is not None]
    assert len(predicted_lengths) >= 8
    for t, loss, more in predicted_lengths:
        end = next(later for later, lower in falls if lower < 0.95 * loss)
        assert 1 / 3 < more / (end - t) < 3
    learning = [t for t, loss in falls if 1e-4 < loss < 0.02 * falls[0][1]]
    assert not {t for t, _, _ in predicted_lengths} & set(learning)  # nothing is told where the loss falls


def test_run_out_of_time_on_a_plateau_says_by_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that ticks once a look. The same run with more seconds learns, at the time that was told within a factor 3."""
    spec = RunSpec().replaced(LONG | {"stop.loss": 0.5})
    ticks = itertools.count()
    with monkeypatch.context() as patched:
        patched.setattr("dmf_core.simulate.time", SimpleNamespace(perf_counter=lambda: float(next(ticks))))
        end = run(spec.replaced({"stop.seconds": 14})).end
    assert end is not None and end.outcome is Outcome.BUDGET
    clause = r"this plateau lasts about (\S+) longer in flow time, \S+ \w+ at the present pace"
    match = re.search(rf"ended at t = (\S+) .*; {clause}", end.message)
    assert match, end.message
    t, more = map(float, match.groups())
    finished = run(spec).end
    assert finished is not None and finished.outcome is Outcome.CONVERGED
    learned = float(finished.message.split("at t = ")[1].split(",")[0])
    assert 1 / 3 < more / (learned - t) < 3


def test_signs_of_life_on_a_plateau_tell_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmf_core.recording.sampling.BUNDLE_SECONDS", 0.0)
    spec = RunSpec().replaced(LONG | {"stop.loss": 0.5})
    signs = [event for event in simulate(spec) if isinstance(event, Progress | End)]
    plateaus = [event.plateau for event in signs if isinstance(event, Progress)]
    assert isinstance(signs[-1], End) and signs[-1].outcome is Outcome.CONVERGED
    assert plateaus[0] == "" and sum("this plateau lasts" in words for words in plateaus) > 20
