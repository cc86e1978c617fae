"""The guided tour waits for the step that it names, can be left and resumed, and has an address for every chapter."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.sliders import move
from ui.player.view import View
from ui.services import shared_queue
from ui.session.share import address
from ui.session.state import from_address
from ui.session.tour.chapters import CHAPTERS, Chapter
from ui.session.tour.progress import Progress

ROOT = Path(__file__).parents[4]
CONTROLS = {
    ".st-key-model-depth": "model.depth",
    ".st-key-dragged-init-scale": "init.scale",
    ".st-key-dragged-problem-observations": "problem.observations",
}


@pytest.fixture(autouse=True, scope="module")
def _queue_ends() -> Iterator[None]:
    yield
    shared_queue().close()
    shared_queue.clear()


def chapter(number: int) -> Chapter:
    return CHAPTERS[number - 1]


@pytest.mark.parametrize("now", CHAPTERS, ids=lambda now: str(now.number))
def test_chapter_waits_for_its_step_and_knows_it(now: Chapter) -> None:
    progress = Progress()
    progress.enter(now.number)
    assert progress.state(now.spec, View(frame=99, matrix="truth"), None) == "waiting"  # the run is not complete
    if now.path is None:
        assert progress.state(now.spec, View(frame=99, matrix="truth"), 100) == "waiting"  # a view from before
        assert progress.state(now.spec, now.view, 100) == "waiting"
        assert progress.state(now.spec, View(frame=99, matrix="truth"), 100) == "done"
        assert progress.state(now.spec, View(frame=10), 100) == "done"  # it stays so
    else:
        assert progress.state(now.spec, View(), 100) == "waiting"
        done = now.spec.replaced({now.path: now.value})
        assert progress.state(done, View(), 100) == "done"
        assert progress.state(done.replaced({"seed": 8}), View(), 100) == "away"
    assert progress.state(now.spec.replaced({"seed": 8}), View(), 100) == "away"


def test_tour_is_left_and_resumed_and_ends() -> None:
    progress = Progress()
    progress.enter(3)
    progress.leave()
    assert (progress.number, progress.resume) == (None, 3)
    progress.leave()
    assert progress.resume == 3
    progress.enter(8)
    progress.leave(finished=True)
    assert (progress.number, progress.resume) == (None, None)


@pytest.mark.parametrize("number", range(1, 9))
def test_address_of_a_chapter_opens_its_run(number: int) -> None:
    session = from_address({"tour": str(number)})
    assert session.spec == chapter(number).spec
    assert session.message == ""
    assert session.address() == {"tour": str(number)}
    assert address("http://lab.example/", session.address()) == f"http://lab.example/?tour={number}"


def test_address_in_mid_chapter_keeps_the_run_of_now() -> None:
    session = from_address({"tour": "4"})
    session.change({"model.depth": 4})
    again = from_address(session.address())
    assert again.spec == session.spec
    assert again.tour.number == 4


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    for path, value in parameters.items():
        app.query_params[path] = value
    return app.run()


def words(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def button(app: AppTest, key: str) -> Any:
    return next(each for each in app.button if each.key == key)


def finished(app: AppTest) -> AppTest:
    """Once the run of the page is complete."""
    job = shared_queue().find(app.session_state.session.spec.digest())
    assert job is not None
    assert job.wait(30).state.ended
    return app.run()


def test_panel_waits_then_shows_what_to_look_at_and_goes_on() -> None:
    app = finished(opened(tour="3"))
    assert not app.exception
    assert "Chapter 3 of 8" in words(app)
    assert "set **Depth** to 1" in words(app)
    assert any(".st-key-model-depth { outline" in each.proto.body for each in app.get("html"))
    button(app, "tour do").click().run()
    finished(app)
    assert app.session_state.session.spec.model.depth == 1
    assert "at 40 instead of 5" in words(app)
    button(app, "tour next").click().run()
    assert not app.exception
    assert "Chapter 4 of 8" in words(app)
    assert app.session_state.session.spec == chapter(4).spec
    assert app.query_params["tour"] == "4"


def test_panel_says_nothing_of_a_run_that_is_not_the_chapters() -> None:
    app = finished(opened(tour="2"))
    move(app, "problem.rank", 3)
    assert "would not be true of this run" in words(app)
    assert "468" not in words(app)
    button(app, "tour back").click().run()
    assert app.session_state.session.spec == chapter(2).spec
    button(app, "tour leave").click().run()
    assert "Chapter 2" not in words(app)
    assert "tour" not in app.query_params


def test_player_moved_to_the_end_finishes_chapter_2(monkeypatch: pytest.MonkeyPatch) -> None:
    app = finished(opened(tour="2"))
    assert "choose" not in words(app) and "press the key **End**" in words(app)
    run_ = shared_queue().find(app.session_state.session.spec.digest())
    assert run_ is not None and run_.trajectory is not None
    end = View(frame=len(run_.trajectory.snapshots) - 1)
    monkeypatch.setattr("ui.views.explore.tour_panel.current", lambda: end)
    app.run()
    assert "born one after another" in words(app)


def test_learn_page_lists_the_chapters_and_starts_one() -> None:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.switch_page("pages/learn.py").run()
    assert not app.exception
    assert all(f"**{now.number} · {now.title}**" in [each.label for each in app.button] for now in CHAPTERS)
    button(app, "chapter 5").click().run()
    assert not app.exception
    assert app.session_state.session.tour.number == 5
    assert "Chapter 5 of 8" in words(app)


def test_marks_name_controls_that_exist() -> None:
    player = (ROOT / "ui" / "player" / "player.html").read_text()
    for now in CHAPTERS:
        for mark in now.marks:
            if mark in CONTROLS:
                assert "{" + CONTROLS[mark] + "}" in now.do
            else:
                assert mark.removeprefix(".") in player
