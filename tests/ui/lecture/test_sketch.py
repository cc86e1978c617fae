"""A curve that the room sketches: which sketches count, what their middle is, how near it was, and where it is kept."""

import gzip
import json

import numpy as np
import pytest

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.lecture.answer_book import AnswerBook
from ui.lecture.handout import handout
from ui.lecture.messages import parse
from ui.lecture.moments import complaints, moments, packed, question_part, solution
from ui.lecture.room import Room
from ui.lecture.room_messages import question_message
from ui.lecture.script import Lecture, read
from ui.lecture.tally import accepted, answer_text, nearness, tally

Run = tuple[Trajectory, RunSpec]
LEVEL = (50,) * limits.LECTURE_SKETCH_POINTS


def lecture(at: str = "400", question: str = "range = [400, 690]\ncurve = 1\ntop = 40") -> Lecture:
    head = f'title = "T"\n[[scene]]\nheading = "H"\npreset = "five-modes"\nat = {at}\n[scene.question]\ntext = "?"\n'
    return read(head + question).lecture


def test_only_whole_heights_at_every_point_count() -> None:
    question = lecture().scene[0].question
    assert question is not None and accepted(question, list(LEVEL)) == LEVEL
    for value in (5, LEVEL[1:], [*LEVEL[1:], 101], [*LEVEL[1:], 0.5], [*LEVEL[1:], True], [*LEVEL[1:], -1], None, "sketch"):
        assert accepted(question, value) is None
    assert parse(json.dumps({"is": "answer", "scene": 0, "value": [0] * 500})) is None
    message = json.dumps({"is": "answer", "scene": 0, "value": LEVEL})
    assert len(message) < 100 and parse(message).value == LEVEL  # type: ignore[union-attr]


def test_the_truth_is_the_curve_of_the_run(five_modes: Run) -> None:
    run, spec = five_modes
    scene, facts = lecture().scene[0], moments(run, spec)
    right = solution(scene, facts)
    expected = np.interp(np.linspace(400, 690, len(LEVEL)), run.column("t"), run.singular_values[:, 0])
    np.testing.assert_allclose(right, expected, rtol=1e-5)  # six digits are stored


def test_middle_and_nearness_are_those_of_numpy() -> None:
    question = lecture().scene[0].question
    assert question is not None
    answers = [(0,) * 13, (20,) * 13, (60,) * 13]
    counts = tally(question, answers)
    assert counts["answers"] == 3 and counts["middle"] == [20.0] * 13 and len(counts["sketches"]) == 3
    right = tuple(np.linspace(0, 24, 13))  # the middle is 8 everywhere: |8 - right| has the mean 92 / 13 and is 16 at the end
    assert nearness(question, right, counts) == "The middle of the sketches is 7.1 off on average, at most 16 off, at t = 690."
    assert nearness(question, right, tally(question, [])) == ""
    assert answer_text(question, LEVEL).split() == ["20"] * 13


def test_no_more_sketches_are_sent_than_can_be_told_apart() -> None:
    question = lecture().scene[0].question
    assert question is not None
    counts = tally(question, [(height % 101,) * 13 for height in range(200)])
    assert counts["answers"] == 200 and len(counts["sketches"]) == limits.LECTURE_SKETCHES and counts["sketches"][0] == [0] * 13


def test_a_sketch_is_written_and_read_again() -> None:
    book = AnswerBook(None)
    book.answer("ROOM1", 0, "somebody", LEVEL)
    assert book.answers("ROOM1", 0) == {"somebody": LEVEL}
    book.close()


def test_the_curve_comes_when_the_run_is_played_and_not_before(five_modes: Run) -> None:
    facts = moments(*five_modes)
    room = Room("K7RTM", lecture(), {facts.digest: facts})
    room.enter(0, 0.0)
    answers = {"a": LEVEL}
    for state in ("open", "locked"):
        message = question_message(room, answers)
        assert message["state"] == state and "tally" not in message and "solution" not in message
        room.advance_question(0.0)
    assert "solution" not in question_message(room, answers) and question_message(room, answers)["tally"]["answers"] == 1
    room.advance_question(0.0)
    played = question_message(room, answers)
    assert len(played["solution"]) == 13 and "off on average" in played["verdict"]
    assert room.stop == pytest.approx(facts.frame(690))


def test_the_axis_of_a_hidden_future_ends_with_the_question(five_modes: Run) -> None:
    scene, facts = lecture().scene[0], moments(*five_modes)
    part = question_part(scene, facts)
    sent = json.loads(gzip.decompress(packed(*five_modes, *part)))
    assert part[1] == 690 and sent["scene"]["axes"]["time"]["high"] == 690 and max(facts.times[: part[0] + 1]) < 400  # type: ignore[operator]


@pytest.mark.parametrize(
    ("question", "at", "words"),
    [
        ("range = [400, 690]\ncurve = 1\ntop = 20", "400", "above top"),
        ("range = [400, 9000]\ncurve = 1\ntop = 40", "400", "shorten it"),
        ("range = [10, 690]\ncurve = 1\ntop = 40", "400", "begin it there"),
    ],
)
def test_a_curve_that_does_not_fit_the_run_is_said(five_modes: Run, question: str, at: str, words: str) -> None:
    [(_, sentence)] = complaints(lecture(at, question).scene[0], moments(*five_modes))
    assert words in sentence


def test_curve_and_top_belong_together() -> None:
    with pytest.raises(BadInput, match="curve and top belong together"):
        lecture(question="range = [400, 690]\ncurve = 1")
    with pytest.raises(BadInput, match="a curve or for a moment"):
        lecture(question="range = [400, 690]\ncurve = 1\ntop = 40\nbirth = 2")


def test_handout_draws_sketches_and_folds_the_truth_away(five_modes: Run) -> None:
    run, spec = five_modes
    page = handout(lecture(), {spec.digest(): run}, {0: [LEVEL, LEVEL]}).decode()
    before, _, after = page.partition("<details>")
    assert before.count('class="sketch"') == 2 and 'class="truth"' not in before and after.count('class="truth"') == 1
    assert "off on average" in after
