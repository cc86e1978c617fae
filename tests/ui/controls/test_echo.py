"""Old values of a browser are no choices."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from dmf_core.presets import preset_spec
from dmf_core.spec import RunSpec
from dmf_core.sweep.ready import READY

APP = Path(__file__).parents[3] / "app.py"


def _opened(page: str = "") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    for path, value in {"problem.rows": "8", "problem.columns": "7", "problem.rank": "1", "problem.observations": "30"}.items():
        app.query_params[path] = value
    app.run()
    return app.switch_page(f"pages/{page}.py").run() if page else app


def _spec(app: AppTest) -> RunSpec:
    spec: RunSpec = app.session_state.session.spec
    return spec


def test_preset_stays_when_a_browser_sends_the_values_of_before_it() -> None:
    app = _opened()
    app.session_state["Advanced"] = True  # so that every widget is there
    app.run()
    assert app.selectbox(key="init.kind").value
    app.selectbox(key="Start from").select("arora-completion")
    states = app._tree.get_widget_states()  # the browser has the choice; all the others are of before
    app.run()
    assert _spec(app) == preset_spec("arora-completion")
    app._run(states)
    assert (_spec(app), app.session_state.session.preset) == (preset_spec("arora-completion"), "arora-completion")


def test_depth_stays_when_a_browser_sends_the_preset_that_it_has_left() -> None:
    app = _opened()
    app.selectbox(key="Start from").select("fewer-entries").run()
    app.segmented_control(key="model.depth").set_value(4)
    states = app._tree.get_widget_states()
    app.run()
    assert (_spec(app).model.layers, app.session_state.session.preset) == (4, None)
    app._run(states)  # "Start from" says fewer-entries still
    assert (_spec(app).model.layers, app.session_state.session.preset) == (4, None)


def test_choice_counts_again_as_soon_as_the_browser_has_heard() -> None:
    app = _opened()
    states = app._tree.get_widget_states()
    app.selectbox(key="Start from").select("arora-completion").run()
    app._run(states)
    app.segmented_control(key="model.depth").set_value(4).run()
    assert _spec(app) == preset_spec("arora-completion").replaced({"model.depth": 4})
    app.number_input(key="seed").set_value(7).run()
    assert _spec(app) == preset_spec("arora-completion").replaced({"model.depth": 4, "seed": 7})


def test_old_values_leave_a_choice_that_comes_with_them() -> None:
    app = _opened()
    app.segmented_control(key="model.depth").set_value(4)
    states = app._tree.get_widget_states()  # a choice on the page of before ..
    app.session_state.session.change({"seed": 11})  # .. where the program changes something else
    app.run()
    app._run(states)
    assert (_spec(app).model.layers, _spec(app).seed) == (4, 11)


def test_ready_map_stays_when_a_browser_sends_the_values_of_before_it() -> None:
    app = _opened("map")
    app.selectbox(key="map start").select("noise-by-time")
    states = app._tree.get_widget_states()
    app.run()
    app._run(states)
    assert (app.session_state["map state"].field, app.session_state["map state"].ready) == (
        READY["noise-by-time"].field(),
        "noise-by-time",
    )


def test_comparison_stays_when_a_browser_sends_the_values_of_before_it() -> None:
    app = _opened("compare")
    states = app._tree.get_widget_states()
    assert states.widgets
    app.session_state["comparing"].set_values([1, 2], app.session_state.session)
    app.run()
    app._run(states)
    assert app.session_state["comparing"].comparison.values == (1, 2)


def test_pattern_of_observations_stays_when_a_browser_sends_the_one_before() -> None:
    app = _opened("observations")
    states = app._tree.get_widget_states()
    app.session_state.session.change({"problem.pattern": "block"})
    app.run()
    app._run(states)
    assert _spec(app).problem.pattern == "block"  # type: ignore[union-attr]


def test_number_that_is_none_of_ours_hinders_no_choice() -> None:
    app = _opened()
    app.text_input(key="heard of sidebar").set_value("ten")
    app.segmented_control(key="model.depth").set_value(4).run()
    assert not app.exception
    assert _spec(app).model.layers == 4


def test_browser_that_a_rerun_kept_from_the_first_number_gets_it_from_the_next() -> None:
    """Nothing is assigned in the second run: a browser that has not drawn the first one starts with the default."""
    app = _opened()
    first = app.text_input(key="heard of sidebar").proto
    second = app.run().text_input(key="heard of sidebar").proto
    assert (first.set_value, second.set_value) == (True, False)
    assert second.default == first.value != ""
