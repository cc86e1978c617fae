"""What each run of a batch remembers between steps: what `Stepper` and the controller and monitors of control.py know of one."""

import numpy as np
import torch
from torch import Tensor

from dmf_core.integrators.batched.layout import Layout
from dmf_core.integrators.chebyshev import REFRESH
from dmf_core.integrators.control import (
    JITTER,
    LITTLE,
    LONGER,
    LOST_STEPS,
    QUIET_STEPS,
    SAFETY,
)

NUMBERS = (
    *("t", "h", "rho", "loss", "size", "speed", "h1", "h2", "last_h", "last_error", "since", "loss_before_roundoff", "tolerance"),
    *("faint", "longest", "seconds"),
)
COUNTS = ("iteration", "rejected", "refused", "gradients", "age", "past", "quiet", "lost_steps", "lonely")
FLAGS = ("escaping", "directed", "active")
LEAST_H = 1e-290  # as in `StepSizeController`


class States:
    """Numbers [capacity] and vectors [capacity, .] of all runs of a batch."""

    def __init__(self, layout: Layout, capacity: int, like: Tensor) -> None:
        for name in NUMBERS:
            setattr(self, name, np.full(capacity, np.nan))
        for name in COUNTS:
            setattr(self, name, np.zeros(capacity, dtype=np.int64))
        for name in FLAGS:
            setattr(self, name, np.zeros(capacity, dtype=bool))
        self.capacity = capacity
        self.x = [like.new_zeros(capacity + 1, size) for size in layout.sizes]  # the last row belongs to no run: see `rows`
        self.F = [like.new_zeros(3 * capacity + 1, size) for size in layout.sizes]  # of the three latest points, in turn
        self.scale = np.ones(3 * capacity)  # what these velocities are times: the step that led there
        self.turn = np.zeros(capacity, dtype=np.int64)  # which of the three is the present one
        self.anchor = [like.new_zeros(capacity, size) for size in layout.sizes]
        self.direction = [like.new_zeros(capacity, size) for size in layout.sizes]
        self.rounding = float(torch.finfo(like.dtype).eps)

    t: np.ndarray
    h: np.ndarray
    rho: np.ndarray
    loss: np.ndarray
    size: np.ndarray  # |x|
    speed: np.ndarray  # |velocity|
    h1: np.ndarray  # the latest step, and the one before
    h2: np.ndarray
    last_h: np.ndarray  # of the step size controller; NaN: none
    last_error: np.ndarray
    since: np.ndarray  # when steps began to be lost in rounding; NaN: they are not
    loss_before_roundoff: np.ndarray
    tolerance: np.ndarray
    faint: np.ndarray
    longest: np.ndarray
    seconds: np.ndarray  # of computing, its share
    iteration: np.ndarray
    rejected: np.ndarray
    refused: np.ndarray  # since the latest estimate of the spectral radius
    gradients: np.ndarray
    age: np.ndarray
    past: np.ndarray  # how many of the two latest steps are known
    quiet: np.ndarray
    lost_steps: np.ndarray
    lonely: np.ndarray  # gradients of stabilized steps that hardly another run shared
    escaping: np.ndarray
    directed: np.ndarray
    active: np.ndarray

    def reset(self, run: int, loss: float, size: float, speed: float, tolerance: float, longest: float) -> None:
        """A new run in this place, before its first step."""
        for name in COUNTS:
            getattr(self, name)[run] = 0
        for name in NUMBERS:
            getattr(self, name)[run] = np.nan
        self.t[run] = self.rho[run] = self.seconds[run] = 0.0
        self.loss[run] = self.loss_before_roundoff[run] = loss
        self.size[run], self.speed[run], self.tolerance[run], self.longest[run] = size, speed, tolerance, longest
        self.scale[run] = 1.0
        self.turn[run], self.age[run], self.gradients[run] = 0, REFRESH, 1
        self.escaping[run], self.directed[run] = True, False

    def velocities(self, runs: np.ndarray, before: int) -> np.ndarray:
        """The rows of F with the velocities of these runs, so many steps ago."""
        return np.asarray((self.turn[runs] - before) % 3 * self.capacity + runs)

    def keep_step(self, runs: np.ndarray, error: np.ndarray, order: int, most: float) -> None:
        """As `StepSizeController.accepted`."""
        error, h = np.maximum(error, 1e-10), self.h[runs]
        factor = SAFETY * error ** (-1 / order)
        with np.errstate(invalid="ignore"):
            predicted = h / self.last_h[runs] * (self.last_error[runs] / error) ** (1 / order)
        factor *= np.fmin(1.0, predicted)  # fmin: without a last step there is no prediction
        self.last_h[runs], self.last_error[runs] = h, error
        self.h[runs] = h * np.minimum(most, np.maximum(0.2, factor))

    def reject_step(self, runs: np.ndarray, error: np.ndarray, order: int) -> np.ndarray:
        """As `StepSizeController.rejected`. Returns which runs have no step that is small enough."""
        with np.errstate(divide="ignore"):
            factor = np.clip(SAFETY * error ** (-1 / order), 0.15, 0.8)
        self.h[runs] *= np.where(np.isfinite(error), factor, 0.15)
        return np.asarray(self.h[runs] < LEAST_H)

    def restart_step(self, runs: np.ndarray, share: float) -> None:
        """A controller that knows nothing, with this share of the step."""
        self.h[runs] *= share
        self.last_h[runs] = self.last_error[runs] = np.nan

    def stationary(
        self, runs: np.ndarray, places: np.ndarray, moved: np.ndarray, lost: np.ndarray, x0: list[Tensor], x1: list[Tensor]
    ) -> np.ndarray:
        """As `StationarityMonitor.reached`, after steps of these runs from x0 to x1, at these places there."""
        bound = JITTER * self.rounding * self.size[runs]
        small = np.flatnonzero(moved <= bound)
        quiet = np.zeros(len(runs), dtype=bool)
        for k in small:
            run, place = runs[k], places[k]
            if self.quiet[run] == 0:
                for anchor, start in zip(self.anchor, x0, strict=True):
                    anchor[run] = start[place]
            away = [anchor[run] - end[place] for anchor, end in zip(self.anchor, x1, strict=True)]
            quiet[k] = np.sqrt(sum(float(torch.linalg.vector_norm(each)) ** 2 for each in away)) <= bound[k]
        self.quiet[runs] = np.where(quiet, self.quiet[runs] + 1, 0)
        t = self.t[runs]
        self.since[runs] = np.where(lost, np.where(np.isnan(self.since[runs]), t, self.since[runs]), np.nan)
        with np.errstate(invalid="ignore"):
            return np.asarray((self.quiet[runs] >= QUIET_STEPS) | (t > LONGER * self.since[runs]))

    def roundoff_dominates(self, runs: np.ndarray, lost: np.ndarray) -> np.ndarray:
        """As `RoundoffMonitor.dominates`. Returns which runs lose their steps in rounding and gain little."""
        steps = np.where(lost, self.lost_steps[runs] + 1, 0)
        full = steps >= LOST_STEPS
        dominating = full & (self.loss[runs] > (1 - LITTLE) * self.loss_before_roundoff[runs])
        self.loss_before_roundoff[runs] = np.where(~full & (steps <= 1), self.loss[runs], self.loss_before_roundoff[runs])
        self.lost_steps[runs] = np.where(full, 0, steps)
        return np.asarray(dominating)
