"""What a run will cost, before it starts: of random runs nine in ten within a factor of four, see benchmarks/estimates.py."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.formatting import any_of
from dmf_core.interfaces import Effort, Shape
from dmf_core.problems.observed_data import Given
from dmf_core.spec import RunSpec

FLOPS = 60e9  # of a float32 matrix product on one core; half of it in float64
BYTES_PER_SECOND = 8e9  # of memory that does not fit into a cache
MEASUREMENT_BYTES_PER_SECOND = 15e9  # of sensing matrices, which are read once in their order
DRAW_SECONDS = 2.5e-8  # of one entry of a sensing matrix, before the run begins
GRADIENT_OVERHEAD = 35e-6  # seconds of Python and vector operations around one gradient at small sizes
FACTOR_OVERHEAD = 9e-6  # the same of a tensor model, for each factor
SNAPSHOT_OVERHEAD = 60e-6  # seconds of the calls around one snapshot; of a tensor once more for each spectrum
SPECTRUM_FLOPS = 6e9  # of the reduction to tridiagonal form inside an eigenvalue solver
RANGE = 2.5  # times the estimate: what may take longer is told as a range
LONG = 2.0  # seconds; what may take less is not
LOWEST = 1e-6  # of the first loss: where a run ends that nothing stops
TYPICAL_RANK = 5  # of a truth that nobody knows
NOISE = 2.5  # times the flow time where a deep product fits noise too, in the median
KEPT_VECTORS = 8  # vectors of all factors that an integrator keeps, in float64: on long plateaus it takes over


@dataclass(frozen=True)
class Cost:
    """An estimate, for one CPU core."""

    gradients: int
    seconds: float
    bytes: int
    most: float = 0.0  # seconds that it may take; 0: unknown, see jobs.experience

    @property
    def longest(self) -> float:
        """Seconds that it may take, as far as anybody knows."""
        return max(self.seconds, self.most)


@dataclass(frozen=True)
class Machine:
    """How many times as long a machine takes as the one on which these constants were measured; see jobs.calibration."""

    calls: float = 1.0  # Python and small vectors
    products: float = 1.0  # of matrices, and all that reads much memory


USUAL = Machine()


def estimate(spec: RunSpec, shape: Shape, entry: float | None = None, machine: Machine = USUAL) -> Cost:
    """The cost of a run on a W of this shape. `entry`: the size of a typical entry of given data; None: 1, or as drawn."""
    gradients = _gradients(spec, shape, entry or _typical_entry(spec, shape))
    snapshots = min(spec.save.snapshots, gradients)
    calls = gradients * _gradient_calls(spec, shape) + snapshots * _snapshot_calls(spec, shape)
    products = gradients * _gradient_products(spec, shape) + snapshots * _snapshot_products(spec, shape)
    seconds = machine.calls * calls + machine.products * (products + _measurements(spec, shape) * DRAW_SECONDS)
    return Cost(gradients, seconds, _bytes(spec, shape))


def together(costs: Sequence[Cost]) -> Cost:
    """The cost of several runs, one after the other. Derived: half of each error is common to all, half is independent."""
    seconds = sum(each.seconds for each in costs)
    over = [max(0.0, each.most - each.seconds) for each in costs]
    most = seconds + (sum(over) + math.hypot(*over)) / 2 if any(over) else 0.0
    return Cost(sum(each.gradients for each in costs), seconds, max((each.bytes for each in costs), default=0), most)


def check_budget(spec: RunSpec, shape: Shape, entry: float | None = None) -> None:
    """Raises BadInput when a run would not fit into the memory or time of one run. `entry`: see `estimate`."""
    cost = estimate(spec, shape, entry)
    smaller = f"a smaller {'tensor' if spec.model.tensor else 'matrix'}"
    shallower = "less depth" if (spec.model.layers or 1) > 1 else ""
    if cost.bytes > limits.RUN_BYTES:
        raise BadInput(
            f"This run needs about {cost.bytes / 2**30:.1f} GB of memory, above the limit of {limits.RUN_BYTES / 2**30:.0f} GB; "
            f"choose {any_of(smaller, shallower, 'fewer measurements' if spec.problem.measured else '')}."
        )
    if cost.seconds > limits.RUN_SECONDS:
        rate = "a larger learning rate" if hasattr(spec.integrator, "learning_rate") else ""
        start = "a larger initial scale" if spec.model.degree(shape) > 1 and spec.init.factors is None else ""
        raise BadInput(
            f"This run would take about {in_words(cost.seconds)}, above the budget of {in_words(limits.RUN_SECONDS)}; "
            f"choose {any_of(rate, smaller, shallower, start, 'an earlier stop')}."
        )


def in_words(seconds: float) -> str:
    """About this long, for a button."""
    if seconds < 0.95:
        return f"{max(seconds, 0.1):.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"


def about(cost: Cost) -> str:
    """For a button: about 0.3 s; about 2 to 8 s where it may take much longer."""
    if cost.most < RANGE * cost.seconds or in_words(cost.most) == in_words(cost.seconds) or cost.most < LONG:
        return f"about {in_words(cost.seconds)}"
    least, most = in_words(cost.seconds), in_words(cost.most)
    unit = most.split(" ")[1]
    return f"about {least.removesuffix(' ' + unit)} to {most}"


def _gradient_calls(spec: RunSpec, shape: Shape) -> float:
    return GRADIENT_OVERHEAD + (FACTOR_OVERHEAD * len(spec.model.factor_shapes(shape)) if spec.model.tensor else 0.0)


def _gradient_products(spec: RunSpec, shape: Shape) -> float:
    flops = FLOPS / (2 if spec.dtype == "float64" else 1)
    seconds = spec.model.gradient_flops(shape, spec.problem.distinct) / flops
    seconds += 3 * _unknowns(spec, shape) * _item(spec) / BYTES_PER_SECOND
    return seconds + _measurements(spec, shape) * _item(spec) / MEASUREMENT_BYTES_PER_SECOND


def _measurements(spec: RunSpec, shape: Shape) -> int:
    """Numbers in the sensing matrices; 0 where single entries are seen."""
    return (spec.problem.count or 0) * math.prod(shape) if spec.problem.measured else 0


def _unknowns(spec: RunSpec, shape: Shape) -> int:
    return spec.model.unknowns(shape)


def _snapshot_calls(spec: RunSpec, shape: Shape) -> float:
    return SNAPSHOT_OVERHEAD * (1 + len(spec.model.spectra(shape)) if spec.model.tensor else 1)


def _snapshot_products(spec: RunSpec, shape: Shape) -> float:
    if spec.model.tensor:
        return sum(_spectrum_seconds(k, math.prod(shape) // k) for k in spec.model.spectra(shape).values())
    short, long = min(shape), max(shape)
    balance = sum(4 * math.prod(each) * each[-1] for each in spec.model.factor_shapes(shape)[1:])
    return 4 / 3 * short**3 / SPECTRUM_FLOPS + (2 * short**2 * long * 2 + balance) / FLOPS


def _spectrum_seconds(short: int, long: int) -> float:
    return 4 / 3 * short**3 / SPECTRUM_FLOPS + 4 * short**2 * long / FLOPS


def _bytes(spec: RunSpec, shape: Shape) -> int:
    matrices = 12 * math.prod(shape) * 8
    measurements = _measurements(spec, shape) * (8 + _item(spec))
    factors = _unknowns(spec, shape) * _item(spec)
    waiting = min(limits.PENDING_BYTES, spec.save.snapshots * 4 * factors)
    return KEPT_VECTORS * 8 * _unknowns(spec, shape) + waiting + matrices + measurements


def _item(spec: RunSpec) -> int:
    return 8 if spec.dtype == "float64" else 4


def _gradients(spec: RunSpec, shape: Shape, entry: float) -> int:
    integrator, degree = spec.integrator, spec.model.degree(shape)
    wait = _wait(degree, _start(spec, shape, entry))
    rank = spec.problem.truth_rank or TYPICAL_RANK
    rank = rank if isinstance(rank, int) else max(rank)
    fall = _fall(spec, entry)
    time = math.sqrt(math.prod(shape) * rank) * (fall + wait) * entry ** (2 / degree - 2)  # its unit: see VectorField
    time = min(time, spec.stop.time) if spec.stop.time else time
    sigma = entry * math.sqrt(math.prod(shape) / rank)  # of a mode, where all are alike
    path = math.sqrt(degree * rank * sigma ** (2 / degree))  # every mode has sigma^(1 / degree) in each factor
    deep, start = (spec.model.layers or 1) > 1, _start(spec, shape, entry)
    modes, noisy, share = _difficulty(spec, shape, rank, fall, entry)
    count = integrator.gradients(
        Effort(
            degree=degree,
            tensor=spec.model.tensor,
            deep=deep,
            wait=wait,
            time=time * (NOISE if noisy and degree > 2 else 1.0),
            fall=fall,
            path=path,
            rank=rank,
            modes=modes,
            noisy=noisy,
            sides=sum(shape),
            share=share,
            start=start,
        )
    )
    if spec.stop.iterations is not None and not integrator.several:
        count = min(count, spec.stop.iterations)
    return max(1, int(count))


def _difficulty(spec: RunSpec, shape: Shape, rank: int, fall: float, entry: float) -> tuple[float, bool, float]:
    """(modes, noisy, share) of `Effort`. What a matrix of the rank leaves of the noise: a share of its mean square. Derived."""
    sides, count = sum(shape), spec.problem.count or math.prod(shape) / 2
    unknowns = rank * (sides if spec.model.tensor else sides - rank)
    share = count / max(1, unknowns)
    if spec.model.tensor:
        return rank, False, share
    left = 1.0 if isinstance(spec.problem, Given) else (spec.problem.noise_level / entry) ** 2 * max(0.05, 1 - 1 / share)
    noisy = left > math.exp(-fall)
    return max(float(rank), count / sides) if noisy else rank, noisy, share


def _fall(spec: RunSpec, entry: float) -> float:
    """The natural logarithm of the first loss, about that of W = 0, over the last one; 1 at least."""
    stop = spec.stop
    ends = [each for each in (stop.loss and stop.loss / entry**2, stop.relative_loss) if each]
    return max(1.0, -math.log(max(ends, default=LOWEST)))


def _start(spec: RunSpec, shape: Shape, entry: float) -> float:
    """The scale of the start beside data whose typical entry is 1: of a matrix as init.scale, of a tensor one entry."""
    if spec.init.relative:
        return spec.init.scale * (1.0 if spec.model.tensor else math.prod(shape) ** 0.25)
    if spec.model.tensor:
        return min(1.0, spec.init.scale ** spec.model.degree(shape) * math.sqrt(spec.model.paths(shape)) / entry)
    return spec.init.scale / entry


def _typical_entry(spec: RunSpec, shape: Shape) -> float:
    """The root mean square entry of a drawn tensor."""
    norm = getattr(spec.problem, "norm", None)
    return 1.0 if norm is None else float(norm) / math.sqrt(math.prod(shape))


def _wait(depth: int, scale: float) -> float:
    """Time to leave the first plateau, in units of a mode's own rate.

    Derived, for one mode under constant drive: ln(1/scale)/2 at depth 2,
    scale^(-(N-2)/N)/(N-2) at depth N >= 3.
    """
    if depth == 1 or scale >= 1:
        return 0.0
    if depth == 2:
        return -math.log(scale) / 2
    return math.pow(scale, -(depth - 2) / depth) / (depth - 2)
