"""Matrix completion: some entries of a low-rank matrix are seen, the rest is to be found."""

from typing import Literal, Self

import torch
from pydantic import model_validator

from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.problems.ground_truth import low_rank
from dmf_core.problems.observations import Entries
from dmf_core.problems.patterns import Pattern, allowed, observable
from dmf_core.problems.synthetic import Synthetic
from dmf_core.streams import generator


class MatrixCompletion(Synthetic):
    """Entries drawn uniformly without replacement, inside a pattern; loss = mean squared error over them.

    Source: Arora et al. 2019, section 4 and released code (gen_obs.py), without its rejection of samples whose
    root mean square leaves [0.8, 1.2]. More observations of one seed contain the fewer ones.
    """

    kind: Literal["matrix_completion"] = "matrix_completion"
    pattern: Pattern = "uniform"

    @property
    def observable(self) -> int:
        """How many entries the pattern lets be seen."""
        return observable(self.pattern, self.rows, self.columns)

    @model_validator(mode="after")
    def _entries_exist(self) -> Self:
        if self.observations > self.observable:
            where = "" if self.pattern == "uniform" else f" where the pattern {self.pattern} allows"
            raise ValueError(
                f"problem.observations is {self.observations}, but a {self.rows} x {self.columns} matrix has only "
                f"{self.observable} entries{where}; choose from 1 to {self.observable}."
            )
        return self

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        shape = (self.rows, self.columns)
        truth = low_rank(*shape, self.rank, self.symmetric, seed)
        order = torch.randperm(truth.numel(), generator=generator(seed, "mask"))
        if self.pattern != "uniform":
            order = order[torch.from_numpy(allowed(self.pattern, *shape).ravel()[order.numpy()])]
        observed = torch.zeros(truth.numel(), dtype=torch.bool)
        observed[order[: self.observations]] = True
        observed = observed.view(shape)
        seen = truth
        if self.noise > 0:
            seen = truth + self.noise * torch.randn(shape, generator=generator(seed, "noise"), dtype=torch.float64)
        return entries_problem(seen, observed, truth, ~observed, dtype, device)


def entries_problem(
    seen: torch.Tensor,  # [rows, columns] what training sees, read where `observed`
    observed: torch.Tensor,  # [rows, columns] bool, at least one True
    truth: torch.Tensor,  # [rows, columns] the truth, NaN where unknown
    held_out: torch.Tensor,  # [rows, columns] bool, inside the known entries
    dtype: torch.dtype,
    device: torch.device,
) -> Problem:
    """The problem of fitting single entries, in the mean squared error over them."""

    def here(x: torch.Tensor) -> torch.Tensor:
        return x.to(device=device, dtype=dtype)

    root_mean_square = float(seen[observed].square().mean().sqrt())
    complete = not bool(truth.isnan().any())
    return Problem(
        shape=(seen.shape[0], seen.shape[1]),
        observations=Entries(observed.to(device), here(seen)),
        weight=1.0 / int(observed.sum()),
        scale=(root_mean_square or 1.0) * seen.numel() ** 0.5,
        ground_truth=here(truth) if complete else None,
        held_out=Entries(held_out.to(device), here(truth)) if bool(held_out.any()) else None,
        known=here(truth),
        observed=observed.to(device),
    )
