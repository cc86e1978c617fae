"""The largest curvature of the loss, which limits explicit steps."""

import torch
from torch import Tensor

from dmf_core.interfaces import VectorField
from dmf_core.norms import norm

DISPLACEMENT = 1e-4  # of |x|: smaller is lost in float32, larger sees the third derivative
AGREE = 0.02  # relative: two estimates this near end the search; callers add a margin of their own


def spectral_radius(
    field: VectorField,
    x: Tensor,  # [p]
    velocity: Tensor,  # [p] of the field at x
    guess: Tensor | None = None,  # [p] a direction to start from, such as the one of the last call
    gradients: int = 20,  # at most so many
) -> tuple[float, Tensor]:
    """(rho, direction): the Hessian's largest absolute eigenvalue at x, a little too small, and its direction [p].

    Gradient descent is stable for learning rates below 2 / rho. Power method on differences of the gradient; it
    ends early when two estimates agree within 2 %. A Rayleigh quotient cannot exceed the true value but for
    rounding, so callers add a margin. Afterwards the field's latest call was not at x.

    Source: Sommeijer, Shampine, Verwer 1998, section 2.
    """
    direction = (velocity if guess is None else guess).clone()
    size = norm(direction)
    if size == 0.0:
        direction = torch.ones_like(x)
        size = norm(direction)
    direction /= size
    displacement = DISPLACEMENT * (norm(x) or 1.0)
    image, point = torch.empty_like(x), torch.empty_like(x)
    rho = 0.0
    for _ in range(gradients):
        field(torch.add(x, direction, alpha=displacement, out=point), out=image)
        image.sub_(velocity)
        size = norm(image)
        if not 0.0 < size < float("inf"):
            break
        last, rho = rho, size / displacement
        torch.mul(image, 1 / size, out=direction)
        if abs(rho - last) <= AGREE * rho:
            break
    return rho, direction
