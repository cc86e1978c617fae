"""The first plateau, from the start to where the first modes are learned: how long its steps are, and when it is over.

Nothing is stiff there, and an error is a shift in time that every later mode inherits: the method of order 5 goes this way.
"""

import math

from dmf_core.integrators.control import StepSizeController
from dmf_core.integrators.stepper import Stepper

FIRST = 0.3  # of |x| that the first step moves, divided by degree - 1
EARLY = 6  # steps, in parts; when a later one is refused, the plateau is over
FAR = 0.5  # of |x|: a step that moves more is handed out in parts, or the cubics between steps would miss the way
MOST_PARTS = 6  # of one step; each but the last costs a gradient
STIFF = 2.5  # h * rho of an accepted step (stable up to 3.3) that says: no plateau, but a stiff way
LEARNS = 0.2  # of the loss: where the next step would lower it by more, the plateau is over
HANDOVER = 0.5  # of the last step, for the methods of order 3 after it


def first_step(now: Stepper, degree: int) -> StepSizeController:
    """The step size to begin with."""
    return StepSizeController(FIRST / max(1, degree - 1) * (now.size or 1.0) / now.speed)


def next_step(size: StepSizeController) -> StepSizeController:
    """The step size to go on with, when the plateau is over."""
    return StepSizeController(HANDOVER * size.h)


def parts(now: Stepper) -> int:
    """In how many parts the latest attempt is handed out."""
    return max(1, min(MOST_PARTS, math.ceil(now.moved / (FAR * now.size)))) if now.size > 0 else 1


class Escape:
    """Follows the accepted steps on the first plateau.

    A product of `degree` factors near zero moves with a speed that goes with |x|^(degree - 1), so its time scale is
    |x| / speed. It shrinks along the plateau when the degree is above 2, and the steps shrink with it: without, more than a
    quarter of them was refused (counted on six completions of 100 x 100 at depths 3 and 4). Source: homogeneity, derived.
    """

    def __init__(self, degree: int) -> None:
        self._follows = degree > 2
        self._time_scale = self._rate = 0.0

    def before(self, now: Stepper, h: float) -> bool:
        """Before the stepper goes on to its latest attempt of size h: whether the plateau is over with it."""
        self._time_scale = now.size / now.speed
        self._rate = math.log(now.speed_ahead / now.speed) / h if now.speed_ahead > 0 else 0.0
        return now.speed_ahead <= now.speed or h * now.rho > STIFF

    def after(self, now: Stepper, size: StepSizeController, loss: float) -> bool:
        """After that: shortens the next step, and says whether the plateau is over before it.

        The loss falls by the integral of speed^2, and the speed grew exponentially in the last step.
        """
        if self._follows and self._time_scale > 0:
            size.scale(min(1.0, now.size / now.speed / self._time_scale))
        if not self._rate > 0:
            return False
        return now.speed**2 * math.expm1(min(100.0, 2 * self._rate * size.h)) > LEARNS * 2 * self._rate * loss
