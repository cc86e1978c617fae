"""The interface of a theory: at one snapshot after another it collects predictions and measurements."""

from abc import ABC, abstractmethod

import numpy as np

from dmf_core.interfaces import Step
from dmf_core.trajectory import Insight


class Evaluator(ABC):
    """Compares one run with a theory. See dmf_core.analysis.replay.THEORIES."""

    modes: int  # so many modes, or components, are looked at

    @abstractmethod
    def at(self, point: Step, following: Step | None) -> None:
        """Evaluates one point. `following`: where a method with finite steps went from there."""

    @abstractmethod
    def insight(self, snapshots: int, births: np.ndarray) -> Insight:  # births: [modes], NaN where none is predicted
        """All of it; NaN for snapshots that were not reached."""
