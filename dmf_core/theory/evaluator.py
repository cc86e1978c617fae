"""What lays a theory over a run: it looks at one snapshot after another and collects predictions and measurements."""

from abc import ABC, abstractmethod

import numpy as np

from dmf_core.interfaces import Step
from dmf_core.trajectory import Insight


class Evaluator(ABC):
    """One walk along a run. See dmf_core.analysis.replay.THEORIES."""

    modes: int  # so many modes, or components, are looked at

    @abstractmethod
    def at(self, point: Step, following: Step | None) -> None:
        """Looks at one point. `following`: where a method with finite steps went from there."""

    @abstractmethod
    def insight(self, snapshots: int, births: np.ndarray) -> Insight:  # births: [modes], NaN where none is predicted
        """All of it; NaN for snapshots that were not reached."""
