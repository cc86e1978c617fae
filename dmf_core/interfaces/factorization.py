"""How W is built from factors, and how the gradient comes back to them."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, TypeAlias

import torch
from torch import Tensor

from dmf_core.norms import norm
from dmf_core.settings import Settings
from dmf_core.shapes import Shape

Factors: TypeAlias = tuple[Tensor, ...]  # of a matrix: (W_1, ..., W_N), W_j: [d_j, d_{j-1}], W = W_N ... W_1
Pullback: TypeAlias = Callable[[Tensor, Factors], None]  # (dL/dW, gradients of the factors, written in place)
Linearize: TypeAlias = Callable[[Factors], tuple[Tensor, Pullback]]
Sample: TypeAlias = Callable[["Factorization", Shape, float, torch.Generator], Factors]  # (model, sides of W, scale, source)


class InitialFactors(NamedTuple):
    """One way to sample the first factors of a model."""

    label: str  # in a list
    sample: Sample  # float64, on the CPU


class Factorization(Settings, ABC):
    """Settings of how W is built from factors. Holds no tensors.

    A model says of itself all that other parts need to know: nothing else in the program lists models.
    """

    kind: str
    tensor: ClassVar[bool] = False  # True: W has order 3 or more; False: it is a matrix
    starts: ClassVar[Mapping[str, InitialFactors]]  # by init.kind; the first is the usual one
    one_rank: ClassVar[bool] = False  # a setting `rank` is one number that fits every shape; else it may be one per mode or cut
    label: ClassVar[str] = ""  # in a list; empty: the kind
    short: ClassVar[str] = ""  # on a button, and at the head of a model without a depth; empty: the label
    help: ClassVar[str] = ""  # one sentence
    depth_help: ClassVar[str] = "How many factors are multiplied."  # for a model with a setting `depth`
    needs: ClassVar[Mapping[str, Any]] = MappingProxyType({})  # settings of the problem without which it is refused, by path
    chain: ClassVar[bool] = False  # W is the product of the factors, the last one first
    separable: ClassVar[bool] = False  # every entry of W has factors of its own, so that one that nothing observes never moves
    pictured: ClassVar[str] = ""  # the spectrum that pictures show first, and that the theory is about; empty: the main one

    @property
    def theory(self) -> str:
        """Which theory is true of these settings, a key of `dmf_core.theory.theories.THEORIES`; empty: none."""
        return ""

    @property
    def layers(self) -> int | None:
        """The setting `depth`; None for a model that has none."""
        return getattr(self, "depth", None)

    @property
    def title(self) -> str:
        """The model in two or three words, as the beginning of a heading."""
        if self.layers is not None:
            return f"Depth {self.layers}"
        name = self.short or self.label or self.kind.replace("_", " ")
        return name[:1].upper() + name[1:]

    @property
    def free(self) -> bool:
        """True when the factors are the entries of W themselves: no factorization at all."""
        return False

    @abstractmethod
    def degree(self, shape: Shape) -> int:
        """N with W(c x) = c^N W(x) for the factors x of a W of the given shape: of a product, the number of factors."""

    @abstractmethod
    def factor_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        """Shapes of the factors for a W of the given shape."""

    def unknowns(self, shape: Shape) -> int:
        """The number of entries of all factors together."""
        return sum(math.prod(each) for each in self.factor_shapes(shape))

    def incompatibility(self, shape: Shape) -> str:
        """Why these settings fit no W of this shape, as a sentence; empty when they do."""
        return ""

    def refusal(self, problem: Settings) -> str:
        """Why the model cannot fit what this problem looks for, as a sentence; empty when it can. Shapes: `incompatibility`."""
        return ""

    @abstractmethod
    def end_to_end(self, factors: Factors) -> Tensor:
        """W [*d]."""

    @abstractmethod
    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        """W and the function that writes the factors' gradients, given dL/dW."""

    def entrywise(self, shape: Shape, index: Tensor) -> Linearize | None:
        """`linearize` for the entries W.view(-1)[index] alone: it gives them [m], and pulls back dL/d(them) [m].

        None where that would cost more than building W.
        """
        return None

    @abstractmethod
    def gradient_flops(self, shape: Shape, observed: int | None) -> float:
        """Multiplications and additions of one gradient, about, in units of dense products: slower ones count more.

        `observed` single entries are seen, None: measurements.
        """

    def paths(self, shape: Shape) -> float:
        """How many products of one entry of every factor add up to an entry of W. Only the estimate of cost uses it."""
        return 1.0

    def conserved(self, factors: Factors) -> list[Tensor]:  # each factor: [B, *its shape] -> each: [B, ..]
        """What the gradient flow conserves, whatever the loss: of a product, the imbalance between neighbouring factors."""
        return []

    def wider(self, shape: Shape) -> str:
        """What would let the model make more tensors of this shape, as the end of "or allow .."; empty when it makes all."""
        return ""

    def factors_of(self, W: Tensor) -> Factors | None:
        """Factors that multiply to W, as balanced as can be; None where the model knows no formula for them."""
        return None

    def following(self, shapes: Sequence[Shape]) -> dict[str, Any]:
        """The settings, by name, that factors of these shapes ask for."""
        return {}

    def size(self, factors: Factors) -> float:
        """The norm that `init.relative` sets, of degree N in the factors: of W, or of a part of it where W starts at zero."""
        return norm(self.end_to_end(factors))

    def spectra(self, shape: Shape) -> dict[str, int]:
        """The spectra that are recorded, each with its length; the first is the main one, of a matrix its singular values.

        entries: the sizes of the largest ones.
        unfolding_n: singular values of mode n against the rest; cut_n: of the first n modes against the rest;
        group_m_n: of these modes against the rest.
        """
        return {"singular_values": min(shape)}

    def own_spectra(self, factors: Factors) -> dict[str, Tensor]:  # each factor: [B, *its shape] -> [B, k] float64
        """The spectra that cannot be computed from W, all values, descending."""
        return {}
