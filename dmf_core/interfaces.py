"""Read first: every abstract noun of the package, with its shapes.

The end-to-end tensor W is the narrow waist: a matrix, or a tensor of higher order. Left of it a `Problem` gives the
loss and dL/dW; right of it a `Factorization` builds W from factors and pulls dL/dW back to them. A `Field` joins the
two into one ordinary differential equation dx/dt = -dL/dx for the flat vector x of all factors; an `Integrator` solves
it and knows neither side.

[*d] stands for the sides of W: [rows, columns] for a matrix.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, TypeAlias

import numpy as np
import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.norms import norm, square_norm
from dmf_core.settings import Settings
from dmf_core.shapes import Shape as Shape

Factors: TypeAlias = tuple[Tensor, ...]  # of a matrix: (W_1, ..., W_N), W_j: [d_j, d_{j-1}], W = W_N ... W_1
Pullback: TypeAlias = Callable[[Tensor, Factors], None]  # (dL/dW, gradients of the factors, written in place)
Linearize: TypeAlias = Callable[[Factors], tuple[Tensor, Pullback]]
Sample: TypeAlias = Callable[["Factorization", Shape, float, torch.Generator], Factors]  # (model, sides of W, scale, source)


class Observations(ABC):
    """A linear map from tensors to m numbers, and the m numbers that were seen."""

    values: Tensor  # [m]
    index: Tensor | None = None  # [m] where single entries are seen: their places in the flat W, rising
    weights: Tensor | None = None  # [m] how often each was drawn, and so how much it counts in the loss; None: once each

    @abstractmethod
    def apply(self, W: Tensor) -> Tensor:  # [*d] -> [m]
        """What would be seen of W."""

    @abstractmethod
    def adjoint(self, r: Tensor) -> Tensor:  # [m] -> [*d]
        """The transpose of `apply`: <apply(W), r> = <W, adjoint(r)>."""

    @abstractmethod
    def residual(self, W: Tensor) -> tuple[Tensor, Tensor]:
        """(a, b) for r = apply(W) - values: the entries of a are those of sqrt(weights) r, and perhaps zeros;
        b = adjoint(weights r).
        """

    @abstractmethod
    def nearest(self) -> Callable[[Tensor], Tensor]:  # [*d] -> [*d]
        """A function that gives the tensor nearest to W (in Frobenius norm) among those that fit the values best.

        Where the values can be fitted at all, that is the nearest tensor W with apply(W) = values. Applied twice it is as
        exact as the dtype allows; once, it may lose digits to badly conditioned observations.
        """

    @abstractmethod
    def in_double(self) -> "Observations":
        """The same in float64."""

    def dense(self) -> tuple[Tensor, Tensor, Tensor | None] | None:  # [*d] each
        """(mask, -values, square roots of the weights) where single entries are observed by way of the whole W; else None.

        The residual is (mask W - values) root, and zero elsewhere; without weights the root is None.
        """
        return None

    @property
    def count(self) -> int:
        """How many observations there are, repeated ones each time."""
        return len(self.values) if self.weights is None else int(self.weights.sum())

    def rooted(self, r: Tensor) -> Tensor:  # [m] -> [m]
        """r times the square roots of the weights: the loss is the squared norm of the residuals treated so."""
        return r if self.weights is None else r * self.weights.sqrt()

    def scaled_residual(self, gain: float) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
        """A function that gives both parts of `residual`, times gain."""

        def of(W: Tensor) -> tuple[Tensor, Tensor]:
            a, b = self.residual(W)
            return a * gain, b * gain

        return of


@dataclass(frozen=True, eq=False)
class Problem:
    """The loss of W: weight * sum of weights * (apply(W) - values)^2; weight = 1/count makes it the mean squared error."""

    shape: Shape
    observations: Observations
    weight: float
    scale: float  # the Frobenius norm that W will have, as far as the observations tell; > 0
    ground_truth: Tensor | None  # [*d], noiseless; None when some entries are unknown
    held_out: Observations | None  # entries that training never sees
    known: Tensor  # [*d] what a person may be shown as the truth, NaN where nobody knows
    observed: Tensor  # [*d] bool; all False when no single entry is observed
    spectra: Mapping[str, np.ndarray] = field(default_factory=dict)  # of the truth, those that only its making tells

    def loss(self, W: Tensor) -> float:
        return self.weight * square_norm(self.observations.residual(W)[0])

    def loss_gradient(self, W: Tensor) -> Tensor:  # [*d] -> [*d]
        return 2 * self.weight * self.observations.residual(W)[1]


class InitialFactors(NamedTuple):
    """One way to sample the first factors of a model."""

    label: str  # in a list
    sample: Sample  # float64, on the CPU


class Factorization(Settings, ABC):
    """Settings of how W is built from factors. Holds no tensors.

    A model says of itself all that other parts need to know: nothing else in the program lists models.
    """

    kind: str
    tensor: ClassVar[bool] = False  # True: W has order 3 or more; False: it is a matrix
    starts: ClassVar[Mapping[str, InitialFactors]]  # by init.kind; the first is the usual one
    one_rank: ClassVar[bool] = False  # a setting `rank` is one number that fits every shape; else it may be one per mode or cut
    label: ClassVar[str] = ""  # in a list; empty: the kind
    short: ClassVar[str] = ""  # on a button, and at the head of a model without a depth; empty: the label
    help: ClassVar[str] = ""  # one sentence
    depth_help: ClassVar[str] = "How many factors are multiplied."  # for a model with a setting `depth`
    needs: ClassVar[Mapping[str, Any]] = MappingProxyType({})  # settings of the problem without which it is refused, by path
    chain: ClassVar[bool] = False  # W is the product of the factors, the last one first
    separable: ClassVar[bool] = False  # every entry of W has factors of its own, so that one that nothing observes never moves
    pictured: ClassVar[str] = ""  # the spectrum that pictures show first, and that the theory is about; empty: the main one

    @property
    def theory(self) -> str:
        """Which theory is true of these settings, a key of `dmf_core.theory.theories.THEORIES`; empty: none."""
        return ""

    @property
    def layers(self) -> int | None:
        """The setting `depth`; None for a model that has none."""
        return getattr(self, "depth", None)

    @property
    def title(self) -> str:
        """The model in two or three words, as the beginning of a heading."""
        if self.layers is not None:
            return f"Depth {self.layers}"
        name = self.short or self.label or self.kind.replace("_", " ")
        return name[:1].upper() + name[1:]

    @property
    def free(self) -> bool:
        """True when the factors are the entries of W themselves: no factorization at all."""
        return False

    @abstractmethod
    def degree(self, shape: Shape) -> int:
        """N with W(c x) = c^N W(x) for the factors x of a W of the given shape: of a product, the number of factors."""

    @abstractmethod
    def factor_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        """Shapes of the factors for a W of the given shape."""

    def misfit(self, shape: Shape) -> str:
        """Why these settings fit no W of this shape, as a sentence; empty when they do."""
        return ""

    def refusal(self, problem: Settings) -> str:
        """Why the model cannot fit what this problem looks for, as a sentence; empty when it can. Shapes: see `misfit`."""
        return ""

    @abstractmethod
    def end_to_end(self, factors: Factors) -> Tensor:
        """W [*d]."""

    @abstractmethod
    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        """W and the function that writes the factors' gradients, given dL/dW."""

    def entrywise(self, shape: Shape, index: Tensor) -> Linearize | None:
        """`linearize` for the entries W.view(-1)[index] alone: it gives them [m], and pulls back dL/d(them) [m].

        None where that would cost more than building W.
        """
        return None

    @abstractmethod
    def gradient_flops(self, shape: Shape, observed: int | None) -> float:
        """Multiplications and additions of one gradient, about, in units of dense products: slower ones count more.

        `observed` single entries are seen, None: measurements.
        """

    def paths(self, shape: Shape) -> float:
        """How many products of one entry of every factor add up to an entry of W. Only the estimate of cost uses it."""
        return 1.0

    def conserved(self, factors: Factors) -> list[Tensor]:  # each factor: [B, *its shape] -> each: [B, ..]
        """What the gradient flow conserves, whatever the loss: of a product, the imbalance between neighbouring factors."""
        return []

    def wider(self, shape: Shape) -> str:
        """What would let the model make more tensors of this shape, as the end of "or allow .."; empty when it makes all."""
        return ""

    def factors_of(self, W: Tensor) -> Factors | None:
        """Factors that multiply to W, as balanced as can be; None where the model knows no formula for them."""
        return None

    def following(self, shapes: Sequence[Shape]) -> dict[str, Any]:
        """The settings, by name, that factors of these shapes ask for."""
        return {}

    def size(self, factors: Factors) -> float:
        """The norm that `init.relative` sets, of degree N in the factors: of W, or of a part of it where W starts at zero."""
        return norm(self.end_to_end(factors))

    def spectra(self, shape: Shape) -> dict[str, int]:
        """The spectra that are recorded, each with its length; the first is the main one, of a matrix its singular values.

        entries: the sizes of the largest ones.
        unfolding_n: singular values of mode n against the rest; cut_n: of the first n modes against the rest;
        group_m_n: of these modes against the rest.
        """
        return {"singular_values": min(shape)}

    def own_spectra(self, factors: Factors) -> dict[str, Tensor]:  # each factor: [B, *its shape] -> [B, k] float64
        """The spectra that W does not tell, all values, descending."""
        return {}


class Step(NamedTuple):
    """A point on the way. Tensors are never changed after they were handed out."""

    t: float  # flow time, or the sum of the steps for methods with a scalar step
    iteration: int  # accepted steps so far
    rejected: int  # rejected steps so far
    x: Tensor  # [p] all factors, flat
    velocity: Tensor  # [p] dx/dt = -dL/dx at x
    image: Tensor  # W [*d] at x, or its observed entries [m] where the field computes no others
    loss: float


class Field:
    """dx/dt = -dL/dx for the flat vector x [p] of all factors. Counts its evaluations.

    Calling it evaluates the velocity; `loss` and `image` then belong to the point of the latest call. Where the
    factorization can do with the observed entries alone, the image is these, and W is built only for snapshots.
    """

    def __init__(self, problem: Problem, factorization: Factorization) -> None:
        self.problem = problem
        self.factorization = factorization
        self.shapes = factorization.factor_shapes(problem.shape)
        self.degree = factorization.degree(problem.shape)
        self.sizes = [math.prod(shape) for shape in self.shapes]
        self.gradients = 0
        self.image: Tensor
        index = problem.observations.index
        entrywise = None if index is None else factorization.entrywise(problem.shape, index)
        self.whole = entrywise is None  # the image is W
        share = 1.0 if self.whole else len(problem.observations.values) / math.prod(problem.shape)
        self.scale = problem.scale * math.sqrt(share)  # the norm that the image will have
        self.longest = limits.MAX_TIME * self._unit_of_time()
        self._linearize = entrywise or factorization.linearize
        self._residual: Tensor  # at the latest call, times the gain
        self._gain = -2 * problem.weight
        self._scaled_residual = problem.observations.scaled_residual(self._gain) if self.whole else self._seen_residual
        self._views: dict[int, tuple[Tensor, Factors]] = {}  # of the two latest buffers given with `out`

    def _unit_of_time(self) -> float:
        """How much flow time passes as the time 1 passes for data whose typical entry is 1.

        Derived: W -> c W takes x -> c^(1/N) x and dL/dx -> c^(2 - 1/N) dL/dx, so t -> c^(2/N - 2) t, N the degree.
        """
        entry = self.problem.scale / math.sqrt(math.prod(self.problem.shape))
        return float(entry ** (2 / self.degree - 2))

    def factors(self, x: Tensor) -> Factors:
        """Views into x, shaped as the factors."""
        return tuple(part.view(shape) for part, shape in zip(torch.split(x, self.sizes), self.shapes, strict=True))

    def stacked(self, x: Tensor) -> Factors:
        """Views into the rows of x [B, p]: each factor as [B, *its shape]."""
        parts = torch.split(x, self.sizes, dim=1)
        return tuple(part.view(len(x), *shape) for part, shape in zip(parts, self.shapes, strict=True))

    def flatten(self, factors: Factors) -> Tensor:
        """The factors as one vector [p] of their own memory."""
        return torch.cat([factor.reshape(-1) for factor in factors])

    def __call__(self, x: Tensor, out: Tensor | None = None) -> Tensor:
        """-dL/dx [p]. Writes into `out` when given."""
        self.gradients += 1
        velocity = torch.empty_like(x) if out is None else out
        factors, gradients = (
            (self.factors(x), self.factors(velocity)) if out is None else (self._parts(0, x), self._parts(1, out))
        )
        self.image, pullback = self._linearize(factors)
        self._residual, direction = self._scaled_residual(self.image)
        pullback(direction, gradients)
        return velocity

    def _seen_residual(self, seen: Tensor) -> tuple[Tensor, Tensor]:  # [m] -> [m], [m]
        observations = self.problem.observations
        residual = observations.rooted((seen - observations.values).mul_(self._gain))
        return residual, observations.rooted(residual)

    def _parts(self, place: int, x: Tensor) -> Factors:
        """`factors`, remembered: an integrator's stages use the same buffers again, and views cost a tenth of a gradient."""
        seen = self._views.get(place)
        if seen is None or seen[0] is not x:
            seen = self._views[place] = x, self.factors(x)
        return seen[1]

    def end_to_end(self, x: Tensor) -> Tensor:
        """W [*d] at x, without counting a gradient."""
        return self.factorization.end_to_end(self.factors(x))

    def look(self, x: Tensor) -> tuple[float, Tensor]:
        """(loss, image) at x, without counting a gradient."""
        if self.whole:
            W = self.end_to_end(x)
            return self.problem.loss(W), W
        seen, _ = self._linearize(self.factors(x))
        away = self.problem.observations.rooted(seen - self.problem.observations.values)
        return self.problem.weight * square_norm(away), seen

    def W(self, step: Step) -> Tensor:
        """W [*d] at a step."""
        return step.image if self.whole else self.end_to_end(step.x)

    def in_double(self) -> "Field":
        """The same equation in float64, with a count of its own."""
        return Field(replace(self.problem, observations=self.problem.observations.in_double()), self.factorization)

    def faintest(self, digits: float) -> float:
        """The loss where residuals are this share of what is observed, about."""
        seen = self.problem.observations.rooted(self.problem.observations.values)
        return self.problem.weight * (digits * norm(seen)) ** 2

    @property
    def loss(self) -> float:
        """Loss at the point of the latest call."""
        return self.problem.weight * square_norm(self._residual) / self._gain**2

    def step(self, t: float, iteration: int, rejected: int, x: Tensor, velocity: Tensor) -> Step:
        """The Step at x, where x is the point of the latest call and `velocity` its result."""
        return Step(t, iteration, rejected, x, velocity, self.image, self.loss)


class Coverage(Enum):
    """Whether theorems about the gradient flow speak about a way of moving through time."""

    EXACT = "exact"  # it solves the flow, with error control
    SMALL_STEPS = "small_steps"  # it follows the flow the better the smaller its steps are
    NONE = "none"  # it goes another way


@dataclass(frozen=True)
class Covered:
    """How far, and why, as the end of a sentence that begins with the name of the method."""

    coverage: Coverage
    because: str


class Effort(NamedTuple):
    """What an estimate of cost knows of a run."""

    degree: int
    tensor: bool
    deep: bool  # of a tensor: its model is deep
    wait: float  # on the first plateau, in units of a mode's own rate
    time: float  # flow time until the end, about
    fall: float  # how far the loss falls, as a natural logarithm
    path: float  # how far the factors move, as a Euclidean norm, about


class Integrator(Settings, ABC):
    """Settings of one way to move through time. `steps` is a generator: to cancel is to stop iterating.

    A method says of itself all that other parts need to know: nothing else in the program lists methods.
    """

    kind: str
    continuous: ClassVar[bool]  # True: between two steps the path is the cubic through x and velocity
    label: ClassVar[str] = ""  # in a list; empty: the kind
    title: ClassVar[str] = ""  # at the beginning of a sentence; empty: the label
    covered: ClassVar[Covered] = Covered(Coverage.NONE, "says nothing of how far it follows the gradient flow")
    balance: ClassVar[str] = ""  # why it keeps what the flow conserves, or does not; empty: as `covered` says
    own_clock: ClassVar[str] = ""  # what t is, where it is not the time of the flow that it follows; empty: that time
    stand_in: ClassVar[bool] = False  # True: it gives what another method gives, and is not run beside it
    stable: ClassVar[float | None] = None  # step times largest curvature, above which it diverges; None: no such number
    several: ClassVar[bool] = False  # True: an iteration takes several gradients
    most_unknowns: ClassVar[int | None] = None  # that it solves for; None: any number

    @abstractmethod
    def steps(self, field: Field, x: Tensor) -> Iterator[Step]:
        """Yields the start (t = 0, iteration 0), then every accepted step. Ends only when nothing moves any more."""

    def walk(self, field: Field, x: Tensor) -> Iterator[Step]:
        """`steps`, with the latest step again, the very same object, as a sign of life while a long one is under way."""
        return self.steps(field, x)

    @property
    def judged_tolerance(self) -> float | None:
        """The setting `tolerance`, where a run with a smaller one tells how accurate a run is; None for other methods."""
        return None

    def gradients(self, effort: Effort) -> float:
        """About how many a run takes."""
        return 3000.0

    def faintest_gradient(self, unknowns: int) -> float:
        """The norm of a gradient below which a constant of the method stands in for it; 0 for most methods."""
        return 0.0
