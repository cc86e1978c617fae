"""Commuting measurements: the one setting where the limit of small starts is known for every depth."""

from typing import Literal, Self

import torch
from pydantic import Field, model_validator
from torch import Tensor

from dmf_core import limits
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.problems.observations import Measurements
from dmf_core.settings import Settings
from dmf_core.streams import generator


class CommutingSensing(Settings):
    """y_i = <A_i, M> with A_i = Q diag(a_i) Q^T for one orthogonal Q; loss = mean squared error over the y_i.

    M = U U^T is positive semidefinite, with root mean square entry 1. The a_i are standard normal, divided by the side.
    From a start alpha I the flow stays in the span of the q_j q_j^T, and is one scalar equation for each j.

    Source: Gunasekar et al. 2017, the case of commuting matrices; the distribution of Q and a_i is ours.
    """

    kind: Literal["commuting_sensing"] = "commuting_sensing"
    side: int = Field(20, ge=limits.MIN_SIDE, le=limits.MAX_SMALL_SIDE)
    rank: int = Field(2, ge=1, le=limits.MAX_SMALL_SIDE)
    measurements: int = Field(12, ge=1, le=limits.MAX_SMALL_SIDE)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name, value in (("rank", self.rank), ("measurements", self.measurements)):
            if value > self.side:
                raise ValueError(
                    f"problem.{name} is {value}, but commuting {self.side} x {self.side} matrices span only {self.side} "
                    f"dimensions; choose from 1 to {self.side}."
                )
        return self

    @property
    def rows(self) -> int:
        return self.side

    @property
    def columns(self) -> int:
        return self.side

    @property
    def observations(self) -> int:
        return self.measurements

    @property
    def noise(self) -> float:
        return 0.0

    def draw(self, seed: int) -> tuple[Tensor, Tensor, Tensor]:
        """(Q [n, n], a [m, n], M [n, n]), float64: what is measured, and of what."""
        n = self.side
        U = torch.randn(n, self.rank, generator=generator(seed, "ground_truth"), dtype=torch.float64)
        M = U @ U.T
        source = generator(seed, "mask")
        Q, _ = torch.linalg.qr(torch.randn(n, n, generator=source, dtype=torch.float64))
        a = torch.randn(self.measurements, n, generator=source, dtype=torch.float64) / n
        return Q, a, M * (n / float(torch.linalg.vector_norm(M)))

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        Q, a, M = self.draw(seed)
        n = self.side
        A = torch.einsum("ij,mj,kj->mik", Q, a, Q).reshape(-1, n * n)
        y = A @ M.view(-1)
        truth = M.to(device=device, dtype=dtype)
        return Problem(
            shape=(n, n),
            observations=Measurements(A.to(device=device, dtype=dtype), y.to(device=device, dtype=dtype), (n, n)),
            weight=1.0 / self.measurements,
            scale=float(n),
            ground_truth=truth,
            held_out=None,
            known=truth,
            observed=torch.zeros((n, n), dtype=torch.bool, device=device),
        )
