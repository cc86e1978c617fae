"""Matrix sensing: random linear measurements of a low-rank or sparse matrix."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

import numpy as np
import torch
from pydantic import model_validator

from dmf_core import limits
from dmf_core.errors import Conflict
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.problems.ground_truth import low_rank, sparse
from dmf_core.problems.matrix_completion import NONE
from dmf_core.problems.observations import Measurements
from dmf_core.problems.synthetic import Synthetic
from dmf_core.random_streams import generator


class MatrixSensing(Synthetic):
    """y_i = <A_i, M> with entries of A_i drawn from N(0, 1/(rows columns)); loss = mean squared error over the y_i.

    Of a `truth` that is sparse, `rank` is the number of nonzero entries.

    Source: Arora et al. 2019, released code (gen_obs.py: A_i ~ N(0, 1)/n); the sparse truth is ours.
    """

    kind: Literal["matrix_sensing"] = "matrix_sensing"
    truth: Literal["low_rank", "sparse"] = "low_rank"
    measured: ClassVar[bool] = True
    label: ClassVar[str] = "matrix sensing"

    @property
    def sparse(self) -> bool:
        return self.truth == "sparse"

    @model_validator(mode="after")
    def _measurements_fit(self) -> Self:
        if self.sparse and self.symmetric:
            raise Conflict(
                "problem.symmetric",
                "problem.symmetric is true, but only a low-rank truth can be symmetric; "
                "set it to false, or problem.truth to low_rank.",
            )
        each = self.rows * self.columns * 8
        if self.observations * each > limits.MEASUREMENT_BYTES:
            most = limits.MEASUREMENT_BYTES // each
            raise Conflict(
                "problem.observations",
                f"problem.observations is {self.observations}, but at {self.rows} x {self.columns} only {most} sensing "
                f"matrices fit into {limits.MEASUREMENT_BYTES >> 20} MB; choose at most {most}, or a smaller matrix.",
            )
        return self

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        if self.sparse:
            truth = sparse(self.rows, self.columns, self.rank, seed)
        else:
            truth = low_rank(self.rows, self.columns, self.rank, self.symmetric, seed)
        return measured_problem(truth, self.observations, self.noise, seed, dtype, device)


def measured_problem(
    truth: torch.Tensor,  # [*d] float64
    observations: int,
    noise: float,  # standard deviation
    seed: int,
    dtype: torch.dtype,
    device: torch.device,
    spectra: Mapping[str, np.ndarray] = NONE,  # of the truth, see Problem
) -> Problem:
    """The problem of fitting random measurements, in the mean squared error over them."""
    shape, source = tuple(truth.shape), generator(seed, "mask")
    A = torch.randn(observations, truth.numel(), generator=source, dtype=torch.float64).div_(truth.numel() ** 0.5)
    errors = torch.randn(observations, generator=generator(seed, "noise"), dtype=torch.float64)
    y = A @ truth.reshape(-1) + noise * errors
    truth = truth.to(device=device, dtype=dtype)
    return Problem(
        shape=shape,
        observations=Measurements(A.to(device=device, dtype=dtype), y.to(device=device, dtype=dtype), shape),
        weight=1.0 / observations,
        scale=float(y.square().mean().sqrt() or 1.0) * truth.numel() ** 0.5,
        ground_truth=truth,
        held_out=None,
        known=truth,
        observed=torch.zeros(shape, dtype=torch.bool, device=device),
        spectra=spectra,
    )
