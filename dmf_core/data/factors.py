"""Given factors: an .npz file with W1 .. WN, so that a run starts where other people's code starts."""

import io
import zipfile
from itertools import pairwise

import numpy as np

from dmf_core import limits
from dmf_core.data.npy import read_npy
from dmf_core.data.zips import SafeZip
from dmf_core.errors import BadInput

NPY_BYTES = limits.MAX_SIDE**2 * 16 + 4096


def read_factors(content: bytes) -> tuple[np.ndarray, ...]:  # (W_1, ..., W_N), W_j: [d_j, d_{j-1}] float64
    """The factors of W = W_N ... W_1. Raises BadInput."""
    if len(content) > limits.UPLOAD_BYTES:
        raise BadInput(f"The factors have {len(content) >> 20} MB; at most {limits.UPLOAD_BYTES >> 20} MB can be read.")
    with SafeZip(content, "The file of factors") as members:
        names = [f"W{j}.npy" for j in range(1, len(members.names) + 1)]
        if members.names != set(names) or not 1 <= len(names) <= limits.MAX_DEPTH:
            found = ", ".join(sorted(members.names)[:5]) or "nothing"
            raise BadInput(f"The file of factors holds {found}; it must hold W1 to WN, with N from 1 to {limits.MAX_DEPTH}.")
        factors = tuple(_factor(members.read(name, NPY_BYTES), name.removesuffix(".npy")) for name in names)
    for j, (lower, upper) in enumerate(pairwise(factors), start=1):
        if lower.shape[0] != upper.shape[1]:
            raise BadInput(
                f"W{j} is {_shape(lower)} and W{j + 1} is {_shape(upper)}, so W{j + 1} W{j} does not exist; "
                "W1 is applied first: its rows are the columns of W2."
            )
    return factors


def write_factors(factors: tuple[np.ndarray, ...]) -> bytes:
    """The inverse of `read_factors`, the same bytes for the same factors."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as members:
        for j, factor in enumerate(factors, start=1):
            array = io.BytesIO()
            np.save(array, np.ascontiguousarray(factor), allow_pickle=False)
            members.writestr(zipfile.ZipInfo(f"W{j}.npy"), array.getvalue())
    return stream.getvalue()


def _factor(content: bytes, name: str) -> np.ndarray:
    array = read_npy(content, name)
    if array.ndim != 2 or array.dtype.kind not in "fiub" or not all(1 <= side <= limits.MAX_SIDE for side in array.shape):
        raise BadInput(
            f"{name} is {array.dtype} of shape {array.shape}; a factor is a real matrix with sides up to {limits.MAX_SIDE}."
        )
    factor = array.astype(np.float64)
    if not (np.abs(factor) <= limits.MAX_ENTRY).all():  # false for NaN as well
        raise BadInput(f"{name} holds NaN, infinite or huge entries; give finite numbers up to {limits.MAX_ENTRY:g}.")
    return factor


def _shape(factor: np.ndarray) -> str:
    return f"{factor.shape[0]} x {factor.shape[1]}"
