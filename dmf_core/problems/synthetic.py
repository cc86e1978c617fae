"""What the problems with a random truth share: size, rank, noise, and the checks across these fields."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from dmf_core import limits
from dmf_core.errors import Conflict
from dmf_core.formatting import with_article
from dmf_core.problems.base import ProblemSettings
from dmf_core.shapes import Shape


class Synthetic(ProblemSettings):
    """A random truth. Abstract: the subclasses say how it is observed."""

    rows: int = Field(100, ge=limits.MIN_SIDE, le=limits.MAX_SIDE)
    columns: int = Field(100, ge=limits.MIN_SIDE, le=limits.MAX_SIDE)
    rank: int = Field(5, ge=1, le=limits.MAX_SIDE)
    observations: int = Field(2000, ge=1, le=limits.MAX_SIDE**2)
    noise: float = Field(0.0, ge=0.0, le=limits.MAX_NOISE)  # standard deviation added to every observation
    symmetric: bool = False
    own_size: ClassVar[bool] = False

    @property
    def sparse(self) -> bool:
        """True when `rank` counts the nonzero entries of the truth."""
        return False

    @property
    def positive_semidefinite(self) -> bool:
        """True when the truth is symmetric and has no negative eigenvalue."""
        return self.symmetric and not self.sparse

    @property
    def largest_rank(self) -> int:
        """The largest `rank` that a truth of this size can have."""
        return self.rows * self.columns if self.sparse else min(self.rows, self.columns)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        most = self.largest_rank
        if self.rank > most:
            bound = f"{most} entries" if self.sparse else f"rank at most {most}"
            choice = "number of nonzero entries" if self.sparse else "rank"
            raise Conflict(
                "problem.rank",
                f"problem.rank is {self.rank}, but {with_article(f'{self.rows} x {self.columns}')} matrix has {bound}; "
                f"choose a {choice} from 1 to {most}.",
            )
        if self.symmetric and self.rows != self.columns:
            raise Conflict(
                "problem.symmetric",
                f"problem.symmetric needs a square matrix, but it is {self.rows} x {self.columns}; make rows and columns equal.",
            )
        return self

    @property
    def sides(self) -> Shape:
        return self.rows, self.columns

    @property
    def freedom(self) -> int:
        """The degrees of freedom of a matrix of this rank: r (m + n - r)."""
        return self.rank * (self.rows + self.columns - self.rank)
