"""What a page says and sends of a tensor: several spectra, parts to look at, words, controls."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dmf_core import simulate
from dmf_core.models import MODELS
from dmf_core.problems.tensor_truth import TensorTruth
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures import picture
from ui.figures.payload import BYTES, payload
from ui.figures.spectra import naming, seen_as
from ui.services import shared_queue
from ui.session.fitting import fitting
from ui.session.options import as_text, numbers

ROOT = Path(__file__).parents[4]
SMALL = {"problem.kind": "tensor_completion", "problem.shape": [6, 7, 8], "problem.observations": 200, "stop.loss": 1e-4}
KINDS: dict[str, dict[str, Any]] = {
    "cp": {"problem.rank": 2},
    "tucker": {"model.kind": "tucker", "problem.truth": "tucker", "problem.rank": [2, 2, 2]},
    "tensor_train": {"model.kind": "tensor_train", "problem.truth": "tensor_train", "problem.rank": 2},
    "hierarchical_tucker": {"model.kind": "hierarchical_tucker", "problem.rank": 2},
}
Run = tuple[RunSpec, Trajectory]


@pytest.fixture(scope="module", params=list(KINDS))
def made(request: pytest.FixtureRequest) -> Run:
    spec = RunSpec().replaced(SMALL | KINDS[request.param] | {"init.scale": 0.03})
    return spec, simulate.run(spec)


def sent(run: Trajectory, spec: RunSpec) -> dict[str, Any]:
    body = payload(run, spec)
    assert len(body) < BYTES
    sent_run: dict[str, Any] = json.loads(body)
    return sent_run


def test_payload_holds_every_spectrum_of_the_run(made: Run) -> None:
    spec, run = made
    body = sent(run, spec)
    assert [each["key"] for each in body["spectra"]] == list(run.spectra)
    assert len(run.spectra) > 1
    for each in [{**body, **body["spectra"][0]}, *body["spectra"][1:]]:
        values = np.frombuffer(base64.b64decode(each["values"]), "<f4").reshape(each["modes"], body["frames"])
        assert pytest.approx(run.spectrum(each["key"])[:, : each["modes"]], rel=1e-6, abs=1e-6) == values.T
        assert each["titles"][-1][1].startswith(f"Depth {spec.model.depth}: ")


def test_payload_shows_the_main_spectrum_first(made: Run) -> None:
    spec, run = made
    body = sent(run, spec)
    assert body["spectrum"] == run.start.main_spectrum and body["spectra"][0] == {"key": run.start.main_spectrum}


def test_payload_of_a_matrix_has_one_spectrum() -> None:
    spec = RunSpec().replaced({"problem.rows": 8, "problem.columns": 9, "problem.rank": 1, "problem.observations": 40})
    body = json.loads(payload(None, spec))
    assert body["spectra"] == []
    assert body["word"] == "mode"


def test_run_seen_as_another_spectrum_and_back_is_the_same(made: Run) -> None:
    _, run = made
    other = seen_as(run, run.spectra[1])
    assert np.array_equal(other.singular_values, run.spectrum(run.spectra[1]))
    back = seen_as(other, run.start.main_spectrum)
    assert np.array_equal(back.singular_values, run.singular_values)
    assert back.start.main_spectrum == run.start.main_spectrum
    assert seen_as(run, "nonsense") is run


def test_parts_of_a_picture_are_those_of_the_tensor(made: Run) -> None:
    """Against the recorded end of the run: the picture is it in steps of 1/127 of the limit."""
    _, run = made
    start, W = run.start, run.end.end_to_end_last if run.end else np.empty(0)
    cells = run.snapshots[-1].picture
    assert start.shown_sides == start.shape  # small enough to be shown whole
    step = start.picture_limit / 127
    middle = picture.part(cells, start, "slice", 3) * step
    assert np.abs(middle - np.clip(W[:, :, 3], -start.picture_limit, start.picture_limit)).max() <= step
    for n in (1, 2, 3):
        unfolded = picture.part(cells, start, f"unfolding-{n}", 0) * step
        expected = np.moveaxis(W, n - 1, 0).reshape(start.shape[n - 1], -1)
        assert np.abs(unfolded - np.clip(expected, -start.picture_limit, start.picture_limit)).max() <= step
    assert picture.part_words(start, "slice", 3) == "Slice (·, ·, 4)."
    assert picture.part_words(start, "unfolding-2", 0) == "Unfolded, axis 2 down."


def test_summary_counts_what_was_learned(made: Run) -> None:
    spec, run = made
    text = " ".join(sent(run, spec)["summary"])
    assert "components" in text if spec.model.kind == "cp" else "rank" in text
    if spec.model.kind != "cp":
        family = run.start.main_spectrum.partition("_")[0]
        ends = [run.spectrum(name)[-1] for name in sorted(run.spectra) if name.startswith(family)]
        ranks = ", ".join(str(int((values > 0.01 * values[0]).sum())) for values in ends)
        assert f"({ranks})" in text


def test_summary_of_a_tree_names_the_ranks_of_axes_and_groups() -> None:
    shape = {"problem.shape": [4, 4, 4, 4], "problem.rank": 1, "problem.observations": 200, "model.rank": 2}
    spec = RunSpec().replaced(SMALL | KINDS["hierarchical_tucker"] | shape | {"init.scale": 0.1})
    run = simulate.run(spec)
    names = [f"unfolding_{n}" for n in (1, 2, 3, 4)] + ["cut_2"]
    ranks = ", ".join(str(int((values > 0.01 * values[0]).sum())) for values in (run.spectrum(name)[-1] for name in names))
    assert any(
        f"ranks of W in its tree (single axes, then groups of axes) are ({ranks})" in each for each in sent(run, spec)["summary"]
    )
    assert naming("group_4_5").head == "Singular values of axes 4 and 5"


def truth(**changes: Any) -> tuple[RunSpec, TensorTruth]:
    spec = RunSpec().replaced({"problem.kind": "tensor_completion"} | {k.replace("__", "."): v for k, v in changes.items()})
    assert isinstance(spec.problem, TensorTruth)
    return spec, spec.problem


def test_another_shape_keeps_the_observed_share() -> None:
    spec, _ = truth()
    changed = spec.replaced(fitting(spec, {"problem.shape": "8,8,8,8"}))
    assert changed.problem.observations == 1000  # 1000 of 4096 as before
    changed = spec.replaced(fitting(spec, {"problem.shape": "8,8,8"}))
    assert changed.problem.observations == 125


@pytest.mark.parametrize("shape", ["8,8,8,8", "3,3,3", "2,2,2"])
def test_another_shape_keeps_ranks_that_have_a_place(shape: str) -> None:
    spec, _ = truth(problem__truth="tucker", problem__rank=[3, 3, 3])
    changed = spec.replaced(fitting(spec, {"problem.shape": shape}))
    assert len(changed.shape or ()) == shape.count(",") + 1


@pytest.mark.parametrize(
    ("text", "expected"), [("16, 16, 16", (16, 16, 16)), ("4x5 × 6", (4, 5, 6)), ("7", (7,)), ("a, b", ()), ("-3, 4", ())]
)
def test_sides_are_read_as_people_type_them(text: str, expected: tuple[int, ...]) -> None:
    assert numbers(text) == expected
    if len(expected) > 1:
        assert numbers(as_text(expected)) == expected


@pytest.fixture(scope="module")
def _queue_ends() -> Iterator[None]:
    yield
    shared_queue().close()
    shared_queue.clear()


def opened() -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    return app.switch_page("pages/tensors.py").run()


@pytest.mark.usefixtures("_queue_ends")
def test_page_opens_with_a_tensor_and_its_controls() -> None:
    app = opened()
    assert not app.exception
    assert app.session_state.session.spec.model.tensor
    assert app.text_input(key="problem.shape").value == "16, 16, 16"
    app.text_input(key="problem.shape").set_value("8, 9").run()
    assert not app.exception
    assert any("Sides" in each.value and "Nothing was changed" in each.value for each in app.warning)
    app.text_input(key="problem.shape").set_value("6, 6, 6, 6").run()
    assert app.session_state.session.spec.problem.shape == (6, 6, 6, 6)


def test_every_model_has_a_name_and_a_sentence() -> None:
    for model in MODELS.values():
        assert model.label and model.help.endswith(".") and model.depth_help.endswith(".")
        assert len(model.short or model.label) <= 20  # of a button


@pytest.mark.usefixtures("_queue_ends")
def test_matrix_and_tensor_keep_their_runs_apart() -> None:
    app = opened()
    app.number_input(key="seed").set_value(11).run()
    app.switch_page("pages/explore.py").run()
    assert not app.session_state.session.spec.model.tensor
    app.switch_page("pages/tensors.py").run()
    assert app.session_state.session.spec.seed == 11


@pytest.mark.usefixtures("_queue_ends")
def test_address_of_the_other_order_is_said() -> None:
    """/tensors?model.depth=2, written by hand, names a matrix: nothing of it can be shown here."""
    cases = [("matrix_completion", "tensors", "Explore shows"), ("tensor_completion", "explore", "Tensors shows")]
    for kind, page, words in cases:
        app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
        app.query_params["problem.kind"], app.query_params["seed"] = kind, "3"
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert any(words in each.value for each in app.warning)
        assert app.session_state.session.spec.model.tensor == (page == "tensors")
