"""Where the claims of `chou` fail: other starts, steps, targets and lengths of the matrix runs."""

from dataclasses import replace

import numpy as np

from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.reproductions.chou_2020.readings import FIRST, ITERATIONS, LONG, START, STEP, STOPPED, escape, target
from dmf_core.reproductions.framework.given_target import descent
from dmf_core.reproductions.framework.reproduction import Run

from . import Counter, Key, Runs, in_place_of, with_settings

IDENTICAL, PERTURBED = ("identical", 0), ("perturbed", 0)


def _turned(runs: Runs) -> dict[Key, Run]:
    """The first factor is a rotation, and no multiple of the identity."""
    run = runs[IDENTICAL]
    assert run.inputs.factors is not None
    Q, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))
    inputs = Inputs(data=run.inputs.data, factors=(START * Q, *run.inputs.factors[1:]))
    return {IDENTICAL: Run(with_inputs(run.spec, inputs), inputs)}


def _of_target(*values: float) -> Counter:
    """The perturbed run on another target."""
    return Counter(lambda runs: {PERTURBED: descent(target(values), 3, START, STEP, ITERATIONS, FIRST)})


def _coarse(runs: Runs) -> dict[Key, Run]:
    """Ten times the step at depth 3: a step is no flow any more."""
    run = escape(3)
    return {("escape", 3): replace(run, spec=run.spec.replaced({"integrator.learning_rate": 10 * STEP * 8 / 10}))}


COUNTERS = {
    "recursion": Counter(_turned),
    "positive-part": Counter(in_place_of(lambda key: PERTURBED, lambda key: key == IDENTICAL)),
    "rounding": Counter(with_settings({"stop.iterations": 1000}, lambda key: key == LONG)),  # the saddle still holds
    "everything": Counter(in_place_of(lambda key: IDENTICAL, lambda key: key == PERTURBED)),
    "marks": Counter(with_settings({"integrator.learning_rate": 1.2 * STEP * 8}, lambda key: key == PERTURBED)),
    "order": _of_target(10, 9.9, 5, -5),  # the first two come nearly at once
    "negative-last": Counter(with_settings({"stop.iterations": 600}, lambda key: key == STOPPED)),  # it has come as well
    "flow-time": Counter(_coarse),
    "staircase": _of_target(10, 5, 3, -3),  # other plateaus
    "early-stopping": Counter(with_settings({"stop.iterations": 4000}, lambda key: key == ("window", 2))),  # too late
    "depth-2-has-none": Counter(in_place_of(lambda key: ("escape", 3), lambda key: key == ("escape", 2))),
}
