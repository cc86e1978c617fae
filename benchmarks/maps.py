"""How soon is a map there, and does a slider answer beside it? Without a browser, with the queue and the sweeps of the dashboard.

    python -m benchmarks.maps [--cells 400] [--seeds 5] [--schedule]

Observations by rank at depth 3, as the page opens, and by depth 2 to 5 at rank 2, where deep runs with few observations take a
hundred times longer than the others; 30 x 30, no store. Printed of each: seconds until the first cells of the map can be drawn
(the plan and the grid included), until it is complete, and, of a slider on another tab that asks for a run of 100 x 100 every
PAUSE seconds as long as the map is computed, until the first snapshot of its run (median and highest). Workers are warm, as on
a server. Seconds by the clock: they mean something on an idle machine alone.

--schedule: without workers and without a slider. Every batch is computed in this process, and by its processor time follows when
each of WORKERS workers that do nothing else would end, and when the first run and all runs of the first picture would be there.
"""

import argparse
import heapq
import json
import math
import statistics
import time

import torch

from dmf_core.jobs import Job, JobQueue
from dmf_core.spec import RunSpec
from dmf_core.sweep.batches import Batches
from dmf_core.sweep.compute import numbers
from dmf_core.sweep.field import MapQuestion
from dmf_core.sweep.grid import grid
from dmf_core.sweep.order import coarse_to_fine
from dmf_core.sweep.plan import Cell, Plan
from dmf_core.sweep.shared import TASK_SECONDS, SharedSweeps

BASE = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 2, "problem.observations": 400}
MAPS = {"rank 1 to 4, depth 3": "problem.rank=1,2,3,4", "depth 2 to 5, rank 2": "model.depth=2,3,4,5"}
ROWS = 4  # of each map
FEWEST, MOST = 150, 800  # observations
PAUSE = 1.0
POLL = 0.01
OWNER, PAGE, TAB = "owner", "map", "slider"
WORKERS = 2
BARS = {"first picture": 1.0, "complete": 15.0, "slider": 0.4}  # seconds; for 400 cells of 5 seeds


def question(up: str, cells: int, seeds: int) -> MapQuestion:
    """The map: as many values of the observations as give so many cells."""
    count = max(2, cells // ROWS)
    return MapQuestion(
        base=RunSpec().replaced(BASE),
        across=f"problem.observations={FEWEST}:{MOST}:{count}lin",
        up=up,
        seeds=seeds,
    )


class Slider:
    """A person who moves a slider again and again."""

    def __init__(self, queue: JobQueue) -> None:
        self.seconds: list[float] = []
        self._queue, self._seed, self._next = queue, 1_000, time.perf_counter() + PAUSE / 2
        self._job: Job | None = None
        self._began = 0.0

    def move(self) -> None:
        """Called often: asks when it is time, notes when the first snapshot is there."""
        now = time.perf_counter()
        if self._job is not None and self._job.trajectory is not None:
            self.seconds.append(now - self._began)
            self._job, self._next = None, now + PAUSE
        if self._job is None and now >= self._next:
            self._seed, self._began = self._seed + 1, now
            self._job = self._queue.submit(RunSpec().replaced({"seed": self._seed}), watcher=TAB)
        elif self._job is not None:
            self._queue.heartbeat(TAB)


def measure(up: str, cells: int, seeds: int) -> dict[str, float | list[float]]:
    queue = JobQueue()
    sweeps = SharedSweeps(queue.spare_time, None)
    try:
        while queue.executor.room < queue.workers:
            time.sleep(POLL)
        began, first = time.perf_counter(), None
        field = question(up, cells, seeds)
        planned: Plan = field.plan()
        sweeps.start(planned, PAGE, OWNER)
        slider = Slider(queue)
        while True:
            progress = sweeps.progress(planned, PAGE, OWNER)
            if progress is not None and progress.rows and first is None:
                shown = grid(planned, progress.rows, field.measure)
                first = time.perf_counter() - began if shown.measured.any() else None
            if progress is not None and progress.tally.done == progress.tally.total:
                break
            slider.move()
            time.sleep(POLL)
        assert first is not None
        complete = time.perf_counter() - began
        return {"first picture": first, "complete": complete, "slider": slider.seconds, "runs": progress.tally.total}
    finally:
        sweeps.close()
        queue.close()


def schedule(up: str, cells: int, seeds: int) -> dict[str, float]:
    """Seconds of processor time at which things would happen; `computing` is the sum of all batches."""
    planned = question(up, cells, seeds).plan()
    ranks = coarse_to_fine(planned)
    batches = Batches(planned.runs.values(), WORKERS, ranks, TASK_SECONDS)
    free: list[tuple[float, int, float, list[Cell]]] = [(0.0, worker, 0.0, []) for worker in range(WORKERS)]
    ends, computing, first, coarse = [], 0.0, math.inf, 0.0
    while free:
        now, worker, seconds, done = heapq.heappop(free)
        batches.learn(done, seconds)
        first = min(first, now) if done else first
        coarse = max([coarse, *(now for cell in done if ranks[cell.digest] == 0)])
        batch = batches.take()
        if not batch:
            ends.append(now)
            continue
        began = time.process_time()
        for _ in numbers([cell.spec for cell in batch if cell.spec is not None], planned.inputs):
            pass
        seconds = time.process_time() - began
        computing += seconds
        heapq.heappush(free, (now + seconds, worker, seconds, batch))
    return {"computing": computing, "first": first, "coarse": coarse, "one ends": min(ends), "all end": max(ends)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--schedule", action="store_true", help="by processor time, without workers")
    arguments = parser.parse_args()
    if arguments.schedule:
        torch.set_num_threads(1)
        for name, up in MAPS.items():
            row = schedule(up, arguments.cells, arguments.seeds)
            print(f"{name}: {', '.join(f'{key} {value:.2f} s' for key, value in row.items())}.", flush=True)
        return
    rows = {name: measure(up, arguments.cells, arguments.seeds) for name, up in MAPS.items()}
    for name, row in rows.items():
        moves = row["slider"]
        assert isinstance(moves, list)
        print(f"{name}: first cells after {row['first picture']:.2f} s (bar {BARS['first picture']} s); ", end="")
        print(f"{row['runs']} runs complete after {row['complete']:.1f} s (bar {BARS['complete']} s at 2,000 runs).")
        if moves:
            print(
                f"  A slider beside it: first snapshot after {1e3 * statistics.median(moves):.0f} ms (median of {len(moves)}, "
                f"highest {1e3 * max(moves):.0f} ms; bar {1e3 * BARS['slider']:.0f} ms)."
            )
    print(json.dumps({"benchmark": "maps", "maps": rows}))


if __name__ == "__main__":
    main()
