"""Lists of known entries, and telling them from dense matrices."""

import time

import numpy as np
import pytest

from dmf_core.data import DataOptions, read_matrix, recognize
from dmf_core.errors import BadInput

LINES = [(user, item, (user * 7 + item) % 5 + 1) for user in (1, 2, 10) for item in (3, 20, 100, 7) if (user + item) % 6]


def _text(separator: str, header: str = "", extra: str = "") -> bytes:
    return (header + "\n".join(separator.join(map(str, line)) + extra for line in LINES)).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("u.data", _text("\t", extra="\t881250949")),
        ("ratings.dat", _text("::", extra="::978300760")),
        ("ratings.csv", _text(",", header="userId,movieId,rating,timestamp\n", extra=",964982703")),
        ("plain.csv", _text(",")),
        ("spaces.txt", _text(" ")),
    ],
)
def test_ratings_of_every_layout_give_the_same_matrix(name: str, content: bytes) -> None:
    found = recognize(name, content)
    assert "list of ratings" in found.words
    expected = np.full((3, 4), np.nan)
    for user, item, value in LINES:
        expected[[1, 2, 10].index(user), [3, 7, 20, 100].index(item)] = value
    np.testing.assert_array_equal(found.matrix, expected)


def test_ratings_ids_are_sorted_by_number_when_they_are_numbers_else_as_text() -> None:
    numbers = read_matrix("r", b"user,item,rating\n10,1,5\n9,1,4\n9,2,3\n")
    assert numbers[:, 0].tolist() == [4, 5]
    words = read_matrix("r", b"user,item,rating\nb10,x,5\nb9,x,4\nb9,y,3\n")
    assert words[:, 0].tolist() == [5, 4]


def test_ratings_pair_that_stands_twice_takes_the_last_value_and_says_so() -> None:
    found = recognize("r", b"user,item,rating\n1,1,5\n2,2,4\n1,1,2\n")
    assert found.matrix[0, 0] == 2
    assert "1 pairs stood twice" in found.words


@pytest.mark.parametrize("text", [b"1,2,3\n4,5,6\n7,8,9", b"\n".join(b"%d,%d,%d" % (i, i * i, 3) for i in range(1, 40))])
def test_small_or_plain_matrix_of_three_columns_stays_dense(text: bytes) -> None:
    found = recognize("m.csv", text)
    assert "dense" in found.words
    assert found.matrix.shape[1] == 3


def test_kind_overrides_the_guess() -> None:
    text = b"1,2,3\n4,5,6\n7,8,9"
    assert read_matrix("m.csv", text, DataOptions(kind="ratings")).shape == (3, 3)
    assert read_matrix("m.csv", _text(","), DataOptions(kind="matrix")).shape == (len(LINES), 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"1::2::3\n1::2\n", "Line 2 has 2 fields"),
        (b"1::2::3\n1::2::x\n", "Line 2 has the value 'x'"),
        (b"1::2::3\n1::2::nan\n", "Line 2 has the value 'nan'"),
        (b"1::2::3\n::2::1\n", "a row, a column"),
        (b"user::item::rating\n", "no rating"),
        (b"\n".join(b"%d::1::3" % i for i in range(2001)), "more than 2000 different rows"),
        (b"\n".join(b"1::%d::3" % i for i in range(2001)), "more than 2000 different columns"),
        (b"1::1::3\n", "1 x 1"),
    ],
)
def test_ratings_faults_are_one_sentence(text: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_matrix("ratings.dat", text)


def test_ratings_of_movielens_size_are_read_in_a_second() -> None:
    rng = np.random.default_rng(0)
    places = rng.choice(943 * 1682, 100_000, replace=False)
    text = "\n".join(f"{place // 1682 + 1}\t{place % 1682 + 1}\t{place % 5 + 1}\t881250949" for place in places)
    began = time.perf_counter()
    matrix = read_matrix("u.data", text.encode())
    assert time.perf_counter() - began < 1
    assert int((~np.isnan(matrix)).sum()) == 100_000
