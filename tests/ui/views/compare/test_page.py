"""The Compare page without a browser: widgets, addresses, what starts by itself and what waits."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.presets import preset_spec
from ui.controls.lecture_drafts import DRAFTS, OWN
from ui.lecture.script import read
from ui.services import shared_queue
from ui.session.state import FIRST_PRESET, first
from ui.views.compare.comparison import Comparison, from_parameters, to_parameters

ROOT = Path(__file__).parents[4]
SMALL_RUN = {"problem.rows": "30", "problem.columns": "30", "problem.rank": "2", "problem.observations": "500", "seed": "7"}


pytestmark = pytest.mark.usefixtures("queue_ends")


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.run()  # so that the pages are known
    fresh = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    fresh.switch_page("pages/compare.py")
    for path, value in parameters.items():
        fresh.query_params[path.replace("__", ".")] = value
    return fresh.run()


def small(**parameters: str) -> AppTest:
    return opened(**{path.replace(".", "__"): text for path, text in SMALL_RUN.items()}, **parameters)


def comparison(app: AppTest) -> Comparison:
    comparison: Comparison = app.session_state.comparing.comparison
    return comparison


def test_page_opens_with_depth_1_2_and_3() -> None:
    app = opened()
    assert not app.exception
    assert comparison(app).factor == "model.depth"
    assert comparison(app).values == (1, 2, 3)
    assert comparison(app).base == preset_spec(FIRST_PRESET["matrix"])
    jobs = [shared_queue().find(spec.digest()) for spec in comparison(app).specs()]
    assert all(job is not None and job.wait(30).state.ended for job in jobs)
    app.session_state["Export comparison"] = True
    app.run()
    app.button(key="add to lecture").click().run()
    assert not app.exception and "The last 3 scenes of your own lecture are Depth 1, Depth 2 and Depth 3" in app.success[0].value
    scenes = read(app.session_state[DRAFTS][OWN]).lecture.scene
    assert tuple(scene.spec for scene in scenes) == comparison(app).specs()
    assert [scene.heading for scene in scenes] == ["Depth 1", "Depth 2", "Depth 3"]


def test_address_sets_the_comparison() -> None:
    app = small(compare__factor="problem.rank", compare__values="1,2,4", compare__at="time")
    assert not app.exception
    actual = comparison(app)
    assert (actual.factor, actual.values, actual.at) == ("problem.rank", (1, 2, 4), "time")
    assert [spec.problem.rank for spec in actual.specs()] == [1, 2, 4]
    assert {spec.problem.rows for spec in actual.specs()} == {30}


def test_address_says_whether_the_runs_are_overlaid() -> None:
    base = preset_spec(FIRST_PRESET["matrix"])
    comparison, message = from_parameters(base, {"compare.runs": "overlaid"})
    assert comparison.overlaid
    assert message == ""
    assert from_parameters(base, to_parameters(comparison)) == (comparison, "")
    assert not from_parameters(base, {})[0].overlaid
    _, message = from_parameters(base, {"compare.runs": "stacked"})
    assert message == "compare.runs is stacked; it must be beside or overlaid. beside was taken."


def test_address_is_written_back_and_means_the_same() -> None:
    app = small(compare__factor="problem.noise")
    app.run()
    written = {key: "".join(app.query_params[key]) for key in app.query_params}
    again = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    again.switch_page("pages/compare.py")
    for key, text in written.items():
        again.query_params[key] = text
    again.run()
    assert comparison(again) == comparison(app)


def test_nonsense_address_gets_one_sentence_and_a_page() -> None:
    app = opened(compare__factor="model.colour", compare__values="a,b", compare__at="noon")
    assert not app.exception
    assert len(app.warning) == 1
    assert "compare.factor is model.colour" in app.warning[0].value
    assert comparison(app).values == (1, 2, 3)
    assert comparison(app).base == first().spec  # nothing else of the address could be used


def test_picking_a_factor_resets_the_values() -> None:
    app = small()
    app.selectbox(key="Change one factor").set_value("problem.observations").run()
    assert not app.exception
    assert comparison(app).values == (125, 250, 500)
    assert len(app.multiselect) == 1


def test_one_value_is_refused_with_a_sentence() -> None:
    app = small(compare__factor="problem.rank", compare__values="1,2")
    app.multiselect[0].set_value([2]).run()
    assert not app.exception
    assert app.warning[0].value == "A comparison needs 2 runs at least. Nothing was changed."
    assert comparison(app).values == (1, 2)
    assert app.multiselect[0].value == [1, 2]


@pytest.mark.parametrize(("factor", "values"), [("problem.rank", "1,2,3,4"), ("model.depth", "1,2,3,4")])
def test_fifth_value_is_refused_in_words(factor: str, values: str) -> None:
    app = small(compare__factor=factor, compare__values=values)
    control = app.multiselect[0] if factor == "problem.rank" else app.button_group[0]
    control.set_value([1, 2, 3, 4, 5]).run()
    assert not app.exception
    refused = "A comparison holds 4 runs at most: take one value away before you add another. Nothing was changed."
    assert app.warning[0].value == refused
    assert comparison(app).values == (1, 2, 3, 4)
    again = app.multiselect[0] if factor == "problem.rank" else app.button_group[0]
    assert again.value == [1, 2, 3, 4]


def test_typed_value_becomes_a_run() -> None:
    app = small(compare__factor="problem.rank", compare__values="1,2")
    app.multiselect[0].set_value([1, 2, "7"]).run()
    assert not app.exception
    assert comparison(app).values == (1, 2, 7)


def test_long_runs_wait_for_run_and_short_ones_do_not() -> None:
    base = {"problem__rows": "60", "problem__columns": "60", "problem__observations": "1500"}
    app = opened(**base, compare__factor="integrator.kind", compare__values="gradient_flow,gradient_descent")
    flow, descent = comparison(app).specs()
    assert shared_queue().find(flow.digest()) is not None
    assert shared_queue().find(descent.digest()) is None
    (run,) = [button for button in app.button if button.label.startswith("Run ")]
    assert run.label.startswith("Run 1 · about ")


def test_runs_are_remembered_for_the_table() -> None:
    app = small(compare__factor="problem.rank", compare__values="1,2,3")
    for spec in comparison(app).specs():
        job = shared_queue().find(spec.digest())
        assert job is not None
        job.wait(30)
    app.run()
    assert len(app.session_state.tried.runs) == 3
    assert list(app.dataframe[0].value["problem.rank"]) == [3, 2, 1]


def test_compare_with_takes_the_run_of_explore_as_its_base() -> None:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    for path, text in SMALL_RUN.items():
        app.query_params[path] = text
    app.query_params["model.depth"] = "5"
    app.run()
    next(button for button in app.button if button.label == "Compare with…").click().run()
    assert not app.exception
    assert comparison(app).values == (3, 4, 5)
    assert comparison(app).base.seed == 7
