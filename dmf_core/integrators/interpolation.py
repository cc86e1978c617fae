"""The path between two steps of a continuous method: the cubic through positions and velocities of both ends."""

from collections.abc import Sequence

import torch
from torch import Tensor

from dmf_core.interfaces import Step, VectorField

Way = tuple[Step, Step, float]  # (a, b, share): the point at a.t + share (b.t - a.t)


def between(field: VectorField, a: Step, b: Step, share: float) -> Step:
    """The point on the way from a to b. Its error is of fourth order in the step.

    In the stiff tail the cubic can swing; where its loss is above that of both ends the straight line stands in.
    `velocity` is that of b: a point to look at, not to leave from.
    """
    if share == 1.0:
        return b
    x = torch.empty_like(a.x)
    loss, prediction = _cubic(field, a, b, share, x)
    return b._replace(t=a.t + share * (b.t - a.t), x=x, prediction=prediction, loss=loss)


def points(field: VectorField, ways: Sequence[Way]) -> tuple[list[Step], Tensor]:
    """The points of all ways, and the matrix [B, p] whose rows are their x."""
    rows = torch.empty(len(ways), ways[0][0].x.numel(), dtype=ways[0][0].x.dtype, device=ways[0][0].x.device)
    steps = []
    for (a, b, share), x in zip(ways, rows, strict=True):
        if share == 1.0:
            steps.append(Step(b.t, b.iteration, b.rejected, x.copy_(b.x), b.velocity, b.prediction, b.loss))
            continue
        loss, prediction = _cubic(field, a, b, share, x)
        steps.append(Step(a.t + share * (b.t - a.t), b.iteration, b.rejected, x, b.velocity, prediction, loss))
    return steps, rows


def _cubic(field: VectorField, a: Step, b: Step, s: float, out: Tensor) -> tuple[float, Tensor]:
    h = b.t - a.t
    torch.lerp(a.x, b.x, s * s * (3 - 2 * s), out=out)
    out.add_(a.velocity, alpha=h * s * (1 - s) ** 2).add_(b.velocity, alpha=h * s * s * (s - 1))
    loss, prediction = field.loss_and_prediction(out)
    if loss <= max(a.loss, b.loss):
        return loss, prediction
    return field.loss_and_prediction(torch.lerp(a.x, b.x, s, out=out))
