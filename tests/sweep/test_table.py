"""The table of a sweep, in all its forms."""

import csv
import dataclasses
import io
import json

import pandas
import pyarrow.parquet
import pytest

from dmf_core.sweep import Sweep, Table, plan
from dmf_core.sweep.table import median
from dmf_core.trajectory import Outcome

from .conftest import SMALL, finish
from .inline import Inline


@pytest.fixture(scope="module")
def table() -> Table:
    """Of two axes, one of them linked; a third of its cells do not fit."""
    planned = plan(SMALL, {"problem.rows,problem.columns": [5, 6, 7], "seed": "0:1"})
    return finish(Sweep(planned, None, Inline())).table


def test_csv_gives_the_same_bits_and_a_row_for_every_cell(table):
    lines = list(csv.DictReader(io.StringIO(table.to_csv())))
    columns = table.columns()
    assert [line["outcome"] for line in lines] == columns["outcome"] == ["refused"] * 2 + ["converged"] * 4
    for name in ("reconstruction_error", "birth_1", "seconds"):
        assert [float(line[name]) if line[name] else None for line in lines] == columns[name]
    assert [(line["problem.rows"], line["problem.columns"], line["seed"]) for line in lines[2:4]] == [
        ("6", "6", "0"),
        ("6", "6", "1"),
    ]


def test_parquet_and_pandas_hold_what_the_csv_holds(table, tmp_path):
    path = tmp_path / "runs.parquet"
    path.write_bytes(table.to_parquet())
    read = pandas.read_parquet(path)
    pandas.testing.assert_frame_equal(read, table.to_pandas(), check_dtype=False)
    pandas.testing.assert_frame_equal(read, pandas.read_csv(io.StringIO(table.to_csv())), check_dtype=False)
    axes = json.loads(pyarrow.parquet.read_metadata(path).metadata[b"dmf_axes"])
    assert axes[0] == {"paths": ["problem.rows", "problem.columns"], "values": [5, 6, 7]}


def test_table_of_numbers_and_words_can_be_written():
    planned = plan(SMALL, {"model.width": [None, 3], "integrator.method": "auto,chebyshev"})
    table = finish(Sweep(planned, None, Inline())).table
    assert pyarrow.parquet.read_table(io.BytesIO(table.to_parquet())).column("model.width").to_pylist() == [None, None, 3, 3]
    assert len(list(csv.reader(io.StringIO(table.to_csv())))) == 5


def test_summary_is_over_the_seeds(table):
    groups = table.summary("reconstruction_error")
    assert [named for named, _ in groups] == [{"problem.rows": side, "problem.columns": side} for side in (5, 6, 7)]
    assert [len(values) for _, values in groups] == [0, 2, 2]
    values = table.columns()["reconstruction_error"][2:4]
    assert median(groups[1][1]) == pytest.approx(sum(values) / 2)
    cell = table.plan.cells[2]
    diverged = dataclasses.replace(table.rows[cell.digest], outcome=Outcome.DIVERGED)  # its numbers are of a run that broke off
    assert Table(table.plan, {**table.rows, cell.digest: diverged}).summary("reconstruction_error")[1][1] == values[1:]
