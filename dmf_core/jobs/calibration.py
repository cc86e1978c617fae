"""How fast this machine is, measured in a few milliseconds of processor time when a worker starts."""

import time
from collections.abc import Callable

import torch

from dmf_core.cost import Machine
from dmf_core.inputs import Inputs
from dmf_core.prepare import prepare
from dmf_core.spec import RunSpec

GRADIENTS = 100  # of a matrix so small that calls are all that they cost
SIDE = 256  # of the matrices whose product is timed
TRIES = 3  # the fastest counts: other work of the machine only makes them slower
CALL_SECONDS = 10.8e-6  # of one such gradient where the constants of `cost` were measured (AMD EPYC, torch 2.11)
PRODUCT_SECONDS = 0.30e-3  # of that product, there


def measured() -> Machine:
    """The processor time of this machine relative to the one on which the constants of `cost` were measured."""
    tiny = {"problem.rows": 5, "problem.columns": 5, "problem.rank": 1, "problem.observations": 20}
    prepared = prepare(RunSpec().replaced(tiny), Inputs())
    velocity, A = torch.empty_like(prepared.x), torch.ones(SIDE, SIDE)
    product = torch.empty_like(A)
    gradient = _fastest(lambda: prepared.field(prepared.x, out=velocity), GRADIENTS)
    return Machine(gradient / CALL_SECONDS, _fastest(lambda: torch.mm(A, A, out=product), 1) / PRODUCT_SECONDS)


def _fastest(call: Callable[[], object], count: int) -> float:
    """Seconds of processor time of one call, the first one apart."""
    call()
    best = float("inf")
    for _ in range(TRIES):
        began = time.process_time()
        for _ in range(count):
            call()
        best = min(best, time.process_time() - began)
    return best / count
