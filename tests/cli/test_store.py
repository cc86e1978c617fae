"""`store` on the command line."""

import dataclasses
import json
import re

import pytest

from dmf_core import archive
from dmf_core.cli import main
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.store import Store, row_of


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A folder with one run."""
    spec = RunSpec().replaced({"problem.rows": 6, "problem.columns": 6, "problem.rank": 1, "problem.observations": 30})
    store = Store(tmp_path_factory.mktemp("store"))
    assert store.put(run(spec), spec)
    store.close()
    return store.directory, spec


def test_store_lists_verifies_pins_and_exports(stored, tmp_path, monkeypatch, capsys):
    directory, spec = stored
    digest = spec.digest()
    monkeypatch.setenv("DMF_STORE", str(directory))
    assert main(["store"]) == 0
    listed = capsys.readouterr().out
    assert digest[:8] in listed and "deep_matrix of depth 3, 6 x 6" in listed
    (path,) = directory.rglob("*.zip")
    whole = re.search(r"1 run, 1 of them with an archive \((\d+) kB\); the index takes (\d+) kB\.", listed)
    assert whole is not None and int(whole[1]) == round(path.stat().st_size / 1024)
    merged = (directory / "index.sqlite").stat().st_size / 1024
    assert merged <= int(whole[2]) <= merged + 16  # what opening it has written is up to four pages of 4 kB
    assert main(["store", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["digest"] == digest and row["spec"]["seed"] == 0 and row["outcome"] == "converged"
    assert main(["store", "verify"]) == 0
    assert capsys.readouterr().out == "1 archive checked against its hashes; it is whole.\n"
    assert main(["store", "pin", digest[:8]]) == 0
    assert main(["store", "prune", "--all"]) == 0
    assert "0 runs removed" in capsys.readouterr().out
    assert main(["store", "export", digest[:6], "--out", str(tmp_path / "run.zip")]) == 0
    assert archive.read((tmp_path / "run.zip").read_bytes()).spec == spec


def test_store_of_numbers_alone_claims_no_archives(stored, tmp_path, monkeypatch, capsys):
    spec = stored[1]
    numbers, row = Store(tmp_path), row_of(run(spec), spec)
    assert numbers.put_rows([row])
    numbers.close()
    monkeypatch.setenv("DMF_STORE", str(tmp_path))
    assert main(["store"]) == 0
    assert "1 run, numbers only; the index takes" in capsys.readouterr().out
    assert main(["store", "verify"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("No archives to check: 1 run, numbers only; the index takes") and "whole" not in printed
    numbers = Store(tmp_path)
    assert numbers.put_rows([dataclasses.replace(row, digest=f"{i:064x}") for i in range(200)])
    large = numbers.index_bytes()
    numbers.close()
    assert main(["store", "prune", "--all"]) == 0  # gives the disk back: the index grew when rows were removed
    assert "201 runs removed. Stored now: 0 runs; the index takes" in capsys.readouterr().out
    assert sum(path.stat().st_size for path in tmp_path.glob("index.sqlite*")) < large / 4


def test_store_says_what_does_not_exist_and_what_is_damaged(stored, monkeypatch, capsys):
    directory, spec = stored
    monkeypatch.setenv("DMF_STORE", str(directory))
    for wrong, word in (("xyz", "names no run"), ("0" * 8, "No stored run")):
        assert main(["store", "pin", wrong]) == 2
        assert word in capsys.readouterr().err
    assert main(["store", "prune", "--bytes", "much"]) == 2
    assert "500MB" in capsys.readouterr().err
    (path,) = directory.rglob("*.zip")
    path.write_bytes(path.read_bytes()[:-10])
    assert main(["store", "verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"verified": 1, "damaged": [spec.digest()], "adopted": 0}
    monkeypatch.setenv("DMF_STORE", "off")
    assert main(["store"]) == 2
    assert "DMF_STORE" in capsys.readouterr().err


def test_run_of_a_file_is_stored_with_its_data_only_when_it_is_pinned(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DMF_STORE", str(tmp_path / "store"))
    table = tmp_path / "table.csv"
    table.write_text("\n".join(",".join(str(i * j) if (i + j) % 4 else "" for j in range(1, 7)) for i in range(1, 7)))
    command = ["run", "--data", str(table), "--set", "save.snapshots=8", "--json"]
    assert main(command) == 0
    digest = json.loads(capsys.readouterr().out)["digest"]
    assert not list(tmp_path.rglob("*.zip"))
    assert main([*command, "--pin"]) == 0
    assert "is pinned in" in capsys.readouterr().err
    assert [path.stem for path in tmp_path.rglob("*.zip")] == [digest]
    assert main(["store", "prune", "--all"]) == 0 and list(tmp_path.rglob("*.zip"))
    monkeypatch.setenv("DMF_STORE", "off")
    assert main([*command, "--pin"]) == 2
    assert "no run can be pinned" in capsys.readouterr().err
