"""One number that differs between an archive and a fresh run of its spec."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """By how much an array differs, in a unit, and how much of it is allowed."""

    array: str
    amount: float  # inf: not comparable
    allowed: float
    unit: str

    @property
    def excess(self) -> float:
        """amount / allowed; more than 1 is too much."""
        if self.amount <= self.allowed:
            return self.amount / self.allowed if self.allowed > 0 else 0.0
        return self.amount / self.allowed if self.allowed > 0 else math.inf

    @property
    def words(self) -> str:
        if math.isinf(self.amount):
            return f"{self.array} differs {self.unit}"
        return f"{self.array} differs by {self.amount:.2g} {self.unit}, where {self.allowed:.2g} is allowed"
