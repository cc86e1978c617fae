"""Ended runs that wait for their theory. It is computed when no run waits, the latest first: that one is looked at."""

from dataclasses import dataclass

from dmf_core.analysis.accuracy import outline
from dmf_core.inputs import Inputs
from dmf_core.jobs.job import Job
from dmf_core.jobs.messages import Explain

MOST = 40  # the oldest go first: their pages show the equation without numbers


@dataclass(frozen=True, eq=False)
class Unexplained:
    """One of them, with what its job no longer holds."""

    job: Job
    inputs: Inputs

    def message(self) -> Explain:
        trajectory = self.job.trajectory
        assert trajectory is not None
        t, iteration = trajectory.column("t"), trajectory.column("iteration")
        return Explain(self.job.spec.to_json(), self.inputs, t, iteration, outline(trajectory))


class Pile:
    """Last in, first out. Not thread-safe: the queue holds its lock."""

    def __init__(self) -> None:
        self._pile: list[Unexplained] = []

    def __len__(self) -> int:
        return len(self._pile)

    def put(self, one: Unexplained) -> None:
        self._pile.append(one)
        if len(self._pile) > MOST:
            self._pile.pop(0).job.explain(None)

    def take(self) -> Unexplained:
        return self._pile.pop()
