"""Arrays in files of NumPy and SciPy: never unpickled, their sizes checked before they are read."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dmf_core import limits
from dmf_core.data.cells import short
from dmf_core.data.entries import Entries
from dmf_core.data.npy import read_npy
from dmf_core.data.reading import Ambiguous, Choice, printable
from dmf_core.data.zips import ANY_ARRAY, SafeZip
from dmf_core.errors import BadInput
from dmf_core.formatting import whole

SPARSE = {"_is_array", "row", "col", "data", "shape", "format", "indices", "indptr"}
MOST_SIDE = 10**7  # of a sparse matrix, before it is cut
BYTES = limits.UPLOAD_BYTES * 2  # of one array, unpacked
UNLISTED = "Entries that the sparse matrix does not list were taken as unknown, not as 0."


@dataclass(frozen=True, eq=False)
class Loaded:
    """A dense array or a sparse matrix of a file, and the name of the file's format for sentences."""

    value: np.ndarray | Entries
    format: str  # "NPY"
    notes: tuple[str, ...] = ()
    part: str | None = None  # which of several arrays it is
    parts: tuple[str, ...] = ()  # the names of all of them


def from_npy(content: bytes) -> Loaded:
    """Raises BadInput."""
    return Loaded(read_npy(content, "The NPY file"), "NPY")


def from_npz(content: bytes, part: str | None) -> Loaded:
    """The chosen array, or the only one that is a matrix or tensor. Raises BadInput, Ambiguous."""
    with SafeZip(content, "The NPZ file", ANY_ARRAY) as members:
        names = {name.removesuffix(".npy") for name in members.names}

        def load(name: str) -> np.ndarray:
            return read_npy(members.read(f"{name}.npy", BYTES), f"The array {short(name)}")

        if {"data", "shape", "format"} <= names <= SPARSE:
            return Loaded(_sparse({name: load(name) for name in names}), "SciPy", (UNLISTED,))
        arrays = {name: load(name) for name in sorted(names)} if part is None else {}
        fitting = {name: array for name, array in arrays.items() if _fits(array)}
        chosen = chosen_part(part, sorted(names), {name: array.shape for name, array in fitting.items()}, "array")
        array = load(chosen) if part is not None else arrays[chosen]
    notes = (f"Of {len(names)} arrays, {short(chosen)} was read.",) if len(names) > 1 else ()
    return Loaded(array, "NPZ", notes, chosen, tuple(sorted(names)))


def _guarded(load: Callable[[], Any], kind: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load()
    except MemoryError:
        raise BadInput(f"{kind} needs more memory than there is; give a smaller one.") from None
    except Exception as error:  # readers raise nearly everything on broken files
        reason = " ".join(str(error).split())[:80] or type(error).__name__
        raise BadInput(f"{kind} cannot be read ({reason}); save it again.") from None


def chosen_part(part: str | None, names: list[str], fitting: dict[str, tuple[int, ...]], noun: str) -> str:
    if part is not None:
        if part not in names:
            raise BadInput(f"There is no {noun} {part[:40]!r}; the file holds {', '.join(map(short, names[:10])) or 'none'}.")
        return part
    if len(fitting) == 1:
        return next(iter(fitting))
    if not fitting:
        if len(names) == 1:
            return names[0]
        listed = ", ".join(map(short, names[:10])) or "none"
        raise BadInput(f"None of the file's {len(names)} {noun}s is a matrix or tensor; it holds {listed}.")
    sizes = ((name, " x ".join(map(str, shape))) for name, shape in list(fitting.items())[:6])
    raise Ambiguous(
        f"The file holds several {noun}s",
        *(Choice(f"the {noun} {printable(name)}, {size}", {"part": name}) for name, size in sizes),
    )


def _fits(array: np.ndarray) -> bool:
    return array.dtype.kind in "fiub" and sides_fit(array.shape)


def sides_fit(shape: tuple[int, ...]) -> bool:
    sides = [side for side in shape if side != 1]
    return 2 <= len(sides) <= limits.MAX_ORDER


def _sparse(arrays: dict[str, np.ndarray]) -> Entries:
    """What scipy.sparse.save_npz wrote, its indices checked. Raises BadInput."""
    from scipy import sparse

    shape, form = arrays["shape"], bytes(arrays["format"].tobytes()).replace(b"\0", b"").decode("latin-1")
    builders = {"csr": sparse.csr_array, "csc": sparse.csc_array, "coo": sparse.coo_array}
    needs = {"coo": {"row", "col"}}.get(form, {"indices", "indptr"})
    if form not in builders or not needs <= set(arrays) or shape.shape != (2,) or shape.dtype.kind != "i":
        raise BadInput("The sparse matrix is neither csr, csc nor coo; write it with scipy.sparse.save_npz(name, A.tocsr()).")
    sides = (int(shape[0]), int(shape[1]))

    def build() -> Any:
        index = (arrays["row"], arrays["col"]) if form == "coo" else (arrays["indices"], arrays["indptr"])
        matrix = builders[form]((arrays["data"], index) if form == "coo" else (arrays["data"], *index), shape=sides)
        if form != "coo":
            matrix.check_format(full_check=True)
        return matrix.tocoo()

    matrix = _guarded(build, "The sparse matrix")
    return entries_of(matrix.row, matrix.col, np.asarray(matrix.data), sides)


def entries_of(rows: np.ndarray, columns: np.ndarray, values: np.ndarray, shape: tuple[int, int]) -> Entries:
    """The entries of a sparse matrix; its rows and columns are named from 1. Raises BadInput."""
    if values.dtype.kind not in "fiub":
        raise BadInput(f"The sparse matrix holds values of type {values.dtype}; give real numbers.")
    if max(shape) > MOST_SIDE:
        raise BadInput(f"The sparse matrix is {whole(shape[0])} x {whole(shape[1])}; give a part of it.")
    if len(rows) and not (rows.min() >= 0 and rows.max() < shape[0] and columns.min() >= 0 and columns.max() < shape[1]):
        raise BadInput("The sparse matrix has an entry outside of its sides; save it again.")
    names = (tuple(map(str, range(1, side + 1))) for side in shape)
    return Entries(rows.astype(np.int64), columns.astype(np.int64), values.astype(np.float64), *names)
