"""A kind of one's own goes everywhere that the kinds of the program go, and leaves nothing behind.

The toys live in `toys.py` beside this file; the program knows nothing of them but what their decorators say.
"""

import hashlib
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import ClassVar, Literal
from urllib.parse import urlencode

import pytest
import torch
from streamlit.testing.v1 import AppTest

from dmf_core import archive
from dmf_core.analysis.replay import explained
from dmf_core.cli import main
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.integrators import INTEGRATORS
from dmf_core.integrators.gradient_descent import GradientDescent
from dmf_core.integrators.gradient_flow import GradientFlow
from dmf_core.interfaces import Factorization
from dmf_core.jobs import JobQueue, State
from dmf_core.models import MODELS, register
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.problems import PROBLEMS
from dmf_core.registry import plugins
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.sweep.plan import plan
from dmf_core.sweep.running import Sweep
from tests.jobs.manual import Manual
from ui.controls.start import open_archive
from ui.export import Source, nothing
from ui.export.page import page
from ui.export.pictures import svg
from ui.export.script import script
from ui.lecture.script import read as read_script
from ui.player.view import View
from ui.services import queue, shared_queue
from ui.session import share
from ui.session.state import Session

ROOT = Path(__file__).parents[2]
TOYS = Path(__file__).parent / "toys.py"
SMALL = {"problem.rows": 12, "problem.columns": 12, "problem.rank": 1, "problem.observations": 100, "stop.loss": 1e-3, "seed": 3}
MODEL = {"model.kind": "toy_model", "model.rank": 3}
PROBLEM = {"problem.kind": "toy_problem", "problem.side": 8}
INTEGRATOR = {"integrator.kind": "toy_integrator", "integrator.step": 0.5}
EACH = {
    "model": SMALL | {"problem.symmetric": True} | MODEL,
    "problem": {"stop.loss": 1e-3, "seed": 3} | PROBLEM,
    "integrator": SMALL | INTEGRATOR,
    "all": {"stop.loss": 1e-3, "seed": 3} | PROBLEM | MODEL | INTEGRATOR,
}
each_of_them = pytest.mark.parametrize("which", EACH)


@pytest.fixture(autouse=True)
def _toys() -> None:
    plugins.load(TOYS)


@pytest.fixture(autouse=True, scope="module")
def _toys_go() -> Iterator[None]:
    yield
    plugins.unload(plugins.load(TOYS))
    assert plugins.VARIABLE not in os.environ


@pytest.fixture
def _queue_ends() -> Iterator[None]:
    yield
    shared_queue().close()
    shared_queue.clear()


def spec_of(which: str) -> RunSpec:
    return RunSpec().replaced(EACH[which])


def on_the_command_line(which: str) -> list[str]:
    return [part for path, value in EACH[which].items() for part in ("--set", f"{path}={json.dumps(value)}")]


@each_of_them
def test_own_kind_runs_and_its_model_shows_measurements_only(which: str) -> None:
    spec = spec_of(which)
    trajectory = run(spec)
    assert trajectory.end is not None and trajectory.end.outcome.value == "converged"
    insight = explained(trajectory, spec).insight
    assert insight is not None
    if spec.model.kind == "toy_model":
        assert insight.missing == "No numbers here: no statement of theory covers this model (both ways round)."
    else:
        assert not insight.missing


@each_of_them
def test_own_kind_goes_through_command_line_archive_and_verify(
    which: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, plugin = str(tmp_path / "run.zip"), ["--plugin", str(TOYS)]
    assert main(["run", *plugin, *on_the_command_line(which), "--out", file]) == 0
    assert main(["show", *plugin, file]) == 0
    assert main(["verify", *plugin, file]) == 0
    assert "Equal" in capsys.readouterr().out
    assert json.loads(zipfile.ZipFile(file).read("manifest.json"))["plugins"][0]["name"] == "toys.py"
    plugins.unload(plugins.load(TOYS))
    assert main(["show", file]) == 2
    errors = capsys.readouterr().err
    assert errors.count("\n") == 1 and "the plugin toys.py (sha256 " in errors and "--plugin toys.py" in errors


@each_of_them
def test_script_of_a_lecture_shows_no_kind_of_a_plugin(which: str) -> None:
    link = urlencode(share.parameters(spec_of(which)))
    with pytest.raises(BadInput, match="The run needs a plugin; scenes show only"):
        read_script(f'title = "T"\n[[scene]]\nheading = "H"\nlink = "?{link}"\n')


def test_archive_of_the_programs_own_kinds_names_no_plugin() -> None:
    spec = RunSpec().replaced(SMALL)
    assert "plugins" not in json.loads(zipfile.ZipFile(io.BytesIO(archive.write(run(spec), spec))).read("manifest.json"))


def test_archive_says_when_the_plugin_has_changed_since(tmp_path: Path) -> None:
    spec = spec_of("problem")
    content = archive.write(run(spec), spec)
    assert archive.other_versions(spec, archive.read(content).manifest) == []
    link = share.parameters(spec)
    assert share.read(link).sentences == ()
    changed = tmp_path / "toys.py"
    changed.write_text(TOYS.read_text() + "\n# changed\n")
    plugins.unload(plugins.load(TOYS))
    changed_plugin = plugins.load(changed)
    try:
        archived = archive.read(content)
        assert "another version of the plugin toys.py" in archive.other_versions(archived.spec, archived.manifest)[0]
        session = Session(RunSpec())
        open_archive(session, content)
        assert "another version of the plugin toys.py" in session.recognized
        (sentence,) = share.read(link).sentences
        assert sentence.startswith("It was made with another version of the plugin toys.py (sha256 ")
    finally:
        plugins.unload(changed_plugin)


@each_of_them
def test_link_gives_the_run_of_an_own_kind_back(which: str) -> None:
    spec = spec_of(which)
    link = share.read(share.parameters(spec))
    assert (link.spec, link.sentences) == (spec, ())


def test_exports_and_saved_page_hold_a_run_that_is_all_toys() -> None:
    spec = spec_of("all")
    source = Source(run(spec), spec, Inputs(), View())
    assert svg(source, nothing).startswith(b"<?xml")
    assert b"Both ways round" in page(source, nothing)
    text = script(source, nothing).decode()
    assert 'load("toys.py")' in text and "the plugin toys.py" in text


def test_unloaded_plugin_leaves_the_tables_as_they_were() -> None:
    plugins.unload(plugins.load(TOYS))
    assert not {"toy_model", "toy_problem", "toy_integrator"} & {*MODELS, *PROBLEMS, *INTEGRATORS}
    with pytest.raises(BadInput, match=r"^model.kind is toy_model; it must be one of deep_matrix, "):
        RunSpec().replaced({"model.kind": "toy_model"})
    with pytest.raises(BadInput, match=r"^init.kind is toy_start; it must be "):
        RunSpec.check({"init": {"kind": "toy_start"}})


def test_class_in_a_notebook_is_a_kind_once_it_is_registered() -> None:
    @register
    class Slow(DeepMatrix):
        kind: Literal["slow"] = "slow"

    try:
        assert run(RunSpec().replaced(SMALL | {"model.kind": "slow"})).end is not None
    finally:
        MODELS.remove("slow")


def test_class_in_a_notebook_is_refused_where_workers_would_compute() -> None:
    """Worker processes load files and installed packages; the loaded toys are such a file, and are taken."""

    @register
    class Slow(DeepMatrix):
        kind: Literal["slow"] = "slow"

    jobs = JobQueue(executor=Manual())
    spec = RunSpec().replaced(SMALL | {"model.kind": "slow"})
    sentence = r"^model.kind is slow, a class .* in this process only .*; put it into a file and load it with [^;]*\.$"
    try:
        with pytest.raises(BadInput, match=sentence):
            jobs.submit(spec)
        with pytest.raises(BadInput, match=sentence):
            Sweep(plan(spec, {"seed": [0, 1]}), None, jobs.executor)
    finally:
        MODELS.remove("slow")
    assert jobs.submit(spec_of("all")).view.state is State.RUNNING
    jobs.close()


def test_class_that_is_not_whole_is_refused_with_a_sentence() -> None:
    class Empty(Factorization):
        kind: Literal["empty"] = "empty"

    with pytest.raises(BadInput, match=r"Empty does not say its degree, end_to_end, factor_shapes, .*starts; see Factorization"):
        register(Empty)

    class Taken(GradientDescent):
        kind: ClassVar[str] = "none"

    with pytest.raises(BadInput, match="Taken has no kind"):
        INTEGRATORS.register(Taken)
    with pytest.raises(BadInput, match="GradientFlow is no Factorization"):
        register(GradientFlow)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import nowhere_at_all", "broken.py cannot be loaded: ModuleNotFoundError"),
        ("x = 1", "broken.py registers no class"),
        ("def f(:", "broken.py cannot be loaded: SyntaxError"),
        (None, "cannot be read: No such file"),
    ],
)
def test_plugin_that_cannot_be_loaded_says_why(text: str | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    if text is not None:
        file.write_text(text)
    with pytest.raises(BadInput, match=message):
        plugins.load(file)


def test_installed_package_is_loaded_by_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugins.unload(plugins.load(TOYS))
    (tmp_path / "installed_toys.py").write_text(TOYS.read_text())
    monkeypatch.syspath_prepend(tmp_path)
    entry = EntryPoint("toys", "installed_toys", plugins.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [entry] if group == plugins.GROUP else [])
    try:
        plugins.load_all()
        spec = spec_of("all")
        manifest = json.loads(zipfile.ZipFile(io.BytesIO(archive.write(run(spec), spec))).read("manifest.json"))
        assert manifest["plugins"][0]["sha256"] == hashlib.sha256(TOYS.read_bytes()).hexdigest()
    finally:
        for table, kind in ((MODELS, "toy_model"), (PROBLEMS, "toy_problem"), (INTEGRATORS, "toy_integrator")):
            table.remove(kind)
        sys.modules.pop("installed_toys")


def test_documented_plugin_runs_and_its_gradient_is_that_of_autograd(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file and the command that docs/plugins.md shows."""
    _, code, _, commands, _ = re.split(r"```(?:python)?\n", (ROOT / "docs" / "plugins.md").read_text())
    assert sum(bool(line.strip()) for line in code.splitlines()) <= 40
    (tmp_path / "weighted.py").write_text(code)
    monkeypatch.chdir(tmp_path)
    try:
        for command in commands.splitlines()[:2]:
            assert main(command.removeprefix("python -m dmf_core ").split()) == 0
        assert "Equal" in capsys.readouterr().out
        model, shape = MODELS["weighted"](), (6, 4)
        factors = tuple(torch.randn(each, dtype=torch.float64).requires_grad_() for each in model.factor_shapes(shape))
        G = torch.randn(shape, dtype=torch.float64)
        expected = torch.autograd.grad((model.end_to_end(factors) * G).sum(), factors)
        pullback = tuple(torch.empty_like(factor) for factor in factors)
        model.linearize(tuple(factor.detach() for factor in factors))[1](G, pullback)
        for ours, theirs in zip(pullback, expected, strict=True):
            torch.testing.assert_close(ours, theirs)
    finally:
        plugins.unload(plugins.load(tmp_path / "weighted.py"))


@pytest.mark.usefixtures("_queue_ends", "usual_pace")
def test_pages_show_a_run_that_is_all_toys() -> None:
    """Explore with its widgets and a worker process; then Compare of the same run."""
    spec = spec_of("all")
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["Advanced"] = app.session_state["Export"] = True  # both folds open
    for path, text in share.parameters(spec).items():
        app.query_params[path] = text
    app.run()
    assert not app.exception and not app.session_state.session.message
    assert app.session_state.session.spec == spec
    model = app.selectbox(key="model.kind")
    assert "both ways round" in model.options and "toy problem" in app.selectbox(key="problem.kind").options
    assert {"problem.side", "model.rank", "integrator.step"} <= {each.key for each in app.number_input}
    job = queue().find(spec.digest())
    assert job is not None and job.wait(60).state.ended and job.trajectory is not None, job and job.message
    app.number_input(key="model.rank").set_value(4).run()
    assert not app.exception and app.session_state.session.spec == spec.replaced({"model.rank": 4})
    app.switch_page("pages/compare.py").run()
    assert not app.exception
    compared = app.session_state.comparing.comparison.specs()
    assert len(compared) > 1 and {each.model for each in compared} == {spec.model.model_copy(update={"rank": 4})}
    jobs = [queue().find(each.digest()) for each in compared]
    assert all(each is not None and each.wait(60).state.ended and each.trajectory is not None for each in jobs)
