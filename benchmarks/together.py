"""Is a run of a batch the run that it would be alone? Random settings, and an independent flow where they differ.

    python -m benchmarks.together [--settings 50] [--first 0] [--seconds 20] [--most 100000]

Each random setting of matrix completion (benchmarks/random_settings.py) with SEEDS seeds is integrated together and one by one,
for at most --seconds each (by the clock: more on a busy machine); --first leaves out so many settings, so that the whole can be
done in pieces. Runs that the clock ended, here or there, are counted and not compared: they stop at other moments of
the flow. Two runs agree where their births are within 1 % and their norms within 0.5 %. Where they do not, both are held against
scipy's DOP853 at rtol 1e-9 (tests/integrators/exact_flow.py), with at most so many evaluations.
"""

import argparse
import json
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import torch

from benchmarks.random_settings import label, random_matrix_settings
from dmf_core.inputs import Inputs
from dmf_core.integrators.batched import flow
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.store import Row, row_of
from dmf_core.sweep import compute
from dmf_core.trajectory import Outcome
from tests.integrators.exact_flow import reference

SEEDS = 4
BIRTHS, NORMS = 0.01, 0.005
COMPARED = ("spectral_norm", "nuclear_norm")


class Difference(NamedTuple):
    """Of one run: the largest one of its births (infinite: other modes are born), and of its norms."""

    births: float
    norms: float

    @property
    def agrees(self) -> bool:
        return self.births <= BIRTHS and self.norms <= NORMS


def difference(births: dict[int, float], norms: list[float], of: Row) -> Difference:
    """How far a row is from these births and norms, relative to them."""
    if births.keys() != of.births.keys():
        late = float("inf")
    else:
        late = max((abs(of.births[mode] / t - 1) for mode, t in births.items()), default=0.0)
    ours = [of.measures[key] or 0.0 for key in COMPARED]
    return Difference(late, max(abs(a - b) / b for a, b in zip(ours, norms, strict=True)))


def settings(first: int, count: int, seconds: float) -> Iterator[list[RunSpec]]:
    """The runs of random settings that are integrated together, without the first ones."""
    specs = (spec for spec in random_matrix_settings(10 * (first + count)) if spec.problem.kind == "matrix_completion")
    for spec in islice(specs, first, first + count):
        yield [spec.replaced({"seed": spec.seed // 2 + seed, "stop.seconds": seconds}) for seed in range(SEEDS)]


def explained(spec: RunSpec, together: Row, alone: Row, most: int) -> str:
    """Which of two rows that differ is how far from the exact flow."""
    exact = reference(spec, most)
    if exact is None:
        return "no reference"
    norms = [float(exact.final[0]), float(exact.final.sum())]
    words = [
        f"{name} births {100 * each.births:.2f} %, norms {100 * each.norms:.2f} %"
        for name, each in (
            ("together", difference(exact.births, norms, together)),
            ("alone", difference(exact.births, norms, alone)),
        )
    ]
    return f"to the exact flow: {'; '.join(words)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", type=int, default=50)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--most", type=int, default=100_000)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    compute.FEWEST_TOGETHER = SEEDS
    flow.LONELY = 0  # so few runs share few steps, and stay together here
    runs = batched = agree = late = 0
    for specs in settings(arguments.first, arguments.settings, arguments.seconds):
        answers = compute.numbers(specs, Inputs())
        rows = {answer.row.digest: answer.row for answer in answers if answer is not None}
        for spec in specs:
            together, alone = rows[spec.digest()], row_of(run(spec), spec)
            if Outcome.BUDGET in (together.outcome, alone.outcome):
                late += 1
                continue
            runs, batched = runs + 1, batched + together.batched
            apart = difference(alone.births, [alone.measures[key] or 1.0 for key in COMPARED], together)
            agree += apart.agrees
            if not apart.agrees:
                why = explained(spec, together, alone, arguments.most)
                births, norms = (100 * each for each in apart)
                print(f"births {births:.2f} %, norms {norms:.2f} % apart: {label(spec)} seed {spec.seed}: {why}", flush=True)
    print(f"{agree} of {runs} runs agree; {batched} of them were integrated together to their end.")
    print(f"{late} more were ended by the clock.")
    print(json.dumps({"benchmark": "together", "runs": runs, "batched": batched, "agree": agree, "late": late}))


if __name__ == "__main__":
    main()
