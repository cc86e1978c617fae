"""Completion of the user's own matrix: training uses some of the given entries, the others are held out to measure its error."""

from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.problems.base import ProblemSettings
from dmf_core.problems.matrix_completion import entries_problem
from dmf_core.problems.samples import sample
from dmf_core.random_streams import generator
from dmf_core.shapes import Shape


def none_given(kind: str, noun: str) -> BadInput:
    """What is wrong where a run is about given data that are not there."""
    return BadInput(
        f"problem.kind is {kind}, but no {noun} was given; upload one on the page, or give it with --data FILE on the command "
        "line."
    )


class Given(ProblemSettings):
    """Given entries, named by digest; loss = mean squared error over the training entries. Abstract: see its subclasses.

    `observations` of the given entries are drawn for training (None: all of them); the rest are held out.
    `normalize` uses the training entries only, so that nothing of the held-out ones leaks.
    """

    kind: str
    data: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")  # sha256, see inputs.digest_of
    observations: int | None = Field(None, ge=1, le=limits.MAX_ENTRIES)
    normalize: Literal["none", "minmax", "center"] = "none"
    noun: ClassVar[str]
    needs_data: ClassVar[bool] = True
    own_size: ClassVar[bool] = False

    @property
    def sides(self) -> Shape | None:
        known = sample(self.data)
        return None if known is None or (known.ndim > 2) != self.tensor else known.shape

    @property
    def in_order(self) -> bool:
        return True  # a photograph with sorted rows is none

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        data = sample(self.data) if inputs.data is None else inputs.data
        if data is None:
            raise none_given(self.kind, self.noun)
        given = torch.tensor(data, dtype=torch.float64)
        known = ~given.isnan()
        count = int(known.sum())
        requested = count if self.observations is None else self.observations
        if requested > count:
            raise BadInput(
                f"problem.observations is {requested}, but the given {self.noun} has only {count} known entries; "
                f"choose from 1 to {count}, or leave it empty to use all."
            )
        where = known.view(-1).nonzero().squeeze(1)
        order = torch.randperm(count, generator=generator(seed, "mask"))
        observed = torch.zeros(given.numel(), dtype=torch.bool)
        observed[where[order[:requested]]] = True
        observed = observed.view(given.shape)
        shift, factor = self._normalization(given[observed])
        truth = (given - shift) * factor
        return entries_problem(truth, observed, truth, known & ~observed, dtype, device)

    def typical_entry(self, data: np.ndarray) -> float:  # [*d], NaN where unknown
        """The root mean square of the known entries, normalized; 1 where all are zero. Rough: not of the training ones alone."""
        if self.normalize == "minmax":
            return 1.0
        shift = np.nanmean(data) if self.normalize == "center" else 0.0
        return float(np.sqrt(np.nanmean(np.square(data - shift)))) or 1.0

    def in_unit_of_data(self, normalized: np.ndarray, data: np.ndarray, observed: np.ndarray) -> np.ndarray:  # [*d] each
        """W in the unit of the given data: the inverse of the normalization by their `observed` entries."""
        shift, factor = self._normalization(torch.tensor(data, dtype=torch.float64)[torch.tensor(observed)])
        return normalized / factor + shift

    def _normalization(self, values: torch.Tensor) -> tuple[float, float]:
        """(shift, factor) of the given values: normalized = (given - shift) * factor."""
        if self.normalize == "none":
            return 0.0, 1.0
        if self.normalize == "center":
            return float(values.mean()), 1.0
        spread = float(values.max() - values.min())
        return float(values.min()), 1.0 / spread if spread > 0 else 1.0


class ObservedData(Given):
    """A matrix with unknown entries."""

    kind: Literal["observed_data"] = "observed_data"
    noun: ClassVar[str] = "matrix"
    unknowable: ClassVar[bool] = True
    label: ClassVar[str] = "your own matrix"
