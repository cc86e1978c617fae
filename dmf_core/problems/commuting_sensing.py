"""Commuting measurements: the one setting where the limit of small starts is known for every depth."""

from typing import ClassVar, Literal, Self

import torch
from pydantic import Field, model_validator
from torch import Tensor

from dmf_core import limits
from dmf_core.errors import Conflict
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.problems.base import ProblemSettings
from dmf_core.problems.observations import Measurements
from dmf_core.random_streams import generator
from dmf_core.shapes import Shape


class CommutingSensing(ProblemSettings):
    """y_i = <A_i, M> with diagonal matrices A_i; loss = mean squared error over the y_i.

    M = U U^T is positive semidefinite, with root mean square entry 1. The diagonals are standard normal, divided by the
    side. All commuting symmetric A_i are diagonal in one basis; here it is the first one, because from a start alpha I
    the flow then stays diagonal in floating-point numbers too, where in any other basis rounding leads away from it.

    Source: the case of commuting matrices in Gunasekar et al. 2017, as others restate it: the paper could not be read. The
    distributions are ours.
    """

    kind: Literal["commuting_sensing"] = "commuting_sensing"
    side: int = Field(20, ge=limits.MIN_SIDE, le=limits.MAX_SMALL_SIDE)
    rank: int = Field(2, ge=1, le=limits.MAX_SMALL_SIDE)
    measurements: int = Field(12, ge=1, le=limits.MAX_SMALL_SIDE)
    measured: ClassVar[bool] = True
    label: ClassVar[str] = "commuting measurements"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name, value in (("rank", self.rank), ("measurements", self.measurements)):
            if value > self.side:
                raise Conflict(
                    f"problem.{name}",
                    f"problem.{name} is {value}, but commuting {self.side} x {self.side} matrices span only {self.side} "
                    f"dimensions; choose from 1 to {self.side}.",
                )
        return self

    @property
    def positive_semidefinite(self) -> bool:
        return True

    @property
    def sides(self) -> Shape:
        return self.side, self.side

    @property
    def count(self) -> int:
        return self.measurements

    @property
    def most(self) -> None:
        return None

    def draw(self, seed: int) -> tuple[Tensor, Tensor]:
        """(a [m, n], M [n, n]), float64: the diagonals of the A_i, and what is measured."""
        n = self.side
        U = torch.randn(n, self.rank, generator=generator(seed, "ground_truth"), dtype=torch.float64)
        M = U @ U.T
        a = torch.randn(self.measurements, n, generator=generator(seed, "mask"), dtype=torch.float64) / n
        return a, M * (n / float(torch.linalg.vector_norm(M)))

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        a, M = self.draw(seed)
        n = self.side
        A = torch.diag_embed(a).view(-1, n * n)
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
