"""Estimates of cost beside what runs take, in processor time: `python -m benchmarks.estimates 60 [METHOD ..]`, random runs.

By the formula with the calibration of this machine, by the formula with what the runs before taught, and by a trial: that is
what a page announces of a run that would wait to be asked for. A run that is cut off at MOST seconds counts as wrong for whoever
announced half of that or less; what it would have taken is unknown to the others, who are not judged by it. Runs that diverge
are left out. Both are counted.
"""

import argparse
import json
import math
import time
from typing import Any

import numpy as np
import torch

from dmf_core.cost import Cost, Machine, estimate
from dmf_core.errors import BadInput
from dmf_core.integrators import INTEGRATORS
from dmf_core.jobs.calibration import measured
from dmf_core.jobs.experience import Experience
from dmf_core.simulate import run, simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End
from dmf_core.trial import Trial, trial

SEED = 20261130
MOST = 20.0  # seconds of processor time of one run; a longer one is cut off
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


def small_tensor(model: str) -> RunSpec:
    """A small one."""
    changes = {"problem.kind": "tensor_completion", "problem.shape": [5] * 3, "problem.observations": 60, "model.kind": model}
    return RunSpec().replaced(changes | {"init.scale": 0.1})


def work_of(spec: RunSpec, most: float) -> tuple[int, float] | None:
    """Gradients and processor time of a run; gradients 0: it was cut off after so many seconds. None: it diverged."""
    began = time.process_time()
    for event in simulate(spec):
        took = time.process_time() - began
        if isinstance(event, End):
            return (event.gradients, took) if event.outcome.done else None
        if took > most:
            return 0, math.inf
    return None


def right(seconds: float, took: float, most: float) -> float:
    """1 within a factor of two, else 0. NaN: a run that was cut off, of which more than half of that time had been announced."""
    if math.isinf(took):
        return 0.0 if seconds <= most / 2 else math.nan
    return float(abs(math.log(max(SHORT, seconds) / max(SHORT, took))) < math.log(2))


def not_longer(tried: Cost, took: float, most: float) -> float:
    """1 where a run took no longer than its trial says that it may, else 0. NaN: it was cut off, and that was allowed for."""
    longest = max(0.1, tried.most)
    return (math.nan if longest > most else 0.0) if math.isinf(took) else float(took <= longest)


def of_method(method: str, options: argparse.Namespace, machine: Machine) -> dict[str, float]:
    """Runs of one method, compared with what was announced of them."""
    random, experience = np.random.default_rng([options.seed, len(method)]), Experience()
    rows: list[tuple[float, ...]] = []
    shares, diverged, cut = [], 0, 0
    while len(rows) < options.count:
        try:
            spec = random_run(random, method)
            guess = estimate(spec, spec.shape or (), None, machine)
            tried = trial(spec)
            work = work_of(spec, options.most)
        except BadInput:
            continue
        if work is None:
            diverged += 1
            continue
        gradients, took = work
        better = experience.corrected(spec, guess)
        judged = [right(each.seconds, took, options.most) for each in (guess, better, tried.cost)]
        rows.append(
            (*judged, float(tried.sure), judged[2] if tried.sure else math.nan, not_longer(tried.cost, took, options.most))
        )
        shares.append(tried.seconds / max(0.5, took))
        if gradients:
            experience.learn(spec, guess, gradients, took)
        cut += not gradients
        if options.list:
            print(line(spec, guess, tried, gradients, took, judged[2]), flush=True)
    formula, learned, trials, sure, right_if_sure, within = np.nanmean(np.array(rows), axis=0)
    open_ends, half = int(np.isnan(np.array(rows)[:, 2]).sum()), options.most / 2
    print(
        f"{method}: within a factor of two {formula:.0%} by the formula, {learned:.0%} with what was learned, "
        f"{trials:.0%} by a trial ({right_if_sure:.0%} of the {sure:.0%} that were sure); "
        f"not longer than a trial says it may take {within:.0%}; a trial takes {np.median(shares):.0%} of a run or of 0.5 s "
        f"(median; {max(shares):.0%} at most); {len(rows)} runs, of which {cut} were cut off after {options.most:g} s: "
        f"{cut - open_ends} announced as {half:g} s or less count as wrong, {open_ends} are not judged by their trial; "
        f"{diverged} more diverged; at least {TARGET:.0%} by a trial: {'met' if trials >= TARGET else 'NOT MET'}",
        flush=True,
    )
    counts = {"runs": len(rows), "cut off": cut, "not judged": open_ends, "diverged": diverged}
    return {"formula": formula, "learned": learned, "trial": trials, "not longer": within, **counts}


def line(spec: RunSpec, guess: Cost, tried: Trial, gradients: int, took: float, judged: float) -> str:
    """One run; `!` marks one whose trial was wrong, `-` one that was not judged."""
    mark = "-" if math.isnan(judged) else " " if judged else "!"
    what = f"{mark} {spec.model.kind} {spec.model.layers}: "
    sure = f"{'' if tried.sure else 'un'}sure after {tried.seconds:.2f} s"
    settings = spec.to_json() if judged == 0.0 else ""
    if not gradients:
        announced = f"formula {guess.seconds:.2f} s, trial {tried.cost.seconds:.2f} to {tried.cost.most:.2f} s"
        return f"{what}cut off; {announced}; {sure} {settings}"
    seconds = f"{took:.2f} s, formula {guess.seconds / took:.2f}, trial {tried.cost.seconds / took:.2f}"
    counts = f"{gradients} gradients, {guess.gradients / gradients:.2f}, {tried.cost.gradients / gradients:.2f}"
    return f"{what}{seconds}; {counts}; {sure} {settings}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", nargs="?", type=int, default=60)
    parser.add_argument("methods", nargs="*", choices=list(INTEGRATORS))
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--most", type=float, default=MOST)
    parser.add_argument("--list", action="store_true", help="one line for each run")
    options = parser.parse_args()
    torch.set_num_threads(1)
    machine = measured()
    for warm in (RunSpec(), *(small_tensor(kind) for kind in TENSORS)):
        trial(warm)  # loads what is loaded late, as workers have done before
        run(warm)
    report = {method: of_method(method, options, machine) for method in options.methods or INTEGRATORS}
    print(json.dumps({"benchmark": "estimates", "seed": options.seed, "most": options.most, "methods": report}))


if __name__ == "__main__":
    main()
