"""Matrix completion: some entries of a low-rank matrix are seen, the rest is to be found."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self

import numpy as np
import torch
from pydantic import Field, model_validator

from dmf_core import limits, painted_mask
from dmf_core.errors import Conflict
from dmf_core.formatting import with_article
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.problems.ground_truth import low_rank
from dmf_core.problems.observations import Entries
from dmf_core.problems.patterns import Pattern, allowed, observable
from dmf_core.problems.synthetic import Synthetic
from dmf_core.random_streams import generator

NONE: Mapping[str, np.ndarray] = MappingProxyType({})


class MatrixCompletion(Synthetic):
    """Entries drawn uniformly inside a pattern; loss = mean squared error over the draws.

    Without replacement, as in the released code of Arora et al. 2019 (gen_obs.py), less its rejection of samples whose
    root mean square leaves [0.8, 1.2]; or with `replacement`, where an entry drawn c times is one observation, its noise
    included, that counts c times in the loss. More observations of one seed contain the fewer ones. With the pattern
    "drawn" the observed entries are those of `mask` at every seed, and `observations` is their number, whatever is given;
    there is then no `replacement`.
    """

    kind: Literal["matrix_completion"] = "matrix_completion"
    pattern: Pattern = "uniform"
    mask: str | None = Field(None, max_length=limits.MAX_DRAWN_SIDE**2)  # see dmf_core.painted_mask; None but with "drawn"
    replacement: bool = False
    unknowable: ClassVar[bool] = True
    batched: ClassVar[bool] = True
    label: ClassVar[str] = "matrix completion"

    @property
    def observable(self) -> int:
        """The number of entries that the pattern allows to be observed."""
        return self.observations if self.pattern == "drawn" else observable(self.pattern, self.rows, self.columns)

    @property
    def most(self) -> int:
        return math.prod(self.sides) if self.pattern == "drawn" else self.observable

    @property
    def draws(self) -> int | None:
        return self.observations if self.replacement else None

    @property
    def in_order(self) -> bool:
        return self.pattern != "uniform"

    @model_validator(mode="before")
    @classmethod
    def _as_drawn(cls, values: Any) -> Any:
        """The count follows the mask, which repeats nothing; other patterns have none. So equal runs have equal specs."""
        if not isinstance(values, dict) or not isinstance(values.get("mask"), str):
            return values
        if values.get("pattern", "uniform") != "drawn":
            return values | {"mask": None}
        count = painted_mask.count(values["mask"][: limits.MAX_DRAWN_SIDE**2]) or 1
        return values | {"observations": count, "replacement": False}

    @model_validator(mode="after")
    def _entries_exist(self) -> Self:
        self._check_mask()
        if self.observations > self.observable:
            where = "" if self.pattern == "uniform" else f" where the pattern {self.pattern} allows"
            where += "; more are not drawn with replacement either" if self.replacement else ""
            raise Conflict(
                "problem.observations",
                f"problem.observations is {self.observations}, but {with_article(f'{self.rows} x {self.columns}')} matrix "
                f"has only {self.observable} entries{where}; choose from 1 to {self.observable}.",
            )
        return self

    def _check_mask(self) -> None:
        if self.pattern != "drawn":
            return
        if max(self.rows, self.columns) > limits.MAX_DRAWN_SIDE:
            raise Conflict(
                "problem.pattern",
                f"problem.pattern is drawn, but a mask has at most {limits.MAX_DRAWN_SIDE} rows and columns and the matrix is "
                f"{self.rows} x {self.columns}; make it smaller, or choose another pattern.",
            )
        if self.mask is None:
            raise Conflict(
                "problem.pattern",
                "problem.pattern is drawn, but problem.mask is empty; paint one on the page Observations.",
            )
        if not painted_mask.from_text(self.mask, self.rows, self.columns).any():
            raise Conflict("problem.mask", "problem.mask has no observed entry; paint at least one.")

    def observed(self, seed: int) -> np.ndarray:  # [rows, columns] bool
        """Which entries are observed: [rows, columns] bool."""
        if self.pattern == "drawn":
            assert self.mask is not None  # checked above
            return painted_mask.from_text(self.mask, self.rows, self.columns)
        if self.replacement:
            return self.times(seed) > 0
        order = torch.randperm(self.rows * self.columns, generator=generator(seed, "mask")).numpy()
        if self.pattern != "uniform":
            order = order[allowed(self.pattern, self.rows, self.columns).ravel()[order]]
        mask = np.zeros(self.rows * self.columns, dtype=bool)
        mask[order[: self.observations]] = True
        return mask.reshape(self.rows, self.columns)

    def times(self, seed: int) -> np.ndarray:  # [rows, columns] int
        """How often each entry is drawn."""
        if not self.replacement or self.pattern == "drawn":
            return self.observed(seed).astype(int)
        places = np.flatnonzero(allowed(self.pattern, self.rows, self.columns))
        draws = torch.randint(len(places), (len(places),), generator=generator(seed, "draws")).numpy()  # fewer: the first
        return np.bincount(places[draws[: self.observations]], minlength=self.rows * self.columns).reshape(
            self.rows, self.columns
        )

    @property
    def distinct(self) -> int:
        """How many different entries are seen: with replacement the expected number, else the number itself."""
        if not self.replacement:
            return self.observations
        places = self.observable
        return max(1, round(places * (1 - (1 - 1 / places) ** self.observations)))

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        shape = (self.rows, self.columns)
        truth = low_rank(*shape, self.rank, self.symmetric, seed)
        observed = torch.from_numpy(self.observed(seed))
        values = truth
        if self.noise > 0:
            values = truth + self.noise * torch.randn(shape, generator=generator(seed, "noise"), dtype=torch.float64)
        times = torch.from_numpy(self.times(seed))[observed] if self.replacement else None
        return entries_problem(values, observed, truth, ~observed, dtype, device, times=times)


def entries_problem(
    values: torch.Tensor,  # [*d] what training sees, read where `observed`
    observed: torch.Tensor,  # [*d] bool, at least one True
    truth: torch.Tensor,  # [*d] the truth, NaN where unknown
    held_out: torch.Tensor,  # [*d] bool, inside the known entries
    dtype: torch.dtype,
    device: torch.device,
    spectra: Mapping[str, np.ndarray] = NONE,  # of the truth, see Problem
    times: torch.Tensor | None = None,  # [m] int, how often each observed entry was drawn; None: once each
) -> Problem:
    """The problem of fitting single entries, in the mean squared error over the draws."""

    def observed_entries(x: torch.Tensor) -> torch.Tensor:
        return x.to(device=device, dtype=dtype)

    root_mean_square = float(values[observed].square().mean().sqrt())
    complete = not bool(truth.isnan().any())
    return Problem(
        shape=tuple(values.shape),
        observations=Entries(observed.to(device), observed_entries(values), times),
        weight=1.0 / int(observed.sum() if times is None else times.sum()),
        scale=(root_mean_square or 1.0) * values.numel() ** 0.5,
        ground_truth=observed_entries(truth) if complete else None,
        held_out=Entries(held_out.to(device), observed_entries(truth)) if bool(held_out.any()) else None,
        known=observed_entries(truth),
        observed=observed.to(device),
        spectra=spectra,
    )
