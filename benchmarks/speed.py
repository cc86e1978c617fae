"""How much faster is a run here than the published way, from the same start to the same training error?

    python -m benchmarks.speed [--quick]

Both in this process, on one thread, stopped at a training mean squared error of 1e-6. Ours: `arora-completion` with
everything included (drawing the problem, all snapshots, all measures). Published: torch.nn.Linear layers, autograd and
GroupRMSprop with learning rate 1e-3, nothing recorded (Arora et al. 2019, released code).
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterable

import torch

from dmf_core.inputs import Inputs
from dmf_core.prepare import prepare
from dmf_core.simulate import run
from dmf_core.spec import RunSpec


class GroupRMSprop(torch.optim.Optimizer):
    """One scalar step for all parameters. Source: Arora et al. 2019, released code (opt.py), written anew."""

    def __init__(self, parameters: Iterable[torch.nn.Parameter], lr: float, alpha: float = 0.99, eps: float = 1e-4) -> None:
        super().__init__(parameters, {"lr": lr, "alpha": alpha, "eps": eps})
        self.square, self.count = 0.0, 0

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:
        self.count += 1
        for group in self.param_groups:
            size = sum(float(parameter.grad.square().sum()) for parameter in group["params"])
            self.square = group["alpha"] * self.square + (1 - group["alpha"]) * size
            mean = self.square / (1 - group["alpha"] ** self.count)
            for parameter in group["params"]:
                parameter.add_(parameter.grad, alpha=-group["lr"] / (mean**0.5 + group["eps"]))


def published(spec: RunSpec) -> tuple[float, int, float]:
    """(seconds, iterations, mean squared error over all entries)."""
    prepared = prepare(spec)
    began = time.perf_counter()
    layers = torch.nn.Sequential(*[torch.nn.Linear(*shape[::-1], bias=False) for shape in prepared.field.shapes])
    with torch.no_grad():
        for layer, factor in zip(layers, prepared.field.factors(prepared.x), strict=True):
            layer.weight.copy_(factor)
    optimizer = GroupRMSprop(layers.parameters(), lr=1e-3)
    rows, columns = prepared.problem.observed.nonzero(as_tuple=True)
    values = prepared.problem.observations.values
    identity = torch.eye(prepared.problem.shape[1])
    iteration, W = 0, identity
    while True:
        W = identity
        for layer in layers:
            W = layer(W)  # rows are examples: this is W transposed
        loss = (W[columns, rows] - values).square().mean()
        if loss.item() <= 1e-6:
            break
        iteration += 1
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    error = float((W.detach().T - prepared.problem.ground_truth).square().mean())
    return time.perf_counter() - began, iteration, error


def compare(depth: int, repeats: int) -> dict[str, float]:
    """Ours against the published way at this depth."""
    spec = RunSpec().replaced({"model.depth": depth})
    run(spec)  # warm up
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        trajectory = run(spec, Inputs())
        seconds.append(time.perf_counter() - began)
    theirs, iterations, their_error = published(spec)
    assert trajectory.end is not None
    return {
        "depth": depth,
        "published_seconds": theirs,
        "published_iterations": iterations,
        "published_error": their_error,
        "seconds": statistics.median(seconds),
        "seconds_min": min(seconds),
        "seconds_max": max(seconds),
        "gradients": trajectory.end.gradients,
        "snapshots": len(trajectory.snapshots),
        "error": float(trajectory.snapshots[-1].measures["mean_squared_error"] or 0.0),
        "ratio": theirs / statistics.median(seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="depth 2 only")
    torch.set_num_threads(1)
    rows = [compare(depth, 15) for depth in ((2,) if parser.parse_args().quick else (3, 2))]
    print("depth  published            ours [min to max]       ratio   error published / ours   gradients  snapshots")
    for row in rows:
        print(
            f"{row['depth']:5d}  {row['published_seconds']:6.2f} s ({row['published_iterations']} it)"
            f"  {row['seconds']:.3f} s [{row['seconds_min']:.3f} to {row['seconds_max']:.3f}]  {row['ratio']:6.0f}"
            f"   {row['published_error']:.2e} / {row['error']:.2e}  {row['gradients']:9d}  {row['snapshots']:9d}"
        )
    print(json.dumps({"benchmark": "speed", "rows": rows}))


if __name__ == "__main__":
    main()
