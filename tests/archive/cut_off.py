"""Runs that end before they are done, at the same step on every machine."""

from itertools import count
from types import SimpleNamespace

import pytest

from dmf_core.simulate import Cancelled, simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Builder, Progress, Trajectory


def cut_off(spec: RunSpec, cancel: bool) -> Trajectory:
    """A run by a clock that goes on by 5 ms whenever it is read, until its seconds are used up, or cancelled after some."""
    ticks = count()
    clock = SimpleNamespace(perf_counter=lambda: 0.005 * next(ticks))
    builder = Builder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dmf_core.simulate.time", clock)
        patch.setattr("dmf_core.recording.sampling.time", clock)
        events = simulate(spec)
        for event in events:
            builder.add(event)
            if cancel and isinstance(event, Progress):
                builder.add(events.throw(Cancelled()))
    trajectory = builder.trajectory()
    assert trajectory is not None
    return trajectory
