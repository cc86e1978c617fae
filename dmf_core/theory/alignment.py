"""How diagonal the gradient is in the singular vectors of W."""

from typing import NamedTuple

from torch import Tensor


class Aligned(NamedTuple):
    """Mean absolute entries of U^T (dL/dW) V."""

    on: float  # on its diagonal
    off: float  # off its diagonal


def aligned(U: Tensor, gradient: Tensor, V: Tensor) -> Aligned:  # [rows, k], [rows, columns], [columns, l]
    """With a diagonal matrix U^T (dL/dW) V the singular vectors stand still. Source: Arora et al. 2019, figure 3."""
    entries = (U.T @ gradient @ V).abs()
    on = entries.diagonal()
    others = entries.numel() - len(on)
    return Aligned(float(on.mean()), float((entries.sum() - on.sum()) / others) if others else 0.0)
