"""Problems, our paths and scipy's, for the tests and benchmarks of the integrators."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
import torch
from scipy.integrate import DOP853

from dmf_core.inputs import Inputs
from dmf_core.interfaces import Step, VectorField
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.models.starts import Initialization
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.matrix_sensing import MatrixSensing

STOP = 1e-6
LEARNED = 0.1  # a mode whose final singular value is above this share of the largest one is learned


class Case(NamedTuple):
    kind: Literal["completion", "sensing"]
    n: int
    rank: int
    observations: int
    depth: int
    seed: int = 0
    scale: float = 1e-3


class Outcome(NamedTuple):
    births: np.ndarray  # [learned modes] when each singular value first passed half of its final value; NaN: never
    final: np.ndarray  # [n] singular values where the loss is STOP
    gradients: int


def start(case: Case, dtype: torch.dtype = torch.float64) -> tuple[VectorField, torch.Tensor]:
    kind = MatrixCompletion if case.kind == "completion" else MatrixSensing
    settings = kind(rows=case.n, columns=case.n, rank=case.rank, observations=case.observations)
    problem = settings.build(case.seed, dtype, torch.device("cpu"), Inputs())
    field = VectorField(problem, DeepMatrix(depth=case.depth))
    return field, field.flatten(Initialization(scale=case.scale).sample(field.factorization, field.problem.shape, case.seed)).to(
        dtype
    )


def ours(field: VectorField, steps: Iterable[Step], most: int = 30_000) -> Outcome:
    """Walks until the loss is STOP; between steps the path is the cubic through x and velocity."""
    path = []
    for step in steps:
        path.append(step)
        if step.loss <= STOP or field.gradients > most:
            break
    gradients = field.gradients

    def W(a: Step, b: Step, share: float) -> torch.Tensor:
        h, s = b.t - a.t, share
        x = (1 + 2 * s) * (1 - s) ** 2 * a.x + s * (1 - s) ** 2 * h * a.velocity
        x = x + s * s * (3 - 2 * s) * b.x + s * s * (s - 1) * h * b.velocity
        return field.end_to_end(x)

    a, b = path[-2:]
    end = _first(lambda s: field.problem.loss(W(a, b, s)) <= STOP) if b.loss <= STOP else 1.0
    final = _spectrum(W(a, b, end))
    spectra = np.array([_spectrum(step.prediction) for step in path])
    births = []
    for mode in np.flatnonzero(final > LEARNED * final[0]):
        i = _crossing(spectra[:, mode], final[mode] / 2)
        if i is None:
            births.append(np.nan)
            continue
        a, b = path[i : i + 2]
        share = _first(lambda s, a=a, b=b, k=mode: _spectrum(W(a, b, s))[k] >= final[k] / 2)  # type: ignore[misc]
        births.append(a.t + share * (b.t - a.t))
    return Outcome(np.array(births), final, gradients)


def scipys(case: Case, tolerance: float = 1e-9) -> Outcome:
    """The same by scipy's DOP853 in float64, whose steps are so short that cubics of singular values are exact."""
    field, x = start(case)
    absolute = 1e-3 * tolerance * float(x.square().mean().sqrt())
    solver = DOP853(lambda _t, y: field(torch.from_numpy(y)).numpy(), 0.0, x.numpy(), 1e15, rtol=tolerance, atol=absolute)
    times, spectra, slopes, losses = [], [], [], []
    while not losses or losses[-1] > STOP:
        if losses:
            solver.step()
        y = torch.from_numpy(solver.y.copy())
        velocity = field(y)
        U, S, Vh = np.linalg.svd(field.prediction.numpy())
        times.append(solver.t)
        spectra.append(S)
        slopes.append(np.einsum("ik,ij,kj->k", U, _speed_of_W(field, y, velocity), Vh))
        losses.append(field.loss)
    t, S, dS = np.array(times), np.array(spectra), np.array(slopes)

    def between(i: int, s: float) -> np.ndarray:
        h = t[i + 1] - t[i]
        left = (1 + 2 * s) * (1 - s) ** 2 * S[i] + s * (1 - s) ** 2 * h * dS[i]
        return left + s * s * (3 - 2 * s) * S[i + 1] + s * s * (s - 1) * h * dS[i + 1]

    share = np.log(STOP / losses[-2]) / np.log(losses[-1] / losses[-2])
    final = between(len(t) - 2, share)
    births = []
    for mode in np.flatnonzero(final > LEARNED * final[0]):
        i = _crossing(S[:, mode], final[mode] / 2)
        if i is None:
            births.append(np.nan)
            continue
        share = _first(lambda s, i=i, k=mode: between(i, s)[k] >= final[k] / 2)  # type: ignore[misc]
        births.append(t[i] + share * (t[i + 1] - t[i]))
    return Outcome(np.array(births), final, field.gradients)


def errors(mine: Outcome, reference: Outcome) -> tuple[float, float]:
    """(largest relative error of a birth time, largest error of a final singular value over the largest of them)."""
    final = float(np.abs(mine.final - reference.final).max() / reference.final[0])
    if len(mine.births) != len(reference.births):
        return np.inf, final
    born = ~np.isnan(reference.births)
    relative = np.abs(mine.births - reference.births)[born] / reference.births[born]
    return float(np.nan_to_num(relative, nan=np.inf).max(initial=0.0)), final


def _speed_of_W(field: VectorField, x: torch.Tensor, velocity: torch.Tensor) -> np.ndarray:
    factors, moving = field.factors(x), field.factors(velocity)
    one_moves = [field.factorization.end_to_end((*factors[:j], moving[j], *factors[j + 1 :])) for j in range(len(factors))]
    return torch.stack(one_moves).sum(0).numpy()


def _spectrum(W: torch.Tensor) -> np.ndarray:
    return np.linalg.svd(W.double().numpy(), compute_uv=False)


def _crossing(values: np.ndarray, level: float) -> int | None:
    crossings = np.flatnonzero((values[:-1] < level) & (values[1:] >= level))
    return int(crossings[0]) if len(crossings) else None


def _first(reached) -> float:  # type: ignore[no-untyped-def]
    """Where between 0 and 1 it becomes true, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(22):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
