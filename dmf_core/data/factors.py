"""Given factors: an .npz file with W1 .. WN, so that a run starts where other people's code starts."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from dmf_core import limits
from dmf_core.data.npy import HEADER_BYTES, read_npy
from dmf_core.data.zips import SafeZip
from dmf_core.errors import BadInput

NPY_BYTES = limits.MAX_SIDE**2 * 16 + HEADER_BYTES  # of the largest factor, at most 16 bytes for a number


def read_factors(content: bytes) -> tuple[np.ndarray, ...]:  # each float64
    """The factors W1 .. WN, in the order of `Factorization.factor_shapes`. Raises BadInput."""
    if len(content) > limits.UPLOAD_BYTES:
        raise BadInput(f"The factors have {len(content) >> 20} MB; at most {limits.UPLOAD_BYTES >> 20} MB can be read.")
    with SafeZip(content, "The file of factors") as members:
        names = [f"W{j}.npy" for j in range(1, len(members.names) + 1)]
        if members.names != set(names) or not 1 <= len(names) <= limits.MAX_FACTORS:
            present = ", ".join(sorted(members.names)[:5]) or "nothing"
            raise BadInput(f"The file of factors holds {present}; it must hold W1 to WN, with N from 1 to {limits.MAX_FACTORS}.")
        return tuple(_factor(members.read(name, NPY_BYTES), name.removesuffix(".npy")) for name in names)


def rounded(factors: Sequence[np.ndarray], seed: int = 0) -> tuple[np.ndarray, ...]:
    """The factors with every entry but zeros moved up or down by one rounding of its dtype, as float64."""
    generator = np.random.default_rng(seed)
    up = [generator.random(factor.shape) < 0.5 for factor in factors]
    to = [np.where(each, np.inf, -np.inf).astype(factor.dtype) for each, factor in zip(up, factors, strict=True)]
    moved = (np.where(factor == 0, factor, np.nextafter(factor, end)) for factor, end in zip(factors, to, strict=True))
    return tuple(factor.astype(np.float64) for factor in moved)


def check_chain(factors: tuple[np.ndarray, ...]) -> None:
    """Raises BadInput unless W_N ... W_1 exists, of matrices W_j: [d_j, d_{j-1}] with all hidden widths equal."""
    if len(factors) > limits.MAX_DEPTH:
        raise BadInput(f"{len(factors)} factors are given, but a matrix has at most {limits.MAX_DEPTH}; leave some out.")
    for j, factor in enumerate(factors, start=1):
        if factor.ndim != 2 or not all(side <= limits.MAX_SIDE for side in factor.shape):
            raise BadInput(
                f"W{j} has shape {factor.shape}; a factor of a matrix is a matrix with sides up to {limits.MAX_SIDE} "
                "(for a tensor, name its model: --set model.kind=cp)."
            )
    for j, (lower, upper) in enumerate(pairwise(factors), start=1):
        if lower.shape[0] != upper.shape[1]:
            raise BadInput(
                f"W{j} is {_shape(lower)} and W{j + 1} is {_shape(upper)}, so W{j + 1} W{j} does not exist; "
                "W1 is applied first: its rows are the columns of W2."
            )
    inner = {factor.shape[1] for factor in factors[1:]}
    if len(inner) > 1:
        raise BadInput(f"The given factors have hidden widths {sorted(inner)}; they must all be equal.")


def _factor(content: bytes, name: str) -> np.ndarray:
    array = read_npy(content, name)
    if array.dtype.kind not in "fiub" or array.size == 0:
        raise BadInput(f"{name} is {array.dtype} of shape {array.shape}; a factor is an array of real numbers.")
    factor = array.astype(np.float64)
    if not (np.abs(factor) <= limits.MAX_ENTRY).all():  # false for NaN as well
        raise BadInput(f"{name} holds NaN, infinite or huge entries; give finite numbers up to {limits.MAX_ENTRY:g}.")
    return factor


def _shape(factor: np.ndarray) -> str:
    return f"{factor.shape[0]} x {factor.shape[1]}"
