"""Scene scripts: what is read, and that every fault is said with its line."""

import pytest

from dmf_core.errors import BadInput
from dmf_core.limits import LECTURE_BYTES
from dmf_core.presets import preset_spec
from ui.lecture.script import read

TEXT = """title = "T"
[[scene]]
heading = "One"
preset = "five-modes"
[[scene]]
heading = "Two"
preset = "five-modes"
changes = { "model.depth" = 2 }
at = 600
[scene.question]
text = "When?"
range = [600, 1400]
birth = 3
"""


def test_a_scene_is_its_preset_with_its_changes() -> None:
    first, second = read(TEXT).lecture.scene
    assert first.spec == preset_spec("five-modes")
    assert second.spec == preset_spec("five-modes").replaced({"model.depth": 2})


def test_a_link_gives_run_and_view() -> None:
    link = 'link = "http://localhost:8501/?version=1&model.depth=2&seed=4&view.frame=7&view.matrix=truth&view.projector=true"'
    scene = read(TEXT.replace('preset = "five-modes"', link, 1)).lecture.scene[0]
    assert (scene.spec.model.depth, scene.spec.seed) == (2, 4)  # type: ignore[attr-defined]
    assert (scene.shown_view.frame, scene.shown_view.matrix, scene.shown_view.projector) == (7, "truth", False)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('title = "T"', "", "", "title is missing"),
        ('heading = "Two"\n', "", "Line 5: ", "heading is missing"),
        ('heading = "Two"', 'heading = "Two"\nspeaker = "A"', "Line 7: ", "no setting scene.speaker"),
        ('preset = "five-modes"\n[[', 'preset = "six-modes"\n[[', "Line 4: Scene 1: ", "no preset six-modes"),
        ('preset = "five-modes"\n[[', "[[", "Line 2: ", "either preset"),
        ('preset = "five-modes"\n[[', 'link = "?model.depth=99&version=1"\n[[', "Line 4: Scene 1: link: ", "at most 8"),
        ('preset = "five-modes"\n[[', 'link = "http://[x?seed=1"\n[[', "Line 4: Scene 1: link: ", "no address"),
        ('preset = "five-modes"\n[[', 'link = "?' + "&a=1" * 201 + '"\n[[', "Line 4: Scene 1: link: ", "no address"),
        ('preset = "five-modes"\n[[', 'link = "https://example.org/?q=1"\n[[', "Line 4: Scene 1: ", "no setting q"),
        ('"model.depth" = 2', '"model.depth" = 99', "Line 8: Scene 2: ", "at most 8"),
        ('"model.depth" = 2', '"model.colour" = 9', "Line 8: Scene 2: ", "colour"),
        ("at = 600", "at = -1", "Line 5: ", "at is -1"),
        ("at = 600", 'at = "end"', "Line 5: ", "name an earlier moment"),
        ("at = 600", 'at = "middle"', "Line 9: ", "middle"),
        ("range = [600, 1400]", "range = [600, 600]", "Line 10: ", "two rising numbers"),
        ("range = [600, 1400]", 'choices = ["a", "b"]', "Line 10: ", "birth, step, curve and top belong"),
        ("birth = 3", "birth = 0", "Line 13: ", "at least 1"),
        ("birth = 3", "right = 1", "Line 10: ", "birth = 3"),
        ("birth = 3", "step = 0.001", "Line 10: ", "at most 400 answers"),
        ("birth = 3", "birth = ", "The script is no TOML: ", "line 13"),
    ],
)
def test_a_fault_is_said_with_its_line(old: str, new: str, line: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(BadInput) as error:
        read(TEXT.replace(old, new, 1))
    assert str(error.value).startswith(line) and words in str(error.value)


@pytest.mark.parametrize(
    "link",
    [
        f"?version=1&problem.kind=observed_data&problem.data={'ab' * 32}",
        f"?version=1&problem.kind=observed_tensor&problem.data={'ab' * 32}&model.kind=cp",
        f"?version=1&init.factors={'ab' * 32}",
    ],
)
def test_a_script_names_no_data_of_a_person(link: str) -> None:
    with pytest.raises(BadInput, match="Line 4: Scene 1: "):
        read(TEXT.replace('preset = "five-modes"', f'link = "{link}"', 1))


def test_a_script_that_is_too_long_or_too_deep_is_refused() -> None:
    with pytest.raises(BadInput, match="longer than"):
        read(TEXT + "#" * LECTURE_BYTES)
    with pytest.raises(BadInput, match="no"):
        read("a = " + "[" * 20_000)
