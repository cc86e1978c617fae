"""How far each statement is off in a run, and by how much the run violates its assumptions."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dmf_core.analysis.replay import theory_of
from dmf_core.spec import RunSpec
from dmf_core.theory.portrait import portrait
from dmf_core.theory.speeds import predicted_speed
from dmf_core.theory.statements import STATEMENTS
from dmf_core.trajectory import Check, Insight, Trajectory
from ui.figures.births import Growth, at, grown
from ui.figures.spectra import pictured

MOVES = 0.01  # of the greatest speed: below this, what is off is rounding


@dataclass(frozen=True)
class Off:
    """Relative to what was measured, over the snapshots where something moves."""

    median: float
    worst: float


@dataclass(frozen=True)
class Birth:
    """When a learned mode is born, as predicted and as measured."""

    mode: int
    predicted: float | None
    measured: float | None


class Readings:
    """Of an ended run with its insight. Modes are the learned ones, at most as many as the insight has."""

    def __init__(self, run: Trajectory, spec: RunSpec) -> None:
        assert run.insight is not None and not run.insight.missing
        self.run, self.spec = pictured(run, spec), spec
        self.insight: Insight = run.insight
        self.check: Check | None = run.insight.check
        self.t = run.column("t")
        self.growths: list[Growth] = [g for g in grown(self.run) if g.mode <= run.insight.sigma.shape[1]]

    @property
    def modes(self) -> int:
        return len(self.growths)

    @cached_property
    def statements(self) -> list[str]:
        """Those true of the model and about this run: one matrix conserves nothing and waits for nothing, a large W is not
        looked at whole."""
        left = set() if self.check is not None else {"equation", "vectors", "balance"}
        left |= {"births", "balance"} if self.spec.model.free else set()
        left |= {"portrait"} if self.pair is None else set()
        theory = theory_of(self.spec)
        return [key for key in STATEMENTS if theory is not None and key in theory.statements and key not in left]

    @cached_property
    def predicted(self) -> np.ndarray:  # [T, R] speeds by Theorem 3
        return np.asarray(predicted_speed(self.insight.depth, self.insight.sigma, self.insight.pull))

    @cached_property
    def moving(self) -> np.ndarray:  # [T, modes] where a mode moves; the first one where none was learned
        return _moving(self.insight.measured[:, : max(1, self.modes)])

    @cached_property
    def turning(self) -> np.ndarray:  # [T, modes] where the vectors of a mode turn
        assert self.check is not None
        return _moving(self.check.turning[:, : max(1, self.modes)])

    def imbalance(self, statement: str) -> float:
        """The largest one of a learned mode while it moves, or while its vectors turn; 0 at depth 1."""
        where = self.turning if statement == "vectors" else self.moving
        values = self.insight.imbalance[:, : where.shape[1]][where]
        return float(np.nanmax(values)) if np.isfinite(values).any() else 0.0

    @cached_property
    def flow_deviation(self) -> float:
        """How far steps deviate from the flow, in the median while modes move; 0 where the flow is solved."""
        values = self.insight.off_flow[self.moving.any(axis=1)]
        return float(np.nanmedian(values)) if np.isfinite(values).any() else 0.0

    @cached_property
    def off(self) -> dict[str, Off | None]:
        """By statement; None where there is nothing to measure. For balance: the drift against the size of W_j W_j^T."""
        columns = slice(0, self.moving.shape[1])
        with np.errstate(invalid="ignore", divide="ignore"):
            speeds = np.abs(self.predicted[:, columns] / self.insight.measured[:, columns] - 1)[self.moving]
        deviations = {"theorem_3": _of(speeds), "births": self._births_off(), "portrait": self._portrait_off()}
        if self.check is not None:
            check = self.check
            deviations["equation"] = deviations["preconditioner"] = _of(check.equation[_moving(check.speed)])
            deviations["vectors"] = _of(check.turning_off[:, columns][self.turning])
            deviations["balance"] = self._drift()
        return deviations

    @cached_property
    def births(self) -> list[Birth]:
        """The births of the learned modes, predicted and measured."""
        when = [float(t) if np.isfinite(t) else None for t in self.insight.births]
        return [Birth(g.mode, when[g.mode - 1], None if g.born is None else at(self.t, g.born)) for g in self.growths]

    @cached_property
    def pair(self) -> tuple[int, int] | None:
        """The frames (from, to) in which mode 1 grows, when there is a second one to compare it with."""
        if self.modes < 2 or self.growths[0].arrives is None:
            return None
        first, last = int(np.ceil(self.growths[0].starts)), int(self.growths[0].arrives)
        pulls = self.insight.pull[first : last + 1, :2]
        return (first, last) if last > first + 1 and np.isfinite(pulls).all() and (pulls > 0).all() else None

    def ratio(self, frame: int) -> float:
        """q = pull on mode 2 / pull on mode 1."""
        return float(self.insight.pull[frame, 1] / self.insight.pull[frame, 0])

    def _portrait_off(self) -> Off | None:
        if self.pair is None:
            return None
        first, last = self.pair
        sigma = self.insight.sigma[first : last + 1, :2]
        curve = portrait(self.insight.depth, sigma[:, 0], (sigma[0, 0], sigma[0, 1]), self.ratio(first))
        return _of(np.abs(curve / sigma[:, 1] - 1)[1:])

    def _births_off(self) -> Off | None:
        both = [(b.predicted, b.measured) for b in self.births if b.predicted is not None and b.measured]
        return _of(np.array([abs(predicted / measured - 1) for predicted, measured in both]))

    def _drift(self) -> Off | None:
        assert self.check is not None
        if not self.check.drift.shape[1]:  # nothing is conserved
            return None
        relative = np.nanmax(self.check.drift, axis=1) / np.nanmax(self.check.squares)
        return Off(float(np.nanmedian(relative)), float(np.nanmax(relative)))


def _moving(speed: np.ndarray) -> np.ndarray:  # [T] or [T, R]
    size = np.abs(np.nan_to_num(speed))
    return np.asarray(size > MOVES * size.max(axis=0, initial=0.0))


def _of(values: np.ndarray) -> Off | None:
    known = values[np.isfinite(values)]
    return Off(float(np.median(known)), float(known.max())) if len(known) else None
