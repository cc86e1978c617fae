"""Estimates of cost beside what runs take, in processor time: `python -m benchmarks.estimates 60 [METHOD ..]`, random runs.

With the calibration of this machine, as the page has it."""

import math
import sys
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

SEED = 20261130
MOST = 20.0  # seconds of processor time of one run
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


def work_of(spec: RunSpec) -> tuple[int, float] | None:
    """Gradients and processor time of a run that came to its end; None of another one."""
    began = time.process_time()
    for event in simulate(spec):
        if isinstance(event, End):
            return (event.gradients, time.process_time() - began) if event.outcome.done else None
        if time.process_time() - began > MOST:
            return None
    return None


def main() -> None:
    torch.set_num_threads(1)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    machine = measured()
    for method in sys.argv[2:] or INTEGRATORS:
        random, experience = np.random.default_rng([SEED, len(method)]), Experience()
        off, learned, within = [], [], []
        while len(off) < count:
            try:
                spec = random_run(random, method)
                guess = estimate(spec, spec.shape or (), None, machine)
                work = work_of(spec)
            except BadInput:
                continue
            if work is None:
                continue
            gradients, took = work
            better = experience.corrected(spec, guess)
            off.append(abs(math.log(max(0.05, guess.seconds) / max(0.05, took))))  # 0.05 s and less are one to a person
            learned.append(abs(math.log(max(0.05, better.seconds) / max(0.05, took))))
            within.append(took <= max(0.1, better.most))
            experience.learn(spec, guess, gradients, took)
        share = {name: float(np.mean(np.array(each) < math.log(2))) for name, each in (("alone", off), ("learned", learned))}
        print(
            f"{method}: within a factor of two {share['alone']:.0%} alone, {share['learned']:.0%} with what was learned; "
            f"not longer than it may take {np.mean(within):.0%}, of {count} runs",
            flush=True,
        )


if __name__ == "__main__":
    main()
