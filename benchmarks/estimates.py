"""Estimates of cost beside what runs take, in processor time: `python -m benchmarks.estimates 60 [METHOD ..]`, random runs.

By the formula with the calibration of this machine, by the formula with what the runs before taught, and by a trial: that is
what a page announces of a run that would wait to be asked for."""

import argparse
import json
import math
import time
from typing import Any

import numpy as np
import torch

from dmf_core.cost import estimate
from dmf_core.errors import BadInput
from dmf_core.integrators import INTEGRATORS
from dmf_core.jobs.calibration import measured
from dmf_core.jobs.experience import Experience
from dmf_core.simulate import simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End
from dmf_core.trial import trial

SEED = 20261130
MOST = 20.0  # seconds of processor time of one run; a longer one is left out
SHORT = 0.05  # seconds and less are one to a person
TARGET = 0.9  # of the runs of a method: a trial says what they take within a factor of two
TENSORS = ("cp", "tucker", "tensor_train", "hierarchical_tucker")


def random_run(random: np.random.Generator, method: str) -> RunSpec:
    """Matrices up to 100 x 160 at depths 1 to 8, and tensors of 5 to 10 a side."""
    changes: dict[str, Any] = {"integrator.kind": method, "seed": int(random.integers(10**6)), "stop.seconds": 10 * MOST}
    small = method == "implicit_flow"  # solves dense systems
    if random.random() < 0.2 and not small:
        side = int(random.integers(5, 11))
        changes |= {"problem.kind": "tensor_completion", "problem.shape": [side] * 3, "problem.rank": int(random.integers(1, 4))}
        changes |= {"problem.observations": int(side**3 * random.uniform(0.2, 0.7)), "model.kind": str(random.choice(TENSORS))}
        changes |= {"model.depth": int(random.choice([1, 1, 2])), "init.scale": float(10 ** random.uniform(-1.5, -0.5))}
    else:
        rows = int(random.integers(4, 9) if small else random.integers(8, 101))
        columns = max(4, int(rows * random.uniform(0.6, 1.6)))
        changes |= {"problem.rows": rows, "problem.columns": columns, "problem.noise": float(random.choice([0, 0, 0, 0.1, 0.5]))}
        changes |= {"problem.rank": int(random.integers(1, min(rows, columns) // 4 + 2))}
        changes |= {"problem.observations": max(2, int(rows * columns * random.uniform(0.15, 0.7)))}
        changes |= {"model.depth": int(random.choice([1, 2, 3, 4, 5, 6, 8], p=[0.1, 0.25, 0.3, 0.15, 0.1, 0.05, 0.05]))}
        changes |= {"init.scale": float(10 ** random.uniform(-4, 0)), "init.kind": str(random.choice(["balanced", "gaussian"]))}
    if method in ("gradient_descent", "momentum"):
        changes["integrator.learning_rate"] = float(10 ** random.uniform(-1, 1.3))
    if method in ("adam", "group_rmsprop"):
        changes["integrator.learning_rate"] = float(10 ** random.uniform(-3.3, -1.5))
    return RunSpec().replaced(changes | {"stop.loss": float(10 ** random.uniform(-6, -2))})


def work_of(spec: RunSpec, most: float) -> tuple[int, float] | None:
    """Gradients and processor time of a run that came to its end; None of another one."""
    began = time.process_time()
    for event in simulate(spec):
        if isinstance(event, End):
            return (event.gradients, time.process_time() - began) if event.outcome.done else None
        if time.process_time() - began > most:
            return None
    return None


def right(seconds: float, took: float) -> bool:
    """Within a factor of two."""
    return abs(math.log(max(SHORT, seconds) / max(SHORT, took))) < math.log(2)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", nargs="?", type=int, default=60)
    parser.add_argument("methods", nargs="*")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--most", type=float, default=MOST)
    parser.add_argument("--list", action="store_true", help="one line for each run")
    options = parser.parse_args()
    torch.set_num_threads(1)
    machine = measured()
    trial(RunSpec())  # loads what is loaded late
    report: dict[str, dict[str, float]] = {}
    for method in options.methods or INTEGRATORS:
        random, experience = np.random.default_rng([options.seed, len(method)]), Experience()
        rows: list[tuple[bool, ...]] = []
        shares, dropped = [], 0
        while len(rows) < options.count:
            try:
                spec = random_run(random, method)
                guess = estimate(spec, spec.shape or (), None, machine)
                tried = trial(spec)
                work = work_of(spec, options.most)
            except BadInput:
                continue
            if work is None:
                dropped += 1
                continue
            gradients, took = work
            better = experience.corrected(spec, guess)
            rows.append(
                (
                    right(guess.seconds, took),
                    right(better.seconds, took),
                    right(tried.cost.seconds, took),
                    tried.sure,
                    tried.sure and right(tried.cost.seconds, took),
                    took <= max(0.1, tried.cost.most),
                )
            )
            shares.append(tried.seconds / max(0.5, took))
            experience.learn(spec, guess, gradients, took)
            if options.list:
                mark = " " if rows[-1][2] else "!"
                seconds = f"{took:.2f} s, formula {guess.seconds / took:.2f}, trial {tried.cost.seconds / took:.2f}"
                counts = f"{gradients} gradients, {guess.gradients / gradients:.2f}, {tried.cost.gradients / gradients:.2f}"
                sure = f"{'' if tried.sure else 'un'}sure after {tried.seconds:.2f} s"
                print(f"{mark} {spec.model.kind} {spec.model.layers}: {seconds}; {counts}; {sure}", flush=True)
        alone, learned, trials, sure, both, within = np.mean(np.array(rows, dtype=float), axis=0)
        print(
            f"{method}: within a factor of two {alone:.0%} by the formula, {learned:.0%} with what was learned, "
            f"{trials:.0%} by a trial ({both / sure:.0%} of the {sure:.0%} that were sure); "
            f"not longer than a trial says it may take {within:.0%}; a trial takes {np.median(shares):.0%} of a run or of 0.5 s "
            f"(median; {max(shares):.0%} at most); {len(rows)} runs, {dropped} longer than {options.most:g} s or diverged; "
            f"at least {TARGET:.0%} by a trial: {'met' if trials >= TARGET else 'NOT MET'}",
            flush=True,
        )
        report[method] = {"formula": alone, "learned": learned, "trial": trials, "not longer": within, "runs": len(rows)}
    print(json.dumps({"benchmark": "estimates", "seed": options.seed, "most": options.most, "methods": report}))


if __name__ == "__main__":
    main()
