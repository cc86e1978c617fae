"""Methods that move the factors through time, and what each declares about itself."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, NamedTuple

from torch import Tensor

from dmf_core.interfaces.vector_field import Step, VectorField
from dmf_core.settings import Settings


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
    rank: float  # of the truth
    modes: float  # that are learned: the rank, and where noise is fitted too, as many as the observations need
    noisy: bool  # the loss stops where a matrix of that rank does not come: noise is fitted
    sides: int  # all together
    share: float  # observations for each unknown of a truth of that rank
    start: float  # scale of the start, beside data whose typical entry is 1


@dataclass
class Trace:
    """Where a walk came by, as far as an estimate of cost needs it. Every list has the start first."""

    t: list[float]  # flow time, or what the method has instead
    length: list[float]  # of the way so far, in x
    gradients: list[int]
    last: Step
    loss: float  # at its end
    ended: bool = False  # it came to where the run ends: its latest `t`, `length` and `loss` are cut there, inside the last step


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
    spread: ClassVar[float] = 7.0  # a run may take so many times what `gradients` says: 95 in 100 do not take more
    stand_in: ClassVar[bool] = False  # True: it gives what another method gives, and is not run beside it
    stable: ClassVar[float | None] = None  # step times largest curvature, above which it diverges; None: no such number
    several: ClassVar[bool] = False  # True: an iteration takes several gradients
    most_unknowns: ClassVar[int | None] = None  # that it solves for; None: any number

    @abstractmethod
    def steps(self, field: VectorField, x: Tensor) -> Iterator[Step]:
        """Yields the start (t = 0, iteration 0), then every accepted step. Ends only when nothing moves any more."""

    def walk(self, field: VectorField, x: Tensor) -> Iterator[Step]:
        """`steps`, with the latest step again, the very same object, as a sign of life while a long one is under way."""
        return self.steps(field, x)

    @property
    def judged_tolerance(self) -> float | None:
        """The setting `tolerance`, where a run with a smaller one tells how accurate a run is; None for other methods."""
        return None

    def gradients(self, effort: Effort) -> float:
        """About how many a run takes."""
        return 3000.0

    def coarse(self, field: VectorField, x: Tensor) -> Iterator[Step] | None:
        """A cheap walk that tells how many gradients `steps` take, see `foreseen`. None: there is none."""
        return None

    def foreseen(self, field: VectorField, begun: Trace, coarse: Trace) -> float | None:
        """Gradients of the run, by its own first steps and the coarse walk, as far as that went; None: these do not tell."""
        return None

    def roundoff_gradient(self, unknowns: int) -> float:
        """The norm of a gradient below which a constant of the method stands in for it; 0 for most methods."""
        return 0.0
