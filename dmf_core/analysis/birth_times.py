"""When the modes of a run are born: at half of their final value."""

import numpy as np

from dmf_core.measures.growth import BORN, LEARNED, LEVELS, growth_of
from dmf_core.trajectory import Trajectory


def growth_times(run: Trajectory) -> np.ndarray:  # [k, len(LEVELS)], NaN: never
    """See `growth_of`, of the main spectrum.

    From the integrator's steps where the run recorded that (those with few snapshots that have ended), else from its snapshots.
    """
    recorded = {} if run.end is None else run.end.growth
    if run.start.main_spectrum in recorded:
        return recorded[run.start.main_spectrum]
    return growth_of(run.column("t"), run.singular_values)


def birth_times(run: Trajectory) -> dict[int, float]:
    """The births of the learned modes of the main spectrum, by mode from 1; those that were large from the start have none."""
    final, times = run.singular_values[-1], growth_times(run)[:, LEVELS.index(BORN)]
    learned = np.flatnonzero(final > LEARNED * final[0])
    return {int(mode) + 1: float(times[mode]) for mode in learned if times[mode] > 0}
