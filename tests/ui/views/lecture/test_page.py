"""The page Lecture: what it offers with and without the server that phones can follow, and to whom."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.jobs import Job
from dmf_core.presets import preset_spec
from ui.controls.lecture_drafts import OWN, add_views, draft, keep
from ui.lecture import door
from ui.lecture.answer_book import AnswerBook
from ui.lecture.door import Door
from ui.lecture.hall import Hall
from ui.lecture.script import read, ready
from ui.player.view import View

SCRIPT = "from ui.views.lecture.page import page\npage()\n"


@pytest.fixture
def entrance() -> Iterator[Door]:
    """A hall on an event loop in another thread, as in the server; its runs are never computed."""
    loop, started = asyncio.new_event_loop(), threading.Event()
    halls: list[Hall] = []

    async def start() -> None:
        halls.append(Hall(AnswerBook(None), Job))
        halls[0].start()
        started.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.create_task(start())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(60)
    door.open_hall(halls[0])
    yield Door(halls[0])
    door.open_hall(None)
    asyncio.run_coroutine_threadsafe(halls[0].close(), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(60)


def _page() -> AppTest:
    return AppTest.from_string(SCRIPT, default_timeout=60).run()


def test_server_without_lectures_says_which_setting_to_look_at() -> None:
    page = _page()
    assert "DMF_LECTURES" in page.info[0].value and not page.button and not page.exception


def test_who_is_not_at_the_server_needs_its_token(entrance: Door) -> None:
    page = _page()  # a test has no address of its own that would be this computer's
    assert not page.button and page.text_input[0].label == "Token of the server"
    page.text_input[0].input("wrong").run()
    assert "not the token" in page.error[0].value and not page.button


def test_a_room_is_opened_listed_and_deleted(entrance: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.views.lecture.page.at_the_server", lambda *_: True)
    page = _page()
    assert not page.exception
    next(button for button in page.button if button.label == "Open a room").click().run()
    assert not page.exception
    line = entrance.rooms()[0]
    assert line.title == "Why does gradient descent find low rank?" and line.ready == 0 and line.runs == 4
    assert any(line.code in header.value for header in page.subheader)
    next(button for button in page.button if button.label == "Delete this room").click().run()
    assert entrance.rooms() == [] and not page.exception


def test_a_script_that_does_not_fit_is_said_with_its_line(entrance: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.views.lecture.page.at_the_server", lambda *_: True)
    page = _page()
    text = page.text_area[0]
    text.input(str(text.value).replace('preset = "depth-1"', 'preset = "depth-0"')).run()
    assert page.error[0].value.startswith("Line 24: Scene 2: There is no preset depth-0")
    assert not [button for button in page.button if button.label == "Open a room"]


def test_answers_are_handed_out_without_the_names_of_browsers(entrance: Door) -> None:
    code = entrance.open(ready()["ten-minutes"], "")
    hall = door.hall()
    assert hall is not None
    hall.live[code].answers = {2: {"voter-x": 1, "voter-y": 0}, 3: {"voter-x": 730}}
    rows = entrance.answers(code)
    assert [row[0] for row in rows] == [3, 3, 4] and rows[0][2] == "All grow together" and rows[2][2] == "730"
    assert "voter" not in str(rows)


def _labelled(widgets: Any, label: str) -> Any:
    return next(each for each in widgets if each.label == label)


def test_scenes_are_edited_and_nothing_typed_is_lost(entrance: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.views.lecture.page.at_the_server", lambda *_: True)
    page = _page()
    _labelled(page.button, "Down").click().run()
    assert not page.exception and page.text_area[0].value.index("One matrix") < page.text_area[0].value.index(
        "A matrix with holes"
    )
    assert page.session_state["lecture scene chosen"] == 1  # the one that was moved
    _labelled(page.text_input, "Heading").input("Holes")
    _labelled(page.text_input, "Run: the name of a preset, or a link").input("no-such")
    _labelled(page.button, "Save the scene").click().run()
    assert "There is no preset no-such" in page.error[0].value
    assert _labelled(page.text_input, "Heading").value == "Holes" and "Holes" not in page.text_area[0].value
    _labelled(page.text_input, "Run: the name of a preset, or a link").input("depth-1")
    _labelled(page.text_input, "Changes of the preset").input("seed = 3")
    _labelled(page.text_input, "Question").input("When?")
    _labelled(page.text_input, "Range of moments, as in 690 to 1400").input("400 to 800")
    _labelled(page.text_input, "Born mode").input("1")
    _labelled(page.button, "Save the scene").click().run()
    assert not page.exception and not page.error
    scene = read(page.text_area[0].value).lecture.scene[1]
    assert (scene.heading, scene.preset, scene.spec.seed) == ("Holes", "depth-1", 3)
    assert scene.question is not None and (scene.question.range, scene.question.birth) == ((400, 800), 1)
    _labelled(page.button, "Back to the ready lecture").click().run()
    assert page.text_area[0].value == ready()["ten-minutes"]


def test_a_view_of_explore_is_the_last_scene_of_the_own_lecture(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr("ui.controls.lecture_drafts.st.session_state", state)
    spec = preset_spec("two-factors")
    add_views([(spec, View(frame=7, axis="error", matrix="truth", future=False), "First")])
    keep(OWN, f"{draft(OWN)}\n# a remark, and a line that is not finished\n[[scene")
    add_views([(spec, View(), "Second")])
    text = draft(OWN)
    assert text is not None and "a remark" in text and "Second" in text  # what is being written stays, and is added to
    first, second = read(text.replace("[[scene\n", "")).lecture.scene
    assert first.spec == second.spec == spec and (first.shown_view.frame, first.shown_view.matrix) == (7, "truth")
    assert first.shown_view.axis == "error" and not first.shown_view.future
