"""The page "Theory" without a browser."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.analysis.replay import explained
from dmf_core.jobs import State
from dmf_core.simulate import run
from tests.ui.views.explore.test_page import opened, spec_of
from tests.ui.views.norm_or_rank.test_page import until
from ui.player.view import View
from ui.services import shared_queue
from ui.views.theory.methods import variants

pytestmark = pytest.mark.usefixtures("queue_ends")

SMALL_RUN = {
    "problem__rows": "20",
    "problem__columns": "16",
    "problem__rank": "2",
    "problem__observations": "160",
    "stop__loss": "1e-3",
}


def page(**parameters: str) -> AppTest:
    app = opened(**parameters)
    app.switch_page("pages/theory.py").run()
    assert not app.exception
    return app


def complete(app: AppTest) -> AppTest:
    job = shared_queue().find(spec_of(app).digest())
    assert job is not None
    until(lambda: job.view.complete)
    app.run()
    assert not app.exception
    return app


def test_page_lays_the_theory_over_the_run_of_explore() -> None:
    app = complete(page(**SMALL_RUN))
    moments = [each for each in app.select_slider if each.label == "Moment"]
    assert len(moments) == 1
    moments[0].set_value(1).run()
    assert not app.exception
    assert next(each for each in app.select_slider if each.label == "Moment").value == 1


def test_moment_begins_where_the_player_stands() -> None:
    app = opened(**SMALL_RUN, seed="2")
    app.session_state.session.view = View(frame=3)
    app.switch_page("pages/theory.py").run()
    assert next(each for each in complete(app).select_slider if each.label == "Moment").value == 3


def test_methods_run_only_when_asked_and_then_all_of_them() -> None:
    app = complete(page(**SMALL_RUN, init__scale="0.5", stop__iterations="300"))
    specs = variants(app.session_state.session)
    assert set(specs) == {"gradient_flow", "gradient_descent", "momentum", "group_rmsprop", "adam"}
    others = {kind: spec for kind, spec in specs.items() if kind != "gradient_flow"}
    assert all(shared_queue().find(spec.digest()) is None for spec in others.values())
    app.button(key="run methods").click().run()

    def done() -> bool:
        app.run()
        return all((job := shared_queue().find(spec.digest())) is not None and job.view.complete for spec in specs.values())

    until(done)
    assert all(job.state is State.DONE for spec in specs.values() if (job := shared_queue().find(spec.digest())) is not None)
    app.run()
    assert not app.exception
    assert not any(button.key == "run methods" for button in app.button)


def test_impossible_settings_leave_a_page_with_a_sentence() -> None:
    app = page(
        problem__rows="2000", problem__columns="2000", model__depth="8", problem__observations="400000", init__scale="1e-9"
    )
    assert any("above the" in each.value for each in app.warning)


@pytest.mark.parametrize("depth", ["1", "2"])
def test_page_opens_at_every_depth(depth: str) -> None:
    assert not complete(page(**SMALL_RUN, model__depth=depth)).exception


def test_opened_archive_is_told_from_its_own_numbers() -> None:
    app = opened(**SMALL_RUN, seed="4")
    spec = spec_of(app)
    explained_run = explained(run(spec), spec)
    app.session_state.session.opened = (spec.digest(), explained_run)
    app.switch_page("pages/theory.py").run()
    assert not app.exception
    assert any(each.label == "Moment" for each in app.select_slider)
    app.session_state.session.opened = (spec.digest(), replace(explained_run, insight=None))  # made without its theory
    app.run()
    assert not app.exception
    assert not any(each.label == "Moment" for each in app.select_slider)
