"""How the factors of B runs lie in one flat vector: factor after factor, each [B, its rows, its columns]."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from dmf_core.interfaces import Shape

UNDERFLOW = 1e-15  # a float32 norm below it has lost digits: its squares leave the range of the format


class Layout:
    """Vectors [B * p] of B runs, in which the parts for one factor are contiguous, as batched products need them."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self.shapes = tuple(shapes)
        self.sizes = [math.prod(shape) for shape in self.shapes]
        self.length = sum(self.sizes)  # p
        self._equal = len(set(self.sizes)) == 1

    def blocks(self, flat: Tensor) -> list[Tensor]:  # [B * p] -> [factors, B, size], as few as the sizes allow
        """One of all factors where these are of one size, else one of each: fewer calls for the same numbers."""
        if self._equal:
            return [flat.view(len(self.sizes), -1, self.sizes[0])]
        return [part[None] for part in self.parts(flat)]

    def parts(self, flat: Tensor) -> list[Tensor]:  # [B * p] -> of each factor [B, its size]
        if self._equal:
            return list(flat.view(len(self.sizes), -1, self.sizes[0]).unbind())
        count = flat.numel() // self.length
        blocks = torch.split(flat, [count * size for size in self.sizes])
        return [block.view(count, size) for block, size in zip(blocks, self.sizes, strict=True)]

    def matrices(self, flat: Tensor) -> list[Tensor]:  # [B * p] -> of each factor [B, rows, columns]
        if len(set(self.shapes)) == 1:
            return list(flat.view(len(self.shapes), -1, *self.shapes[0]).unbind())
        return [part.view(-1, *shape) for part, shape in zip(self.parts(flat), self.shapes, strict=True)]


def norms(blocks: Sequence[Tensor]) -> np.ndarray:  # see `Layout.blocks` -> [B] float64
    """The norm of each run's vector. Squares that neither underflow nor overflow, as in `norms.norm`."""
    each = [torch.linalg.vector_norm(block, dim=2).double().numpy() for block in blocks]
    result = np.asarray(np.sqrt(sum(np.square(norm).sum(axis=0) for norm in each)))
    if not (result.min() >= UNDERFLOW and result.max() < np.inf):  # or not a number
        for run in np.flatnonzero(~(result >= UNDERFLOW) | np.isinf(result)):
            result[run] = math.sqrt(sum(float(torch.linalg.vector_norm(block[:, run].double())) ** 2 for block in blocks))
    return result
