"""NPY files and files of factors, from strangers."""

import io
import zipfile

import numpy as np
import pytest

from dmf_core.data import ReadOptions, read, read_factors
from dmf_core.data.factors import check_chain
from dmf_core.errors import BadInput


def read_matrix(name: str, content: bytes, options: ReadOptions | None = None) -> np.ndarray:
    return read(content, name, options or ReadOptions()).array


def _npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f8", "i4", "u1", "?"])
def test_npy_of_any_real_type_is_read(dtype: str) -> None:
    array = np.array([[0, 1], [1, 0], [1, 1]]).astype(dtype)
    assert read_matrix("m.npy", _npy(array)).tolist() == [[0, 1], [1, 0], [1, 1]]


def test_npy_in_columns_and_with_nan_keeps_its_entries() -> None:
    array = np.asfortranarray([[1.0, np.nan, 3.0], [4.0, 5.0, 6.0]])
    np.testing.assert_array_equal(read_matrix("m.npy", _npy(array)), array)


def test_npy_without_rows_lists_nothing() -> None:
    with pytest.raises(BadInput, match="The list has no entry"):
        read_matrix("m.npy", _npy(np.empty((0, 3))), ReadOptions(kind="list"))


def _with_header(header: str, body: bytes = b"") -> bytes:
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + body


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (_npy(np.array([[1, "a"], [2, None]], dtype=object)), "pickled Python objects"),
        (_npy(np.ones((2, 2), dtype=complex)), "complex128"),
        (_npy(np.ones(4)), "1 dimension,"),
        (_npy(np.ones((2,) * 7)), "7 dimensions"),
        (_npy(np.array([["a", "b"], ["c", "d"]])), "type <U1"),
        (_npy(np.ones((5, 5)))[:-8], "needs 200 bytes, but 192 are there"),
        (_npy(np.array([[1.0, np.inf], [0, 0]])), "is inf"),
        (_with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000000000), }"), "about 10\\^18 bytes"),
        (_with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 4), }"), "impossible shape"),
        (_with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 4), }"), "0 x 4"),
        (_with_header("{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }", b"cos\nsystem\n(S'true'\ntR."), "pickled"),
        (_with_header("__import__('os').system('true')"), "header cannot be read"),
        (b"\x93NUMPY\x09\x00", "header cannot be read"),
    ],
)
def test_npy_faults_are_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_matrix("m.npy", content)


def test_factors_saved_by_numpy_come_in_order_as_float64() -> None:
    stream = io.BytesIO()
    np.savez(stream, W2=np.full((5, 3), 2.0), W1=np.ones((3, 4), np.float32))
    factors = read_factors(stream.getvalue())
    assert [factor.shape for factor in factors] == [(3, 4), (5, 3)]
    assert all(factor.dtype == np.float64 for factor in factors)


def _npz(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"nonsense", "not a complete zip"),
        (_npz(), "holds nothing"),
        (_npz(W2=_npy(np.ones((2, 2)))), "must hold W1 to WN"),
        (_npz(W1=_npy(np.ones((2, 2))), evil=b""), "must hold W1 to WN"),
        (_npz(W1=_npy(np.array([[1.0, np.nan]]))), "NaN, infinite or huge"),
        (_npz(W1=_npy(np.array([[{}]], dtype=object))), "pickled"),
        (_npz(W1=_npy(np.ones((3, 0)))), "an array of real numbers"),
        (_npz(W1=_npy(np.ones((3, 2), dtype=complex))), "an array of real numbers"),
        (_npz(**{f"W{j}": _npy(np.ones((2, 2))) for j in range(1, 102)}), "N from 1 to 100"),
    ],
)
def test_factors_faults_are_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_factors(content)


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        ([(3, 4), (5, 2)], "W2 W1 does not exist"),
        ([(3,)], "W1 has shape .3,.; a factor of a matrix is a matrix"),
        ([(3, 4, 2)], "name its model"),
        ([(2, 2)] * 9, "at most 8"),
        ([(3, 4), (5, 3), (2, 5)], "hidden widths .3, 5.; they must all be equal"),
    ],
)
def test_factors_of_no_matrix_are_refused(shapes: list[tuple[int, ...]], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        check_chain(tuple(np.ones(shape) for shape in shapes))
