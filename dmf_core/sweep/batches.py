"""The runs that are still to be computed, handed out in batches of about equal cost."""

import json
import math
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from dmf_core.spec import RunSpec
from dmf_core.sweep.plan import Cell
from dmf_core.sweep.together import together

TASK_SECONDS = 2.0  # of one batch: a worker that dies loses no more, and what is sent costs little beside it
FIRST_SECONDS = 0.5  # of the first batches: estimates are rough until they have been compared with a clock
MOST_RUNS = 512  # of one batch: memory, and how often the table grows
FEWEST_TOGETHER = 24  # of 20 x 20, 8 together take 1.4 times as long as alone, 16 1.1 times, 128 0.4 times
STRETCH = 2.0  # a batch may take so many times as long where it is then computed together
FORGET = 0.5  # of what is known of a kind with each batch of it: runs with other settings follow


class Batches:
    """Runs that wait, alike ones next to each other. Learns from what is done how good the estimates are, kind by kind."""

    def __init__(
        self,
        cells: Iterable[Cell],
        workers: int,
        ranks: Mapping[str, int] | None = None,
        task_seconds: float = TASK_SECONDS,
    ) -> None:
        """`ranks`: by digest, lower ones come first. `task_seconds`: of one batch."""
        cells = list(cells)
        names: dict[str, str] = {}
        kinds = (names.setdefault(kind, kind) for kind in map(_kind, cells))  # thousands of runs share one text
        self._kinds = {cell.digest: kind for cell, kind in zip(cells, kinds, strict=True)}
        self._waiting = deque(_in_order(cells, self._kinds, ranks))
        self._workers, self._task_seconds = workers, task_seconds
        self._estimated: defaultdict[str, float] = defaultdict(float)  # seconds by kind, of the runs that are done
        self._measured: defaultdict[str, float] = defaultdict(float)
        self._limits: dict[str, int] = {}  # by digest: runs of a batch with this one, where an earlier one was interrupted

    def __len__(self) -> int:
        return len(self._waiting)

    def pace(self, kind: str) -> float:
        """Measured seconds for each estimated one, of runs of this kind if there are any; 1 as long as nothing is known."""
        estimated, measured = self._estimated[kind], self._measured[kind]
        if not (estimated > 0 and measured > 0):
            estimated, measured = sum(self._estimated.values()), sum(self._measured.values())
        return measured / estimated if estimated > 0 and measured > 0 else 1.0

    def learn(self, cells: Sequence[Cell], measured: float) -> None:
        """These runs, which are alike, took so many seconds."""
        if cells:
            kind = self._kinds[cells[0].digest]
            self._estimated[kind] = FORGET * self._estimated[kind] + sum(cell.seconds for cell in cells)
            self._measured[kind] = FORGET * self._measured[kind] + measured

    def take(self) -> list[Cell]:
        """The next batch; its runs are alike. The last ones are small, so that all workers end at about the same time."""
        if not self._waiting:
            return []
        first = self._waiting.popleft()
        kind = self._kinds[first.digest]
        pace = self.pace(kind)
        usual = min(self._task_seconds, self._task_seconds if self._measured[kind] else FIRST_SECONDS)
        share = self._share(first)
        most, stretched = min(usual, share), min(STRETCH * usual, share)
        assert first.spec is not None
        fewest = FEWEST_TOGETHER if together(first.spec) else 1
        limit = self._limits.pop(first.digest, MOST_RUNS)
        batch, seconds = [first], first.seconds * pace
        while self._waiting and len(batch) < limit and self._kinds[self._waiting[0].digest] == kind:
            if seconds >= most and (len(batch) >= fewest or seconds >= stretched):
                break
            batch.append(self._waiting.popleft())
            seconds += batch[-1].seconds * pace
        return batch

    def _share(self, first: Cell) -> float:
        """Seconds that each worker has yet to compute, where they end soon: no batch is longer."""
        if len(self._waiting) >= MOST_RUNS:
            return math.inf
        left = sum(cell.seconds * self.pace(self._kinds[cell.digest]) for cell in (first, *self._waiting))
        return left / self._workers

    def put_back(self, cells: Sequence[Cell], after: float = 0.0) -> None:
        """Puts these cells before all that wait.

        `after`: seconds for which they were computed in vain; when they were to take less, they come in smaller batches, so
        that less is lost the next time.
        """
        if after > self._task_seconds:
            self._limits |= {cell.digest: max(1, len(cells) // 2) for cell in cells}
        self._waiting.extendleft(reversed(cells))

    def prefer(self, digests: Collection[str]) -> None:
        """Moves the waiting runs among these to the front."""
        self._waiting = deque(sorted(self._waiting, key=lambda cell: cell.digest not in digests))


def _in_order(cells: Sequence[Cell], kinds: Mapping[str, str], ranks: Mapping[str, int] | None) -> list[Cell]:
    """By rank, alike runs next to each other. In the last rank the expensive ones come first, so that no worker is left with
    them at the end; before it the cheap ones, which soon show something."""
    ranks = ranks or {}
    last = max((ranks.get(cell.digest, 0) for cell in cells), default=0)
    largest: dict[tuple[int, str], float] = {}  # estimated seconds of the most expensive run of each kind
    for cell in cells:
        group = ranks.get(cell.digest, 0), kinds[cell.digest]
        largest[group] = max(largest.get(group, 0.0), cell.seconds)

    def place(cell: Cell) -> tuple[int, float, str, float]:
        rank, kind = ranks.get(cell.digest, 0), kinds[cell.digest]
        sign = -1 if rank == last else 1
        return rank, sign * largest[rank, kind], kind, sign * cell.seconds

    return sorted(cells, key=place)


def kind_of(spec: RunSpec) -> str:
    """Equal for runs that may be integrated together: they differ in what is sampled and observed, and in when they end."""
    alike = spec.model_dump(mode="json", include={"model", "integrator", "dtype", "device"})
    return json.dumps([spec.problem.kind, spec.shape, alike], sort_keys=True)


def _kind(cell: Cell) -> str:
    assert cell.spec is not None
    return kind_of(cell.spec)
