"""Lists of known entries, and telling them from dense matrices."""

import csv
import io
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from dmf_core.data import ReadOptions, read
from dmf_core.data.sparse import SparseMatrix
from dmf_core.data.summary import PIECE, empty_note, unit_of
from dmf_core.errors import BadInput


def read_matrix(name: str, content: bytes, options: ReadOptions | None = None) -> np.ndarray:
    return read(content, name, options or ReadOptions()).array


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
    table = read(content, name)
    assert "list of entries" in table.words
    expected = np.full((3, 4), np.nan)
    for user, item, value in LINES:
        expected[[1, 2, 10].index(user), [3, 7, 20, 100].index(item)] = value
    np.testing.assert_array_equal(table.array, expected)


def test_ratings_ids_are_sorted_by_number_when_they_are_numbers_else_as_text() -> None:
    numbers = read_matrix("r", b"user,item,rating\n10,1,5\n9,1,4\n9,2,3\n")
    assert numbers[:, 0].tolist() == [4, 5]
    words = read_matrix("r", b"user,item,rating\nb10,x,5\nb9,x,4\nb9,y,3\n")
    assert words[:, 0].tolist() == [5, 4]


def test_ratings_pair_that_stands_twice_takes_the_last_value_and_says_so() -> None:
    table = read(b"user,item,rating\n1,1,5\n2,2,4\n1,1,2\n", "r")
    assert table.array[0, 0] == 2
    assert "1 entry repeats the row and column of another one; the last value counts" in table.words


@pytest.mark.parametrize("text", [b"1,2,3\n4,5,6\n7,8,9", b"\n".join(b"%d,%d,%d" % (3 * i, i * i, 3) for i in range(1, 40))])
def test_small_or_plain_matrix_of_three_columns_stays_dense(text: bytes) -> None:
    table = read(text, "m.csv")
    assert "a table of" in table.words
    assert table.array.shape[1] == 3


def test_kind_overrides_the_guess() -> None:
    text = b"1,2,3\n4,5,6\n7,8,9"
    assert read_matrix("m.csv", text, ReadOptions(kind="list")).shape == (3, 3)
    assert read_matrix("m.csv", _text(","), ReadOptions(kind="table")).shape == (len(LINES), 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"1::2::3\n1::2\n", "Line 2 has 2 fields"),
        (b"1::2::3\n1::2::x\n", "Line 2 has the value 'x'"),
        (b"1::2::3\n::2::1\n", "a row, a column"),
        (b"user::item::rating\n", "no entry of a list below"),
        (b"1::1::3\n", "1 x 1"),
    ],
)
def test_ratings_faults_are_one_sentence(text: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_matrix("ratings.dat", text)


def test_list_longer_than_a_matrix_is_cut_to_the_most_rated_and_says_so() -> None:
    lines = [f"{user}::{item}::{(user + item) % 5}" for user in range(2100) for item in range(2 if user % 2 else 3)]
    reading = read("\n".join(lines).encode(), "ratings.dat")
    assert reading.array.shape == (2000, 3)
    assert (reading.account.dropped_rows, reading.account.dropped_columns) == (100, 0)
    assert "2\u202f100 x 3" in reading.words
    smaller = read("\n".join(lines).encode(), "ratings.dat", ReadOptions(largest=50))
    assert smaller.array.shape == (50, 3)
    assert smaller.account.row_names is not None
    assert all(int(name) % 2 == 0 for name in smaller.account.row_names)  # these have three entries


def test_ratings_of_movielens_size_cost_little_more_than_splitting_their_lines() -> None:
    """Both are measured in turn on one machine, so that its speed and its other work cancel.

    Splitting takes 0.03 s of a processor that reads the whole list in 0.15 s (the limit is 0.5 s).
    """
    rng = np.random.default_rng(0)
    places = rng.choice(943 * 1682, 100_000, replace=False)
    text = "\n".join(f"{place // 1682 + 1}\t{place % 1682 + 1}\t{place % 5 + 1}\t881250949" for place in places)
    split, whole = [], []
    for _ in range(3):
        began = time.process_time()
        rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
        between = time.process_time()
        matrix = read_matrix("u.data", text.encode())
        split.append(between - began)
        whole.append(time.process_time() - between)
        assert len(rows) == int((~np.isnan(matrix)).sum()) == 100_000
    assert min(whole) < 12 * min(split), (whole, split)


@pytest.mark.parametrize(
    ("line", "sides"),
    [
        ("{u}\t{i}\t{v}\t88125{u:04}\n", (400, 600)),
        ("u{u:04},i{i:04},{v}\n", (2000, 2000)),
        ('"{u}";"0{i:06}X";"{v}"\n', (9000, 20_000)),
    ],
    ids=["u.data", "names of 16 bytes a line", "many ids, cut, as BookCrossing"],
)
def test_reading_takes_at_most_ten_times_the_memory_of_the_file(tmp_path: Path, line: str, sides: tuple[int, int]) -> None:
    """Counted by tracemalloc. The cut 2000 x 2000 matrix alone would take 36 times the last file."""
    rng = np.random.default_rng(0)
    users, items, values = (rng.integers(1, most + 1, 40_000) for most in (*sides, 5))
    file = tmp_path / "ratings"
    file.write_text("".join(line.format(u=u, i=i, v=v) for u, i, v in zip(users, items, values, strict=True)))
    options = ReadOptions(kind="list")
    read(b"1\t2\t3\n1\t3\t4\n2\t2\t5\n2\t3\t1\n", "warm.tsv", ReadOptions(kind="list"))  # imports are not counted
    tracemalloc.start()
    try:
        reading = read(file, options=options)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= 10 * file.stat().st_size
    assert reading.account.known == int((~np.isnan(reading.array)).sum())


def test_unit_of_a_list_is_that_of_its_matrix_to_the_last_bit() -> None:
    """Several pieces of PIECE entries, with rows between that hold nothing, because the sums must be taken in one order."""
    rng = np.random.default_rng(0)
    dense = np.where(rng.random((700, 900)) < 0.01, rng.normal(size=(700, 900)), np.nan)
    dense[100:400] = np.nan
    rows, columns = np.nonzero(~np.isnan(dense))
    sparse = SparseMatrix(rows.astype(np.int32), columns.astype(np.int32), dense[rows, columns], dense.shape)
    np.testing.assert_array_equal(sparse.dense(), dense)
    assert dense.size > 4 * PIECE
    assert unit_of(sparse) == unit_of(dense)
    assert empty_note(sparse) == empty_note(dense)


def test_pair_that_stands_often_has_the_value_of_the_rule() -> None:
    """Many lines, so that an assignment that took them in another order would show."""
    lines = [(k % 50, k % 40, k) for k in range(4000)]
    text = "user,item,rating\n" + "".join(f"{i},{j},{v}\n" for i, j, v in lines)
    expected = {"last": np.full((50, 40), np.nan), "first": np.full((50, 40), np.nan)}
    for i, j, v in lines:
        expected["last"][i, j] = v
        if np.isnan(expected["first"][i, j]):
            expected["first"][i, j] = v
    for rule, matrix in expected.items():
        table = read(text.encode(), "r.csv", ReadOptions(duplicates=rule))  # type: ignore[arg-type]
        np.testing.assert_array_equal(table.array, matrix)
        assert table.account.repeated == 4000 - 200
