"""Which kind of file this is, and the matrix in it. The web upload and the command line use the same."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dmf_core import limits
from dmf_core.data import images, npy, ratings, tables, tensors, text
from dmf_core.errors import BadInput
from dmf_core.numerals import whole

Kind = Literal["auto", "matrix", "ratings", "image", "tensor"]
KINDS: tuple[Kind, ...] = ("auto", "matrix", "ratings", "image", "tensor")


@dataclass(frozen=True)
class DataOptions:
    """What a person can say about a file. `auto` decides by the rules in `recognize`."""

    kind: Kind = "auto"
    image_side: int = 100  # the longer side of a picture, in pixels, after it is reduced


@dataclass(frozen=True, eq=False)
class Recognized:
    """A matrix and, in words, how the file was read."""

    matrix: np.ndarray  # [rows, columns], or the sides of a tensor; float64, NaN where unknown
    words: str  # a sentence for the page


def read_matrix(name: str, content: bytes, options: DataOptions = DataOptions()) -> np.ndarray:
    """The matrix of a file [rows, columns], or its tensor, float64, NaN where unknown. Raises BadInput."""
    return recognize(name, content, options).matrix


def recognize(name: str, content: bytes, options: DataOptions = DataOptions()) -> Recognized:
    """The matrix of a file, and how it was read. Raises BadInput.

    Rules of `auto`, in this order: the first bytes say NPY or picture; a picture's file ending says picture;
    everything else is text, and a list of ratings when `ratings.is_ratings` says so, else a dense matrix. An NPY file may hold a
    tensor; a list of the entries of one is read as such only when it is called so: ratings with their times look the same.
    """
    _check(name, content, options)
    if options.kind == "image" or (options.kind == "auto" and images.is_image(name, content)):
        matrix, words = images.read_image(content, options.image_side)
    elif npy.is_npy(content):
        if options.kind == "ratings":
            raise BadInput("An NPY file holds a dense matrix, not a list of ratings; choose the kind matrix or auto.")
        matrix, words = npy.read_npy_matrix(content)
        if options.kind == "matrix" and matrix.ndim > 2:
            raise BadInput(
                f"The NPY file holds an array of {matrix.ndim} dimensions; a matrix has 2: choose the kind tensor or auto."
            )
    else:
        table = text.split(name, content)
        if options.kind == "tensor":
            matrix, words = tensors.read_tensor(table)
        elif options.kind == "ratings" or (options.kind == "auto" and ratings.is_ratings(table)):
            matrix, words = ratings.read_ratings(table)
        else:
            matrix, words = tables.read_table(table)
    return Recognized(_checked(matrix), words)


def _check(name: str, content: bytes, options: DataOptions) -> None:
    if options.kind not in KINDS:
        raise BadInput(f"The kind of data is {options.kind}; it must be one of {', '.join(KINDS)}.")
    if not limits.MIN_SIDE <= options.image_side <= limits.MAX_SIDE:
        raise BadInput(f"The image side is {options.image_side}; choose from {limits.MIN_SIDE} to {limits.MAX_SIDE} pixels.")
    if len(content) > limits.UPLOAD_BYTES:
        raise BadInput(
            f"{shown(name)} has {len(content) / 2**20:,.0f} MB; at most {limits.UPLOAD_BYTES >> 20} MB can be read: "
            "give a smaller matrix or only its known entries."
        )
    if not content:
        raise BadInput(f"{shown(name)} is empty; give a file with a matrix.")


def shown(name: str) -> str:
    """A file name fit for a sentence."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in last if letter.isprintable())
    return (clean if len(clean) <= 60 else clean[:57] + "...") or "The file"


def _checked(matrix: np.ndarray) -> np.ndarray:
    """The matrix, if a run can use it."""
    if matrix.ndim > 2:
        return _checked_tensor(matrix)
    rows, columns = matrix.shape
    if not all(limits.MIN_SIDE <= side <= limits.MAX_SIDE for side in (rows, columns)):
        raise BadInput(f"The matrix is {rows} x {columns}; both sides must be from {limits.MIN_SIDE} to {limits.MAX_SIDE}.")
    large = np.argwhere(np.abs(matrix) > limits.MAX_ENTRY)
    if len(large):
        row, column = large[0]
        raise BadInput(
            f"The entry in row {row + 1}, column {column + 1} is {matrix[row, column]:g}; "
            f"entries must be finite and at most {limits.MAX_ENTRY:g} in size: leave unknown ones empty, rescale large ones."
        )
    if np.isnan(matrix).all():
        raise BadInput("The matrix has no known entry; give at least one number.")
    return matrix


def _checked_tensor(tensor: np.ndarray) -> np.ndarray:
    shape = " x ".join(str(side) for side in tensor.shape)
    if not all(limits.MIN_SIDE <= side <= limits.MAX_SIDE for side in tensor.shape) or tensor.size > limits.MAX_ENTRIES:
        raise BadInput(
            f"The tensor is {shape}; its sides must be from {limits.MIN_SIDE} to {limits.MAX_SIDE}, and its entries at most "
            f"{whole(limits.MAX_ENTRIES)}."
        )
    if not (np.isnan(tensor) | (np.abs(tensor) <= limits.MAX_ENTRY)).all():
        raise BadInput(
            f"The tensor has an entry that is infinite or larger than {limits.MAX_ENTRY:g}; leave it unknown, or rescale."
        )
    if np.isnan(tensor).all():
        raise BadInput("The tensor has no known entry; give at least one number.")
    return tensor
