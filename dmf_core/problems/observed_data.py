"""Completion of the user's own matrix: some given entries train, the other given ones judge."""

from typing import Literal

import torch
from pydantic import Field

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.problems.matrix_completion import entries_problem
from dmf_core.settings import Settings
from dmf_core.streams import generator


class ObservedData(Settings):
    """A matrix with unknown entries, given by its digest; loss = mean squared error over the training entries.

    `observations` of the given entries are drawn for training (None: all of them); the rest are held out.
    `normalize` uses the training entries only, so that nothing of the held-out ones leaks.
    """

    kind: Literal["observed_data"] = "observed_data"
    data: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")  # sha256, see inputs.digest_of
    observations: int | None = Field(None, ge=1, le=limits.MAX_SIDE**2)
    normalize: Literal["none", "minmax", "center"] = "none"

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        if inputs.data is None:
            raise BadInput("problem.kind is observed_data, but no matrix was given; add one with --data FILE or upload it.")
        given = torch.from_numpy(inputs.data).to(torch.float64)
        known = ~given.isnan()
        count = int(known.sum())
        wanted = count if self.observations is None else self.observations
        if wanted > count:
            raise BadInput(
                f"problem.observations is {wanted}, but the given matrix has only {count} known entries; "
                f"choose from 1 to {count}, or leave it empty to use all."
            )
        where = known.view(-1).nonzero().squeeze(1)
        order = torch.randperm(count, generator=generator(seed, "mask"))
        observed = torch.zeros(given.numel(), dtype=torch.bool)
        observed[where[order[:wanted]]] = True
        observed = observed.view(given.shape)
        shift, factor = self._normalization(given[observed])
        truth = (given - shift) * factor
        return entries_problem(truth, observed, truth, known & ~observed, dtype, device)

    def _normalization(self, values: torch.Tensor) -> tuple[float, float]:
        """(shift, factor) of the given values: normalized = (given - shift) * factor."""
        if self.normalize == "none":
            return 0.0, 1.0
        if self.normalize == "center":
            return float(values.mean()), 1.0
        spread = float(values.max() - values.min())
        return float(values.min()), 1.0 / spread if spread > 0 else 1.0
