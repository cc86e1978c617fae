"""Alike runs of a batch integrated together: prepared, followed to their ends, measured there."""

import math
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from dmf_core.inputs import Inputs
from dmf_core.integrators.batched import BatchedFlow, Moved, Point, suits
from dmf_core.integrators.gradient_flow import GradientFlow, flow_tolerance
from dmf_core.integrators.interpolation import between
from dmf_core.interfaces import Step, VectorField
from dmf_core.prepare import Prepared, prepare_unseen
from dmf_core.recording.end_messages import EndMessages
from dmf_core.recording.plateaus import Plateau
from dmf_core.recording.stopping import Arrival, arrive
from dmf_core.spec import RunSpec
from dmf_core.store import Row
from dmf_core.sweep.ends import final_measures
from dmf_core.sweep.paths import LONG_STEPS, MOMENTS, Paths
from dmf_core.sweep.plan import TOGETHER_BYTES
from dmf_core.sweep.ways import births
from dmf_core.trajectory import Outcome

MOST_UNKNOWNS = 20_000  # of one run: beyond, its products fill a core by themselves
FEWEST, MOST = 16, 512  # of them
LONELY_GRADIENTS = 1000  # of steps that hardly another run shared: a run that took so many is stiffer than the others, and takes
# no less time here than alone, where it begins anew in the end because of its length
NEAR = 1e-3  # of the loss at which a run ends
MOST_POINTS = 40  # looked at to find where that is
ENDS_TOGETHER = 16  # runs that have ended and are measured at once
SIGN = 32  # runs prepared between two signs of life: some hundredths of a second


def together(spec: RunSpec) -> bool:
    """Whether runs of this spec are integrated in batches."""
    shape = spec.shape
    if shape is None or not isinstance(spec.integrator, GradientFlow) or spec.integrator.method == "exponential":
        return False
    unknowns = spec.model.unknowns(shape)
    return unknowns <= MOST_UNKNOWNS and spec.device != "cuda" and spec.problem.batched


@dataclass(frozen=True, eq=False)
class _Run:
    """A run under way."""

    spec: RunSpec
    prepared: Prepared
    began: float


class Crowd:
    """Runs of one shape under way, as many as memory allows."""

    def __init__(self, first: Prepared, count: int) -> None:
        """`first`: any of them; `count`: how many there are."""
        numbers = 6 * first.x.numel() + (3 + MOMENTS) * first.start.end_to_end_first.size
        capacity = int(np.clip(TOGETHER_BYTES // (numbers * first.x.element_size()), FEWEST, MOST))
        capacity = min(capacity, count)
        self._flow = BatchedFlow(first.field, first.x, capacity)
        self._paths = Paths(capacity, first.problem.known)
        self._runs: dict[int, _Run] = {}
        self._ending: dict[int, tuple[_Run, Arrival]] = {}  # not measured yet
        self._free = list(range(capacity))
        self._enough, self._time, self._iterations, self._seconds = (np.full(capacity, np.inf) for _ in range(4))

    @property
    def room(self) -> bool:
        return bool(self._free)

    def __bool__(self) -> bool:
        return bool(self._runs or self._ending)

    def add(self, spec: RunSpec, prepared: Prepared) -> None:
        """Adds a run to the batch."""
        place, field, began = self._free.pop(), prepared.field, time.perf_counter()
        assert isinstance(spec.integrator, GradientFlow)
        step, why = self._flow.add(place, field, prepared.x, flow_tolerance(spec.integrator, field, prepared.x))
        self._paths.begin(place, field.W(step))
        self._runs[place] = _Run(spec, prepared, began)
        stop = spec.stop
        self._enough[place] = -np.inf if prepared.enough is None else prepared.enough
        self._time[place] = np.inf if stop.time is None else stop.time
        self._iterations[place] = np.inf if stop.iterations is None else stop.iterations
        self._seconds[place] = stop.seconds
        arrival = arrive(spec, prepared, None, None, step, 0.0, Plateau(0))
        if arrival.outcome is not None or why is not None:
            self._end(place, arrival)

    def advance(self) -> Iterator[tuple[list[Row], list[RunSpec]]]:
        """One step of every run: the rows of those that ended, and the specs of those that are better taken alone."""
        for moved in self._flow.advance():
            ended: set[int] = set()
            for number, point in enumerate(moved.points):
                self._paths.add(point)
                for k in np.flatnonzero(self._ends(point)):
                    place = int(point.runs[k])
                    if place not in ended:
                        ended.add(place)
                        self._arrived(moved, number, int(k))
            alone = []
            last = moved.points[-1].runs if moved.points else np.empty(0, dtype=int)
            states = self._flow.states
            long = (states.iteration[last] > LONG_STEPS) | (states.lonely[last] > LONELY_GRADIENTS)
            better_alone = {int(run): "alone" for run in last[long]}
            for place, why in (better_alone | moved.left).items():
                if place in self._runs and why == "still":
                    self._end(place, Arrival(self._last(moved, place)))
                elif place in self._runs:
                    alone.append(self._runs[place].spec)
                    self._forget(place)
            yield self._measured(), alone
        yield self._measured(), []

    def _ends(self, point: Point) -> np.ndarray:
        """Which of these runs may end here."""
        runs = point.runs
        by_loss = (point.loss <= self._enough[runs]) | ~np.isfinite(point.loss)
        by_length = (point.t >= self._time[runs]) | (point.iteration >= self._iterations[runs])
        return np.asarray(by_loss | by_length | (self._flow.states.seconds[runs] > self._seconds[runs]))

    def _arrived(self, moved: Moved, number: int, k: int) -> None:
        """Ends a run at this point, or on the way to it; unless it does not end there."""
        point = moved.points[number]
        place = int(point.runs[k])
        run, step = self._runs[place], self._step(point, k)
        assert moved.start is not None
        earlier = [(each, int(np.flatnonzero(each.runs == place)[0])) for each in moved.points[:number] if place in each.runs]
        before, at = earlier[-1] if earlier else (moved.start, int(np.flatnonzero(moved.start.runs == place)[0]))
        previous = self._step(before, at)
        seconds, enough = float(self._flow.states.seconds[place]), run.prepared.enough
        if enough is not None and step.loss <= enough and step.t < self._time[place]:
            step = where_loss_is(run.prepared.field, previous, step, enough)
            self._end(place, Arrival(step, Outcome.CONVERGED, EndMessages(run.spec, run.prepared).reached(step)))
            return
        arrival = arrive(run.spec, run.prepared, previous, None, step, seconds, Plateau(run.prepared.field.degree))
        if arrival.outcome is not None:
            self._end(place, arrival)

    def _last(self, moved: Moved, place: int) -> Step:
        point = moved.points[-1]
        return self._step(point, int(np.flatnonzero(point.runs == place)[0]))

    def _step(self, point: Point, k: int) -> Step:
        """A point of a run as its own integrator would give it."""
        place = int(point.runs[k])
        x, velocity = point.vectors(k)
        field = self._runs[place].prepared.field
        rejected = int(self._flow.states.rejected[place])
        return Step(float(point.t[k]), int(point.iteration[k]), rejected, x, velocity, field.end_to_end(x), float(point.loss[k]))

    def _end(self, place: int, arrival: Arrival) -> None:
        """This run has ended. It keeps its place until it is measured."""
        self._flow.remove(place)
        self._ending[place] = self._runs.pop(place), arrival

    def _measured(self) -> list[Row]:
        """The rows of the runs that have ended, as `simulate` would tell them; none until there are enough to measure."""
        if not self._ending or (self._runs and len(self._ending) < ENDS_TOGETHER):
            return []
        runs, arrivals = zip(*self._ending.values(), strict=True)
        sigma, measures = final_measures([run.prepared for run in runs], [arrival.step for arrival in arrivals])
        ways = [
            self._paths.way(place, arrival.step.t, arrival.step.prediction, each)
            for place, arrival, each in zip(self._ending, arrivals, sigma, strict=True)
        ]
        born_at = iter(births([way for way in ways if way is not None]))
        born = [{} if way is None else next(born_at) for way in ways]
        each = zip(self._ending, runs, arrivals, measures, born, strict=True)
        rows = [self._row(place, run, arrival, values, times) for place, run, arrival, values, times in each]
        self._free += self._ending
        self._ending.clear()
        return rows

    def _row(self, place: int, run: _Run, arrival: Arrival, measures: dict[str, float | None], born: dict[int, float]) -> Row:
        step, messages, states = arrival.step, EndMessages(run.spec, run.prepared), self._flow.states
        if arrival.outcome is None and step.t > run.prepared.field.longest:
            arrival = Arrival(step, Outcome.TIME, messages.too_slow(step))
        values = {"loss": step.loss, **measures}
        return Row(
            digest=run.prepared.start.digest,
            spec=run.spec.model_dump(mode="json"),
            outcome=arrival.outcome or Outcome.AT_REST,
            message=arrival.message or messages.at_rest(step),
            seconds=float(states.seconds[place]),
            gradients=int(states.gradients[place]),
            measures={key: value if value is not None and math.isfinite(value) else None for key, value in values.items()},
            births=born,
            batched=True,
        )

    def _forget(self, place: int) -> None:
        """This run is taken alone."""
        self._flow.remove(place)
        del self._runs[place]
        self._free.append(place)


@torch.inference_mode()
def followed(specs: Sequence[RunSpec], inputs: Inputs) -> Iterator[tuple[list[Row], list[RunSpec]]]:
    """The rows of these runs, which are all alike, as they end; and the specs of those that have to be taken alone.

    All begin together, as many as there is room for: runs of one age need the same kind of step, so more of them share it.
    """
    waiting: deque[RunSpec] = deque(specs)
    crowd: Crowd | None = None
    while waiting or crowd:
        if not crowd:
            for number in range(len(waiting)):
                if crowd is not None and not crowd.room:
                    break
                spec = waiting.popleft()
                prepared = prepare_unseen(spec, inputs)
                if not suits(prepared.field):
                    yield [], [spec]
                    continue
                crowd = Crowd(prepared, 1 + len(waiting)) if crowd is None else crowd
                crowd.add(spec, prepared)
                if number % SIGN == SIGN - 1:
                    yield [], []  # a sign of life
        if crowd:
            yield from crowd.advance()


def where_loss_is(field: VectorField, a: Step, b: Step, loss: float) -> Step:
    """The first point between a and b whose loss is `loss`, or less by 0.1 %: as `stopping`, with fewer points looked at.

    The logarithm of the loss is nearly straight over a step, so the false position finds it (Illinois, Dowell and Jarratt 1971).
    """
    if a.loss <= loss or not b.loss > 0:
        return b
    low, high, end = 0.0, 1.0, b
    f_low, f_high = math.log(a.loss / loss), math.log(b.loss / loss)
    for _ in range(MOST_POINTS):
        if end.loss >= loss * (1 - NEAR):
            break
        aim = f_low - NEAR / 2  # for a point inside the interval that is allowed
        share = low + (high - low) * min(0.95, max(0.05, aim / (f_low - f_high)))
        point = between(field, a, b, share)
        f = math.log(point.loss / loss) if point.loss > 0 else -math.inf
        if f <= 0:
            high, end, f_high, f_low = share, point, max(f, -100.0), f_low / 2 if end is not b else f_low
        else:
            low, f_low, f_high = share, f, f_high / 2
    return end
