"""Tensor sensing: random linear measurements of a low-rank tensor."""

import math
from typing import ClassVar, Literal, Self

import torch
from pydantic import Field, model_validator

from dmf_core import limits
from dmf_core.errors import Conflict
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.problems.matrix_sensing import measured_problem
from dmf_core.problems.tensor_truth import TensorTruth
from dmf_core.shapes import in_words


class TensorSensing(TensorTruth):
    """y_i = <A_i, T> with entries of A_i drawn from N(0, 1/(number of entries)); loss = mean squared error over the y_i.

    Source: Razin, Maman, Cohen 2021, released code (tensor_sensing_data_generator.py).
    """

    kind: Literal["tensor_sensing"] = "tensor_sensing"
    observations: int = Field(1000, ge=1, le=limits.MAX_ENTRIES)  # measurements
    measured: ClassVar[bool] = True
    label: ClassVar[str] = "tensor sensing"

    @model_validator(mode="after")
    def _measurements_fit(self) -> Self:
        each = math.prod(self.shape) * 8
        if self.observations * each > limits.MEASUREMENT_BYTES:
            most = limits.MEASUREMENT_BYTES // each
            raise Conflict(
                "problem.observations",
                f"problem.observations is {self.observations}, but at {in_words(self.shape)} only {most} sensing tensors fit "
                f"into {limits.MEASUREMENT_BYTES >> 20} MB; choose at most {most}, or a smaller tensor.",
            )
        return self

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        truth, spectra = self.draw(seed)
        noise = self.noise * self.size / math.sqrt(truth.numel())
        return measured_problem(truth, self.observations, noise, seed, dtype, device, spectra)
