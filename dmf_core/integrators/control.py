"""What the adaptive methods share: the next step size, and how to see that nothing moves any more."""

import math

import torch
from torch import Tensor

SAFETY = 0.85
QUIET_STEPS = 30
JITTER = 128  # roundings of |x|: at a minimum the many stages of long steps were seen to amplify them up to 60 times


class StepSize:
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

    def rejected(self, error: float, power: int, t: float) -> None:
        self.h *= min(0.8, max(0.15, SAFETY * error ** (-1 / power))) if error < math.inf else 0.15
        if self.h < 1e-290:
            raise ArithmeticError(f"No step is small enough at t = {t:g}: the gradient is not finite near this point.")


class Rest:
    """Sees that many steps together moved x by no more than rounding does. A slow plateau is no rest: steps grow there.

    A mode that still grows gets `QUIET_STEPS` steps to show up, and they lengthen until each is thousands of those of
    gradient descent.
    """

    def __init__(self, x: Tensor) -> None:
        self._anchor = x
        self.quiet = 0  # steps without a motion that is seen
        self._rounding = JITTER * float(torch.finfo(x.dtype).eps)

    def reached(self, x: Tensor, size: float, moved: float) -> bool:  # |x|, and how far the last step went
        bound = self._rounding * size
        if moved <= bound and float(torch.dist(x, self._anchor)) <= bound:
            self.quiet += 1
        else:
            self.quiet, self._anchor = 0, x
        return self.quiet >= QUIET_STEPS
