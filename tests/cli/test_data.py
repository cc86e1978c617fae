"""`data`, and what `run` says of the data it was given."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.cli import main

CASES = Path(__file__).parents[1] / "data" / "cases"
KEYS = {
    *("kind", "rows", "columns", "shape", "known", "held_out", "header", "index", "separator", "decimal", "unknown"),
    *("duplicates", "dropped_rows", "dropped_columns", "names", "unit", "notes"),
}


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_data_tells_how_a_file_is_read_and_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    account = _printed(capsys, "data", str(CASES / "08-rated-twice.tsv"))
    assert set(account) >= KEYS
    assert (account["kind"], account["shape"], account["known"], account["held_out"]) == ("list", [6, 8], 30, None)
    assert account["duplicates"] == {"pairs": 2, "rule": "last"}
    assert account["separator"] == "\t"
    assert account["names"]["rows"] == ["1", "2", "3", "4", "5", "6"]
    assert main(["data", str(CASES / "08-rated-twice.tsv")]) == 0
    assert "2 entries repeat the row and column of another one; the last value counts." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "flags", "shape", "known"),
    [
        ("04-zeros-missing.csv", ["--data-unknown", "0"], [12, 8], 61),
        ("07-rating-last.csv", ["--data-columns", "item_id,user_id,rating"], [8, 12], 61),
        ("07-rating-last.csv", ["--data-columns", "1,2,4"], [12, 8], 61),
        ("15-sep-line.csv", ["--data-index", "yes"], [3, 2], 6),
        ("36-pipe.txt", ["--data-header", "yes"], [2, 3], 6),
        ("36-pipe.txt", ["--data-separator", "pipe"], [3, 3], 9),
        ("09-excel-de.csv", ["--data-decimal", "comma"], [4, 3], 10),
        ("05-ml-latest-small.csv", ["--data-largest", "30"], [30, 30], 30),
        ("62-marks.csv", ["--data-kind", "table"], [12, 3], 36),
        ("29-frostt.tns", ["--data-kind", "tensor"], [4, 5, 3], 45),
    ],
)
def test_flag_changes_the_reading(
    file: str, flags: list[str], shape: list[int], known: int, capsys: pytest.CaptureFixture[str]
) -> None:
    account = _printed(capsys, "data", str(CASES / file), *flags)
    assert (account["shape"], account["known"]) == (shape, known)


def test_pairs_that_stand_twice_take_the_value_of_the_rule(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("user,item,rating\n1,1,5\n2,2,4\n1,1,2\n2,1,1\n")
    first = {}
    for rule in ("last", "first", "mean"):
        out = tmp_path / f"{rule}.zip"
        arguments = ["run", "--data", str(tmp_path / "r.csv"), "--data-duplicates", rule, "--set", "stop.iterations=1"]
        assert main([*arguments, "--out", str(out)]) == 0
        data = archive.read(out.read_bytes()).inputs.data
        assert data is not None
        first[rule] = data[0, 0]
    assert first == {"last": 2, "first": 5, "mean": 3.5}


def test_two_likely_readings_end_with_both_and_their_flags(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "m.txt").write_text("1 1 5\n1 2 3\n1 3 4\n2 1 4\n2 2 2\n2 3 1\n")
    assert main(["data", str(tmp_path / "m.txt")]) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.count("\n") == 1
    assert all(part in streams.err for part in ("6 x 3", "--data-kind table", "2 x 3", "--data-kind list"))
    assert _printed(capsys, "data", str(tmp_path / "m.txt"), "--data-kind", "list")["shape"] == [2, 3]
    assert _printed(capsys, "data", str(tmp_path / "m.txt"), "--data-kind", "table")["shape"] == [6, 3]


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--data-kind", "sound"], "The kind of data is sound"),
        (["--data-header", "perhaps"], "--data-header is perhaps"),
        (["--data-columns", "user,item"], "name row, column and value"),
        (["--data-columns", "user,item,price"], "no column 'user'"),
        (["--data-unknown", "x"], "--data-unknown is x"),
        (["--data-separator", "ab"], "The separator is 'ab'"),
        (["--data-decimal", "dot"], "choose point or comma"),
        (["--data-duplicates", "max"], "choose last, first or mean"),
        (["--data-largest", "1"], "choose from 2 to 2000"),
    ],
)
def test_flag_that_is_impossible_is_refused(flags: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", str(CASES / "07-rating-last.csv"), *flags]) == 2
    assert sentence in capsys.readouterr().err


def test_run_says_how_its_data_were_read_and_the_archive_keeps_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "run.zip"
    arguments = ["run", "--data", str(CASES / "06-ratings-with-index.csv"), "--set", "stop.iterations=3"]
    account = _printed(capsys, *arguments, "--set", "problem.observations=40", "--out", str(out))["data"]
    assert (account["known"], account["held_out"], account["rows"], account["columns"]) == (61, 21, 12, 8)
    assert len(account["names"]["rows"]) == 10
    assert _printed(capsys, "show", str(out))["data"] == account
    stored = archive.read(out.read_bytes()).inputs.account
    assert stored is not None
    assert stored["names"]["rows"] == [str(i) for i in range(1, 13)]
    assert main(["show", str(out)]) == 0
    assert "Row, column and value of an entry are userId, movieId, rating." in capsys.readouterr().out
    assert main(["verify", str(out)]) == 0


def test_archive_without_an_account_opens_as_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run.zip"
    assert main(["run", "--data", str(CASES / "70-plain.csv"), "--set", "stop.iterations=3", "--out", str(out)]) == 0
    run = archive.read(out.read_bytes())
    older = archive.write(run.trajectory, run.spec, type(run.inputs)(run.inputs.data))
    opened = archive.read(older)
    assert opened.inputs.account is None
    np.testing.assert_array_equal(opened.inputs.data, run.inputs.data)


TWO_STEPS = ("--set", "stop.iterations=2")


def test_run_says_what_no_method_can_know(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "--data", str(CASES / "45-two-blocks.csv"), "--set", "stop.iterations=2"]
    unknowable = _printed(capsys, *arguments)["unknowable"]
    assert (unknowable["entries"], unknowable["share"], unknowable["groups"]) == (24, 1.0, 2)
    assert main(arguments) == 0
    assert "No method can know 24 of the 24 unseen entries (100 %)" in capsys.readouterr().out
    incomplete = str(CASES / "44-empty-row-and-column.csv")
    empty = _printed(capsys, "run", "--data", incomplete, "--set", "stop.iterations=2")["unknowable"]
    assert main(["run", "--data", incomplete, *TWO_STEPS, "--set", "problem.observations=20"]) == 0
    held_out = "13 of the 28 unseen entries (46.4 %; 14 are unknown in the file, 14 held out) whatever the rank"
    assert held_out in capsys.readouterr().out
    assert (empty["empty_rows"], empty["empty_columns"], empty["entries"]) == (1, 1, 13)
