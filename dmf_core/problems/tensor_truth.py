"""The tensor that a synthetic problem hides: its settings, the checks across them, and how it is drawn."""

import math
from functools import cached_property
from typing import Annotated, ClassVar, Literal, NamedTuple, Self

import numpy as np
import torch
from pydantic import BeforeValidator, Field, model_validator
from torch import Tensor

from dmf_core import limits
from dmf_core.errors import Conflict
from dmf_core.formatting import with_article
from dmf_core.problems.base import ProblemSettings
from dmf_core.random_streams import generator
from dmf_core.shapes import Ranks, Shape, cut_ranks, in_words, spread, whole_numbers


class Format(NamedTuple):
    """What a drawn tensor is made of, in words."""

    label: str
    rank: str  # what its rank means


FORMATS = {  # by TensorTruth.truth
    "cp": Format("CP", "The true tensor is a sum of this many components."),
    "tucker": Format("Tucker", "Every unfolding of the true tensor has this rank."),
    "tensor_train": Format("tensor train", "Every cut of the true tensor between two axes has this rank."),
}


class TensorTruth(ProblemSettings):
    """A drawn low-rank tensor. Abstract: the subclasses say how it is observed.

    `rank` is the number of components of a cp truth, one number or one per mode of a tucker truth, one number or one
    per cut of a tensor_train truth. Its Frobenius norm is `norm`; None: root mean square entry 1, as of the matrices.
    Razin, Maman and Cohen's tensors have norm 1.
    """

    shape: Annotated[Shape, BeforeValidator(whole_numbers)] = (16, 16, 16)
    truth: Literal["cp", "tucker", "tensor_train"] = "cp"
    rank: Annotated[Ranks, BeforeValidator(whole_numbers)] = 3
    observations: int = Field(1000, ge=1, le=limits.MAX_ENTRIES)
    noise: float = Field(0.0, ge=0.0, le=limits.MAX_NOISE)  # std added to every observation, in root mean square entries
    norm: float | None = Field(None, ge=limits.MIN_NORM, le=limits.MAX_NORM)
    tensor: ClassVar[bool] = True
    own_size: ClassVar[bool] = False

    @property
    def sides(self) -> Shape:
        return self.shape

    @property
    def components(self) -> int | None:
        return self.rank if self.truth == "cp" and isinstance(self.rank, int) else None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if wrong := misshapen(self.shape, "problem.shape is"):
            raise Conflict("problem.shape", wrong)
        if wrong := self._rank_incompatibility():
            raise Conflict("problem.rank", wrong)
        return self

    def _rank_incompatibility(self) -> str:
        shape, kind = self.shape, self.truth
        if kind == "cp":
            most = math.prod(shape) // max(shape)
            if isinstance(self.rank, int) and 1 <= self.rank <= most:
                return ""
            return (
                f"problem.rank is {_shown(self.rank)}, but {with_article(in_words(shape))} cp truth has one number of "
                f"components, from 1 to {most}; choose such a number."
            )
        places, limits_ = ("mode", shape) if kind == "tucker" else ("cut", cut_ranks(shape))
        ranks = spread(self.rank, len(limits_))
        if len(ranks) != len(limits_):
            return (
                f"problem.rank is {_shown(self.rank)}, but {with_article(in_words(shape))} {kind} truth has one rank "
                f"per {places}, {len(limits_)} in all; give so many, or one for all."
            )
        for n, rank in enumerate(ranks):
            others = ranks[n - 1 : n] + ranks[n + 1 : n + 2] if kind == "tensor_train" else ranks[:n] + ranks[n + 1 :]
            most = min(limits_[n], self._reach(n, ranks) if all(other >= 1 for other in others) else limits_[n])
            if not 1 <= rank <= most:
                return (
                    f"problem.rank is {rank} at {places} {n + 1}, but there it goes from 1 to {most} in "
                    f"{with_article(in_words(shape))} {kind} truth with ranks {_shown(self.rank)}; choose such a rank."
                )
        return ""

    def _reach(self, n: int, ranks: Shape) -> int:
        """The largest rank that the other ranks let mode or cut n have."""
        if self.truth == "tucker":
            return math.prod(ranks[:n] + ranks[n + 1 :])
        padded = (1, *ranks, 1)
        return min(padded[n] * self.shape[n], self.shape[n + 1] * padded[n + 2])

    @cached_property
    def size(self) -> float:
        """The Frobenius norm of the truth."""
        return math.sqrt(math.prod(self.shape)) if self.norm is None else self.norm

    @property
    def freedom(self) -> int:
        """Degrees of freedom of a truth like this: its numbers, less those that change no entry.

        Source: the usual counts, cp r (sum d - N + 1), tucker and tensor train less the square of every inner rank.
        """
        shape, rank = self.shape, self.rank
        if self.truth == "cp":
            assert isinstance(rank, int)
            return rank * (sum(shape) - len(shape) + 1)
        if self.truth == "tucker":
            ranks = spread(rank, len(shape))
            return math.prod(ranks) + sum(r * (d - r) for r, d in zip(ranks, shape, strict=True))
        padded = (1, *spread(rank, len(shape) - 1), 1)
        return sum(padded[n] * d * padded[n + 1] for n, d in enumerate(shape)) - sum(r * r for r in padded[1:-1])

    def draw(self, seed: int) -> tuple[Tensor, dict[str, np.ndarray]]:  # [*d] float64
        """The noiseless truth, and the spectra that only its making tells: the norms of its components, if it is cp."""
        source = generator(seed, "ground_truth")

        def normal(*shape: int) -> Tensor:
            return torch.randn(shape, generator=source, dtype=torch.float64)

        if self.truth == "tucker":
            ranks = spread(self.rank, len(self.shape))
            T = normal(*ranks)
            for side, rank in zip(self.shape, ranks, strict=True):
                T = torch.tensordot(T, normal(side, rank), dims=([0], [1]))  # the mode moves to the end
            return T * (self.size / float(T.norm())), {}
        if self.truth == "tensor_train":
            ranks = (1, *spread(self.rank, len(self.shape) - 1), 1)
            T = torch.ones(1, 1, dtype=torch.float64)
            for n, side in enumerate(self.shape):
                T = torch.tensordot(T, normal(ranks[n], side, ranks[n + 1]), dims=1)
            T = T.reshape(self.shape)
            return T * (self.size / float(T.norm())), {}
        assert isinstance(self.rank, int)
        components = torch.ones(1, self.rank, dtype=torch.float64)
        for side in self.shape:
            components = (components[:, None, :] * normal(side, self.rank)).flatten(0, 1)
        T = components.sum(dim=1).view(self.shape)
        factor = self.size / float(T.norm())
        return T * factor, {"component_norms": np.sort((components.norm(dim=0) * factor).numpy())[::-1].copy()}


def misshapen(shape: Shape, kind: str) -> str:
    """What is wrong with the sides of a tensor, as a sentence; empty when nothing is. `kind` begins it."""
    if not limits.MIN_ORDER <= len(shape) <= limits.MAX_ORDER:
        return (
            f"{kind} {_shown(shape)}, which has {len(shape)} sides; a tensor here has from {limits.MIN_ORDER} to "
            f"{limits.MAX_ORDER}: give so many, for example 16,16,16."
        )
    for side in shape:
        if not limits.MIN_SIDE <= side <= limits.MAX_SIDE:
            return f"{kind} {_shown(shape)}, with a side of {side}; sides go from {limits.MIN_SIDE} to {limits.MAX_SIDE}."
    if math.prod(shape) > limits.MAX_ENTRIES:
        return (
            f"{kind} {_shown(shape)}, which has {math.prod(shape)} entries; a tensor here has at most {limits.MAX_ENTRIES}: "
            "choose smaller sides."
        )
    return ""


def _shown(ranks: Ranks) -> str:
    text = str(ranks) if isinstance(ranks, int) else ",".join(str(each) for each in ranks)
    return text if len(text) <= 40 else text[:37] + "..."
