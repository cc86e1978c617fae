"""The page Learn: chapters by address, answers, what a browser keeps, and the addresses of the former tour."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from ui.controls.lecture_drafts import DRAFTS, OWN
from ui.lecture.script import read
from ui.services import shared_queue
from ui.session.course.chapters import CHAPTERS
from ui.session.course.progress import SUMMARY, Progress, from_json, typed
from ui.session.course.visit import Visit, of_old_tour

ROOT = Path(__file__).parents[4]


pytestmark = pytest.mark.usefixtures("queue_ends")


def test_visit_answers_goes_on_and_begins_anew() -> None:
    visit = Visit()
    visit.follow({"chapter": "4", "model.depth": "2"})
    assert (visit.number, visit.value, visit.spec.model.depth, visit.message) == (4, 2, 2, "")
    assert visit.address() == {"chapter": "4", "model.depth": "2"}
    visit.answer("1")
    visit.enter(5)
    assert visit.address() == {"chapter": "5"}
    assert visit.progress.as_json() == {"answers": {"depth": "1"}, "at": 5}
    visit.enter(SUMMARY)
    assert visit.chapter is None and visit.address() == {"chapter": "summary"}
    visit.begin_anew()
    assert (visit.number, visit.progress) == (1, Progress())


def test_browser_brings_back_answers_and_place_but_never_undoes_a_choice() -> None:
    stored = {"answers": {"depth": "1", "start": "0"}, "at": 6}
    visit = Visit()
    visit.restore(stored)
    assert (visit.number, visit.restored) == (6, True)
    visit = Visit()
    visit.follow({"chapter": "2"})
    visit.answer("12")
    visit.restore(stored)
    assert visit.number == 2
    assert visit.progress.answers == {"depth": "1", "start": "0", "one-by-one": "12"}


@settings(deadline=None, max_examples=100)
@given(
    some.recursive(
        some.none() | some.booleans() | some.integers() | some.text(max_size=30),
        lambda each: (
            some.lists(each, max_size=3)
            | some.dictionaries(some.sampled_from(["answers", "at", "depth", "start", "x"]), each, max_size=4)
        ),
        max_leaves=8,
    )
)
def test_whatever_a_browser_has_kept_is_taken_or_left(stored: Any) -> None:
    progress = from_json(stored)
    assert 1 <= progress.at <= SUMMARY
    assert set(progress.answers) <= {chapter.key for chapter in CHAPTERS}
    assert from_json(progress.as_json()) == progress


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 011", 1011), ("1\u202f011", 1011), ("0,5", 0.5), ("\u22123", -3), ("five", None), ("inf", None), ("", None)],
)
def test_numbers_are_understood_as_people_type_them(text: str, value: float | None) -> None:
    assert typed(text) == value


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"chapter": "99"}, "There is no chapter 99"),
        ({"chapter": "true"}, "There is no chapter true"),
        ({"chapter": "4", "model.depth": "7"}, "no run with model.depth at 7"),
    ],
)
def test_address_that_does_not_fit_is_said(parameters: dict[str, str], message: str) -> None:
    visit = Visit()
    visit.follow(parameters)
    assert message in visit.message
    assert visit.chapter is not None and visit.value == visit.chapter.usual


def test_addresses_of_the_former_tour_lead_to_their_chapters() -> None:
    depth = CHAPTERS[3]
    assert of_old_tour(4, None) == of_old_tour(4, depth.spec) == {"chapter": "4"}
    assert of_old_tour(4, depth.spec.replaced({"model.depth": 4})) == {"chapter": "4", "model.depth": "4"}
    assert of_old_tour(4, depth.spec.replaced({"seed": 3})) is None  # a run that no chapter has: Explore shows it


def opened(page: str = "", **parameters: str) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    for path, value in parameters.items():
        app.query_params[path.replace("__", ".")] = value
    if page:
        app.switch_page(page)
    return app.run()


def markup(app: AppTest) -> str:
    """All HTML and data of our components."""
    return " ".join(each.proto.json or "" for each in app.get("bidi_component"))


def finished(app: AppTest) -> AppTest:
    """Once all runs of the chapter are complete."""
    for _ in range(20):
        visit: Visit = app.session_state.visit
        assert visit.chapter is not None
        jobs = [shared_queue().find(needed.digest) for needed in visit.chapter.needed.values()]
        for job in jobs:
            if job is not None:
                job.wait(60)
        app.run()
        if all(job is not None and job.state.ended for job in jobs):
            return app
    raise AssertionError("the runs of the chapter did not end")


def test_chapter_shows_words_question_and_feedback_and_goes_on() -> None:
    app = finished(opened("pages/learn.py", chapter="4"))
    assert not app.exception
    assert "Chapter 4 of 9" in markup(app) and "At depth 2 instead of 3" in markup(app)
    assert "A tenth" not in markup(app) and "Look at three things" in markup(app)
    visit: Visit = app.session_state.visit
    app.button(key="add to lecture").click().run()
    (scene,) = read(app.session_state[DRAFTS][OWN]).lecture.scene
    assert (scene.spec, scene.heading) == (visit.spec, visit.chapter.prose.title if visit.chapter else "")
    visit.answer("0")
    app.run()
    assert "Not quite" in markup(app)
    visit.answer("1")
    app.run()
    assert "from 4/3 to 1" in markup(app) and "1 of 9 questions tried" in markup(app)
    next(each for each in app.button if each.key == "lesson next").click().run()
    assert not app.exception
    assert app.query_params["chapter"] == ["5"] or app.query_params["chapter"] == "5"
    assert "Chapter 5 of 9" in markup(app)


def test_summary_names_every_chapter() -> None:
    app = opened("pages/learn.py", chapter="summary")
    assert not app.exception
    shown = markup(app)
    assert all(chapter.prose.sentence in shown for chapter in CHAPTERS)
    assert any("compare the trends, not the digits" in each.value for each in app.markdown)


def test_former_tour_opens_learn() -> None:
    app = opened(tour="3")
    assert not app.exception
    assert "Chapter 3 of 9" in markup(app)
    assert app.session_state.visit.number == 3


def test_former_tour_with_a_run_of_its_own_opens_that_run() -> None:
    app = opened(tour="2", seed="3", version="1")
    assert not app.exception
    assert app.session_state.session.spec.seed == 3


@pytest.mark.parametrize("number", [4, 8, 9])  # a run of settings alone, of given data, of data that come with the program
def test_run_of_a_chapter_opens_in_explore(number: int) -> None:
    app = opened("pages/learn.py", chapter=str(number))
    next(each for each in app.button if each.key == "lesson explore").click().run()
    assert not app.exception
    session = app.session_state.session
    assert session.spec == CHAPTERS[number - 1].spec
    assert session.inputs == CHAPTERS[number - 1].inputs
    assert any(each.label == "Compare with…" for each in app.button)
