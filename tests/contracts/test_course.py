"""Every chapter of the course: its parts are there, its one right answer and its numbers are those of its runs.

The numbers are computed here from the arrays alone, not by what the page computes them with.
"""

import functools
import re

import numpy as np
import pytest

from dmf_core.baselines.comparison import baseline
from dmf_core.simulate import run
from dmf_core.theory.recoverable import Verdict, reading
from dmf_core.trajectory import End, Snapshot, Start, Trajectory
from ui.figures.births import grown
from ui.session.course.chapters import CHAPTERS, Chapter, Needed
from ui.session.course.numbers import NUMBERS, filled, named, number, written
from ui.session.course.progress import judged
from ui.session.course.prose import FOLDER, LAW, parsed
from ui.views.learn.stills import HERE, file_of, point_of, run_of_point

THIN = "\u202f"
# Less than 2 seconds on one core: a gradient of a 60 x 60 product takes about half a millisecond, of a 2 x 2 product a tenth.
MOST_GRADIENTS, MOST_OF_SMALL, SMALL = 3000, 20_000, 16  # entries
BY_KEY = {chapter.key: chapter for chapter in CHAPTERS}


@functools.cache
def _run(digest: str) -> Trajectory:
    needed = _NEEDED[digest]
    if needed.work is None:
        return run(needed.spec, needed.inputs)
    events = list(baseline(needed.spec, needed.inputs))
    start = next(each for each in events if isinstance(each, Start))
    end = next(each for each in events if isinstance(each, End))
    return Trajectory(start, [each for each in events if isinstance(each, Snapshot)], end)


_NEEDED: dict[str, Needed] = {}


def made(needed: Needed) -> Trajectory:
    _NEEDED[needed.digest] = needed
    return _run(needed.digest)


def runs_of(key: str) -> dict[str, Trajectory]:
    return {name: made(needed) for name, needed in BY_KEY[key].needed.items()}


def with_value(chapter: Chapter, value: object) -> Trajectory:
    return made(Needed(chapter.at(value), chapter.inputs))


def born(trajectory: Trajectory, mode: int) -> float:
    """When a mode passes half of its final value: straight between snapshots."""
    values, t = trajectory.singular_values[:, mode - 1], trajectory.column("t")
    after = int(np.argmax(values >= values[-1] / 2))
    share = (values[-1] / 2 - values[after - 1]) / (values[after] - values[after - 1])
    return float(t[after - 1] + share * (t[after] - t[after - 1]))


def unseen(trajectory: Trajectory) -> float:
    """The root mean square of the error on unseen entries, from the matrices alone; of a baseline, its own number."""
    hidden = ~trajectory.start.observed_mask
    assert trajectory.end is not None
    if not trajectory.start.factors_first:
        return float(np.sqrt(trajectory.snapshots[-1].measures["unobserved_error"] or 0))
    off = trajectory.end.end_to_end_last.astype(float) - trajectory.start.ground_truth
    return float(np.sqrt(np.mean(off[hidden] ** 2)))


def typical(trajectory: Trajectory) -> float:
    return float(np.sqrt(np.mean(trajectory.start.ground_truth[~trajectory.start.observed_mask] ** 2)))


def singular_values(trajectory: Trajectory) -> np.ndarray:
    assert trajectory.end is not None
    return np.linalg.svd(trajectory.end.end_to_end_last.astype(float), compute_uv=False)


def effective(trajectory: Trajectory) -> float:
    shares = singular_values(trajectory) / singular_values(trajectory).sum()
    shares = shares[shares > 1e-15]
    return float(np.exp(-(shares * np.log(shares)).sum()))


def blocks(picture: np.ndarray) -> np.ndarray:  # [120, 102] -> [120, 96], constant on 8 x 8 blocks
    means = picture[:, :96].reshape(15, 8, 12, 8).mean(axis=(1, 3))
    return np.kron(means, np.ones((8, 8)))


def areas_come_first(trajectory: Trajectory) -> bool:
    """Halfway through the births, large areas are much nearer to the truth than what is left of them."""
    truth, start = trajectory.start.ground_truth, trajectory.start
    times = sorted(born(trajectory, mode) for mode in range(1, len(grown(trajectory)) + 1))
    frame = int(np.searchsorted(trajectory.column("t"), times[len(times) // 2]))
    W = trajectory.snapshots[frame].picture.astype(float) / 127 * start.picture_limit
    area, areas = blocks(W), blocks(truth)
    coarse = np.linalg.norm(area - areas) / np.linalg.norm(areas - areas.mean())
    fine = np.linalg.norm((W[:, :96] - area) - (truth[:, :96] - areas)) / np.linalg.norm(truth[:, :96] - areas)
    return bool(coarse < 0.8 * fine)


def first_true(*claims: bool) -> int:
    """The place of the one claim that holds."""
    assert sum(claims) == 1, claims
    return claims.index(True)


def hidden_is_settled(runs: dict[str, Trajectory]) -> int:
    """Another filling of the hidden cells agrees with all known entries: with and without known neighbours."""
    start = runs["start"].start
    other = np.where(start.observed_mask, start.ground_truth, start.ground_truth + 1)
    agrees = bool((other[start.observed_mask] == start.ground_truth[start.observed_mask]).all())
    return first_true(not agrees, agrees and bool((other != start.ground_truth).any()), False)


def of_depth_one(runs: dict[str, Trajectory]) -> int:
    column = runs["one"].measured("unobserved_error")
    assert column is not None
    still = bool(np.ptp(column) < 1e-5 * column[0])
    return first_true(column[-1] < 0.9 * column[0], still, not still and bool(column.argmin() not in (0, len(column) - 1)))


def of_depth_two(runs: dict[str, Trajectory]) -> int:
    first = {name: born(runs[name], 1) for name in ("start", "two")}
    spans = {name: max(born(runs[name], m) for m in range(1, 6)) - first[name] for name in ("start", "two")}
    grow, shrink = first["two"] > 1.05 * first["start"], first["two"] < 0.95 * first["start"]
    return first_true(grow, shrink and spans["two"] < spans["start"], not grow and not shrink)


def of_a_large_start(runs: dict[str, Trajectory]) -> int:
    small, large = unseen(runs["start"]), unseen(runs["large"])
    return first_true(0.5 * small < large < 2 * small, large >= 2 * small, large <= 0.5 * small)


def of_few_entries(runs: dict[str, Trajectory]) -> int:
    off, size = unseen(runs["few"]), typical(runs["few"])
    W = singular_values(runs["few"])
    return first_true(off < 0.1 * size, off > size and W[0] > 1, bool(W[0] < 0.01))


def of_depth_four(runs: dict[str, Trajectory]) -> int:
    two, four = (float(singular_values(runs[name]).sum()) for name in ("start", "four"))
    return first_true(four < 0.9 * two, 0.9 * two <= four <= 1.1 * two, four > 1.1 * two)


def corner(runs: dict[str, Trajectory]) -> float:
    end = runs["start"].end
    assert end is not None
    return float(end.end_to_end_last[0, 0])


RIGHT = {  # the place of the right choice, or the right number
    "hidden": hidden_is_settled,
    "one-by-one": lambda runs: born(runs["start"], 3),
    "no-product": of_depth_one,
    "depth": of_depth_two,
    "start": of_a_large_start,
    "too-few": of_few_entries,
    "norm": of_depth_four,
    "no-norm": corner,
    "photograph": lambda runs: first_true(False, areas_come_first(runs["start"]), False),
}


def all_texts(chapter: Chapter) -> list[str]:
    words = chapter.prose
    asked = words.question
    looks = [text for pair in words.look for text in pair]
    choices = [text for each in asked.choices for text in (each.text, each.feedback)]
    return [*words.paragraphs, *looks, asked.text, *choices, asked.right, asked.wrong]


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
    assert words.title and words.paragraphs and len(words.look) == 3 and all(where and what for where, what in words.look)
    assert re.fullmatch(r"[A-Z][^.]*\.", words.sentence), words.sentence
    asked = words.question
    assert asked.text.endswith((".", "?"))
    if asked.choices:
        assert len(asked.choices) >= 3 and sum(each.right for each in asked.choices) == 1
        assert all(each.text and each.feedback.endswith((".", "?")) for each in asked.choices)
        assert len({each.feedback for each in asked.choices}) == len(asked.choices)
    else:
        assert asked.number and 0 < asked.within <= 0.2 and asked.right and asked.wrong
    picture = file_of(chapter).read_text(encoding="utf-8")
    assert picture.startswith("<svg") and chapter.spec.digest() in picture
    assert run_of_point(chapter).spec.digest() in point_of(chapter).read_text(encoding="utf-8")
    assert chapter.path is None or (chapter.usual in chapter.values and "{setting}" in " ".join(all_texts(chapter)))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_one_answer_is_right_by_the_arrays_and_the_page_says_so(chapter: Chapter) -> None:
    runs, asked = runs_of(chapter.key), chapter.prose.question
    right = RIGHT[chapter.key](runs)
    if asked.choices:
        assert [each.right for each in asked.choices].index(True) == right
        verdicts = [judged(asked, str(place), runs)[0] for place in range(len(asked.choices))]
        assert verdicts == ["right" if place == right else "wrong" for place in range(len(asked.choices))]
        assert judged(asked, "7", runs)[0] == judged(asked, "x", runs)[0] == "waiting"
        return
    assert number(asked.number, runs) == pytest.approx(right, rel=0.01)  # births come from the steps, here from snapshots
    for factor, verdict in ((1, "right"), (1 + 0.9 * asked.within, "right"), (1 + 1.2 * asked.within, "wrong"), (0.5, "wrong")):
        assert judged(asked, f"{factor * number(asked.number, runs):.6g}", runs)[0] == verdict
    assert judged(asked, f" {right:,.1f} ".replace(",", " ").replace(".", ","), runs)[0] == "right"
    assert judged(asked, "many", runs)[0] == judged(asked, "3", None)[0] == "waiting"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_every_number_of_the_words_can_be_filled_in(chapter: Chapter) -> None:
    runs = runs_of(chapter.key)
    for text in all_texts(chapter):
        said = filled(text.replace("{setting}", "Depth"), runs)
        assert said == LAW or "{" not in said, said
        assert not re.search(r"\bnan\b|\bunknown\b(?! entry)", said.replace("matrix is unknown", "")), said


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
    found = with_value(chapter, chapter.values[0])
    assert unseen(found) > typical(found)
    assert THIN not in chapter.prose.title
