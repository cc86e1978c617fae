"""Alternating least squares for CP with a given number of components: tensorly's, from several starts."""

import math
import time
from dataclasses import dataclass

import numpy as np
from pydantic import Field

from dmf_core import limits
from dmf_core.settings import Settings

SETTLED, FALL = 50, 1e-3  # a start has settled when its error fell by less than this share over so many sweeps


class AlternatingLeastSquares(Settings):
    """Settings: when a start fits, and the limits of starts, sweeps and time."""

    tolerance: float = Field(1e-7, ge=1e-12, le=0.1)  # relative error over the observed entries that counts as a fit
    starts: int = Field(5, ge=1, le=100)
    sweeps: int = Field(1000, ge=1, le=100_000)  # of one start
    seconds: float = Field(60.0, gt=0, le=limits.MAX_SECONDS)  # wall clock, all starts together
    seed: int = Field(0, ge=0, le=limits.MAX_SEED)


USUAL = AlternatingLeastSquares()


@dataclass(frozen=True, eq=False)
class Fit:
    """The best of all starts. It need not agree with the observed entries."""

    W: np.ndarray  # [*d] float64
    component_norms: np.ndarray  # [rank] descending
    observed_error: float  # |W - values| / |values|, both over the observed entries
    start: int  # which start it is, from 1
    starts: int  # how many were tried
    sweeps: int  # of this start
    seconds: float
    fitted: bool  # the observed error is within the tolerance
    message: str  # a sentence


def fit(
    shape: tuple[int, ...],
    index: np.ndarray,  # [m] places in the flat tensor, each once
    values: np.ndarray,  # [m]
    rank: int,
    settings: AlternatingLeastSquares = USUAL,
) -> Fit:
    """Starts one after the other until one fits; the one of least observed error is kept.

    Unseen entries are filled in with the fit of the sweep before, and every second sweep is extrapolated. Needs the
    rank, which no other method here needs. Source: Tomasi and Bro 2005; Bro 1998 (extrapolation), as in tensorly.
    """
    if not values.any():
        return Fit(np.zeros(shape), np.zeros(rank), 0.0, 1, 0, 0, 0.0, True, "Every observed entry is zero, and so is the fit.")
    began = time.perf_counter()
    tries: list[_Try] = []
    while len(tries) < settings.starts and not (tries and tries[-1].error <= settings.tolerance):
        if tries and time.perf_counter() - began > settings.seconds:
            break
        tries.append(_Try(shape, index, values, rank, settings, len(tries), began))
    best = min(range(len(tries)), key=lambda number: tries[number].error)
    chosen = tries[best]
    return Fit(
        W=chosen.W,
        component_norms=chosen.norms,
        observed_error=chosen.error,
        start=best + 1,
        starts=len(tries),
        sweeps=chosen.sweeps,
        seconds=time.perf_counter() - began,
        fitted=chosen.error <= settings.tolerance,
        message=_end_message(chosen, best, len(tries), settings),
    )


class _Try:
    """One start, followed until it fits, settles, breaks down, or may go no further."""

    def __init__(
        self,
        shape: tuple[int, ...],
        index: np.ndarray,
        values: np.ndarray,
        rank: int,
        settings: AlternatingLeastSquares,
        number: int,
        began: float,
    ) -> None:
        self._index, self._values, self._settings, self._began = index, values, settings, began
        self._size = float(np.linalg.norm(values))
        self._errors: list[float] = []
        self.W, self.norms, self.error, self.sweeps = np.zeros(shape), np.zeros(rank), math.inf, 0
        self.settled = False
        self._follow(shape, rank, np.random.default_rng((settings.seed, number)))

    def _follow(self, shape: tuple[int, ...], rank: int, source: np.random.Generator) -> None:
        import tensorly  # here, because it takes half a second and most visits need none of it
        from tensorly.cp_tensor import CPTensor
        from tensorly.decomposition import parafac

        observed, mask = np.zeros(math.prod(shape)), np.zeros(math.prod(shape))
        observed[self._index], mask[self._index] = self._values, 1.0

        def after_sweep(cp: CPTensor, _: float) -> bool:  # its own error is relative to the filled-in tensor
            return self._record(tensorly.cp_to_tensor(cp), [np.asarray(factor) for factor in cp.factors])

        with tensorly.backend_context("numpy", local_threadsafe=True), np.errstate(all="ignore"):
            start = CPTensor((None, [source.normal(size=(side, rank)) for side in shape]))
            try:
                parafac(
                    observed.reshape(shape),
                    rank,
                    n_iter_max=self._settings.sweeps,
                    init=start,
                    tol=0,
                    mask=mask.reshape(shape),
                    linesearch=True,
                    callback=after_sweep,
                    return_errors=True,  # so that there is an error to hand to the callback
                )
            except np.linalg.LinAlgError:  # components that became parallel; the best sweep before it stays
                return

    def _record(self, W: np.ndarray, factors: list[np.ndarray]) -> bool:
        """Keeps the best sweep. True: enough."""
        error = float(np.linalg.norm(W.reshape(-1)[self._index] - self._values)) / self._size
        if not math.isfinite(error):
            return True
        self._errors.append(error)
        if error < self.error:
            self.W, self.error, self.sweeps = W, error, len(self._errors) - 1  # the first error is from before any sweep
            self.norms = np.sort(np.prod([np.linalg.norm(factor, axis=0) for factor in factors], axis=0))[::-1]
        before = self._errors[-1 - SETTLED] if len(self._errors) > SETTLED else math.inf
        self.settled = error > (1 - FALL) * before
        late = time.perf_counter() - self._began > self._settings.seconds
        return error <= self._settings.tolerance or self.settled or late


def _end_message(chosen: _Try, best: int, count: int, settings: AlternatingLeastSquares) -> str:
    summary = f"start {best + 1} of {count}, {chosen.sweeps} sweeps: relative error over the observed entries {chosen.error:.2g}"
    if chosen.error <= settings.tolerance:
        return f"Fitted in {summary}."
    if not math.isfinite(chosen.error):
        return f"Broke down in each of {count} starts; try another number of components."
    if chosen.settled:
        return f"No start fitted; the best settled in {summary}. That is a local minimum, noise, or too few components."
    return f"No start fitted; the best was {summary}, and was still falling. Allow more sweeps or starts."
