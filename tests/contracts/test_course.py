"""Every chapter of the course: its parts are there, its one right answer and its numbers are those of its runs.

The numbers are computed by course_oracle.py from the arrays alone, not by what the page computes them with.
"""

import re

import numpy as np
import pytest

from dmf_core.simulate import run
from dmf_core.theory.recoverable import Verdict, reading
from tests.contracts.course_oracle import (
    BY_KEY,
    RIGHT,
    born,
    corner,
    effective,
    runs_of,
    singular_values,
    typical,
    unseen,
    with_value,
)
from ui.session.course.chapters import CHAPTERS, Chapter
from ui.session.course.numbers import NUMBERS, filled, named, number, written
from ui.session.course.progress import judged
from ui.session.course.prose import FOLDER, LAW, parsed
from ui.views.learn.stills import HERE, file_of, point_of, run_of_point

THIN = "\u202f"
# Less than 2 seconds on one core: a gradient of a 60 x 60 product takes about half a millisecond, of a 2 x 2 product a tenth.
MOST_GRADIENTS, MOST_OF_SMALL, SMALL = 3000, 20_000, 16  # entries


def all_texts(chapter: Chapter) -> list[str]:
    words = chapter.prose
    question = words.question
    looks = [text for pair in words.pointers for text in pair]
    choices = [text for each in question.choices for text in (each.text, each.feedback)]
    return [*words.paragraphs, *looks, question.text, *choices, question.right, question.wrong]


def test_course_has_a_text_for_every_chapter_and_no_other() -> None:
    assert len(BY_KEY) == len(CHAPTERS) >= 9
    assert {file.stem for file in FOLDER.glob("*.md")} == set(BY_KEY) == set(RIGHT)
    own = {file for chapter in CHAPTERS for file in (file_of(chapter), point_of(chapter)) if file.parent == HERE}
    assert set(HERE.glob("*.svg")) == own
    with pytest.raises(ValueError, match="Look is missing"):
        parsed("# Title\n\nWords.\n\n## Question\n\nWhat?\n\n## In one sentence\n\nThis.\n")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_chapter_has_picture_question_feedback_and_sentence(chapter: Chapter) -> None:
    words = chapter.prose
    assert words.title and words.paragraphs and len(words.pointers) == 3 and all(where and text for where, text in words.pointers)
    assert re.fullmatch(r"[A-Z][^.]*\.", words.sentence), words.sentence
    question = words.question
    assert question.text.endswith((".", "?"))
    if question.choices:
        assert len(question.choices) >= 3 and sum(each.right for each in question.choices) == 1
        assert all(each.text and each.feedback.endswith((".", "?")) for each in question.choices)
        assert len({each.feedback for each in question.choices}) == len(question.choices)
    else:
        assert question.number and 0 < question.within <= 0.2 and question.right and question.wrong
    picture = file_of(chapter).read_text(encoding="utf-8")
    assert picture.startswith("<svg") and chapter.spec.digest() in picture
    assert run_of_point(chapter).spec.digest() in point_of(chapter).read_text(encoding="utf-8")
    assert chapter.path is None or (chapter.usual in chapter.values and "{setting}" in " ".join(all_texts(chapter)))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_one_answer_is_right_by_the_arrays_and_the_page_says_so(chapter: Chapter) -> None:
    runs, question = runs_of(chapter.key), chapter.prose.question
    right = RIGHT[chapter.key](runs)
    if question.choices:
        assert [each.right for each in question.choices].index(True) == right
        verdicts = [judged(question, str(place), runs)[0] for place in range(len(question.choices))]
        assert verdicts == ["right" if place == right else "wrong" for place in range(len(question.choices))]
        assert judged(question, "7", runs)[0] == judged(question, "x", runs)[0] == "waiting"
        return
    assert number(question.number, runs) == pytest.approx(right, rel=0.01)  # births come from the steps, here from snapshots
    within = question.within
    for factor, verdict in ((1, "right"), (1 + 0.9 * within, "right"), (1 + 1.2 * within, "wrong"), (0.5, "wrong")):
        assert judged(question, f"{factor * number(question.number, runs):.6g}", runs)[0] == verdict
    assert judged(question, f" {right:,.1f} ".replace(",", " ").replace(".", ","), runs)[0] == "right"
    assert judged(question, "many", runs)[0] == judged(question, "3", None)[0] == "waiting"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_every_number_of_the_words_can_be_filled_in(chapter: Chapter) -> None:
    runs = runs_of(chapter.key)
    for text in all_texts(chapter):
        text_of_run = filled(text.replace("{setting}", "Depth"), runs)
        assert text_of_run == LAW or "{" not in text_of_run, text_of_run
        assert not re.search(r"\bnan\b|\bunknown\b(?! entry)", text_of_run.replace("matrix is unknown", "")), text_of_run


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_run_of_a_chapter_is_there_within_two_seconds(chapter: Chapter) -> None:
    ends = [chapter.values[0], chapter.values[-1]] if chapter.values else [chapter.usual]
    for trajectory in [*runs_of(chapter.key).values(), *(with_value(chapter, value) for value in ends)]:
        assert trajectory.end is not None and trajectory.end.outcome.done
        assert trajectory.end.gradients <= (MOST_OF_SMALL if trajectory.start.ground_truth.size <= SMALL else MOST_GRADIENTS)


def test_numbers_of_the_words_are_those_of_the_arrays() -> None:
    runs = runs_of("norm")
    for name in ("start", "four", "thousand"):
        W = singular_values(runs[name])
        assert written(f"{name}.nuclear", runs) == str(round(W.sum()))
        assert number(f"{name}.frobenius", runs) == pytest.approx(np.sqrt((W**2).sum()), rel=1e-4)
        assert number(f"{name}.effective", runs) == pytest.approx(effective(runs[name]), rel=1e-3)
    for key, name in (("depth", "two"), ("depth", "start"), ("start", "large"), ("too-few", "few"), ("photograph", "start")):
        runs = runs_of(key)
        assert number(f"{name}.unseen", runs) == pytest.approx(unseen(runs[name]), rel=1e-3)
        assert number(f"{name}.typical", runs) == pytest.approx(typical(runs[name]), rel=1e-6)
    runs = runs_of("depth")
    for name in ("two", "start"):
        times = [born(runs[name], mode) for mode in range(1, 6)]
        assert number(f"{name}.first", runs) == pytest.approx(min(times), rel=0.02)
        assert number(f"{name}.span", runs) == pytest.approx(max(times) - min(times), rel=0.02)
        others = runs[name].singular_values[:, 5:].max() / runs[name].singular_values.max()
        assert number(f"{name}.others", runs) == pytest.approx(others)
        percent = float(written(f"{name}.below", runs).removesuffix("%").strip())
        assert 100 * others <= percent <= 106 * others  # "below" is never rounded down
    assert set(NUMBERS) >= {
        name.partition(".")[2] for chapter in CHAPTERS for text in all_texts(chapter) for name in named(text)
    } - {"births"}


def test_sentences_without_a_number_hold_too() -> None:
    problem = BY_KEY["hidden"].spec.problem
    assert problem.truth_rank == 5
    mask = runs_of("hidden")["start"].start.observed_mask
    assert reading(mask, 5).count(Verdict.HELD) == (~mask).sum()  # close to the truth, every hidden entry is fixed
    small = runs_of("start")
    assert BY_KEY["start"].spec.init.scale == 1e-3 and BY_KEY["start"].spec.init.kind == "balanced"
    ends = [float(np.sqrt(small[name].snapshots[-1].measures["observed_error"] or 0)) for name in ("start", "large")]
    assert ends[0] == pytest.approx(ends[1], rel=0.02)  # the solid line ends at the same height
    runs = runs_of("norm")
    assert np.array_equal(runs["start"].start.observed_mask, runs["four"].start.observed_mask)
    assert min(unseen(runs[name]) / typical(runs[name]) for name in ("start", "four")) > 0.8  # neither finds the truth
    assert effective(runs["four"]) < effective(runs["start"])
    assert singular_values(runs["four"])[0] > singular_values(runs["start"])[0]  # a few large bars
    chapter = BY_KEY["no-norm"]
    values = singular_values(runs_of("no-norm")["start"])
    assert runs_of("no-norm")["start"].singular_values[:, 1].max() < 0.01  # the second curve
    W = runs_of("no-norm")["start"].end
    assert W is not None and np.linalg.det(W.end_to_end_last.astype(float)) > 0  # it has kept its sign
    for unknown in (0.0, 1.0, 33.0, -5.0):  # exact completions
        fit = np.linalg.svd(np.array([[unknown, 1], [1, 0]]), compute_uv=False)
        assert fit.prod() == pytest.approx(1) and np.linalg.norm(fit) >= np.sqrt(2) - 1e-12  # reached at 0
    assert values[0] == pytest.approx(corner(runs_of("no-norm")), rel=0.05)  # close to the height of the first curve
    looser = run(chapter.spec.replaced({"stop.loss": 1e-3}), chapter.inputs)
    assert looser.end is not None and looser.end.end_to_end_last[0, 0] < corner(runs_of("no-norm")) - 10  # further when closer
    first = runs_of("no-norm")["start"].start.end_to_end_first
    assert np.linalg.det(first.astype(float)) > 0
    photograph = BY_KEY["photograph"]
    assert photograph.given.data is None and photograph.inputs.data is not None  # it comes with the program
    truth = runs_of("photograph")["start"].start.ground_truth
    U, S, _ = np.linalg.svd(truth)
    assert np.linalg.matrix_rank(truth) == min(truth.shape)  # not of low rank
    assert abs(U[:, 0].mean()) * np.sqrt(len(U)) > 0.9 and S[0] > 3 * S[1]  # the first mode: about the mean brightness
    assert np.abs(runs_of("photograph")["start"].start.end_to_end_first).max() < 0.01  # black
    assert truth.min() >= 0 and truth.max() <= 1


def test_offered_counts_above_and_below_the_degrees_of_freedom() -> None:
    chapter = BY_KEY["too-few"]
    assert {400, 1000} <= set(chapter.values)
    changed = with_value(chapter, chapter.values[0])
    assert unseen(changed) > typical(changed)
    assert THIN not in chapter.prose.title
