"""The script and the notebook really make the run again, and notice when a number is another one."""

import contextlib
import dataclasses
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.store import Store
from dmf_core.sweep.field import MapQuestion
from dmf_core.sweep.grid import grid
from dmf_core.trajectory import Outcome, Trajectory
from tests.sweep.fields import SQUARE, rows_of
from ui.export import Source, nothing
from ui.export.map_script import map_script
from ui.export.notebook import notebook
from ui.export.numbers import bundle
from ui.export.script import script

ROOT = Path(__file__).parents[2]


def executed(content: bytes, folder: Path) -> "subprocess.CompletedProcess[str]":
    (folder / "again.py").write_bytes(content)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    return subprocess.run([sys.executable, "again.py"], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def printed_here(content: bytes, folder: Path) -> str:
    """What the script prints in this process: one of its own spends two seconds on imports. Raises what the script raises."""
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(content, "again.py", "exec"), {"__name__": "__main__"})
    return printed.getvalue()


def test_script_reproduces_the_numbers(source: Source, tmp_path: Path) -> None:
    done = executed(script(source, nothing), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "The numbers agree." in done.stdout
    for line in done.stdout.splitlines()[1:-1]:  # one thread: the same bits, so the same digits
        assert line.split()[1] == line.split()[2]


def test_script_for_own_data_reads_the_bundle(own: Source, tmp_path: Path) -> None:
    alone = executed(script(own, nothing), tmp_path)
    assert alone.returncode != 0
    assert f"{own.name}.zip is missing. It holds the data" in alone.stderr and "Traceback" not in alone.stderr
    (tmp_path / f"{own.name}.zip").write_bytes(bundle(own, nothing))
    assert "The numbers agree." in printed_here(script(own, nothing), tmp_path)


def test_script_notices_another_number(source: Source, tmp_path: Path) -> None:
    last = source.run.snapshots[-1]
    values = last.singular_values * 1.02
    forged = Trajectory(
        source.run.start, (*source.run.snapshots[:-1], dataclasses.replace(last, singular_values=values)), source.run.end
    )
    with pytest.raises(AssertionError, match="sigma_1"):
        printed_here(script(dataclasses.replace(source, run=forged), nothing), tmp_path)


@pytest.mark.parametrize("snapshots", [1, 12])
def test_script_of_a_run_that_was_cut_off_stops_there_too(snapshots: int, source: Source, tmp_path: Path) -> None:
    steps = {"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.5, "stop.iterations": 60, "stop.loss": None}
    spec = source.spec.replaced(steps)
    whole = run(spec)
    part = Trajectory(whole.start, whole.snapshots[:snapshots], None)
    assert "The numbers agree." in printed_here(script(dataclasses.replace(source, spec=spec, run=part), nothing), tmp_path)


def test_script_of_a_diverged_run_says_that_it_diverges_again(source: Source, tmp_path: Path) -> None:
    spec = source.spec.replaced({"integrator.kind": "gradient_descent", "integrator.learning_rate": 500.0})
    again = script(dataclasses.replace(source, spec=spec, run=run(spec)), nothing)
    assert "It diverges again." in printed_here(again, tmp_path)


def test_nothing_in_a_spec_ends_the_string_of_the_script(own: Source) -> None:
    evil = own.spec.model_copy(update={"problem": own.spec.problem.model_copy(update={"data": "'''\nimport os\n'''\\"})})
    namespace: dict[str, object] = {}
    text = script(dataclasses.replace(own, spec=evil), nothing).decode()
    exec(text[text.index("SPEC = ") : text.index("EXPORTED = ")], namespace)
    assert json.loads(str(namespace["SPEC"])) == evil.model_dump(mode="json")


def test_notebook_is_valid_and_its_cells_reproduce_the_numbers(source: Source, tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    read = nbformat.reads(notebook(source, nothing).decode(), as_version=4)
    nbformat.validate(read)
    cells = [cell.source for cell in read.cells if cell.cell_type == "code"]
    done = executed("\n".join(cells).encode(), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "The numbers agree." in done.stdout


def test_default_spec_has_no_import_that_is_not_used(source: Source, own: Source) -> None:
    for each in (source, own):
        text = script(each, nothing).decode()
        assert ("archive" in text) == ("archive.read" in text)
        assert compile(text, "again.py", "exec")
    assert RunSpec.from_json(source.spec.to_json()) == source.spec


def test_script_of_a_map_prints_what_the_map_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All runs are in the store, so that nothing is computed. Runs that diverged have numbers, too, and do not count."""
    question = MapQuestion(SQUARE, "problem.observations=100,120", "problem.rank=1,2", seeds=3)
    plan = question.plan()
    rows = rows_of(plan, lambda spec: 0.1 * spec.problem.rank + 0.01 * spec.seed + spec.problem.observations / 1000)
    bad = next(digest for digest, cell in plan.runs.items() if cell.spec is not None and cell.spec.seed == 2)
    rows = {**rows, bad: dataclasses.replace(rows[bad], outcome=Outcome.DIVERGED)}
    store = Store(tmp_path / "store")
    assert store.put_rows(rows.values(), {digest: cell.spec for digest, cell in plan.runs.items()})
    store.close()
    monkeypatch.setenv("DMF_STORE", str(tmp_path / "store"))
    printed = [line.split() for line in printed_here(map_script(question, plan), tmp_path).splitlines()[2:]]
    shown = grid(plan, rows, question.measure)
    assert [float(words[-4]) for words in printed] == pytest.approx(shown.median.T.ravel(), rel=1e-4)
    assert [int(words[-1]) for words in printed] == shown.count.T.ravel().tolist() and shown.count.min() == 2
