"""The page without a browser: widgets, presets, addresses, bad values."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec
from tests.ui.sliders import move, sliders
from ui.services import shared_queue
from ui.session import run_lookup
from ui.session.share import parameters
from ui.views.explore.live import _left

ROOT = Path(__file__).parents[4]


pytestmark = pytest.mark.usefixtures("queue_ends")


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["Advanced"] = app.session_state["Export"] = True  # both folds open
    for path, value in parameters.items():
        app.query_params[path.replace("__", ".")] = value
    return app.run()


def spec_of(app: AppTest) -> RunSpec:
    spec: RunSpec = app.session_state.session.spec
    return spec


def test_page_opens_with_a_run_and_no_exception() -> None:
    app = opened()
    assert not app.exception
    assert list(sliders(app)) == ["Rank of the truth", "Observed entries", "Initial scale"]
    assert app.number_input(key="seed").label == "Seed"
    job = shared_queue().find(spec_of(app).digest())
    assert job is not None
    assert job.wait(30).state.ended


def test_checkbox_draws_entries_with_replacement_and_the_captions_count_them() -> None:
    app = opened(problem__rows="12", problem__columns="10", problem__rank="2", problem__observations="60")
    box = app.checkbox(key="problem.replacement")
    assert (box.label, box.value) == ("Draw entries with replacement", False)
    box.check().run()
    assert not app.exception
    assert spec_of(app).problem.replacement
    captions = [each.value for each in app.caption]
    assert any(text.startswith("60 draws see about 47 of the 120 entries; ") for text in captions)  # 120 (1 - (1 - 1/120)^60)
    assert any("drawn with replacement" in text for text in captions)


def test_run_whose_cost_no_formula_knows_is_tried_and_starts_by_itself_when_it_is_short() -> None:
    small = {"problem__rows": "6", "problem__columns": "5", "problem__rank": "1", "problem__observations": "20"}
    app = opened(**small, integrator__kind="implicit_flow", model__depth="2")
    digest = spec_of(app).digest()
    trial = shared_queue().trials.wait(digest, 60)  # the page may have gone on without it
    assert trial is not None and trial.sure and trial.cost.longest < limits.RUN_WITHOUT_ASKING_SECONDS
    app.run()
    assert not app.exception
    job = shared_queue().find(digest)
    assert job is not None and job.wait(60).state.ended


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e8])
def test_upload_in_any_unit_runs_with_start_and_stop_as_shares(unit: float) -> None:
    """Data of 1e8 were refused: their stop was above what stop.loss may be."""
    source = np.random.default_rng(5)
    data = unit * (3 + source.normal(size=(12, 2)) @ source.normal(size=(2, 9)))
    app = opened(problem__rows="12", problem__columns="10", problem__rank="2", problem__observations="60")
    app.selectbox(key="Start from").select("own").run()
    text = "\n".join(",".join(f"{value:.9g}" for value in row) for row in data)
    app.file_uploader[0].upload("m.csv", text.encode(), "text/csv").run()
    assert not app.exception and not app.session_state.session.message
    spec = spec_of(app)
    assert (spec.stop.loss, spec.stop.relative_loss, spec.init.relative) == (None, 0.01, True)
    assert "Initial scale, as a share of the data's norm" in sliders(app)
    assert any("stops at error 10⁻² of the data's mean square" in each.value for each in app.caption)
    job = shared_queue().find(spec.digest(), app.session_state.owner)
    assert job is not None and job.wait(30).state.ended
    assert "of the data's mean square" in job.message


def test_link_to_the_run_of_an_upload_shows_another_visitor_nothing_of_it() -> None:
    app = opened(problem__rows="12", problem__columns="10", problem__rank="2", problem__observations="60")
    app.selectbox(key="Start from").select("own").run()
    app.file_uploader[0].upload("m.csv", b"1,2,31.4159\n4,5,6\n7,8,\n", "text/csv").run()
    spec = spec_of(app)
    job = shared_queue().find(spec.digest(), app.session_state.owner)
    assert job is not None and job.wait(30).trajectory is not None
    other = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    for path, value in parameters(spec).items():
        other.query_params[path] = value
    other.run()
    assert spec_of(other).problem.data == spec.problem.data  # the link was understood
    assert "owner" not in other.session_state or other.session_state.owner != app.session_state.owner
    assert "no matrix was given" in other.session_state.session.message  # so its page asks the queue for nothing
    assert shared_queue().find(spec.digest()) is None
    assert shared_queue().find(spec.digest(), "another session") is None
    with pytest.raises(BadInput, match="No run"):
        run_lookup.spec_of(spec.digest()[:8])


def test_painted_mask_offers_no_replacement() -> None:
    app = opened(problem__rows="2", problem__columns="3", problem__rank="1", problem__pattern="drawn", problem__mask="m2A")
    assert "problem.replacement" not in [each.key for each in app.checkbox]


def test_slider_changes_the_run() -> None:
    app = opened()
    before = spec_of(app)
    move(app, "problem.rank", 3)
    assert not app.exception
    assert spec_of(app) == before.replaced({"problem.rank": 3})


def test_next_seed_and_depth_change_the_run() -> None:
    app = opened(seed="4")
    next(button for button in app.button if button.label == "Next seed").click().run()
    assert spec_of(app).seed == 5
    app.session_state["model.depth"] = 2
    app.session_state.session.change({"model.depth": 2})
    app.run()
    assert not app.exception
    assert spec_of(app).model.depth == 2


def test_address_sets_the_run() -> None:
    app = opened(model__depth="2", problem__rank="4", seed="9")
    spec = spec_of(app)
    assert (spec.model.depth, spec.problem.rank, spec.seed) == (2, 4, 9)
    assert sliders(app)["Rank of the truth"] == "4"


def test_nonsense_address_gets_a_sentence_and_a_page() -> None:
    app = opened(model__depth="lots", problem__observations="-5", foo="bar")
    assert not app.exception
    assert "Depth is lots" in app.warning[0].value
    assert spec_of(app) == RunSpec()


def test_smaller_matrix_takes_rank_and_observations_down() -> None:
    app = opened(problem__rank="50")
    app.number_input(key="problem.rows").set_value(20).run()
    assert not app.exception
    problem = spec_of(app).problem
    assert (problem.rows, problem.rank, problem.observations) == (20, 20, 400)


def test_every_problem_and_integrator_can_be_chosen() -> None:
    app = opened(problem__rows="10", problem__columns="10", problem__rank="1", problem__observations="60")
    for path, kind in [
        ("problem.kind", "matrix_sensing"),
        ("integrator.kind", "implicit_flow"),
        ("integrator.kind", "gradient_descent"),
        ("integrator.kind", "group_rmsprop"),
        ("integrator.kind", "gradient_flow"),
    ]:
        app.selectbox(key=path).set_value(kind).run()
        assert not app.exception, path
        section, _, field = path.partition(".")
        assert getattr(getattr(spec_of(app), section), field) == kind


def test_long_run_waits_for_the_run_button() -> None:
    app = opened(problem__rows="600", problem__columns="600", problem__observations="90000")
    spec = spec_of(app)
    assert shared_queue().find(spec.digest()) is None
    assert any("does not show these settings" in caption.value for caption in app.caption)


def test_too_large_a_run_is_refused_with_a_sentence() -> None:
    app = opened(
        problem__rows="2000", problem__columns="2000", model__depth="8", problem__observations="400000", init__scale="1e-9"
    )
    assert not app.exception
    assert "above the" in app.session_state.session.message
    assert not app.warning  # the player says it, over the picture of before: once is enough


def test_about_page_shows_its_sources() -> None:
    app = AppTest.from_file(ROOT / "pages" / "about.py").run()
    assert not app.exception
    assert "arXiv 1905.13655" in app.markdown[0].value


@pytest.mark.parametrize("kind", ["matrix_sensing", "razin_cohen", "commuting_sensing"])
def test_every_kind_of_problem_has_its_widgets_and_leads_back(kind: str) -> None:
    app = opened()
    app.selectbox(key="problem.kind").set_value(kind).run()
    assert not app.exception
    assert spec_of(app).problem.kind == kind
    app.selectbox(key="problem.kind").set_value("matrix_completion").run()
    assert not app.exception
    assert spec_of(app).problem.kind == "matrix_completion"


def test_side_of_commuting_measurements_takes_the_rest_with_it() -> None:
    app = opened(problem__kind="commuting_sensing")
    app.number_input(key="problem.side").set_value(6).run()
    assert not app.exception
    problem = spec_of(app).problem
    assert (problem.side, problem.rank, problem.measurements) == (6, 5, 6)


@pytest.mark.parametrize(
    ("seconds", "fraction", "estimated", "words"),
    [
        (20.0, 0.25, 5.0, "about 60 s left"),  # a run of a given length knows
        (30.0, None, 100.0, "estimated 70 s left"),
        (130.0, None, 100.0, "more than the 2 min estimated"),
        (1.0, None, 2.0, ""),  # a short run is done before this could be read
    ],
)
def test_long_run_says_how_much_is_left(seconds: float, fraction: float | None, estimated: float, words: str) -> None:
    assert _left(SimpleNamespace(seconds=seconds), SimpleNamespace(fraction=fraction), estimated) == words  # type: ignore[arg-type]
