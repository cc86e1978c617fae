"""Where a run starts. `scale` is the size of the end-to-end matrix; of a tensor model, that of an entry of its factors."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

import torch
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from torch import Tensor

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.interfaces import Factorization, Factors, InitialFactors, Shape
from dmf_core.random_streams import generator
from dmf_core.settings import Settings

Shapes = tuple[Shape, ...]


def gaussian(model: Factorization, shape: Shape, scale: float, source: torch.Generator) -> Factors:
    """Independent normal entries. Not exactly balanced.

    Source: Arora et al. 2019, released code (main.py, init_model): std scale^(1/N) n^(-1/2), here with
    n^2 replaced by the product of a factor's sides, so that E|W|_F^2 = scale^2 sqrt(rows columns).
    """
    shapes = model.factor_shapes(shape)
    return tuple(
        torch.randn(each, generator=source, dtype=torch.float64) * scale ** (1 / len(shapes)) * (each[0] * each[1]) ** -0.25
        for each in shapes
    )


def balanced(model: Factorization, shape: Shape, scale: float, source: torch.Generator) -> Factors:
    """A normal W = U S V^T of the same size as `gaussian` gives, split evenly: U S^(1/N), S^(1/N), .., S^(1/N) V^T.

    Source: Razin and Cohen 2020, released code (deep_linear_net.py).
    """
    rows, columns = shape
    W = torch.randn(rows, columns, generator=source, dtype=torch.float64) * scale * (rows * columns) ** -0.25
    return split_evenly(W, model.factor_shapes(shape))


def split_evenly(W: Tensor, shapes: Shapes) -> Factors:  # W: [rows, columns]
    """The balanced factors of W = U S V^T: U S^(1/N), S^(1/N), .., S^(1/N) V^T. A narrow hidden width truncates S."""
    if len(shapes) == 1:
        return (W,)
    U, S, Vh = torch.linalg.svd(W, full_matrices=False)
    k = min(shapes[0][0], len(S))
    root = S[:k] ** (1 / len(shapes))
    factors = tuple(W.new_zeros(shape) for shape in shapes)
    factors[0][:k] = root[:, None] * Vh[:k]
    for middle in factors[1:-1]:
        middle[:k, :k] = root.diag()
    factors[-1][:, :k] = U[:, :k] * root
    return factors


def identity(model: Factorization, shape: Shape, scale: float, source: torch.Generator) -> Factors:
    """Every factor is scale^(1/N) times the identity. Exactly balanced.

    Source: Arora et al. 2019, released code; Chou et al. 2020, section 2, as given in a seminar report.
    """
    root = scale ** (1 / model.degree(shape))
    return tuple(torch.eye(*each, dtype=torch.float64) * root for each in model.factor_shapes(shape))


def orthogonal(model: Factorization, shape: Shape, scale: float, source: torch.Generator) -> Factors:
    """Every factor is scale^(1/N) times a random matrix with orthonormal rows or columns.

    Source: Arora et al. 2019, released code, whose scale is larger by sqrt(n) than that of its other kinds; here
    it is the same for all kinds.
    """
    root = scale ** (1 / model.degree(shape))
    return tuple(_orthonormal(each, source) * root for each in model.factor_shapes(shape))


def _orthonormal(shape: Shape, source: torch.Generator) -> Tensor:
    tall = torch.randn(max(shape), min(shape), generator=source, dtype=torch.float64)
    Q, R = torch.linalg.qr(tall)
    unique: Tensor = Q * R.diagonal().sign()  # hence uniform over the orthogonal matrices
    return unique if shape[0] >= shape[1] else unique.T


def entries(model: Factorization, shape: Shape, scale: float, source: torch.Generator) -> Factors:
    """Every entry of every factor is normal with standard deviation `scale`.

    Source: Razin, Maman, Cohen 2021, released code (depth 1).
    """
    shapes = model.factor_shapes(shape)
    return tuple(torch.randn(each, generator=source, dtype=torch.float64) * scale for each in shapes)


def balanced_components(model: Factorization, shape: Shape, scale: float, source: torch.Generator) -> Factors:
    """Every component has the same norm a in every factor: random directions times a, then a times the identity.

    a = scale sqrt(d), d the geometric mean of the sides, so that entries have the size that `entries` gives them.
    Deep components start at right angles to each other, or they would not be balanced. Derived.
    """
    shapes = model.factor_shapes(shape)
    depth, R = len(shapes) // len(shape), shapes[0][1]
    if depth > 1 and min(shape) < R:
        raise BadInput(
            f"init.kind is balanced, and with model.depth {depth} a start of {R} components cannot be: at most "
            f"{min(shape)}, the smallest side, fit; set model.rank to 1 to {min(shape)}, or choose gaussian."
        )
    a = scale * math.prod(shape) ** (0.5 / len(shape))
    factors: list[Tensor] = []
    for side in shape:
        sampled = torch.randn(side, R, generator=source, dtype=torch.float64)
        directions = torch.linalg.qr(sampled).Q if depth > 1 else sampled / sampled.norm(dim=0)
        factors += [a * directions, *[a * torch.eye(R, dtype=torch.float64)] * (depth - 1)]
    return tuple(factors)


OF_MATRICES: Mapping[str, InitialFactors] = MappingProxyType(
    {
        "gaussian": InitialFactors("normal entries", gaussian),
        "balanced": InitialFactors("balanced", balanced),
        "identity": InitialFactors("identity", identity),
        "orthogonal": InitialFactors("orthogonal", orthogonal),
    }
)
OF_TENSORS: Mapping[str, InitialFactors] = MappingProxyType({"gaussian": InitialFactors("normal entries", entries)})
OF_COMPONENTS: Mapping[str, InitialFactors] = MappingProxyType(
    {**OF_TENSORS, "balanced": InitialFactors("balanced", balanced_components)}
)


def of_norm(factors: Factors, norm: float, target: float, degree: int) -> Factors:
    """The factors, times the one number that takes the norm of W, of this degree in them, from `norm` to `target`.

    A power of two is taken out of the root, so that target -> 2^N target doubles the factors to the bit.
    """
    mantissa, exponent = math.frexp(target / norm)
    whole, rest = divmod(exponent, degree)
    factor = math.ldexp(math.ldexp(mantissa, rest) ** (1 / degree), whole)
    return tuple(each * factor for each in factors)


KINDS: dict[str, InitialFactors] = {}  # of every model; filled by the table of models


def _known(kind: Any) -> Any:
    if KINDS and not (isinstance(kind, str) and kind in KINDS):
        *others, last = map(repr, KINDS)
        expected = f"{', '.join(others)} or {last}" if others else last
        raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": expected})
    return kind


class Initialization(Settings):
    """How the factors start. `factors` names given ones by digest and then stands in for kind and scale."""

    kind: Annotated[str, BeforeValidator(_known)] = "gaussian"  # which of them a model has: Factorization.starts
    scale: float = Field(1e-3, ge=limits.MIN_SCALE, le=limits.MAX_SCALE)
    relative: bool = False  # True: `scale` is |W(0)|_F as a share of the norm of the data, for every kind and model
    factors: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")  # sha256, see inputs.digest_of

    def sample(self, model: Factorization, shape: Shape, seed: int) -> Factors:
        """The first factors of a model of a W of this shape, float64, on the CPU. Raises BadInput where there are none."""
        return model.starts[self.kind].sample(model, shape, self.scale, generator(seed, "initialization"))
