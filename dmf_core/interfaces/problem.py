"""What is known of a matrix or tensor, and the loss of a W that should agree with it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from dmf_core.norms import square_norm
from dmf_core.shapes import Shape


class Observations(ABC):
    """A linear map from tensors to m numbers, and the m numbers that were seen."""

    values: Tensor  # [m]
    index: Tensor | None = None  # [m] where single entries are seen: their places in the flat W, rising
    weights: Tensor | None = None  # [m] how often each was drawn, and so how much it counts in the loss; None: once each

    @abstractmethod
    def apply(self, W: Tensor) -> Tensor:  # [*d] -> [m]
        """The observations of W."""

    @abstractmethod
    def adjoint(self, r: Tensor) -> Tensor:  # [m] -> [*d]
        """The transpose of `apply`: <apply(W), r> = <W, adjoint(r)>."""

    @abstractmethod
    def residual(self, W: Tensor) -> tuple[Tensor, Tensor]:
        """(a, b) for r = apply(W) - values: the entries of a are those of sqrt(weights) r, and perhaps zeros;
        b = adjoint(weights r).
        """

    def residuals(self, W: Tensor) -> Tensor:  # [B, *d] -> [B, ..]
        """The first part of `residual` of B tensors."""
        return torch.stack([self.residual(each)[0] for each in W])

    @abstractmethod
    def project(self) -> Callable[[Tensor], Tensor]:  # [*d] -> [*d]
        """A function that gives the tensor nearest to W (in Frobenius norm) among those that fit the values best.

        Where the values can be fitted at all, that is the nearest tensor W with apply(W) = values. Applied twice it is as
        exact as the dtype allows; once, it may lose digits to badly conditioned observations.
        """

    @abstractmethod
    def in_double(self) -> "Observations":
        """These observations in float64."""

    def dense(self) -> tuple[Tensor, Tensor, Tensor | None] | None:  # [*d] each
        """(mask, -values, square roots of the weights) where single entries are observed by way of the whole W; else None.

        The residual is (mask W - values) root, and zero elsewhere; without weights the root is None.
        """
        return None

    @property
    def count(self) -> int:
        """How many observations there are, repeated ones each time."""
        return len(self.values) if self.weights is None else int(self.weights.sum())

    def rooted(self, r: Tensor) -> Tensor:  # [m] -> [m]
        """r times the square roots of the weights: the loss is the squared norm of the residuals treated so."""
        return r if self.weights is None else r * self.weights.sqrt()

    def scaled_residual(self, gain: float) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
        """A function that gives both parts of `residual`, times gain."""

        def of(W: Tensor) -> tuple[Tensor, Tensor]:
            a, b = self.residual(W)
            return a * gain, b * gain

        return of


@dataclass(frozen=True, eq=False)
class Problem:
    """The loss of W: weight * sum of weights * (apply(W) - values)^2; weight = 1/count makes it the mean squared error."""

    shape: Shape
    observations: Observations
    weight: float
    scale: float  # the Frobenius norm that W will have, as far as the observations tell; > 0
    ground_truth: Tensor | None  # [*d], noiseless; None when some entries are unknown
    held_out: Observations | None  # entries that training never sees
    known: Tensor  # [*d] what a person may be shown as the truth, NaN where nobody knows
    observed: Tensor  # [*d] bool; all False when no single entry is observed
    spectra: Mapping[str, np.ndarray] = field(default_factory=dict)  # of the truth, those that only its making tells

    def loss(self, W: Tensor) -> float:
        return self.weight * square_norm(self.observations.residual(W)[0])

    def loss_gradient(self, W: Tensor) -> Tensor:  # [*d] -> [*d]
        return 2 * self.weight * self.observations.residual(W)[1]
