"""What the baseline will cost, before it starts. Rough, as `cost` is: within a factor of three or so."""

from dmf_core import limits
from dmf_core.cost import FLOPS, MEASUREMENT_BYTES_PER_SECOND, USUAL, Cost, Machine
from dmf_core.errors import BadInput
from dmf_core.shapes import Shape
from dmf_core.spec import RunSpec

ITERATIONS = 300  # typical; from 40 to 1000 over the problems of tests/baselines
OVERHEAD = 3e-4  # seconds of one iteration at small sizes
EIGEN_FLOPS = 1.6e9  # short side cubed per second: all eigenvectors of the Gram matrix
ENTRY_SECONDS = 4.5e-8  # of one iteration, for each entry of a matrix of which a few vectors are followed
SPREAD = 5.0  # times the estimate: of 109 random problems, sides 15 to 450, five took more, up to 13 times
PARTIAL_SIDE = 200  # from this short side on; that of `dmf_core/baselines/shrinkage.py`, which imports torch


def baseline_seconds(spec: RunSpec, shape: Shape) -> float:
    """Estimated seconds of the minimum nuclear norm on one core."""
    entries = shape[0] * shape[1]
    short = min(shape)
    each = OVERHEAD + (short**3 / EIGEN_FLOPS if short < PARTIAL_SIDE else entries * ENTRY_SECONDS)
    if not spec.problem.measured:
        return ITERATIONS * each
    count = spec.problem.count or 0
    setup = min(count, entries) ** 2 * max(count, entries) / (FLOPS / 2)  # half of a symmetric product
    return setup + ITERATIONS * (each + 16 * count * entries / MEASUREMENT_BYTES_PER_SECOND)


def baseline_cost(spec: RunSpec, shape: Shape, machine: Machine = USUAL) -> Cost:
    """What it will cost on one core of this machine. Its `most` is what 95 in 100 do not exceed."""
    seconds = machine.products * baseline_seconds(spec, shape)
    return Cost(ITERATIONS, seconds, 0, SPREAD * seconds)


def check_baseline(spec: RunSpec, shape: Shape) -> None:
    """Raises BadInput when the minimum nuclear norm of these observations is beyond this machine."""
    if len(shape) != 2:
        raise BadInput(
            f"The minimum nuclear norm is that of a matrix, but problem.kind is {spec.problem.kind}; "
            "choose a problem of matrices."
        )
    if not spec.problem.measured:
        return
    squared = min(spec.problem.count or 0, shape[0] * shape[1])
    if squared > limits.BASELINE_MEASUREMENTS:
        raise BadInput(
            f"The minimum nuclear norm from {spec.problem.count} measurements solves systems of size {squared}; "
            f"the limit is {limits.BASELINE_MEASUREMENTS}: choose fewer measurements."
        )
