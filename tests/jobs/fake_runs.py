"""Runs for the tests of jobs, by the seed of their spec. Imported by worker processes, not by pytest."""

import os
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.simulate import Cancelled
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End, Event, Outcome, Progress, Snapshot, Start

STEP = 0.02
BAD_INPUT, BUG, NO_MEMORY, DEAF, DIES_AT_ONCE, CHATTY = range(1001, 1007)


def steady(spec: RunSpec, inputs: Inputs) -> Generator[Event, None, None]:
    """A snapshot every 20 ms for stop.seconds. Writes each run into the file $RUNS, one line a run."""
    with Path(os.environ["RUNS"]).open("a") as file:
        print(spec.digest(), time.monotonic(), file=file)
    misbehave(spec.seed)
    began = time.perf_counter()
    yield first(spec)
    steps = 0
    outcome = Outcome.TIME
    try:
        while time.perf_counter() - began < spec.stop.seconds and spec.problem.rows > 5:
            steps += 1
            yield snapshot(steps)
            yield Progress(t=float(steps), iteration=steps, gradients=steps, seconds=steps * STEP, loss=1 / steps)
            time.sleep(60 if spec.seed == DEAF else STEP)
    except Cancelled:
        outcome = Outcome.CANCELLED
    yield snapshot(steps + 1)
    yield End(outcome, "a sentence", time.perf_counter() - began, steps, steps, 0, np.ones((5, 5)))


def misbehave(seed: int) -> None:
    if seed == BAD_INPUT:
        raise BadInput("rows is 7; it must be 8. Choose 8.")
    if seed == BUG:
        raise ZeroDivisionError("secret detail")
    if seed == NO_MEMORY:
        raise MemoryError
    if seed == DIES_AT_ONCE:
        os._exit(9)
    if seed == CHATTY:
        print("this must not end up between the messages", flush=True)


def stillborn(spec: RunSpec, inputs: Inputs) -> Generator[Event, None, None]:
    """A worker that dies while it warms up."""
    with Path(os.environ["RUNS"]).open("a") as file:
        print("stillborn", time.monotonic(), file=file)
    os._exit(3)
    yield first(spec)


def first(spec: RunSpec) -> Start:
    W = np.zeros((5, 5))
    return Start(spec.digest(), (5, 5), W, W > 0, None, (W,), W, 1.0)


def snapshot(index: int) -> Snapshot:
    sigma, picture = np.zeros(5), np.zeros((5, 5), np.int8)
    return Snapshot(index, (), float(index), float(index), index, index, index * STEP, 1.0, sigma, {}, picture)
