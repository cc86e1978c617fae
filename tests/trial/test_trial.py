"""Trials: what a run will cost, by its first steps and a coarse walk to its end."""

import math
from collections.abc import Generator, Iterator, Sequence
from itertools import islice

import pytest
import torch

from dmf_core.inputs import Inputs
from dmf_core.interfaces import Step, Trace
from dmf_core.prepare import Prepared, prepare
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome
from dmf_core.trial import TRIALS, trial, trials
from dmf_core.trial.walk import Walk

TINY = {"problem.rows": 6, "problem.columns": 5, "problem.rank": 1, "problem.observations": 20}
SMALL = {"problem.rows": 12, "problem.columns": 12, "problem.rank": 2, "problem.observations": 90}
SMALL |= {"init.scale": 1e-2, "stop.loss": 1e-3}
NEAR = 1.5  # of random runs nine in ten are within a factor of 2 (benchmarks/estimates.py); these are fixed
METHODS = [
    {"integrator.kind": "gradient_descent", "integrator.learning_rate": 1.0},
    {"integrator.kind": "momentum", "integrator.learning_rate": 0.1},
    {"integrator.kind": "group_rmsprop", "integrator.learning_rate": 3e-3},
    {"integrator.kind": "adam", "integrator.learning_rate": 1e-3},
    TINY | {"integrator.kind": "implicit_flow", "integrator.tolerance": 1e-2, "init.scale": 1e-3, "stop.loss": 1e-5},
]


def spec_of(*changes: dict[str, object]) -> RunSpec:
    merged = {path: value for each in ({"save.snapshots": 2}, *changes) for path, value in each.items()}
    return RunSpec().replaced(merged)


@torch.inference_mode()
def traced(spec: RunSpec, prepared: Prepared, steps: Iterator[Step]) -> Trace:
    return ended(Walk(spec, prepared).follow(steps, math.inf))


def ended(walk: Generator[None, None, Trace]) -> Trace:
    """What a walk returns at its end."""
    while True:
        try:
            next(walk)
        except StopIteration as end:
            trace: Trace = end.value
            return trace


@torch.inference_mode()
def foreseen(spec: RunSpec, first: int) -> float | None:
    """By so many first steps, whatever the speed of the machine."""
    own, other = prepare(spec), prepare(spec)
    begun = traced(spec, own, islice(spec.integrator.walk(own.field, own.x), first))
    steps = spec.integrator.coarse(other.field, other.x)
    assert steps is not None
    return spec.integrator.foreseen(other.field, begun, traced(spec, other, steps))


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method["integrator.kind"])
def test_coarse_walk_tells_the_gradients_of_the_run(method: dict[str, object]) -> None:
    spec = spec_of(SMALL, method)
    end = run(spec).end
    assert end is not None and end.outcome.done
    assert end.accepted > 60
    estimate = foreseen(spec, 3 * end.accepted // 4)  # the implicit method tells only in its latter part
    assert estimate is not None and 1 / NEAR < estimate / end.gradients < NEAR


def test_steps_of_group_rmsprop_that_swing_above_the_stopping_loss_never_end() -> None:
    spec = spec_of(SMALL, {"integrator.kind": "group_rmsprop", "integrator.learning_rate": 0.03, "stop.loss": 1e-7})
    assert foreseen(spec, 2) == math.inf
    swinging = run(spec.replaced({"stop.iterations": 3000}))
    assert swinging.end is not None and swinging.end.outcome is Outcome.ITERATIONS


def test_unstable_learning_rate_tells_nothing() -> None:
    assert foreseen(spec_of(SMALL, {"integrator.kind": "gradient_descent", "integrator.learning_rate": 1e3}), 2) is None


def test_trial_of_a_run_that_ends_in_its_first_steps_is_exact() -> None:
    spec = spec_of(TINY, {"model.depth": 1})
    end = run(spec).end
    assert end is not None
    estimate = trial(spec)  # it takes a millisecond, and a trial may take fifty
    assert estimate.sure and estimate.digest == spec.digest() and estimate.cost.gradients == end.gradients


def test_trial_never_says_more_than_the_run_is_given() -> None:
    endless = {"integrator.kind": "group_rmsprop", "integrator.learning_rate": 0.03, "stop.loss": 1e-12, "stop.seconds": 2.0}
    estimate = trial(spec_of(SMALL, endless))
    assert estimate.cost.seconds == pytest.approx(2.0)
    counted = {"integrator.kind": "adam", "integrator.learning_rate": 1e-5, "stop.iterations": 20_000}
    assert trial(spec_of(SMALL, counted)).cost.gradients <= 20_000


def test_trials_of_a_batch_are_found_by_the_worker_and_skip_what_cannot_be_prepared() -> None:
    module, _, name = TRIALS.partition(":")
    assert (module, name) == (trials.__module__, trials.__name__)
    fine = spec_of(TINY)
    answers = [each for each in trials([spec_of({"problem.kind": "observed_data"}), fine], Inputs()) if each]
    assert [each.digest for each in answers] == [fine.digest()]


@pytest.mark.parametrize("slow", [range(8), [70]], ids=["first steps", "one late step"])
def test_pace_of_a_walk_is_that_of_its_usual_steps(monkeypatch: pytest.MonkeyPatch, slow: Sequence[int]) -> None:
    """By a clock that goes on by 1 s in each step and by 100 s in a slow one."""
    spec, now = spec_of(SMALL, METHODS[0]), 0.0
    prepared = prepare(spec)

    def timed() -> Iterator[Step]:
        nonlocal now
        for count, step in enumerate(islice(spec.integrator.walk(prepared.field, prepared.x), 100)):
            now += 100.0 if count in slow else 1.0
            yield step

    monkeypatch.setattr("dmf_core.trial.walk.time.process_time", lambda: now)
    walk = Walk(spec, prepared)
    with torch.inference_mode():
        for _ in walk.follow(timed(), math.inf):
            pass
    assert walk.pace == pytest.approx(1.0)


def test_coarse_walk_is_cut_where_the_run_ends_inside_its_last_step() -> None:
    """Against gradient descent, whose time to the same loss is exact up to its steps."""
    spec = spec_of(SMALL, {"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.3})
    prepared, end = prepare(spec), run(spec).end
    coarse = spec.integrator.coarse(prepared.field, prepared.x)
    assert end is not None and coarse is not None
    trace = traced(spec, prepared, coarse)
    assert trace.loss == prepared.enough and trace.last.loss < trace.loss
    assert trace.t[-1] == pytest.approx(0.3 * end.accepted, rel=0.02)  # 1.34 times it without the cut
    timed = spec.replaced({"stop.time": 1.0})
    prepared = prepare(timed)
    coarse = timed.integrator.coarse(prepared.field, prepared.x)
    assert coarse is not None and traced(timed, prepared, coarse).t[-1] == pytest.approx(1.0)


@torch.inference_mode()
def test_a_walk_that_goes_on_comes_by_where_one_without_a_break_does() -> None:
    spec = RunSpec().replaced(SMALL)
    traces = []
    for breaks in (0, 3):
        prepared = prepare(spec, Inputs())
        walk, steps = Walk(spec, prepared), spec.integrator.walk(prepared.field, prepared.x)
        for _ in range(breaks):
            ended(walk.follow(steps, 0.0))  # one step each
            prepared.field(prepared.x)  # a gradient for somebody else, which is not the walk's
        traces.append(ended(walk.follow(steps, math.inf)))
    whole, broken = traces
    assert broken.t == whole.t and broken.length == whole.length and broken.ended
    assert broken.gradients == whole.gradients


def test_a_long_run_is_looked_at_again_where_the_first_look_was_too_short(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = RunSpec().replaced(SMALL | {"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.5})
    gradients = run(spec).snapshots[-1].gradients
    for name, seconds in (("LEAST", 1e-4), ("SHARE", 0.0), ("LONG", 1e9)):
        monkeypatch.setattr(f"dmf_core.trial.{name}", seconds)
    assert not trial(spec).sure
    monkeypatch.setattr("dmf_core.trial.LONG", 0.0)
    monkeypatch.setattr("dmf_core.trial.MORE", 60.0)
    monkeypatch.setattr("dmf_core.trial._corrected", lambda *_: 1e9)  # gradients: as long as a look may take
    again = trial(spec)
    assert again.sure and 1 / NEAR < again.cost.gradients / gradients < NEAR
