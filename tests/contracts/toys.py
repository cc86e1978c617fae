"""A model, a problem and an integrator of one's own, as somebody else would write them: a plugin file."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

import torch
from pydantic import Field as Setting
from torch import Tensor

from dmf_core import integrators, models, problems
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Factorization, Factors, InitialFactors, Integrator, Problem, Pullback, Shape, Step, VectorField
from dmf_core.problems.base import ProblemSettings
from dmf_core.problems.matrix_completion import entries_problem
from dmf_core.random_streams import generator


def tiny(model: Factorization, shape: Shape, scale: float, source: torch.Generator) -> Factors:
    shapes = model.factor_shapes(shape)
    return tuple(scale**0.5 * torch.randn(each, generator=source, dtype=torch.float64) for each in shapes)


@models.register
class ToyModel(Factorization):
    """W = u v^T + v u^T."""

    kind: Literal["toy_model"] = "toy_model"
    rank: int = Setting(2, ge=1, le=50)
    starts: ClassVar[Mapping[str, InitialFactors]] = {"toy_start": InitialFactors("tiny entries", tiny)}
    label: ClassVar[str] = "both ways round"

    def incompatibility(self, shape: Shape) -> str:
        return "" if shape[0] == shape[1] else f"model.kind is {self.kind}, which makes square matrices; make both sides equal."

    def degree(self, shape: Shape) -> int:
        return 2

    def factor_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        return (shape[0], self.rank), (shape[0], self.rank)

    def end_to_end(self, factors: Factors) -> Tensor:
        u, v = factors
        return u @ v.T + v @ u.T

    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        u, v = factors

        def pullback(dL_dW: Tensor, gradients: Factors) -> None:
            gradients[0].copy_((dL_dW + dL_dW.T) @ v)
            gradients[1].copy_((dL_dW + dL_dW.T) @ u)

        return self.end_to_end(factors), pullback

    def gradient_flops(self, shape: Shape, observed: int | None) -> float:
        return 8.0 * shape[0] ** 2 * self.rank


@problems.register
class ToyProblem(ProblemSettings):
    """A symmetric matrix of rank one, seen like the black squares of a chess board."""

    kind: Literal["toy_problem"] = "toy_problem"
    side: int = Setting(12, ge=2, le=100)

    @property
    def sides(self) -> Shape:
        return self.side, self.side

    @property
    def count(self) -> int:
        return (self.side**2 + 1) // 2

    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        u = torch.randn(self.side, generator=generator(seed, "ground_truth"), dtype=torch.float64)
        truth, index = torch.outer(u, u), torch.arange(self.side)
        mask = (index[:, None] + index) % 2 == 0
        return entries_problem(truth, mask, truth, ~mask, dtype, device)


@integrators.register
class ToyIntegrator(Integrator):
    """The explicit midpoint rule with a fixed step."""

    kind: Literal["toy_integrator"] = "toy_integrator"
    step: float = Setting(0.2, gt=0, le=10)
    continuous: ClassVar[bool] = False

    def steps(self, field: VectorField, x: Tensor) -> Iterator[Step]:
        velocity = field(x)
        yield field.step(0.0, 0, 0, x, velocity)
        for iteration in range(1, 100_000):
            middle = field(x + self.step / 2 * velocity)
            x = x + self.step * middle
            velocity = field(x)
            yield field.step(iteration * self.step, iteration, 0, x, velocity)
