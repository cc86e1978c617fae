"""The gradient flow by scipy's DOP853 in float64: an oracle for runs.

Of the program it takes the drawn data and the first factors; matrices are multiplied and differentiated here. Of tensors it
takes the gradient and the spectra, too, which tests/contracts hold against autograd and tensorly.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from scipy.integrate import DOP853

from dmf_core.analysis.accuracy import Outline, outline
from dmf_core.interfaces import VectorField
from dmf_core.measures.growth import LEARNED, crossing
from dmf_core.measures.spectra import spectra
from dmf_core.prepare import prepare
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory

RTOL = 1e-9
INSIDE = (0.25, 0.5, 0.75, 1.0)  # of a step: where its dense output (order 7) is looked at
WINDOW = 200  # steps between two checks for a rest
REST = 1e-6  # of the largest singular value that the spectrum moves in the last two thirds of the time, at rest

STILL = 0.01  # of its own size that no singular value moves then

Vector = np.ndarray


class Flow(NamedTuple):
    """dx/dt = velocity(x), and what is seen of x."""

    start: Vector
    velocity: Callable[[Vector], Vector]
    W: Callable[[Vector], np.ndarray]
    loss: Callable[[np.ndarray], float]
    spectrum: Callable[[Vector], np.ndarray]  # the main one, descending


class Errors(NamedTuple):
    """As shares: see dmf_core.analysis.accuracy."""

    births: float
    final: float
    time: float
    unseen: float

    @property
    def promised(self) -> bool:
        return self.births <= 0.01 and self.final <= 0.005


def reference(spec: RunSpec, most: int) -> Outline | None:
    """The exact run, None where it takes more than so many evaluations, or starts below the stop."""
    flow = flow_of(spec)
    stop, count = spec.stop.loss or 0.0, 0

    def velocity(_t: float, x: Vector) -> Vector:
        nonlocal count
        count += 1
        return flow.velocity(x)

    absolute = 1e-3 * RTOL * float(np.sqrt(np.mean(flow.start**2)))
    solver = DOP853(velocity, 0.0, flow.start, 1e15, rtol=RTOL, atol=absolute)
    times, values = [0.0], [flow.spectrum(flow.start)]
    loss, steps, rested = flow.loss(flow.W(flow.start)), 0, False
    if loss <= stop:
        return None
    while loss > stop and not rested:
        solver.step()
        if solver.status == "failed" or count > most:
            return None
        steps += 1
        path, before = solver.dense_output(), solver.t_old
        loss = flow.loss(flow.W(solver.y))
        end = solver.t if loss > stop else _where(lambda t, path=path: flow.loss(flow.W(path(t))) <= stop, before, solver.t)
        for share in INSIDE:
            times.append(before + share * (end - before))
            values.append(flow.spectrum(path(times[-1])))
        rested = steps % WINDOW == 0 and _rests(times, values)
    return _outline(spec, flow, np.array(times), np.array(values), path(times[-1]), rested, count)


def errors(run: Trajectory, exact: Outline) -> Errors:
    """How far a run is from the reference, at the modes that this has."""
    ours = outline(run)
    births = [_apart(ours.births.get(mode, np.inf), t) for mode, t in exact.births.items()]
    both = ours.outcome is exact.outcome is Outcome.CONVERGED
    return Errors(
        max(births, default=0.0),
        float(np.abs(ours.final - exact.final).max() / exact.final[0]),
        _apart(ours.t, exact.t) if both else 0.0 if ours.outcome is exact.outcome else np.inf,
        _apart(ours.unseen, exact.unseen) if exact.unseen and ours.unseen is not None else 0.0,
    )


def flow_of(spec: RunSpec) -> Flow:
    """Of the data in float64, from the first factors as the run has them."""
    exact = prepare(spec.replaced({"dtype": "float64"}))
    field, start = exact.field, prepare(spec).x.double().numpy()
    observations = exact.problem.observations
    y = observations.values.numpy()
    if observations.index is None:
        A = observations.A.numpy()
    else:
        A = np.zeros((len(y), int(np.prod(exact.problem.shape))))
        A[np.arange(len(y)), observations.index.numpy()] = 1.0

    def loss(W: np.ndarray) -> float:
        residual = A @ W.ravel() - y
        return float(residual @ residual) / len(y)

    def pull(W: np.ndarray) -> np.ndarray:
        return (-2 / len(y) * ((A @ W.ravel() - y) @ A)).reshape(W.shape)

    if len(exact.problem.shape) > 2:
        return _tensor_flow(field, start, loss)
    return _chain_flow([tuple(shape) for shape in field.shapes], start, pull, loss)


def _chain_flow(shapes: list[tuple[int, ...]], start: Vector, pull: Callable, loss: Callable) -> Flow:
    cuts = np.cumsum([0] + [rows * columns for rows, columns in shapes])

    def factors(x: Vector) -> list[np.ndarray]:
        return [x[a:b].reshape(shape) for a, b, shape in zip(cuts[:-1], cuts[1:], shapes, strict=True)]

    def products(x: Vector) -> list[np.ndarray]:
        below = [np.eye(shapes[0][1])]
        for factor in factors(x):
            below.append(factor @ below[-1])
        return below

    def velocity(x: Vector) -> Vector:
        below, above = products(x), pull(products(x)[-1])
        parts = []
        for j, factor in reversed(list(enumerate(factors(x)))):
            parts.append((above @ below[j].T).ravel())
            above = factor.T @ above
        return np.concatenate(parts[::-1])

    def W(x: Vector) -> np.ndarray:
        return products(x)[-1]

    return Flow(start, velocity, W, loss, lambda x: np.linalg.svd(W(x), compute_uv=False))


def _tensor_flow(field: VectorField, start: Vector, loss: Callable) -> Flow:
    model = field.factorization

    def W(x: Vector) -> np.ndarray:
        return field.end_to_end(torch.from_numpy(x)).numpy()

    def velocity(x: Vector) -> Vector:
        return field(torch.from_numpy(x)).numpy()

    def spectrum(x: Vector) -> np.ndarray:
        point = torch.from_numpy(x)
        main = next(iter(model.spectra(field.problem.shape).items()))
        return spectra(model, field.end_to_end(point)[None], field.stacked(point[None]))[main[0]][0][: main[1]]

    return Flow(start, velocity, W, loss, spectrum)


def _outline(spec: RunSpec, flow: Flow, t: np.ndarray, values: np.ndarray, end: Vector, rested: bool, count: int) -> Outline:
    final = values[-1]
    births = {}
    for mode in np.flatnonzero(final > LEARNED * final[0]):
        born = crossing(t, values[:, mode], final[mode] / 2)
        if born is not None:
            births[int(mode) + 1] = born
    held_out, unseen = prepare(spec.replaced({"dtype": "float64"})).problem.held_out, None
    if held_out is not None:
        away = held_out.apply(torch.from_numpy(flow.W(end))).numpy() - held_out.values.numpy()
        unseen = float(np.mean(away**2))
    return Outline(births, final, float(t[-1]), unseen, Outcome.AT_REST if rested else Outcome.CONVERGED, count)


def _rests(times: list[float], values: list[np.ndarray]) -> bool:
    earlier = int(np.searchsorted(times, times[-1] / 3))
    moved = np.abs(values[earlier] - values[-1])
    still = bool((moved <= STILL * values[-1]).all())  # no mode that waits grows unseen
    return still and bool(values[-1][0] > 2 * values[0][0] and moved.max() < REST * values[-1][0])


def _where(reached: Callable[[float], bool], low: float, high: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _apart(value: float | None, exact: float | None) -> float:
    return abs(value - exact) / abs(exact) if value is not None and exact else 0.0
