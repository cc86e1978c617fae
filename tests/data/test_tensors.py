"""A tensor from a file: NPY with NaN, or a list of its known entries."""

import io

import numpy as np
import pytest

from dmf_core.data import ReadOptions, read
from dmf_core.errors import BadInput


def read_matrix(name: str, content: bytes, options: ReadOptions | None = None) -> np.ndarray:
    return read(content, name, options or ReadOptions()).array


AS_LIST = ReadOptions(kind="tensor")
LIST = b"i j k value\n1 1 1 0.5\n2 3 2 1.5\n1 2 2 -1\n"
BAD = {  # a list, what its sentence must say
    b"1 2 3\n": "Line 1 has 3 fields",
    b"1 1 1 0.5\n1 2 0.5\n": "Line 2",
    b"1 1 1 0.5\n1 x 1 2\n": "Line 2",
    b"1 1 1 much\n1 1 1 2\n": "Line 1",
    b"1 1 1 0.5\n900000 900000 2 1\n": "at most 4\u202f000\u202f000 entries",
    b"1 1 1 0.5\n1 2 2 1\n": "1 x 2 x 2",
    b"1 1 1 0.5\n2 2 2 1e300\n": "larger than",
    b"1 1 1 nan\n2 2 2 nan\n": "no known entry",
    b"1 -1 1 1\n2 2 2 1\n": "Line 1",
}


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("separator", [" ", ",", "\t"])
def test_list_of_entries_is_the_tensor_it_lists(first: int, separator: str) -> None:
    tensor = np.full((3, 2, 4, 2), np.nan)
    random = np.random.default_rng(0)
    for place in [(0, 0, 0, 0), (2, 1, 3, 1), (1, 0, 2, 1)]:
        tensor[place] = random.normal()
    lines = [[*(i + first for i in place), float(tensor[place])] for place in zip(*np.nonzero(~np.isnan(tensor)), strict=True)]
    content = "\n".join(separator.join(str(each) for each in line) for line in reversed(lines)).encode()
    np.testing.assert_array_equal(read_matrix("t.txt", content, AS_LIST), tensor)


def test_header_of_words_is_left_out() -> None:
    assert read_matrix("t.txt", LIST, AS_LIST).shape == (2, 3, 2)


@pytest.mark.parametrize("content", BAD)
def test_bad_list_gets_one_sentence(content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read_matrix("t.txt", content, AS_LIST)
    assert BAD[content] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_npy_tensor_keeps_its_entries_and_its_holes() -> None:
    stream = io.BytesIO()
    tensor = np.random.default_rng(0).normal(size=(2, 3, 4))
    tensor[1, 2, 3] = np.nan
    np.save(stream, tensor)
    np.testing.assert_array_equal(read_matrix("t.npy", stream.getvalue()), tensor)
    with pytest.raises(BadInput, match="a matrix has 2"):
        read_matrix("t.npy", stream.getvalue(), ReadOptions(kind="table"))
