"""How long a plateau still lasts, estimated while a run is on it."""

from collections import deque
from typing import NamedTuple

from dmf_core.cost import in_words
from dmf_core.interfaces import Step

FLAT = 1e-3  # on a plateau the loss falls by less than this share ...
STEPS = 12  # ... in so many steps or more
WINDOW = 13  # points over which the growth of the speed is seen
LOCAL = 1.5  # a growth that is seen well enough
NOISE = 0.1  # a growth that is smaller tells nothing: the speed may just have passed its minimum
LONG = 100 * 3600.0  # seconds; a longer wait is not given exactly


class Point(NamedTuple):
    t: float
    speed: float  # |dx/dt|
    loss: float
    seconds: float  # wall clock since the start of the run


class Plateau:
    """Watches the steps of a gradient flow of a model of degree `layers`, as a product of so many factors is."""

    def __init__(self, layers: int) -> None:
        self._layers = layers
        self._points: deque[Point] = deque(maxlen=WINDOW)
        self._first: Point | None = None
        self._steps = 0

    def add_step(self, step: Step, speed: float, seconds: float) -> None:
        """The next step, with the norm of its velocity; the same one again changes nothing."""
        if self._points and step.t <= self._points[-1].t:
            return
        point = Point(step.t, speed, step.loss, seconds)
        if self._first is None or point.loss < (1 - FLAT) * self._first.loss:
            self._points.clear()
            self._first, self._steps = point, 0
        self._points.append(point)
        self._steps += 1

    def more(self) -> float | None:
        """The flow time until the plateau ends, about; None where there is none, or no growth is seen.

        Derived: where x' = c x^(layers - 1), the speed grows as (T - t)^-q with q = (layers - 1) / (layers - 2), which
        two speeds solve for T. Beside what is learned already fewer factors may be small: q is then nearer to 2, and
        the plateau up to 2 / q times as long. Of two factors the growth is exponential and tells no end.
        """
        if self._steps < STEPS or self._layers < 3:
            return None
        last, speeds = self._points[-1], [point.speed for point in self._points]
        rising = len(speeds) - 1
        while rising > 0 and speeds[rising - 1] < speeds[rising]:
            rising -= 1
        first = self._points[rising]
        if len(speeds) - rising < STEPS / 2 or not last.speed > (1 + NOISE) * first.speed > 0:
            return None
        while rising + 2 < len(speeds) and last.speed > LOCAL * speeds[rising + 1]:  # the law holds better nearby
            rising += 1
        first = self._points[rising]
        ratio = last.speed / first.speed
        return float((last.t - first.t) / (ratio ** ((self._layers - 2) / (self._layers - 1)) - 1))

    def words(self) -> str:
        """The plateau in words, a clause; empty where there is none."""
        more = self.more()
        if more is None:
            return ""
        first, last = self._points[0], self._points[-1]
        pace = (last.t - first.t) / max(last.seconds - first.seconds, 1e-9)
        left = more / pace
        seconds = in_words(left) if left < LONG else f"more than {in_words(LONG)}"
        return f"this plateau lasts about {more:.1g} longer in flow time, {seconds} at the present pace"
