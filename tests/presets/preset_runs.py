"""The run of every preset, made once, and what the tests read off it."""

import functools

import numpy as np

from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from dmf_core.trajectory import Trajectory


@functools.cache
def run_of(name: str) -> Trajectory:
    return run(preset_spec(name))


def last(name: str, key: str) -> float:
    """A measure at the end of the run."""
    value = run_of(name).snapshots[-1].measures[key]
    assert value is not None
    return value


def births_of(trajectory: Trajectory, modes: int) -> np.ndarray:  # [modes]
    """When each mode first passes half of its final value."""
    t, sigma = trajectory.column("t"), trajectory.singular_values
    return np.array([t[np.argmax(sigma[:, r] > sigma[-1, r] / 2)] for r in range(modes)])


def modes_above(name: str, spectrum: str) -> int:
    """Values of a spectrum that end above 1 % of the largest."""
    values = run_of(name).spectrum(spectrum)[-1]
    return int((values > 0.01 * values[0]).sum())
