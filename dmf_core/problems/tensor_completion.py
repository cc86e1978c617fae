"""Tensor completion: some entries of a low-rank tensor are seen, the rest is to be found."""

import math
from typing import ClassVar, Literal, Self

import torch
from pydantic import model_validator

from dmf_core.errors import Conflict
from dmf_core.formatting import with_article
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.problems.matrix_completion import entries_problem
from dmf_core.problems.tensor_truth import TensorTruth
from dmf_core.random_streams import generator
from dmf_core.shapes import in_words


class TensorCompletion(TensorTruth):
    """Entries drawn uniformly without replacement; loss = mean squared error over them.

    Source: Razin, Maman, Cohen 2021, released code (tensor_sensing_data_generator.py), with norm 1 and truth cp.
    More observations of one seed contain the fewer ones.
    """

    kind: Literal["tensor_completion"] = "tensor_completion"
    unknowable: ClassVar[bool] = True
    label: ClassVar[str] = "tensor completion"

    @property
    def slice_rank(self) -> int | None:
        """Of a sum of components their number; Tucker and train truths have none, see theory.unknowable."""
        return super().slice_rank if self.truth == "cp" else None

    @model_validator(mode="after")
    def _entries_exist(self) -> Self:
        entries = math.prod(self.shape)
        if self.observations > entries:
            raise Conflict(
                "problem.observations",
                f"problem.observations is {self.observations}, but {with_article(in_words(self.shape))} tensor has only "
                f"{entries} entries; choose from 1 to {entries}.",
            )
        return self

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        truth, spectra = self.draw(seed)
        observed = torch.zeros(truth.numel(), dtype=torch.bool)
        observed[torch.randperm(truth.numel(), generator=generator(seed, "mask"))[: self.observations]] = True
        observed = observed.view(self.shape)
        values = truth
        if self.noise > 0:
            noise = torch.randn(self.shape, generator=generator(seed, "noise"), dtype=torch.float64)
            values = truth + self.noise * self.size / math.sqrt(truth.numel()) * noise
        return entries_problem(values, observed, truth, ~observed, dtype, device, spectra)
