"""Dense matrices as text."""

import time

import numpy as np
import pytest

from dmf_core import limits
from dmf_core.data import ReadOptions, read
from dmf_core.errors import BadInput


def read_matrix(name: str, content: bytes, options: ReadOptions | None = None) -> np.ndarray:
    return read(content, name, options or ReadOptions()).array


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
def test_table_separators_are_told_apart(separator: str) -> None:
    text = f"1.5{separator}2\n3{separator}-4e2\n"
    assert read_matrix("m.csv", text.encode()).tolist() == [[1.5, 2.0], [3.0, -400.0]]


@pytest.mark.parametrize("word", ["", "NaN", "nan", "NA", " ", "N/A", "null", "?"])
def test_table_unknown_entries_become_nan(word: str) -> None:
    matrix = read_matrix("m.csv", f"1,{word},3\n4,5,6".encode())
    assert np.isnan(matrix[0, 1])
    assert int(np.isnan(matrix).sum()) == 1


def test_table_header_and_index_are_left_out_and_named() -> None:
    table = read(b",a,b\nx,1,2\ny,,4\n", "m.csv")
    assert table.array[:, 0].tolist()[0] == 1
    assert table.array.shape == (2, 2)
    assert "names in the first row and column" in table.words
    assert "3 of 4" in table.words


def test_table_counting_index_of_a_spreadsheet_is_left_out() -> None:
    assert read_matrix("m.csv", b"index,a,b\n0,1,2\n1,3,4\n").tolist() == [[1, 2], [3, 4]]


def test_table_without_header_keeps_its_first_line() -> None:
    assert read_matrix("m.csv", b"1,2\n3,4\n").tolist() == [[1, 2], [3, 4]]


def test_table_quotes_byte_order_mark_and_line_ends_of_windows_are_understood() -> None:
    assert read_matrix("m.csv", b'\xef\xbb\xbf"1","2"\r\n"3","4"\r\n').tolist() == [[1, 2], [3, 4]]
    assert read_matrix("m.csv", "1\t2\n3\t4\n".encode("utf-16")).tolist() == [[1, 2], [3, 4]]


def test_table_with_semicolons_has_decimal_commas() -> None:
    assert read_matrix("m.csv", b"1,5;2\n3;4,25\n").tolist() == [[1.5, 2.0], [3.0, 4.25]]


def test_table_ragged_row_is_refused_with_its_line_and_both_counts() -> None:
    with pytest.raises(BadInput, match=r"Line 4 has 2 values, but line 1 has 3"):
        read_matrix("m.csv", b"1,2,3\n\n4,5,6\n7,8\n")


def test_table_word_is_refused_with_its_place() -> None:
    with pytest.raises(BadInput, match=r"Line 3 holds 'x1' in column 2"):
        read_matrix("m.csv", b"1,2\n3,4\n5,x1\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n", "no line with numbers"),
        (b"a,b\n", "no numbers and no entry"),
        (b"1,2\n", "1 x 2; both sides must be from 2"),
        (b",,\n,,\n", "no known entry"),
        (b"1,inf\n2,3\n", "row 1, column 2 is inf"),
        (b"1,2\n-1e13,3\n", "row 2, column 1 is -1e[+]13"),
        (b"1,2\n3_0,4\n", "which is not a number"),
        (b"\x00\x01\x02", "neither text, nor NPY"),
        (b"PK\x03\x04rest", "zip file"),
        (b"1,2\n" * 2002, "2\u202f002 rows"),
        (b",".join([b"1"] * 2100) + b"\n1\n", "Line 2 has 1 values, but line 1 has 2\u202f100"),
    ],
)
def test_table_faults_are_one_sentence(text: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as caught:
        read_matrix("m.csv", text)
    assert "\n" not in str(caught.value)


def test_quotes_that_do_not_match_are_said() -> None:
    reading = read(b'"1,2\n3,4\n', "m.csv")
    assert reading.array.tolist() == [[1, 2], [3, 4]]
    assert "The quotes of line 1 do not match" in reading.words


def test_upload_above_the_limit_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOAD_BYTES", 1 << 20)
    with pytest.raises(BadInput, match="at most 1 MB"):
        read_matrix("m.csv", b"x" * ((1 << 20) + 1))


def test_text_of_too_many_lines_is_refused_before_it_is_split() -> None:
    with pytest.raises(BadInput, match="4\u202f000\u202f001 lines"):
        read_matrix("m.csv", b"\n" * 4_000_001)


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(BadInput, match="kind of data is sound"):
        read_matrix("m.csv", b"1,2\n3,4", ReadOptions(kind="sound"))  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="image side is 1"):
        read_matrix("m.csv", b"1,2\n3,4", ReadOptions(image_side=1))


def test_table_of_full_size_is_read_in_five_seconds() -> None:
    rng = np.random.default_rng(0)
    row = ",".join(f"{value:.6g}" for value in rng.normal(size=2000))
    began = time.process_time()  # of the processor, whoever else uses it
    matrix = read_matrix("m.csv", "\n".join([row] * 2000).encode())
    assert matrix.shape == (2000, 2000)
    assert time.process_time() - began < 5
