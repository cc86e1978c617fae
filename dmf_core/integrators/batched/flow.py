"""The loop over a batch: the steps, what is accepted, and which run has to leave."""

import math
import time
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from dmf_core.integrators.batched import attempts
from dmf_core.integrators.batched.attempts import F0, PAST1, PAST2, POINT, Attempt, Current, Workspace, X
from dmf_core.integrators.batched.field import BatchedField
from dmf_core.integrators.batched.grouping import ESCAPING, THIRD, chunks, kinds, radius_due
from dmf_core.integrators.batched.points import Moved, Point, Why, alone
from dmf_core.integrators.batched.states import States
from dmf_core.integrators.chebyshev import REFRESH, RISE, UNRESOLVED, UNSTABLE
from dmf_core.integrators.chebyshev_tables import FINE
from dmf_core.integrators.escape import EARLY, FAR, FIRST, HANDOVER, LEARNS, MOST_PARTS, STIFF
from dmf_core.interfaces import Step, VectorField

AT_ONCE = 150_000  # numbers in one vector of all runs of a step: beyond, the vectors leave the cache of a core
FEWEST, MOST = 8, 96  # runs of one step
LONELY = 8  # runs: a stabilized step of fewer is not cheaper than each by itself


class BatchedFlow:
    """Up to `capacity` runs of one shape under way, each in a place of its own."""

    def __init__(self, field: VectorField, like: Tensor, capacity: int) -> None:
        """`field`: of any of the runs; `like`: any of their x."""
        most = min(max(FEWEST, min(MOST, AT_ONCE // like.numel())), capacity)
        self._field = BatchedField(field, capacity, most)
        self._workspace = Workspace(self._field, most, like)
        self._most = most
        self._degree = field.degree
        self._double = like.dtype == torch.float64
        self.states = States(self._field.layout, capacity, like)

    def add(self, place: int, field: VectorField, x: Tensor, tolerance: float) -> tuple[Step, Why | None]:
        """A new run in this place. Returns its first point, and why it has no step, if so."""
        states, layout = self.states, self._field.layout
        F = field(x)
        first = field.step(0.0, 0, 0, x, F)
        self._field.put(place, field)
        for part, value in zip(states.x, torch.split(x, layout.sizes), strict=True):
            part[place] = value
        for part, value in zip(states.F, torch.split(F, layout.sizes), strict=True):
            part[place] = value
        size, speed = (float(torch.linalg.vector_norm(each.double())) for each in (x, F))
        states.reset(place, loss=first.loss, size=size, speed=speed, tolerance=tolerance, longest=field.longest)
        states.faint[place] = field.roundoff_loss(UNRESOLVED * states.rounding)
        states.h[place] = FIRST / max(1, self._degree - 1) * (size or 1.0) / speed if speed > 0 else math.nan
        states.active[place] = speed > 0
        return first, None if speed > 0 else "still"

    def remove(self, place: int) -> None:
        """This run takes no more steps."""
        self.states.active[place] = False

    def advance(self) -> Iterator[Moved]:
        """One attempt of a step for every active run, those together that need the same kind of step."""
        states = self.states
        for _, runs in chunks(radius_due(states), self._most):
            self._estimate_radius(runs)
        order = kinds(states, np.flatnonzero(states.active))
        too_long = [run for run, kind in order if kind > FINE]
        if too_long:
            states.active[too_long] = False
            yield Moved([], alone(too_long))
        for kind, runs in chunks([each for each in order if each[1] <= FINE], self._most):
            began = time.perf_counter()
            yield self._step(kind, runs)
            states.seconds[runs] += (time.perf_counter() - began) / len(runs)

    # Steps ----------------------------------------------------------------------------------------------------------------

    def _gather(self, runs: np.ndarray, past: int) -> tuple[np.ndarray, ...]:
        """Fills the workspace with these runs and so many earlier velocities. Returns what the velocities are times."""
        states, space = self.states, self._workspace
        space.use(len(runs))
        index = torch.from_numpy(runs)
        for source, target in zip(states.x, space.parts[X], strict=True):
            torch.index_select(source, 0, index, out=target)
        scales = []
        for before, row in enumerate((F0, PAST1, PAST2)[: 1 + past]):
            rows = states.velocities(runs, before)
            scales.append(states.scale[rows])
            for source, target in zip(states.F, space.parts[row], strict=True):
                torch.index_select(source, 0, torch.from_numpy(rows), out=target)
        return tuple(scales)

    def _estimate_radius(self, runs: np.ndarray) -> None:
        s, space = self.states, self._workspace
        directed = bool(s.directed[runs[0]])
        for row, scale in zip((F0, PAST1), self._gather(runs, 0 if directed else 1), strict=False):
            space.unscale(row, scale)
        self._field.select(torch.from_numpy(runs), np.ones(len(runs)))
        if directed:
            for source, target in zip(s.direction, space.parts[PAST1], strict=True):
                torch.index_select(source, 0, torch.from_numpy(runs), out=target)
        else:
            torch.sub(space.table[F0], space.table[PAST1], out=space.table[PAST1])
        gradients = attempts.RADIUS_AGAIN if directed else attempts.RADIUS_FIRST
        s.rho[runs], taken = space.radius(s.size[runs], PAST1, gradients)
        s.gradients[runs] += taken
        s.directed[runs], s.age[runs], s.refused[runs] = True, 0, 0
        for source, target in zip(space.parts[PAST1], s.direction, strict=True):
            target.index_copy_(0, torch.from_numpy(runs), source)

    def _step(self, kind: int, runs: np.ndarray) -> Moved:
        s, space = self.states, self._workspace
        scales, h = self._gather(runs, 2 if kind > THIRD else 0), s.h[runs]
        self._field.select(torch.from_numpy(runs), h)
        now = Current(h, s.rho[runs], s.speed[runs], s.tolerance[runs], scales)
        if kind == ESCAPING:
            order, attempt, gradients = 5, space.fifth_order(now), 6
        elif kind == THIRD:
            order, attempt, gradients = 3, space.third_order(now), 3
        else:
            order, attempt, gradients = 4, space.stabilized(now, kind, s.h1[runs], s.h2[runs]), kind
        s.gradients[runs] += gradients
        if kind > THIRD and len(runs) < LONELY:
            s.lonely[runs] += gradients
        s.rho[runs] = attempt.rho
        with np.errstate(invalid="ignore"):
            good = (attempt.error <= 1) & (attempt.loss <= RISE * s.loss[runs] + s.faint[runs])
        hopeless = self._reject(runs[~good], attempt.error[~good], order)
        places = np.flatnonzero(good)
        if not len(places):
            return Moved([], alone(hopeless))
        moved = self._accept(runs, places, attempt, order, scales[0])
        moved.left.update(alone(hopeless))
        return moved

    def _reject(self, runs: np.ndarray, error: np.ndarray, order: int) -> list[int]:
        """Shortens the steps of these runs; returns those for which no step is small enough."""
        s = self.states
        s.rejected[runs] += 1
        s.refused[runs] += 1
        s.age[runs[error > UNSTABLE]] = REFRESH  # the error may come from a spectral radius that has grown
        hopeless = runs[s.reject_step(runs, np.where(error > 1, error, np.inf), order)]
        over = runs[s.escaping[runs] & (s.iteration[runs] > EARLY)]
        s.escaping[over] = False
        s.restart_step(over, HANDOVER)
        s.active[hopeless] = False
        return [int(run) for run in hopeless]

    def _accept(self, runs: np.ndarray, places: np.ndarray, attempt: Attempt, order: int, scale: np.ndarray) -> Moved:
        """Goes on with the runs in these places of the step."""
        s, space, field = self.states, self._workspace, self._field
        ours, h = runs[places], s.h[runs[places]]
        x0, x1, F1 = space.parts[X], field.layout.parts(attempt.x1), field.layout.parts(attempt.F1)
        began = s.t[ours]
        start = Point(ours, began, s.iteration[ours], s.loss[ours], places, x0, space.parts[F0], scale)
        parts = self._parts(ours, attempt.moved[places]) if order == 5 else np.ones(len(ours), dtype=int)
        size, speed = s.size[ours], s.speed[ours]
        s.t[ours] = began + h
        s.iteration[ours] += parts
        s.age[ours] += 1
        s.loss[ours], s.size[ours], s.speed[ours] = attempt.loss[places], attempt.size[places], attempt.speed[places]
        s.turn[ours] = (s.turn[ours] + 1) % 3
        s.h2[ours], s.h1[ours] = s.h1[ours], h
        s.past[ours] = np.minimum(2, s.past[ours] + 1)
        last = Point(ours, s.t[ours], s.iteration[ours], s.loss[ours], places, x1, F1, s.h[runs], field.W)
        velocities = s.velocities(ours, 0)
        s.scale[velocities] = h
        self._scatter(s.x, x1, ours, places)
        self._scatter(s.F, F1, velocities, places)
        left = self._leaving(ours, places, attempt, x0, x1)
        s.keep_step(ours, attempt.error[places], order, 3.0 if order == 3 else 2.0)
        if order == 5:
            self._escape(ours, h, size, speed)
        inside = self._inside(runs, places, parts, began, last) if parts.max() > 1 else []
        return Moved([*inside, last], left, start)

    def _escape(self, runs: np.ndarray, h: np.ndarray, size: np.ndarray, speed: np.ndarray) -> None:
        """As `Escape`, after steps h of runs that had this size and this speed before them."""
        s = self.states
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            rate = np.where(s.speed[runs] > 0, np.log(s.speed[runs] / speed) / h, 0.0)
            leaves = (s.speed[runs] <= speed) | (h * s.rho[runs] > STIFF)
            if self._degree > 2:
                share = np.where(size > 0, np.fmin(1.0, s.size[runs] / s.speed[runs] * speed / size), 1.0)
                s.h[runs] *= share
                s.last_h[runs] *= share
            falls = s.speed[runs] ** 2 * np.expm1(np.minimum(100.0, 2 * rate * s.h[runs]))
            leaves |= (rate > 0) & (falls > LEARNS * 2 * rate * s.loss[runs])
        s.escaping[runs[leaves]] = False
        s.restart_step(runs[leaves], HANDOVER)

    def _parts(self, runs: np.ndarray, moved: np.ndarray) -> np.ndarray:
        """In how many parts a step of order 5 is handed out."""
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.ceil(moved / (FAR * self.states.size[runs]))
        return np.where(self.states.size[runs] > 0, np.clip(far, 1, MOST_PARTS), 1).astype(int)

    def _leaving(
        self, ours: np.ndarray, places: np.ndarray, attempt: Attempt, x0: list[Tensor], x1: list[Tensor]
    ) -> dict[int, Why]:
        """Which of these runs have no further step after this one, and why."""
        s, lost = self.states, attempt.lost[places]
        still = s.stationary(ours, places, attempt.moved[places], lost, x0, x1)
        still |= (s.speed[ours] == 0) | (s.t[ours] > s.longest[ours]) | (s.loss[ours] <= 0)
        faint = np.zeros(len(ours), dtype=bool)
        if not self._double:
            faint = s.roundoff_dominates(ours, lost) & (s.loss[ours] > s.faint[ours])
        s.active[ours[faint | still]] = False
        left: dict[int, Why] = {int(run): "still" for run in ours[still]}
        return left | alone(ours[faint].tolist())

    def _scatter(self, targets: list[Tensor], sources: list[Tensor], rows: np.ndarray, places: np.ndarray) -> None:
        """Copies the sources in these places into these rows, all others into the last row, which no run uses."""
        index = np.full(len(sources[0]), len(targets[0]) - 1)
        index[places] = rows
        for target, source in zip(targets, sources, strict=True):
            target.index_copy_(0, torch.from_numpy(index), source)

    def _inside(self, runs: np.ndarray, places: np.ndarray, parts: np.ndarray, began: np.ndarray, last: Point) -> list[Point]:
        """The points inside the long ones of a step of order 5, each with its velocity, as `chebyshev` hands them out."""
        s, space = self.states, self._workspace
        inner: list[Point] = []
        assert last.W is not None
        last.W = last.W.clone()
        for count in sorted(set(parts.tolist()) - {1}):
            mine = np.flatnonzero(parts == count)
            s.gradients[runs[places[mine]]] += count - 1
            for part in range(1, count):
                space.inside(part / count)
                space.velocity(POINT, PAST1)
                t = began[mine] + part / count * (last.t[mine] - began[mine])
                x, velocity = ([each.clone() for each in space.parts[row]] for row in (POINT, PAST1))
                loss = self._field.loss[places[mine]]
                iteration, where = last.iteration[mine] - count + part, places[mine]
                W = self._field.W.clone()
                inner.append(Point(runs[where], t, iteration, loss, where, x, velocity, last.scale, W))
        return inner
