"""Razin and Cohen's problem: every entry but one is seen, and the flow can make every norm as large as one likes."""

from dataclasses import replace
from typing import ClassVar, Literal

import torch
from pydantic import Field

from dmf_core import limits
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.problems.base import ProblemSettings
from dmf_core.problems.matrix_completion import entries_problem
from dmf_core.shapes import Shape


class RazinCohen(ProblemSettings):
    """w12, w21 and w22 are seen, w11 is not; loss = half the sum of the squared errors over the entries seen.

    A larger side adds ones on the diagonal and zeros elsewhere, all of them seen. Nothing is drawn: the seed draws
    the start only. With the default values every W of loss 0 has determinant -1.

    Source: Razin and Cohen 2020; the values from their released data sets, the loss from their released code.
    """

    kind: Literal["razin_cohen"] = "razin_cohen"
    side: int = Field(2, ge=limits.MIN_SIDE, le=limits.MAX_SMALL_SIDE)
    w12: float = Field(1.0, ge=-limits.MAX_SEEN, le=limits.MAX_SEEN)
    w21: float = Field(1.0, ge=-limits.MAX_SEEN, le=limits.MAX_SEEN)
    w22: float = Field(0.0, ge=-limits.MAX_SEEN, le=limits.MAX_SEEN)
    label: ClassVar[str] = "one hidden entry (Razin and Cohen)"

    @property
    def sides(self) -> Shape:
        return self.side, self.side

    @property
    def count(self) -> int:
        return self.side**2 - 1

    @property
    def most(self) -> None:
        return None

    @property
    def in_order(self) -> bool:
        return True  # w11 in another corner is not w11

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        truth = torch.eye(self.side, dtype=torch.float64)
        truth[0, 0] = torch.nan
        truth[0, 1], truth[1, 0], truth[1, 1] = self.w12, self.w21, self.w22
        known = ~truth.isnan()
        nothing = torch.zeros_like(known)
        return replace(entries_problem(truth, known, truth, nothing, dtype, device), weight=0.5)
