"""What a reproduction is: runs, claims that can fail, published values beside ours, and panels to draw.

Numbers only: the command line prints them, the page draws them.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Literal, TypeVar

import numpy as np

from dmf_core.jobs import WholeRun
from dmf_core.trajectory import Trajectory

Key = Hashable  # names one run of a reproduction
Kind = TypeVar("Kind")  # of keys
Run = WholeRun
Relation = Literal["<=", ">=", "=="]


class Certainty(Enum):
    """How a published value came to us. The value is for the reader."""

    PRINTED = "printed by the authors' notebook"
    FIGURE = "read off the authors' figure, to about 5 %"
    CODE = "read in the authors' released code"
    SECOND_HAND = "read in a seminar report on the paper"
    DERIVED = "derived by us"


@dataclass(frozen=True)
class Published:
    """A value from outside, and where it comes from."""

    key: str  # the same as of our value beside it
    what: str
    value: float
    source: str
    certainty: Certainty


@dataclass(frozen=True)
class Spread:
    """One quantity over several seeds."""

    median: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Claim:
    """A statement with the number that decides it."""

    name: str
    statement: str  # the same whatever the runs give
    value: float  # NaN, and so a failure, when a run that it needs is missing
    relation: Relation
    bound: float
    source: str  # the paper, or "derived"
    remark: str = ""  # a further sentence that follows from the runs, such as which draws failed

    @property
    def holds(self) -> bool:
        if not math.isfinite(self.value):
            return False
        if self.relation == "<=":
            return bool(self.value <= self.bound)
        return bool(self.value >= self.bound if self.relation == ">=" else self.value == self.bound)


@dataclass(frozen=True, eq=False)
class Line:
    """One curve of a panel, with its band where there are several seeds."""

    label: str
    x: np.ndarray  # [T]
    y: np.ndarray  # [T]
    low: np.ndarray | None = None  # [T]
    high: np.ndarray | None = None  # [T]
    role: Literal["measured", "predicted", "published", "repeated"] = "measured"  # repeated: what another machine measured
    colour: int = 0  # the same number, the same colour


@dataclass(frozen=True, eq=False)
class Panel:
    """One plot of the picture."""

    title: str
    x_label: str
    y_label: str
    lines: Sequence[Line]
    x_log: bool = False
    y_log: bool = False
    x_falls: bool = False  # time goes to the right while x falls


class Results:
    """The runs of a reproduction with what came out. A run that failed has no trajectory here."""

    def __init__(self, runs: Mapping[Key, Run], trajectories: Mapping[Key, Trajectory], quick: bool) -> None:
        self.runs, self.quick = runs, quick
        self._trajectories = {
            key: trajectory for key, trajectory in trajectories.items() if trajectory.end and trajectory.end.outcome.done
        }

    def keys(self, kind: type[Kind]) -> list[Kind]:
        """Of all runs whose key is of this kind, in their order."""
        return [key for key in self.runs if isinstance(key, kind)]

    def of(self, key: Key) -> Trajectory | None:
        return self._trajectories.get(key)

    def last(self, key: Key, measure: str) -> float:
        """A measure at the end of a run; NaN when there is none."""
        trajectory = self.of(key)
        value = trajectory.snapshots[-1].measures[measure] if trajectory else None
        return math.nan if value is None else value

    def everywhere(self, keys: Iterable[Key]) -> list[Trajectory] | None:
        """The trajectories of these runs, or None when one is missing."""
        runs = [self.of(key) for key in keys]
        return None if any(each is None for each in runs) else [each for each in runs if each is not None]


class Reproduction(ABC):
    """One published figure."""

    name: ClassVar[str]
    title: ClassVar[str]
    paper: ClassVar[str]
    about: ClassVar[str]  # what is run, and what of it is ours
    published: ClassVar[tuple[Published, ...]] = ()
    range_is: ClassVar[str] = "the median, and the range of the draws"  # what `ours` holds
    data: str = ""  # digest of what the user gave for it

    @abstractmethod
    def runs(self, quick: bool) -> dict[Key, Run]:
        """What must be run. `quick`: a part that takes seconds, for the tests."""

    @abstractmethod
    def claims(self, results: Results) -> list[Claim]:
        """Every sentence that these results decide."""

    def ours(self, results: Results) -> dict[str, Spread]:
        """Our values beside the published ones, by their key; those that these results hold."""
        return {}

    @abstractmethod
    def panels(self, results: Results) -> list[Panel]:
        """The panels of the picture."""


def spread(values: Iterable[float]) -> Spread:
    """Median and range; NaN when one is missing."""
    array = np.array(list(values), dtype=float)
    if not len(array) or np.isnan(array).any():
        return Spread(math.nan, math.nan, math.nan, len(array))
    return Spread(float(np.median(array)), float(array.min()), float(array.max()), len(array))


def worst(values: Iterable[float]) -> float:
    """The largest; NaN when one is missing, or none is there."""
    array = np.array(list(values), dtype=float)
    return float(array.max()) if len(array) else math.nan  # NaN goes through max


def least(values: Iterable[float]) -> float:
    """The smallest; NaN when one is missing, or none is there."""
    return -worst(-value for value in values)


def banded(label: str, x: Sequence[float], spreads: Sequence[Spread], colour: int) -> Line:
    """A line of medians with its band."""
    y, low, high = np.array([(each.median, each.low, each.high) for each in spreads]).reshape(-1, 3).T
    return Line(label, np.array(x, dtype=float), y, low, high, colour=colour)
