"""Whatever the bytes: a matrix that a run can use, or one sentence."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from benchmarks.fuzz.uploads import check
from dmf_core.data import ReadOptions, read, read_factors
from dmf_core.errors import BadInput


def read_matrix(name: str, content: bytes, options: ReadOptions | None = None) -> np.ndarray:
    return read(content, name, options or ReadOptions()).array


NAMES = ("m.csv", "u.data", "ratings.dat", "m.npy", "p.png", "p.jpg", "p.tif", "t.tns", "m.mat", "noname", "../../x.csv\0")
KINDS = ("auto", "table", "list", "picture", "tensor")
TEXT = st.text(st.sampled_from("0123456789.,;:\t\n\r -+eENaif_\"'#%[]{}xé\x00|\\\u2212\u202f"), max_size=200).map(str.encode)
CASES = [path.read_bytes() for path in sorted((Path(__file__).parent / "cases").iterdir()) if path.stat().st_size < 3000]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=300) | TEXT, st.sampled_from(KINDS))
def test_any_bytes_give_a_matrix_or_a_sentence(name: str, content: bytes, kind: str) -> None:
    check(name, content, ReadOptions(kind=kind))


def _seeds() -> list[bytes]:
    stream = io.BytesIO()
    np.save(stream, np.arange(12.0).reshape(3, 4))
    seeds = [stream.getvalue(), b"1,2,3\n4,,6\n", b"1::2::3\n2::1::4\n", *CASES]
    for kind in ("PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"):
        stream = io.BytesIO()
        Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(stream, kind)
        seeds.append(stream.getvalue())
    return seeds


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_seeds()), st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6), st.data())
def test_damaged_files_give_a_matrix_or_a_sentence(seed: bytes, changes: list[tuple[int, int]], data: st.DataObject) -> None:
    content = bytearray(seed)
    for place, value in changes:
        content[place % len(content)] = value
    end = data.draw(st.integers(0, len(content)))
    check("file", bytes(content[:end] if data.draw(st.booleans()) else content))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=4))
def test_damaged_factors_give_factors_or_a_sentence(changes: list[tuple[int, int]]) -> None:
    stream = io.BytesIO()
    np.savez(stream, W1=np.ones((2, 3)), W2=np.ones((4, 2)))
    content = bytearray(stream.getvalue())
    for place, value in changes:
        content[place % len(content)] = value
    try:
        factors = read_factors(bytes(content))
    except BadInput as error:
        assert "\n" not in str(error)
        return
    assert all(np.isfinite(factor).all() for factor in factors)


@pytest.mark.parametrize("kind", ["table", "list"])
@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.floats(-1e6, 1e6) | st.none(), min_size=3, max_size=3), min_size=3, max_size=8), st.sampled_from(",;\t")
)
def test_written_tables_are_read_as_they_are(kind: str, rows: list[list[float | None]], separator: str) -> None:
    if not any(value is not None for row in rows for value in row):
        return
    entries = [(i, j, value) for i, row in enumerate(rows) for j, value in enumerate(row)]
    if kind == "table":
        text = "\n".join(separator.join("NaN" if value is None else repr(value) for value in row) for row in rows)
        expected = np.array([[np.nan if value is None else value for value in row] for row in rows])
    else:
        given_ones = [(i, j, 0.0 if value is None else value) for i, j, value in entries]
        text = "\n".join(separator.join(map(repr, entry)) for entry in given_ones)
        expected = np.array([[0.0 if value is None else value for value in row] for row in rows])
    table = read_matrix("m", text.encode(), ReadOptions(kind=kind, header=False, index=False))
    np.testing.assert_array_equal(table, expected)
