"""`sweep` on the command line."""

import csv
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from dmf_core import archive
from dmf_core.cli import main
from dmf_core.spec import RunSpec

from ..sweep.inline import Inline

ROOT = Path(__file__).parents[2]
SMALL = [f"--set=problem.{path}" for path in ("rows=6", "columns=6", "rank=1", "observations=30")]


def test_sweep_writes_its_tables_and_archives_and_knows_them_again(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DMF_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DMF_WORKERS", "8")
    monkeypatch.setattr("dmf_core.sweep.carried_out.executor_for", lambda *_: Inline())
    command = ["sweep", *SMALL, "--axis", "model.depth=2,3", "--axis", "seed=0:1", "--out", str(tmp_path / "out"), "--archives"]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert re.search(r"4 runs; about .+ of one core, .+ on 4 workers, which take \d+ MB of memory at most\.", printed)
    assert "4 converged" in printed and "model.depth 2: " in printed
    lines = list(csv.DictReader((tmp_path / "out" / "runs.csv").open()))
    assert [(line["model.depth"], line["seed"]) for line in lines] == [("2", "0"), ("2", "1"), ("3", "0"), ("3", "1")]
    with zipfile.ZipFile(tmp_path / "out" / "archives.zip") as bundle:
        archived = archive.read(bundle.read(f"runs/{lines[2]['digest']}.zip"))
    assert (archived.spec.model.depth, archived.spec.seed) == (3, 0)
    assert float(lines[2]["reconstruction_error"]) == archived.trajectory.snapshots[-1].measures["reconstruction_error"]
    assert main(command) == 0
    assert "4 of them are stored already; no work.\n" in capsys.readouterr().out


def test_sweep_that_is_wrong_is_refused_before_anything_runs(capsys, tmp_path):
    for arguments, word in (
        ([], "--axis"),
        (["--axis", "seed=0:9", "--measure", "beauty"], "beauty"),
        (["--axis", "model.colour=1,2"], "colour"),
        (["--axis", "seed=0:9", "--archives"], "--out"),
    ):
        assert main(["sweep", *SMALL, *arguments]) == 2
        assert word in capsys.readouterr().err


def test_settings_that_only_the_axes_make_fit_are_a_sweep(monkeypatch, capsys):
    monkeypatch.setattr("dmf_core.sweep.carried_out.executor_for", lambda *_: Inline())
    sides = ["--set=problem.rows=6", "--set=problem.columns=6", "--set=problem.rank=1"]
    assert main(["sweep", *sides, "--axis", "problem.observations=30,36", "--measure", "loss"]) == 0
    assert "2 runs: 2 converged" in capsys.readouterr().out
    assert main(["sweep", *sides, "--axis", "problem.observations=30,100"]) == 0
    assert "".join(capsys.readouterr()).startswith("1 run, 1 more combination is no run, and the table says why;")
    assert main(["sweep", *SMALL, "--axis", "model.depth=null,2"]) == 0
    assert "  model.depth null: no value\n" in capsys.readouterr().out  # as it was typed
    assert main(["sweep", *sides, "--axis", "seed=0:1"]) == 2
    assert "36 entries" in capsys.readouterr().err


def test_interrupted_sweep_goes_on_with_the_same_command(tmp_path):
    environment = {**os.environ, "DMF_STORE": str(tmp_path / "store"), "DMF_WORKERS": "1"}
    slow = [*SMALL, "--set=integrator.kind=gradient_descent", "--set=integrator.learning_rate=0.02", "--json"]
    command = [sys.executable, "-m", "dmf_core", "sweep", *slow, "--axis", "seed=0:99"]
    first = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *command[3:]],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    index = tmp_path / "store" / "index.sqlite"
    while first.poll() is None and _rows(index) == 0:
        time.sleep(0.02)
    first.send_signal(signal.SIGINT)
    out, err = first.communicate(timeout=60)
    assert first.returncode == 130 and "the same command goes on from there" in err
    rows = json.loads(out)["runs"]
    done = [row for row in rows if row["outcome"] != "missing"]
    assert 0 < len(done) < len(rows) == 100 and len(done) <= _rows(index)


INTERRUPTIBLE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from dmf_core.cli import main
sys.exit(main(sys.argv[1:]))
"""


def _rows(index: Path) -> int:
    if not index.exists():
        return 0
    with sqlite3.connect(index) as connection:
        try:
            return connection.execute("SELECT count(*) FROM runs").fetchone()[0]
        except sqlite3.Error:
            return 0


def test_sweep_of_given_data_is_stored_beside_its_results_and_nowhere_else(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DMF_STORE", str(tmp_path / "store"))
    monkeypatch.setattr("dmf_core.sweep.carried_out.executor_for", lambda *_: Inline())
    (tmp_path / "data.csv").write_text("1,2,3\n2,4,6\n3,6,\n")
    command = ["sweep", "--data", str(tmp_path / "data.csv"), "--axis", "model.depth=2,3", "--out", str(tmp_path / "out")]
    assert main(command) == 0
    assert not (tmp_path / "store").exists()
    capsys.readouterr()
    assert main(command) == 0
    assert "2 of them are stored already" in capsys.readouterr().out
    assert RunSpec().digest() not in (tmp_path / "out" / "runs.csv").read_text()
