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

    def parts(self, flat: Tensor) -> list[Tensor]:  # [B * p] -> of each factor [B, its size]
        count = flat.numel() // self.length
        blocks = torch.split(flat, [count * size for size in self.sizes])
        return [block.view(count, size) for block, size in zip(blocks, self.sizes, strict=True)]

    def matrices(self, flat: Tensor) -> list[Tensor]:  # [B * p] -> of each factor [B, rows, columns]
        return [part.view(-1, *shape) for part, shape in zip(self.parts(flat), self.shapes, strict=True)]

    def vector(self, parts: Sequence[Tensor], run: int) -> Tensor:  # -> [p] of its own memory
        """One run's vector, as a field of its own has it."""
        return torch.cat([part[run] for part in parts])


def norms(parts: Sequence[Tensor]) -> np.ndarray:  # of each factor [B, its size] -> [B] float64
    """The norm of each run's vector. Squares that neither underflow nor overflow, as in `norms.norm`."""
    each = torch.stack([torch.linalg.vector_norm(part, dim=1) for part in parts]).double().numpy()
    result = np.asarray(np.sqrt(np.square(each).sum(axis=0)))
    for run in np.flatnonzero((result < UNDERFLOW) | ~np.isfinite(result)):
        result[run] = math.sqrt(sum(float(torch.linalg.vector_norm(part[run].double())) ** 2 for part in parts))
    return result
