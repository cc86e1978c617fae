"""How many runs a second one core makes of a sweep, integrated together and one by one.

    python -m benchmarks.sweeps

Processor time, and the best of three turns that alternate, so that other work on the machine counts as little as it can.
Every run is measured and made a row; one by one with the 120 snapshots of the default, and with 2.
"""

import time
from collections.abc import Callable

import torch

from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.store import row_of
from dmf_core.sweep.compute import numbers

SIDES = {20: 200, 30: 400, 50: 1000}  # and observations; rank 2, depth 3
RUNS = 128
ALONE = 32  # of them, one by one
TURNS = 3


def _seconds(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return time.process_time() - began


def _turn(specs: list[RunSpec], some: list[RunSpec], few: list[RunSpec]) -> tuple[float, float, float]:
    """Seconds of a run: together, one by one, one by one with few snapshots."""
    together = _seconds(lambda: list(numbers(specs, Inputs()))) / len(specs)
    alone, short = (_seconds(lambda each=each: [row_of(run(spec), spec) for spec in each]) / ALONE for each in (some, few))
    return together, alone, short


def main() -> None:
    torch.set_num_threads(1)
    for side, observations in SIDES.items():
        sides = {"problem.rows": side, "problem.columns": side, "problem.rank": 2, "problem.observations": observations}
        specs = [RunSpec().replaced({**sides, "seed": seed}) for seed in range(RUNS)]
        some = specs[:: RUNS // ALONE]
        few = [spec.replaced({"save.snapshots": 2}) for spec in some]
        list(numbers(specs[:8], Inputs()))
        turns = [_turn(specs, some, few) for _ in range(TURNS)]
        together, alone, short = (min(turn[i] for turn in turns) for i in range(3))
        print(
            f"{side} x {side}: together {1 / together:.0f} runs a second, one by one {1 / alone:.0f} "
            f"({alone / together:.1f} times), with 2 snapshots {1 / short:.0f} ({short / together:.1f} times)."
        )


if __name__ == "__main__":
    main()
