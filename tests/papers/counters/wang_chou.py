"""Where the claims of `wang-chou` fail: the run of another noise, or of another end, in place of the claimed one."""

from dataclasses import replace

import numpy as np

from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.reproductions.framework.reproduction import Run
from dmf_core.reproductions.wang_chou.figure import EMPTY
from dmf_core.reproductions.wang_chou.runs import SIDE, START, WORST, Case

from . import Counter, Key, Runs, Where, in_place_of


def _turned(runs: Runs) -> dict[Key, Run]:
    """The first factor is a rotation, and no multiple of the identity."""
    key = Case(2.0, 0, middle=True)
    run = runs[key]
    assert run.inputs.factors is not None
    Q, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(SIDE, SIDE)))
    inputs = Inputs(data=run.inputs.data, factors=(START * Q, *run.inputs.factors[1:]))
    return {key: Run(with_inputs(run.spec, inputs), inputs)}


def _case(key: Key) -> Case:
    assert isinstance(key, Case)
    return key


def _of_draw(draw: int, *levels: float) -> Where:
    return lambda key: _case(key).draw == draw and _case(key).level in levels


COUNTERS = {
    "recursion": Counter(_turned),
    "bracket": Counter(in_place_of(lambda key: replace(_case(key), level=2.0), _of_draw(0, 1.5))),  # twice the noise
    "attained": Counter(in_place_of(lambda key: replace(_case(key), draw=0), _of_draw(WORST, 2.0))),
    "shrinks": Counter(in_place_of(lambda key: replace(_case(key), level=1.5), _of_draw(0, 2.0))),
    "closes": Counter(in_place_of(lambda key: replace(_case(key), draw=0), _of_draw(WORST, EMPTY))),
    "not-every-noise": Counter(in_place_of(lambda key: replace(_case(key), draw=WORST), _of_draw(0, EMPTY))),
    "best-inside": Counter(in_place_of(lambda key: replace(_case(key), draw=WORST), _of_draw(0, 1.5))),
    "overfits": Counter(in_place_of(lambda key: replace(_case(key), middle=False), _of_draw(0, 1.5))),  # not stopped
}
