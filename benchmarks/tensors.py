"""How much faster than the published way is a run of Razin, Maman and Cohen's tensor experiment?

python -m benchmarks.tensors [--quick]

CP of order 4, 10 x 10 x 10 x 10, rank 5, 2000 entries, 1000 components, std .01, to a mean squared error of 1e-8. The
published way: GroupRMSprop (learning rate 1e-2, epsilon 1e-6) on torch.optim, autograd over the full tensor, which is built
here as their code does it, by outer products from mode to mode. Both from the same truth, entries and start, on one
thread, in seconds of the processor: on a busy machine only they mean something. --quick: the published way is timed for
100 iterations only, and its seconds are told for one.
"""

import argparse
import json
import math
import time

import torch
from torch import Tensor

from dmf_core.prepare import prepare
from dmf_core.simulate import run
from dmf_core.spec import RunSpec

SPEC = RunSpec().replaced(
    {
        "problem.kind": "tensor_completion",
        "problem.shape": [10] * 4,
        "problem.rank": 5,
        "problem.observations": 2000,
        "problem.norm": 1.0,
        "init.scale": 0.01,
        "stop.loss": 1e-8,
        "device": "cpu",
    }
)
LEARNING_RATE, DECAY, EPSILON = 1e-2, 0.99, 1e-6
MOST_ITERATIONS = 100_000


def full(factors: list[Tensor]) -> Tensor:  # each: [d_n, R] -> [d_1 * .. * d_N]
    grown = factors[0]
    for factor in factors[1:-1]:
        grown = (grown[:, None, :] * factor[None, :, :]).reshape(-1, factor.shape[1])
    return (grown @ factors[-1].T).reshape(-1)


def published(most: int) -> tuple[float, int, float, float]:
    """(seconds of the processor, iterations, loss, relative error over all entries)."""
    prepared = prepare(SPEC)
    index, values = prepared.problem.observations.index, prepared.problem.observations.values
    assert index is not None
    factors = [factor.clone().requires_grad_() for factor in prepared.field.factors(prepared.x)]
    average, loss, began, k = 0.0, torch.tensor(math.inf), time.process_time(), 0
    while k < most:
        loss = torch.nn.functional.mse_loss(full(factors)[index], values)
        if float(loss.detach()) < 1e-8:
            break
        gradients = torch.autograd.grad(loss, factors)
        k += 1
        with torch.no_grad():
            average = DECAY * average + (1 - DECAY) * sum(float(each.square().sum()) for each in gradients)
            step = LEARNING_RATE / (math.sqrt(average / (1 - DECAY**k)) + EPSILON)
            for factor, gradient in zip(factors, gradients, strict=True):
                factor.sub_(gradient, alpha=step)
    seconds = time.process_time() - began
    truth = prepared.problem.ground_truth
    assert truth is not None
    with torch.no_grad():
        error = float((full(factors) - truth.reshape(-1)).norm() / truth.norm())
    return seconds, k, float(loss.detach()), error


def main() -> None:
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    run(SPEC.replaced({"stop.iterations": 3}))  # what is loaded late
    began = time.process_time()
    ours = run(SPEC)
    seconds = time.process_time() - began
    assert ours.end is not None
    error = ours.snapshots[-1].measures["reconstruction_error"]
    theirs, iterations, loss, their_error = published(100 if quick else MOST_ITERATIONS)
    print(f"gradient_flow   {seconds:7.2f} s  {ours.end.gradients} gradients  error {error:.3g}  ({ours.end.outcome.value})")
    print(f"published way   {theirs:7.2f} s  {iterations} iterations  error {their_error:.3g}  (loss {loss:.2g})")
    figures = {"seconds": seconds, "gradients": ours.end.gradients, "error": error, "published_seconds": theirs}
    figures |= {"published_iterations": iterations, "published_error": their_error, "published_loss": loss}
    print(json.dumps(figures | ({} if quick else {"times_faster": theirs / seconds})))


if __name__ == "__main__":
    main()
