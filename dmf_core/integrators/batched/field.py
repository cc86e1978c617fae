"""The velocities of B runs whose observations are single entries and whose model is a product of matrices."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from dmf_core.integrators.batched.layout import Layout, norms
from dmf_core.interfaces import VectorField


def suits(field: VectorField) -> bool:
    """Whether runs of this kind can be integrated together."""
    return field.factorization.chain and field.whole and field.problem.observations.dense() is not None


class BatchedField:
    """Places for `capacity` problems of one shape, and the velocities of some of them.

    `select` chooses the runs and the factor of each: everything after it gives velocities times that factor. A step size goes in
    here, so that all runs of a step share the weights of its stages.
    """

    def __init__(self, field: VectorField, capacity: int, most: int) -> None:
        """`field`: of any of the problems; `most`: of them at once."""
        sample = field.problem.known
        self.shape = tuple(field.problem.shape)
        self.layout = Layout(field.shapes)
        self._mask, self._minus, self._root = (sample.new_zeros(capacity, *self.shape) for _ in range(3))
        self._weight, self._gain = np.zeros(capacity), np.zeros(capacity)
        self._weighted = np.zeros(capacity, dtype=bool)
        self._most = most
        self._buffers = sample.new_zeros(4, most, *self.shape)  # mask, minus, residual and its weighted form
        inner = [self._chain(sample, most, rows) for rows, _ in field.shapes]
        self._products, self._pulled = inner, [torch.empty_like(each) for each in inner]
        self._W: Tensor  # [B, rows, columns] at the latest call

    def _chain(self, sample: Tensor, most: int, rows: int) -> Tensor:
        return sample.new_zeros(most, rows, self.shape[1])

    def put(self, place: int, field: VectorField) -> None:
        """A problem into a place."""
        dense = field.problem.observations.dense()
        assert dense is not None  # `suits`
        mask, minus, root = dense
        self._mask[place], self._minus[place] = mask, minus
        self._weighted[place] = root is not None
        self._root[place] = 1.0 if root is None else root
        self._weight[place], self._gain[place] = field.problem.weight, -2 * field.problem.weight

    def select(self, places: Tensor, factor: np.ndarray) -> None:  # [B] int64, [B] float64
        """From now on the runs in these places, with velocities times `factor`."""
        count = len(places)
        chosen = places.numpy()
        self._scale = self._gain[chosen] * factor
        mask, minus, self._a, self._b = (each[:count] for each in self._buffers)
        scale = torch.from_numpy(self._scale).to(mask).view(-1, 1, 1)
        self._scaled_mask = torch.index_select(self._mask, 0, places, out=mask).mul_(scale)
        self._scaled_minus = torch.index_select(self._minus, 0, places, out=minus).mul_(scale)
        self._now_root = self._root[places] if self._weighted[chosen].any() else None
        if self._now_root is not None:
            mask.mul_(self._now_root)
            minus.mul_(self._now_root)
        self._now_weight = self._weight[chosen]
        self._P = [each[:count] for each in self._products]
        self._D = [each[:count] for each in self._pulled]

    def __call__(self, factors: Sequence[Tensor], out: Sequence[Tensor]) -> None:  # of each factor [B, rows, columns]
        """Writes the velocities of the selected runs at these factors, times their factor, into `out`."""
        products = [factors[0]]
        for j in range(1, len(factors)):
            products.append(torch.bmm(factors[j], products[-1], out=self._P[j]))
        self._W = products[-1]
        D = torch.addcmul(self._scaled_minus, self._W, self._scaled_mask, out=self._a)
        if self._now_root is not None:
            D = torch.mul(D, self._now_root, out=self._b)
        for j in range(len(factors) - 1, 0, -1):
            torch.bmm(D, products[j - 1].mT, out=out[j])
            D = torch.bmm(factors[j].mT, D, out=self._D[j - 1] if j > 1 else out[0])
        if len(factors) == 1:
            out[0].copy_(D)

    @property
    def W(self) -> Tensor:  # [B, rows, columns]
        """W of the selected runs at the latest call. Overwritten by the next one."""
        return self._W

    @property
    def loss(self) -> np.ndarray:  # [B]
        """Their losses at the latest call."""
        return np.asarray(self._now_weight * np.square(norms([self._a.flatten(1)[None]]) / self._scale))
