"""The runs that are still to be computed, handed out in batches of about equal cost."""

import json
import math
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from dmf_core.spec import RunSpec
from dmf_core.sweep.plan import Cell

TASK_SECONDS = 2.0  # of one batch: a worker that dies loses no more, and what is sent costs little beside it
FIRST_SECONDS = 0.5  # of the first batches: estimates are rough until they have been compared with a clock
MOST_RUNS = 512  # of one batch: memory, and how often the table grows


class Batches:
    """Runs that wait, alike ones next to each other. Learns from what is done how good the estimates are."""

    def __init__(
        self,
        cells: Iterable[Cell],
        workers: int,
        ranks: Mapping[str, int] | None = None,
        task_seconds: float = TASK_SECONDS,
    ) -> None:
        """`ranks`: by digest, lower ones come first. `task_seconds`: of one batch."""
        ranks = ranks or {}
        self._waiting = deque(sorted(cells, key=lambda cell: (ranks.get(cell.digest, 0), _kind(cell))))
        self._workers, self._task_seconds = workers, task_seconds
        self._estimated = self._measured = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def pace(self) -> float:
        """Measured seconds for each estimated one; 1 as long as nothing is known."""
        return self._measured / self._estimated if self._estimated > 0 and self._measured > 0 else 1.0

    def learn(self, estimated: float, measured: float) -> None:
        """Runs of these estimated seconds took these."""
        self._estimated, self._measured = self._estimated + estimated, self._measured + measured

    def take(self) -> list[Cell]:
        """The next batch; its runs are alike. The last ones are small, so that all workers end at about the same time."""
        if not self._waiting:
            return []
        left = sum(cell.seconds for cell in self._waiting) * self.pace if len(self._waiting) < MOST_RUNS else math.inf
        most = min(self._task_seconds, self._task_seconds if self._measured else FIRST_SECONDS, left / self._workers)
        first = self._waiting.popleft()
        batch, kind, seconds = [first], _kind(first), first.seconds * self.pace
        while self._waiting and len(batch) < MOST_RUNS and seconds < most and _kind(self._waiting[0]) == kind:
            batch.append(self._waiting.popleft())
            seconds += batch[-1].seconds * self.pace
        return batch

    def put_back(self, cells: Sequence[Cell]) -> None:
        """These come next."""
        self._waiting.extendleft(reversed(cells))

    def prefer(self, digests: Collection[str]) -> None:
        """Those of these runs that wait come next."""
        self._waiting = deque(sorted(self._waiting, key=lambda cell: cell.digest not in digests))


def kind_of(spec: RunSpec) -> str:
    """Equal for runs that may be integrated together: they differ in what is sampled and observed, and in when they end."""
    alike = spec.model_dump(mode="json", include={"model", "integrator", "dtype", "device"})
    return json.dumps([spec.problem.kind, spec.shape, alike], sort_keys=True)


def _kind(cell: Cell) -> str:
    assert cell.spec is not None
    return kind_of(cell.spec)
