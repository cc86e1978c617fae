"""Random tensors with some entries observed. Nothing here is the program's own."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class ObservedTensor:
    """A tensor of norm 1, and what is seen of it."""

    truth: np.ndarray  # [*d]
    index: np.ndarray  # [m] rising
    values: np.ndarray  # [m]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.truth.shape

    def error(self, W: np.ndarray) -> float:
        """Relative, over all entries."""
        return float(np.linalg.norm(W - self.truth))


def observed_tensor(shape: tuple[int, ...], rank: int, observations: int, seed: int = 0, noise: float = 0.0) -> ObservedTensor:
    """Sum of `rank` outer products of normal vectors; the noise is relative to the root mean square entry."""
    source = np.random.default_rng(seed)
    truth = np.zeros(shape)
    for _ in range(rank):
        component = np.ones(())
        for side in shape:
            component = np.multiply.outer(component, source.normal(size=side))
        truth = truth + component
    truth /= np.linalg.norm(truth)
    index = np.sort(source.permutation(truth.size)[:observations])
    values = truth.ravel()[index] + noise * truth.size**-0.5 * source.normal(size=observations)
    return ObservedTensor(truth, index, values)
