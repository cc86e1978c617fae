"""`reproduce`: list, refusals, verdict, interruption and what is kept."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.baselines.comparison import WORK, baseline, baseline_spec
from dmf_core.cli import main
from dmf_core.reproductions import REPRODUCTIONS
from dmf_core.reproductions.framework.record import outdated, recorded
from dmf_core.reproductions.framework.reproduction import Run
from dmf_core.reproductions.framework.shelf import Shelf
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.store import Store, program
from dmf_core.trajectory import Trajectory, collect

ROOT = Path(__file__).parents[2]
COMMAND = ["reproduce", "razin-cohen", "--quick", "--json"]
PROGRAM = [sys.executable, "-m", "dmf_core", *COMMAND]
TINY = {"problem.rows": 8, "problem.columns": 8, "problem.rank": 1, "problem.observations": 40, "stop.loss": 1e-3}


def test_list_names_every_reproduction(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(REPRODUCTIONS)
    assert main(["reproduce", "--list", "--json"]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == list(REPRODUCTIONS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "No figure was named"),
        (("nonsense",), "no reproduction nonsense; choose one of"),
        (("--all",), "--all belongs to --record"),
        (("--record",), "needs the name of a figure or --all"),
        (("chou", "--all", "--record"), "and not both"),
        (("chou", "--record", "--quick"), "leave out --quick"),
    ],
)
def test_bad_name_is_one_sentence(arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", *arguments]) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert sentence in streams.err
    assert streams.err.count("\n") == 1


def test_record_is_written_where_the_page_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("dmf_core.reproductions.framework.record.RECORDS", tmp_path)
    monkeypatch.setattr("dmf_core.cli.record.carry_out", lambda batch, workers: True)  # nothing is run, so every claim fails
    try:
        assert main(["reproduce", "chou", "--record"]) == 1
        assert "chou: 0 of 11 claims hold" in capsys.readouterr().out
        made = recorded("chou")
    finally:
        recorded.cache_clear()
    assert made is not None and [file.name for file in tmp_path.iterdir()] == ["chou.json"]
    assert outdated(REPRODUCTIONS["chou"], made) == []
    assert not any(claim["holds"] for claim in made["claims"]) and made["claims"][0]["value"] is None
    assert made["runs"] == 11 and made["seconds"] >= 0 and made["versions"]["program"] == program()


def test_place_that_cannot_be_written_is_refused_before_any_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["reproduce", "razin-cohen", "--quick", "--keep", str(tmp_path / "file")]) == 2
    assert "choose another directory for --keep" in capsys.readouterr().err


def test_shelf_gives_back_whole_runs_of_the_very_spec_only(tmp_path: Path) -> None:
    shelf, requested = Shelf(str(tmp_path / "kept")), Run(RunSpec().replaced(TINY))
    assert shelf.find(requested) is None
    trajectory = run(requested.spec)
    shelf.keep(requested, trajectory)
    restored = shelf.find(requested)
    assert restored is not None
    assert (restored.singular_values == trajectory.singular_values).all()
    assert shelf.find(Run(requested.spec.replaced({"seed": 1}))) is None
    file = next((tmp_path / "kept").iterdir())
    file.write_bytes(file.read_bytes()[:-40])
    assert shelf.find(requested) is None


def test_shelf_gives_back_minima_of_the_nuclear_norm_and_believes_no_changed_one(tmp_path: Path) -> None:
    spec = baseline_spec(RunSpec().replaced(TINY))
    shelf, requested = Shelf(str(tmp_path / "kept")), Run(spec, work=WORK)
    assert shelf.find(requested) is None
    least = collect(baseline(spec))
    shelf.keep(requested, least)
    restored = shelf.find(requested)
    assert restored is not None and restored.end is not None and least.end is not None
    assert (restored.end.end_to_end_last == least.end.end_to_end_last).all()
    measures, fresh = restored.snapshots[-1].measures, least.snapshots[-1].measures
    for key, value in fresh.items():
        assert measures[key] == (None if value is None else pytest.approx(value, rel=1e-9, abs=1e-12))  # rounding of an SVD
    file = next((tmp_path / "kept").iterdir())
    np.savez(file, W=1.01 * least.end.end_to_end_last, proof=np.array([fresh["bound"], 1.0, 1.0]))
    assert shelf.find(requested) is None  # its norm is no longer proven
    shelf.clear([requested])
    assert not (tmp_path / "kept").exists()


def test_unfinished_full_form_is_kept_until_it_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = REPRODUCTIONS["chou"]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(type(figure), "runs", lambda self, quick: {"one": Run(RunSpec().replaced(TINY))})
    monkeypatch.setattr("dmf_core.reproductions.framework.price._estimated", lambda kind: 1.0)  # it remembers, for all tests
    for name, nothing in (("claims", []), ("panels", []), ("ours", {})):
        monkeypatch.setattr(type(figure), name, lambda self, results, nothing=nothing: nothing)
    directory = tmp_path / "dmf-lab" / "unfinished" / "chou"
    with monkeypatch.context() as interrupted:
        interrupted.setattr(Shelf, "keep", _kept_and_interrupted)
        assert main(["reproduce", "chou"]) == 130
    assert [file.suffix for file in directory.iterdir()] == [".zip"]
    assert main(["reproduce", "chou"]) == 0
    assert not directory.exists()


def _kept_and_interrupted(shelf: Shelf, requested: Run, trajectory: Trajectory, keep: Any = Shelf.keep) -> None:
    keep(shelf, requested, trajectory)
    raise KeyboardInterrupt


def test_interrupted_reproduction_ends_with_130_and_goes_on_from_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DMF_WORKERS", "1")  # each takes two seconds to start
    keep = tmp_path / "kept"
    default = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    with subprocess.Popen([*PROGRAM, "--keep", str(keep)], cwd=ROOT, stdout=-1, stderr=-1, text=True, **default) as process:  # type: ignore[call-overload]
        deadline = time.monotonic() + 200
        while time.monotonic() < deadline and not list(keep.glob("*.zip")):
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=200)
    assert process.returncode == 130
    assert out == ""
    assert "the same command goes on from there" in err
    archives = list(keep.glob("*.zip"))
    assert archives
    assert not list(keep.glob("*.part"))
    assert archive.read(archives[0].read_bytes()).trajectory.end is not None
    assert main([*COMMAND, "--keep", str(keep)]) == 0
    streams = capsys.readouterr()
    assert streams.err == ""
    report = json.loads(streams.out)
    assert report["kept"] == len(archives)
    assert all(claim["holds"] for claim in report["claims"])
    assert all(claim["sentence"] == f"{claim['statement']} {claim['remark']}".rstrip() for claim in report["claims"])


def test_figure_takes_runs_from_the_store_that_this_very_program_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requested = Run(RunSpec().replaced(TINY))
    store = Store(tmp_path / "store")
    Shelf(None, store).keep(requested, run(requested.spec))
    assert not list(tmp_path.glob("*.zip"))
    restored = Shelf(None, store).find(requested)
    assert restored is not None and restored.end is not None and restored.end.outcome.done
    monkeypatch.setattr("dmf_core.reproductions.framework.shelf.program", lambda: "DMF Lab, engine 00000000")
    assert Shelf(None, store).find(requested) is None
    store.close()
