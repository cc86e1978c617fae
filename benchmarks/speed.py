"""How much faster than the published code is a recorded run? Figure 1 of Arora et al. 2019, depths 3 and 2.

python -m benchmarks.speed [--quick] [--repeats N]

Both sides in this process, on one thread, from the same factors, to the same training error of 1e-6. Theirs: layers
of torch.nn, autograd and the optimizer class of their released code (GroupRMSprop, learning rate 1e-3), nothing
recorded. Ours: `simulate` with everything it records. Nothing is extrapolated; --quick runs depth 2 only.

Before that, one more figure: the seconds of a whole recorded run over (its gradients times the seconds of one gradient that has
everything in the cache), at 100 x 100, 50 x 50 and 20 x 20, depth 3, to 1e-6.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from dmf_core.measures.singular_values import singular_values
from dmf_core.prepare import prepare
from dmf_core.recording.snapshots import MOST_AT_ONCE
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

WHOLE = {100: (5, 2000), 50: (2, 1000), 20: (2, 200)}  # by side: rank and observations of `whole_run`


class GroupRMSprop(torch.optim.Optimizer):
    """The optimizer of the released code (opt.py): one adaptive step for all parameters together."""

    def __init__(self, parameters: Iterable[Tensor], lr: float = 1e-3, alpha: float = 0.99, eps: float = 1e-4) -> None:
        super().__init__(parameters, {"lr": lr, "alpha": alpha, "eps": eps})
        self.square, self.iterations = torch.zeros(()), 0

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        self.iterations += 1
        group = self.param_groups[0]
        total = sum(p.grad.pow(2).sum() for p in group["params"])
        self.square.mul_(group["alpha"]).add_(total, alpha=1 - group["alpha"])
        root = self.square.div(1 - group["alpha"] ** self.iterations).sqrt().add(group["eps"])
        for p in group["params"]:
            p.add_(p.grad / root, alpha=-group["lr"])


def published(spec: RunSpec, most: int = 1_000_000) -> tuple[float, int, float]:
    """(seconds, iterations, mean squared error over all entries) of the straightforward way."""
    prepared = prepare(spec)
    layers = [torch.nn.Linear(f.shape[1], f.shape[0], bias=False) for f in prepared.field.factors(prepared.x)]
    for layer, factor in zip(layers, prepared.field.factors(prepared.x), strict=True):
        layer.weight.data = factor.clone()
    problem = prepared.problem
    where = problem.observed.nonzero(as_tuple=True)
    values = problem.known[where]
    optimizer = GroupRMSprop([layer.weight for layer in layers])
    began = time.perf_counter()
    iteration = 0
    while iteration < most:
        W = layers[0].weight
        for layer in layers[1:]:
            W = layer.weight @ W
        loss = (W[where] - values).square().mean()
        if loss.item() <= 1e-6:
            break
        iteration += 1
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    seconds = time.perf_counter() - began
    return seconds, iteration, float((W - problem.known).square().mean())


def timed(function: Callable[[], Trajectory], repeats: int) -> tuple[list[float], Trajectory]:
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        result = function()
        seconds.append(time.perf_counter() - began)
    return seconds, result


@torch.inference_mode()
def integration(spec: RunSpec) -> float:
    """Seconds of the steps alone, nothing recorded."""
    prepared = prepare(spec)
    began = time.perf_counter()
    for step in spec.integrator.steps(prepared.field, prepared.x):
        if step.loss <= 1e-6:
            break
    return time.perf_counter() - began


@torch.inference_mode()
def gradient_seconds(spec: RunSpec, repeats: int = 300) -> float:
    """The floor: one gradient as a run computes it, everything in cache."""
    prepared = prepare(spec)
    out = torch.empty_like(prepared.x)
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        prepared.field(prepared.x, out)
        best = min(best, time.perf_counter() - began)
    return best


def spectrum_seconds(trajectory: Trajectory, repeats: int = 30) -> float:
    """The other floor: the singular values of one snapshot, computed with those of as many others as in a run."""
    assert trajectory.end is not None
    together = min(len(trajectory.snapshots), MOST_AT_ONCE)
    W = torch.from_numpy(trajectory.end.end_to_end_last).repeat(together, 1, 1)
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        singular_values(W)
        best = min(best, time.perf_counter() - began)
    return best / together


def compare(depth: int, repeats: int) -> dict[str, float]:
    spec = RunSpec().replaced({"model.depth": depth, "device": "cpu"})
    timed(lambda: run(spec), 2)  # warm-up
    seconds, trajectory = timed(lambda: run(spec), repeats)
    steps = statistics.median(integration(spec) for _ in range(repeats))
    theirs, iterations, their_error = published(spec)
    again, _ = timed(lambda: run(spec), repeats)  # before and after: the machine may have changed
    seconds += again
    truth, W = trajectory.start.ground_truth, trajectory.end.end_to_end_last
    low, middle, high = (sorted(seconds)[int(q * (len(seconds) - 1))] for q in (0.1, 0.5, 0.9))
    return {
        "depth": depth,
        "published_seconds": theirs,
        "published_iterations": iterations,
        "published_error": their_error,
        "seconds": middle,
        "seconds_low": low,
        "seconds_high": high,
        "integration_seconds": steps,
        "gradients": trajectory.end.gradients,
        "gradient_seconds": gradient_seconds(spec),
        "error": float(((W - truth) ** 2).mean()),
        "ratio": theirs / middle,
    }


def whole_run(side: int, repeats: int) -> dict[str, float]:
    """A recorded run beside its gradients alone: the best of so many turns that alternate."""
    sides = {
        "problem.rows": side,
        "problem.columns": side,
        "problem.rank": WHOLE[side][0],
        "problem.observations": WHOLE[side][1],
    }
    spec = RunSpec().replaced({**sides, "model.depth": 3, "stop.loss": 1e-6, "device": "cpu"})
    run(spec)
    seconds, gradient = float("inf"), float("inf")
    for _ in range(repeats):
        (own,), trajectory = timed(lambda: run(spec), 1)
        seconds, gradient = min(seconds, own), min(gradient, gradient_seconds(spec))
    assert trajectory.end is not None
    count = trajectory.end.gradients
    return {
        "side": side,
        "seconds": seconds,
        "gradients": count,
        "gradient_seconds": gradient,
        "snapshots": len(trajectory.snapshots),
        "spectrum_seconds": spectrum_seconds(trajectory),
        "over_gradients": seconds / (count * gradient),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="depth 2 only")
    parser.add_argument("--repeats", type=int, default=10)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    whole = [whole_run(side, 3 * arguments.repeats) for side in WHOLE]
    for each in whole:
        side, count, own, microseconds = each["side"], each["gradients"], 1e3 * each["seconds"], 1e6 * each["gradient_seconds"]
        print(
            f"{side} x {side}, depth 3, to 1e-6: a recorded run takes {each['over_gradients']:.2f} times as long as its "
            f"{count} gradients ({own:.1f} ms, a gradient {microseconds:.0f} us; {each['snapshots']} snapshots, whose singular "
            f"values alone take {1e3 * each['snapshots'] * each['spectrum_seconds']:.1f} ms)."
        )
    rows = [compare(depth, arguments.repeats) for depth in ([2] if arguments.quick else [3, 2])]
    for row in rows:
        print(
            f"depth {row['depth']}: published {row['published_seconds']:.2f} s ({row['published_iterations']} iterations), "
            f"ours {1e3 * row['seconds']:.0f} ms [{1e3 * row['seconds_low']:.0f}, {1e3 * row['seconds_high']:.0f}] "
            f"of which steps {1e3 * row['integration_seconds']:.0f} ms ({row['gradients']} gradients of "
            f"{1e6 * row['gradient_seconds']:.0f} us or more): {row['ratio']:.0f} times faster; "
            f"mean squared error {row['published_error']:.3g} and {row['error']:.3g}"
        )
    print(json.dumps({"benchmark": "speed", "rows": rows, "whole": whole}))


if __name__ == "__main__":
    main()
