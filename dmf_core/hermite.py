"""The path between two steps of a continuous method."""

import torch
from torch import Tensor

from dmf_core.interfaces import Field, Step


def between(field: Field, a: Step, b: Step, share: float) -> Step:
    """The point at a.t + share (b.t - a.t) of the cubic through positions and velocities of a and b.

    Its error is of fourth order in the step. In the stiff tail the cubic can swing; where its loss is above that
    of both ends the straight line stands in. `velocity` is that of b: a point to look at, not to leave from.
    """
    if share == 1.0:
        return b
    h, s = b.t - a.t, share
    x = torch.lerp(a.x, b.x, s * s * (3 - 2 * s))
    x.add_(a.velocity, alpha=h * s * (1 - s) ** 2).add_(b.velocity, alpha=h * s * s * (s - 1))
    point = _at(field, b, a.t + s * h, x)
    if point.loss <= max(a.loss, b.loss):
        return point
    return _at(field, b, a.t + s * h, a.x.lerp(b.x, s))


def _at(field: Field, b: Step, t: float, x: Tensor) -> Step:
    W = field.end_to_end(x)
    return b._replace(t=t, x=x, W=W, loss=float(field.problem.loss(W)))
