"""What is recorded of a run, and how it ended. Numpy only, so that it travels between processes and into files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from dmf_core import limits
from dmf_core.shapes import shown_sides


class Outcome(Enum):
    """How a run ended. The value is the short word of the command line and the archive."""

    CONVERGED = "converged"  # the loss reached stop.loss
    TIME = "time"  # the flow time reached stop.time
    ITERATIONS = "iterations"  # stop.iterations were done
    AT_REST = "at_rest"  # nothing moves any more
    CANCELLED = "cancelled"
    DIVERGED = "diverged"
    BUDGET = "budget"  # stop.seconds were used up
    FAILED = "failed"  # the program or its machine failed, not the mathematics

    @property
    def done(self) -> bool:
        """True when the run did what its spec asked for."""
        return self in (Outcome.CONVERGED, Outcome.TIME, Outcome.ITERATIONS, Outcome.AT_REST)


@dataclass(frozen=True, eq=False)
class Start:
    """What is known of a run before its first step."""

    digest: str  # of the spec
    shape: tuple[int, ...]
    ground_truth: np.ndarray  # [*d], NaN where unknown
    observed_mask: np.ndarray  # [*d] bool
    true_singular_values: np.ndarray | None  # [k], None when some entries are unknown
    factors_first: tuple[np.ndarray, ...]  # of a matrix: W_1 .. W_N
    end_to_end_first: np.ndarray  # [*d]
    picture_limit: float  # W = +-picture_limit is +-127 in every picture of this run
    main_spectrum: str = "singular_values"  # what the singular values of the snapshots are: see Factorization.spectra
    true_spectra: Mapping[str, np.ndarray] = field(default_factory=dict)  # the others that are known of the truth
    of_picture: bool = False  # the data were read as a picture

    @property
    def shown_sides(self) -> tuple[int, ...]:
        """Sides of the thinned W in every picture: side n shows the indices `picture_index(shape[n], shown_sides[n])`.

        The picture of a tensor is that thinned tensor as a matrix: reshape(shown_sides) gives it back.
        """
        return shown_sides(self.shape)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One recorded moment."""

    index: int  # serial number of the moment; rises along the run, with gaps
    dropped: tuple[int, ...]  # indices handed out earlier that are no longer kept
    position: float  # how far the picture has changed since the start
    t: float
    iteration: int
    gradients: int
    seconds: float  # wall clock since the start of the run
    loss: float
    singular_values: np.ndarray  # [k] float64: of a matrix; of a tensor model its main spectrum
    measures: dict[str, float | None]
    picture: np.ndarray  # [a, b] int8, see `Start.shown_sides`
    spectra: Mapping[str, np.ndarray] = field(default_factory=dict)  # the other spectra of a tensor model, float64


@dataclass(frozen=True, eq=False)
class Progress:
    """A sign of life between snapshots: where the run is. Nothing of it is recorded."""

    t: float
    iteration: int
    gradients: int
    seconds: float  # wall clock since the start of the run
    loss: float
    plateau: str = ""  # how long the plateau that the run is on still lasts, a clause


@dataclass(frozen=True)
class Advice:
    """What helps a run that did not do what was asked, as numbers: sentences are made from them, never read."""

    learning_rate: float | None = None  # a step that is stable, where a larger one was not


NO_ADVICE = Advice()


@dataclass(frozen=True, eq=False)
class End:
    """How and where a run ended."""

    outcome: Outcome
    message: str  # a sentence: what happened, the numbers, what to change
    seconds: float
    gradients: int
    accepted: int
    rejected: int
    end_to_end_last: np.ndarray  # [*d]
    dropped: tuple[int, ...] = ()  # see Snapshot
    growth: Mapping[str, np.ndarray] = field(default_factory=dict)  # by spectrum [k, 3], see recording.growth; {}: see snapshots
    headline: str = ""  # a message of two parts is "headline: detail"; both are empty in other ones and after an archive
    detail: str = ""
    advice: Advice = NO_ADVICE  # empty after an archive


Event = Start | Snapshot | Progress | End


@dataclass(frozen=True, eq=False)
class Check:
    """Quantities that need every singular vector of W: the whole motion of W, compared with the theory."""

    speed: np.ndarray  # [T] |dW/dt|_F, as it was
    equation: np.ndarray  # [T] |dW/dt - end-to-end equation|_F / |dW/dt|_F
    aligned: np.ndarray  # [T] mean |entry| of U^T (dL/dW) V on its diagonal
    crossed: np.ndarray  # [T] the same off its diagonal
    turning: np.ndarray  # [T, R] how fast u_r and v_r turn, in radians per time, as it was
    predicted_turning: np.ndarray  # [T, R] the same from the pull alone
    turning_off: np.ndarray  # [T, R] |difference of both velocities| / turning
    drift: np.ndarray  # [T, N - 1] |B_j(t) - B_j(0)|_F
    squares: np.ndarray  # [T] the largest |W_j W_j^T|_F, to hold the drift against


@dataclass(frozen=True, eq=False)
class Bounds:
    """Of the components of a CP model: their exact speed, and what unequal factors allow. See theory.component_norms."""

    exact: np.ndarray  # [T, R] d s_r / dt by the identity
    low: np.ndarray  # [T, R]
    high: np.ndarray  # [T, R]


@dataclass(frozen=True, eq=False)
class Insight:
    """What the theory says at every snapshot, or why it says nothing: then `missing` is a sentence, and T is 0.

    NaN where a value does not exist: singular values that are equal have no vectors of their own.
    """

    depth: int
    sigma: np.ndarray  # [T, R] float64, the first R singular values
    pull: np.ndarray  # [T, R] <-dL/dW, u_r v_r^T>
    measured: np.ndarray  # [T, R] d sigma_r / dt, as it was
    imbalance: np.ndarray  # [T, R] how unbalanced the factors are for a mode, relative to what it has in them
    off_flow: np.ndarray  # [T] |dW/dt - flow| / |flow|: how far steps go beside the gradient flow; 0 where it is solved
    births: np.ndarray  # [R] t of each mode's birth, predicted from the start alone; NaN where nothing is predicted
    missing: str = ""
    bounds: Bounds | None = None  # of CP models only: then sigma holds the norms of the components
    check: Check | None = None  # None for large W, and in archives that were made before there were checks


@dataclass(frozen=True)
class Accuracy:
    """How far a run is from the exact gradient flow, estimated: see dmf_core.analysis.accuracy. None: there is no such number."""

    births: float | None  # the largest error of a birth time, relative; infinite: another number of modes is born
    final: float  # the largest error of a final singular value, over the largest of them
    time: float | None  # error of the time at which the loss reached its stop, relative
    unseen: float | None  # error of the final unobserved error, relative
    split: bool = False  # a saddle splits: one rounding of the start decides births or final values


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A run as far as it is known: complete when `end` is there. Columns are made on demand."""

    start: Start
    snapshots: tuple[Snapshot, ...]  # at least one
    end: End | None
    insight: Insight | None = None  # computed after the end, see `explain`
    accuracy: Accuracy | None = None  # estimated after the end, see dmf_core.analysis.accuracy

    def column(self, name: str) -> np.ndarray:  # [T] float64
        """t, iteration, gradients, seconds, loss or position of every snapshot."""
        return np.array([getattr(snapshot, name) for snapshot in self.snapshots], dtype=np.float64)

    def measured(self, key: str) -> np.ndarray | None:  # [T] float64
        """A measure at every snapshot, or None where it does not exist for this run."""
        values = [snapshot.measures[key] for snapshot in self.snapshots]
        return None if any(value is None for value in values) else np.array(values, dtype=np.float64)

    def spectrum(self, name: str) -> np.ndarray:  # [T, k] float64
        """A spectrum by name, the main one or another."""
        if name == self.start.main_spectrum:
            return self.singular_values
        return np.stack([snapshot.spectra[name] for snapshot in self.snapshots])

    @property
    def spectra(self) -> tuple[str, ...]:
        """The names of all spectra, the main one first."""
        return (self.start.main_spectrum, *self.snapshots[0].spectra)

    @property
    def singular_values(self) -> np.ndarray:  # [T, k] float64
        return np.stack([snapshot.singular_values for snapshot in self.snapshots])

    @property
    def pictures(self) -> np.ndarray:  # [T, a, b] int8
        return np.stack([snapshot.picture for snapshot in self.snapshots])


class Builder:
    """Collects the events of a run into a Trajectory that can be looked at while it grows."""

    def __init__(self) -> None:
        self._start: Start | None = None
        self._snapshots: dict[int, Snapshot] = {}
        self._end: End | None = None

    def add(self, event: Event) -> None:
        if isinstance(event, Start):
            self._start, self._snapshots, self._end = event, {}, None  # a run that was lost may begin again
            return
        if isinstance(event, Progress):
            return
        for index in event.dropped:
            self._snapshots.pop(index, None)
        if isinstance(event, Snapshot):
            self._snapshots[event.index] = event
        else:
            self._end = event

    def trajectory(self) -> Trajectory | None:
        """None until there is something to show."""
        if self._start is None or not self._snapshots:
            return None
        return Trajectory(self._start, tuple(self._snapshots.values()), self._end)


def collect(events: Iterable[Event]) -> Trajectory:
    """The whole run at once."""
    builder = Builder()
    for event in events:
        builder.add(event)
    trajectory = builder.trajectory()
    assert trajectory is not None  # every run yields its start and a first snapshot
    return trajectory


def picture_index(side: int, shown: int | None = None) -> np.ndarray:  # [shown] int64
    """Which indices of a mode of W a picture shows: all, or `shown` evenly spread ones. None: as of a matrix."""
    count = min(side, limits.PICTURE_SIDE) if shown is None else shown
    return np.linspace(0, side - 1, count).round().astype(np.int64)
