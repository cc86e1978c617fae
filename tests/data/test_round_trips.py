"""Matrices and lists written in drawn dialects: read as they were, or asked, or what could be meant otherwise is said."""

import csv
import io
import random

import numpy as np
import pytest

from dmf_core.data import Ambiguous, Reading, read

BATCHES, DRAWS = 4, 60
MARKS = ("", "NA", "NaN", "?", "-", "NULL", ".")
DIALECTS = ((",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("|", "."), (" ", "."), (" ", ","))


def _values(kind: str, rows: int, columns: int, source: np.random.Generator) -> np.ndarray:
    shape = (rows, columns)
    if kind == "decimals":
        return np.round(source.normal(size=shape), 3)
    if kind == "large":
        return np.round(1e6 * source.normal(size=shape), 1)
    if kind == "halves":
        return source.integers(1, 11, shape) / 2
    return source.integers(*{"answers": (1, 6), "marks": (0, 101), "truth": (0, 2)}[kind], shape).astype(float)


def _written(rows: list[list[str]], separator: str, draw: random.Random) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator=draw.choice(["\n", "\r\n"]), quoting=draw.choice([0, 0, 1]))
    writer.writerows(rows)
    return stream.getvalue().encode(draw.choice(["utf-8", "utf-8-sig", "utf-16"]))


def _number(value: float, mark: str, decimal: str) -> str:
    return (
        mark
        if np.isnan(value)
        else f"{value:g}".replace(".", decimal)
        if abs(value) < 1e5
        else f"{value:.1f}".replace(".", decimal)
    )


def _name(form: str, place: int) -> str:
    return str(1990 + place) if form == "{} years" else form.format(place)


def _same(reading: Reading, matrix: np.ndarray) -> bool:
    return reading.array.shape == matrix.shape and np.array_equal(reading.array, matrix, equal_nan=True)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_matrix_in_a_drawn_dialect_is_read_or_asked_or_its_doubt_is_said(batch: int) -> None:
    for seed in range(batch * DRAWS, (batch + 1) * DRAWS):
        draw, source = random.Random(seed), np.random.default_rng(seed)
        rows, columns = draw.randint(3, 30), draw.randint(2, 12)
        matrix = _values(draw.choice(["decimals", "large", "halves", "answers", "marks", "truth"]), rows, columns, source)
        matrix[source.random(matrix.shape) < draw.choice([0, 0, 0.1, 0.4])] = np.nan
        separator, decimal = draw.choice(DIALECTS)
        mark = draw.choice(MARKS[1:] if separator == " " else MARKS)
        header = draw.choice([None, "v{}", "item{}", "{}", "{} years", f"Film{separator}{{}}"])
        index = draw.choice([None, None, "{}", "r{} x", "u{}"])
        corner = [] if index is None else ["id"] if separator == " " else [draw.choice(["", "id", "user"])]
        lines = [corner + [_name(header, k) for k in range(columns)]] if header else []
        for k, row in enumerate(matrix):
            lines.append(([index.format(k)] if index else []) + [_number(value, mark, decimal) for value in row])
        try:
            reading = read(_written(lines, separator, draw), "x.csv")
        except Ambiguous:
            continue
        assert _same(reading, matrix) or "add --data-" in reading.words, seed


@pytest.mark.parametrize("batch", range(BATCHES))
def test_list_in_a_drawn_dialect_is_read_or_asked(batch: int) -> None:
    for seed in range(batch * DRAWS, (batch + 1) * DRAWS):
        draw, source = random.Random(seed), np.random.default_rng(seed)
        rows, columns = draw.randint(3, 40), draw.randint(3, 40)
        row_name = draw.choice(["{}", "u{:03}", "{:08x}a", "{}.0"])
        column_name = draw.choice(["{}", "m{:03}", "0{:08}X", "Film {:03}, The", "{}.0"])
        entries = [(i, j) for i in range(rows) for j in range(columns) if source.random() < draw.choice([0.2, 0.5, 0.9])]
        if len(entries) < 12:
            continue
        values = _values(draw.choice(["decimals", "halves", "answers"]), 1, len(entries), source)[0]
        expected = np.full((rows, columns), np.nan)
        for (i, j), value in zip(entries, values, strict=True):
            expected[i, j] = value
        expected = expected[~np.isnan(expected).all(axis=1)][:, ~np.isnan(expected).all(axis=0)]
        separator, decimal = draw.choice(DIALECTS[:-1])
        names = [draw.choice(["user", "userId", "User-ID"]), draw.choice(["item", "movie_id", "ISBN"]), "rating", "timestamp"]
        fields = [
            [row_name.format(i), column_name.format(j), f"{value:g}".replace(".", decimal), str(964980000 + i * j)]
            for (i, j), value in zip(entries, values, strict=True)
        ]
        if draw.random() < 0.3:
            draw.shuffle(fields)
        order = [0, 1, 2] + [3] * draw.randint(0, 1)
        lines = fields
        if draw.random() < 0.6:
            lines = [names, *fields]
            draw.shuffle(order)
        content = _written([[line[k] for k in order] for line in lines], separator, draw)
        try:
            reading = read(content, "x.csv")
        except Ambiguous:
            continue
        assert _same(reading, expected), seed
