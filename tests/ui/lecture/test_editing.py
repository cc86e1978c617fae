"""Scenes edited on the page, and the script that is written of them."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmf_core import limits
from dmf_core.errors import BadInput
from ui.lecture.editing import duplicated, moved, new_scene, removed, replaced, titled
from ui.lecture.script import Lecture, read, ready
from ui.lecture.to_toml import to_toml
from ui.player.view import Axis

TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="$"), min_size=1, max_size=60)
MOMENT = {"text": "When?", "range": (690, 1400), "birth": 3}
SKETCH = {"text": "How?", "range": (400, 690), "curve": 1, "top": 40}


def headings(lecture: Lecture) -> list[str]:
    return [scene.heading for scene in lecture.scene]


@pytest.mark.parametrize("text", ready().values(), ids=ready())
def test_a_ready_lecture_is_the_same_after_writing(text: str) -> None:
    lecture = read(text).lecture
    assert read(to_toml(lecture)).lecture == lecture


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(['"""', "\\n", "a\nb", "\r\n", "'''", '"', "\\", "end\\", "# no comment", "\x7f"]))
def test_any_text_survives_writing(heading: str, notes: str, piece: str) -> None:
    values = {"heading": heading, "notes": notes + piece + notes, "preset": "five-modes", "changes": {"model.depth": 2}}
    lecture = Lecture.model_validate({"title": heading, "scene": [values]})
    assert read(to_toml(lecture)).lecture == lecture


def test_scenes_are_moved_copied_and_left_out() -> None:
    lecture = read(ready()["ten-minutes"]).lecture
    first, second, *rest = headings(lecture)
    assert headings(moved(lecture, 0, 1)) == [second, first, *rest]
    assert moved(lecture, 0, -1) == lecture == moved(lecture, len(lecture.scene) - 1, 1)
    assert headings(duplicated(lecture, 1)) == [first, second, second, *rest]
    assert headings(removed(lecture, 0)) == [second, *rest]


def test_scene_is_shown_in_every_view_that_a_link_can_name() -> None:
    for view in ({"axis": axis, "log_time": True, "log_values": True} for axis in get_args(Axis)):
        assert new_scene({"heading": "H", "preset": "five-modes", "view": view}).complaint() == ("", "")
    log_time = {"heading": "H", "preset": "five-modes", "view": {"log_time": True}}
    assert new_scene({**log_time, "question": SKETCH}).complaint() == ("", "")


def test_what_does_not_fit_is_one_sentence_and_changes_nothing() -> None:
    lecture = read(ready()["ten-minutes"]).lecture
    for values, words in (
        ({"heading": "", "preset": "five-modes"}, "heading"),
        ({"heading": "H", "preset": "no-such"}, "no preset no-such"),
        ({"heading": "H"}, "either preset"),
        ({"heading": "H", "preset": "five-modes", "minutes": 0}, "minutes"),
        ({"heading": "H", "preset": "five-modes", "question": {"text": "?", "choices": ["a"]}}, "2 to 8"),
        ({"heading": "$^$", "preset": "five-modes"}, "formula"),
        ({"heading": "H", "preset": "five-modes", "view": {"axis": "error"}, "question": MOMENT}, "axis is error"),
        ({"heading": "H", "preset": "five-modes", "view": {"log_values": True}, "question": SKETCH}, "plain scale"),
    ):
        with pytest.raises(BadInput, match=words):
            replaced(lecture, 0, values)
    with pytest.raises(BadInput, match="title"):
        titled(lecture, "", "")
    assert len(lecture.scene) == 7


def test_a_lecture_has_at_least_one_scene_and_not_too_many() -> None:
    lecture = Lecture(title="T", scene=(new_scene({"heading": "H", "preset": "five-modes"}),))
    with pytest.raises(BadInput, match="at least one"):
        removed(lecture, 0)
    full = lecture.model_copy(update={"scene": lecture.scene * limits.LECTURE_SCENES})
    with pytest.raises(BadInput, match="at most"):
        duplicated(full, 0)
