"""What the adaptive methods share: the next step size, and monitors of stationarity and of roundoff."""

import math

import torch
from torch import Tensor

from dmf_core.errors import NoStep
from dmf_core.norms import norm

SAFETY = 0.85  # of the step that would just be allowed: nearer to 1, more steps are refused; smaller, more are taken
QUIET_STEPS = 30  # see `StationarityMonitor`; fewer may stop before a late mode, more are wasted at the end
LOST_STEPS = 10  # in a row ...
LITTLE = 0.2  # ... in which the loss falls by less than this share
LONGER = 100  # a mode still waiting then would be driven that much more weakly than what was learned already
JITTER = 128  # roundings of |x|: at a minimum the many stages of long steps were seen to amplify them up to 60 times


class StepSizeController:
    """The step size of an adaptive method. `error` is in units of what is allowed, and falls with h^power.

    Source: the predictive controller of Gustafsson 1994; it looks at the last two errors, so that a growing
    difficulty is met by a smaller step instead of a rejection.
    """

    def __init__(self, first: float) -> None:
        self.h = first
        self._last: tuple[float, float] | None = None

    def accepted(self, error: float, power: int, most: float) -> None:
        error = max(error, 1e-10)
        factor = SAFETY * error ** (-1 / power)
        if self._last is not None:
            h, before = self._last
            factor *= min(1.0, self.h / h * (before / error) ** (1 / power))
        self._last = self.h, error
        self.h *= min(most, max(0.2, factor))

    def scale(self, share: float) -> None:
        """The time scale of the flow has changed by this share."""
        self.h *= share
        if self._last is not None:
            self._last = self._last[0] * share, self._last[1]

    def rejected(self, error: float, power: int, t: float) -> None:
        self.h *= min(0.8, max(0.15, SAFETY * error ** (-1 / power))) if error < math.inf else 0.15
        if self.h < 1e-290:
            raise NoStep(f"No step is small enough at t = {t:g}", "the gradient is not finite near this point.")


class StationarityMonitor:
    """Tells a stationary point: what moves x is rounding. A slow plateau is none: steps grow there, until they move x.

    Either many steps together moved x by no more than rounding does: a mode that still grows gets `QUIET_STEPS` steps
    to show up, and they lengthen until each is thousands of those of gradient descent. Or every step was lost in the
    rounding of its own velocity, for `LONGER` times as long as it took to get there.
    """

    def __init__(self, x: Tensor) -> None:
        self._anchor = x
        self.quiet = 0  # steps that together moved x by no more than rounding does
        self._rounding = JITTER * float(torch.finfo(x.dtype).eps)
        self._since: float | None = None  # when the steps began to be lost

    def reached(self, x: Tensor, size: float, moved: float, lost: bool = False, t: float = 0.0) -> bool:
        """After a step to x at the time t, that went `moved` far; size = |x|."""
        bound = self._rounding * size
        if moved <= bound and norm(x - self._anchor) <= bound:
            self.quiet += 1
        else:
            self.quiet, self._anchor = 0, x
        if not lost:
            self._since = None
        elif self._since is None:
            self._since = t
        return self.quiet >= QUIET_STEPS or (self._since is not None and t > LONGER * self._since)


class RoundoffMonitor:
    """Tells that roundoff dominates: many steps in a row were lost in the rounding of their velocities and gained little."""

    def __init__(self, loss: float) -> None:
        self._steps, self._loss = 0, loss

    def dominates(self, lost: bool, loss: float) -> bool:
        """After a step to this loss; `lost`: it was within the rounding of its velocity."""
        self._steps = self._steps + 1 if lost else 0
        if self._steps < LOST_STEPS:
            self._loss = self._loss if self._steps > 1 else loss
            return False
        before, self._steps = self._loss, 0
        return loss > (1 - LITTLE) * before
