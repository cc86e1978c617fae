"""How many runs a second one core makes of a sweep, integrated together and one by one.

    python -m benchmarks.sweeps [--whole [--share 1.0]]

Processor time, and the best of three turns that alternate, so that other work on the machine counts as little as it can.
Every run is measured and made a row; one by one with the 120 snapshots of the default, and with 2.

--whole: sweeps as the command line makes them, on all cores, with a store of its own: 10,000 runs of 30 x 30, 1,000 of 100 x 100
(rank 5, depth 3) and 20,000 of 20 x 20. Says how long each takes by the clock, how much longer that is than the computing alone
(the processor time of SAMPLE of its runs in this process, on as many cores), and how much memory the processes had at most.
Prints a row as soon as it is there. About four minutes on two idle cores; --share 0.05 is a trial with a twentieth of the runs.
"""

import argparse
import contextlib
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import torch

from dmf_core.inputs import Inputs
from dmf_core.jobs.executors.choice import worker_count
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.store import Store, row_of
from dmf_core.sweep.carried_out import carry_out
from dmf_core.sweep.compute import numbers
from dmf_core.sweep.plan import plan

SIDES = {20: 200, 30: 400, 50: 1000}  # and observations; rank 2, depth 3
RUNS = 512  # as many as a batch of a sweep has at most
ALONE = 32  # of them, one by one
TURNS = 3
SWEEPS = {  # by name: runs, side, observations, rank
    "10,000 runs of 30 x 30": (10_000, 30, 400, 2),
    "1,000 runs of 100 x 100": (1_000, 100, 2000, 5),
    "20,000 runs of 20 x 20": (20_000, 20, 200, 2),
}
SAMPLE = 256  # of the runs of a sweep, computed here to know what computing alone takes
MEBI = 1 << 20
POLL_SECONDS = 2.0  # between two looks at the memory of all processes: one takes each of them some hundredths of a second


def _seconds(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return time.process_time() - began


def _turn(specs: list[RunSpec], some: list[RunSpec], few: list[RunSpec]) -> tuple[float, float, float]:
    """Seconds of a run: together, one by one, one by one with few snapshots."""
    together = _seconds(lambda: list(numbers(specs, Inputs()))) / len(specs)
    alone, short = (_seconds(lambda each=each: [row_of(run(spec), spec) for spec in each]) / ALONE for each in (some, few))
    return together, alone, short


def _sides(side: int, observations: int, rank: int) -> dict[str, int]:
    return {"problem.rows": side, "problem.columns": side, "problem.rank": rank, "problem.observations": observations}


def batches() -> None:
    """Together and one by one, on one core."""
    for side, observations in SIDES.items():
        specs = [RunSpec().replaced({**_sides(side, observations, 2), "seed": seed}) for seed in range(RUNS)]
        some = specs[:: RUNS // ALONE]
        few = [spec.replaced({"save.snapshots": 2}) for spec in some]
        list(numbers(specs[:16], Inputs()))
        turns = [_turn(specs, some, few) for _ in range(TURNS)]
        together, alone, short = (min(turn[i] for turn in turns) for i in range(3))
        print(
            f"{side} x {side}: together {1 / together:.0f} runs a second, one by one {1 / alone:.0f} "
            f"({alone / together:.1f} times), with 2 snapshots {1 / short:.0f} ({short / together:.1f} times).",
            flush=True,
        )


class Memory:
    """The largest memory of this process and its workers together. Pages that several of them share count once."""

    def __init__(self) -> None:
        self.most = 0
        self._own, self._measured = psutil.Process(), 0.0

    def measure(self, _: object = None) -> None:
        """Called often, looks now and then."""
        if time.monotonic() - self._measured < POLL_SECONDS:
            return
        total = 0
        for process in (self._own, *self._own.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_full_info().pss
        self.most, self._measured = max(self.most, total), time.monotonic()


def whole(name: str, runs: int, side: int, observations: int, rank: int) -> dict[str, float | str]:
    """A sweep from its axes to its table."""
    began, memory = time.perf_counter(), Memory()
    planned = plan(RunSpec().replaced(_sides(side, observations, rank)), {"seed": f"0:{runs - 1}"})
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        table, _ = carry_out(planned, store, show=memory.measure)
        table.to_csv()
        table.to_parquet()
        store.close()
    seconds, cores = time.perf_counter() - began, worker_count()
    sample = [cell.spec for cell in planned.cells[:SAMPLE] if cell.spec is not None]
    computing = _seconds(lambda: list(numbers(sample, Inputs()))) / len(sample) * runs / cores
    ended = sum(row.outcome.done for row in table.rows.values())
    more, mebibytes = 100 * (seconds / computing - 1), memory.most / MEBI
    print(
        f"{name} ({runs} of them made): {seconds:.1f} s on {cores} cores for {ended} runs that ended, {more:.0f} % more than "
        f"computing alone ({computing:.1f} s; bar 15 %); memory of all processes at most {mebibytes:.0f} MiB (bar 1.5 GB).",
        flush=True,
    )
    return {"sweep": name, "runs": runs, "seconds": seconds, "computing": computing, "mebibytes": mebibytes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--whole", action="store_true", help="whole sweeps, too")
    parser.add_argument("--share", type=float, default=1.0, help="of the runs of the whole sweeps, for a trial")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    if arguments.whole:
        for name, (runs, *values) in SWEEPS.items():
            rows.append(whole(name, max(2, round(arguments.share * runs)), *values))
        print(json.dumps({"benchmark": "sweeps", "share": arguments.share, "whole": rows}), flush=True)
    batches()


if __name__ == "__main__":
    main()
