"""What the drawn problems share: size, rank, noise, and the checks across these fields."""

from typing import Self

from pydantic import Field, model_validator

from dmf_core import limits
from dmf_core.settings import Settings


class Synthetic(Settings):
    """A drawn low-rank truth. Abstract: the subclasses say how it is seen."""

    rows: int = Field(100, ge=limits.MIN_SIDE, le=limits.MAX_SIDE)
    columns: int = Field(100, ge=limits.MIN_SIDE, le=limits.MAX_SIDE)
    rank: int = Field(5, ge=1, le=limits.MAX_SIDE)
    observations: int = Field(2000, ge=1, le=limits.MAX_SIDE**2)
    noise: float = Field(0.0, ge=0.0, le=limits.MAX_NOISE)  # standard deviation added to every observation
    symmetric: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        side = min(self.rows, self.columns)
        if self.rank > side:
            raise ValueError(
                f"problem.rank is {self.rank}, but a {self.rows} x {self.columns} matrix has rank at most {side}; "
                f"choose a rank from 1 to {side}."
            )
        if self.symmetric and self.rows != self.columns:
            raise ValueError(
                f"problem.symmetric needs a square matrix, but it is {self.rows} x {self.columns}; make rows and columns equal."
            )
        return self
