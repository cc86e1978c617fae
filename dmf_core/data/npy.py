"""NPY files from strangers: the header is checked before anything is allocated, and nothing is ever unpickled."""

import io
import math
import warnings

import numpy as np

from dmf_core.errors import BadInput
from dmf_core.formatting import whole

MAGIC = b"\x93NUMPY"
HEADER_BYTES = 4096  # of a header, which Python's parser reads; that of a plain array has about 128


def is_npy(content: bytes) -> bool:
    return content.startswith(MAGIC)


def read_npy(content: bytes, kind: str) -> np.ndarray:
    """The array, a view into `content`. `kind` begins the sentence when something is wrong. Raises BadInput."""
    shape, fortran, dtype, offset = _header(content, kind)
    if dtype.hasobject:
        raise BadInput(f"{kind} holds pickled Python objects, which could run code; save it as plain numbers.")
    if any(not isinstance(side, int) or isinstance(side, bool) or side < 0 for side in shape):
        raise BadInput(f"{kind} has the impossible shape {str(shape)[:60]}; save it again.")
    needed, present = math.prod(shape) * dtype.itemsize, len(content) - offset
    if needed != present:
        raise BadInput(
            f"{kind} says shape {_shown(shape)}, which needs {_counted(needed)} bytes, but {whole(present)} are there; "
            "save it again."
        )
    if needed == 0:
        return np.empty(shape, dtype)
    return np.frombuffer(content, dtype, offset=offset).reshape(shape, order="F" if fortran else "C")


def _header(content: bytes, kind: str) -> tuple[tuple[int, ...], bool, np.dtype[np.generic], int]:
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        second = np.lib.format.read_array_header_2_0  # version 3 differs where names of fields are not ASCII
        read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): second, (3, 0): second}[version]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shape, fortran, dtype = read(stream, max_header_size=HEADER_BYTES)
    except Exception:  # the header is parsed as Python: any of its parser's errors can come
        raise BadInput(f"{kind} is not a valid NPY file (its header cannot be read); save it again with numpy.save.") from None
    return shape, fortran, dtype, stream.tell()


def _shown(shape: tuple[int, ...]) -> str:
    text = " x ".join(f"{side}" if side < 10**15 else f"about 10^{len(str(side)) - 1}" for side in shape[:6])
    return (text or "()") + (" x ..." if len(shape) > 6 else "")


def _counted(count: int) -> str:
    return whole(count) if count < 10**15 else f"about 10^{len(str(count)) - 1}"
