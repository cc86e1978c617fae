"""The words of the guided tour: every number in them is that of the run they talk about."""

import functools
import re

import numpy as np
import pytest

from dmf_core.baselines.comparison import baseline, baseline_spec
from dmf_core.simulate import run
from dmf_core.trajectory import Snapshot, Trajectory
from ui.figures.births import at, growths
from ui.session.tour.chapters import CHAPTERS, PROSE, Chapter

THIN = "\u202f"


def chapter(number: int) -> Chapter:
    return CHAPTERS[number - 1]


@functools.cache
def _run(number: int, done: bool) -> Trajectory:
    """The run that a chapter starts with, or that its step gives."""
    now = chapter(number)
    spec = now.spec.replaced({now.path: now.value}) if done and now.path else now.spec
    return run(spec, now.inputs)


def last(trajectory: Trajectory, key: str) -> float:
    return float(trajectory.snapshots[-1].measures[key] or 0)


def births(trajectory: Trajectory) -> list[float]:
    t = trajectory.column("t")
    return [at(t, growth.born) for growth in growths(trajectory.singular_values, True, t) if growth.born is not None]


def rest(trajectory: Trajectory) -> float:
    """The largest that a singular value beyond the fifth ever was, as a share of the largest."""
    values = trajectory.singular_values
    return float(values[:, 5:].max() / values.max())


def says(number: int, *words: str, part: str = "look") -> None:
    text = getattr(chapter(number), part).replace(THIN, "")
    assert all(word in text for word in words), text


def test_tour_has_eight_chapters_with_all_their_words() -> None:
    assert [now.number for now in CHAPTERS] == list(range(1, 9))
    assert {file.name for file in PROSE.glob("*.md")} == {f"{n}.md" for n in range(1, 9)}
    assert CHAPTERS[0].title == "What is hidden in this matrix?"
    assert CHAPTERS[-1].title == "A case that no norm explains"
    for now in CHAPTERS:
        assert now.title and now.say and now.do and now.look
        assert 1 <= len(re.findall(r"[.?](?= [A-Z]|$)", now.say)) <= 4


def test_chapter_1_counts_what_is_known() -> None:
    problem = chapter(1).spec.problem
    assert problem.kind == "matrix_completion"
    assert (problem.rows * problem.columns, problem.observations, problem.rank) == (3600, 1000, 5)
    says(1, "3600 entries", "only 1000 are known", "rank 5", part="say")
    assert problem.rank * (problem.rows + problem.columns - problem.rank) == 575
    says(1, "575 degrees of freedom", "all 3600 entries", "1000 known")


def test_chapter_2_gives_the_births_and_the_error_of_its_run() -> None:
    found = _run(2, True)
    assert [round(t) for t in births(found)] == [468, 619, 844, 1011, 1179]
    says(2, "t = 468, 619, 844, 1011 and 1179", "other 55 stayed below 0.3 %", "2600 entries")
    says(2, "off by 0.03", "typical entry is 1")
    assert rest(found) < 0.003
    hidden = ~found.start.observed_mask
    assert hidden.sum() == 2600
    assert np.sqrt(last(found, "unobserved_error")) == pytest.approx(0.03, abs=0.005)
    assert np.sqrt(np.mean(found.start.ground_truth[hidden] ** 2)) == pytest.approx(1, abs=0.05)


def test_chapters_2_and_7_compare_with_the_smallest_nuclear_norm() -> None:
    spec, found = chapter(2).spec, _run(2, True)
    least = [each for each in baseline(baseline_spec(spec)) if isinstance(each, Snapshot)][-1].measures
    assert least["observed_error"] == pytest.approx(0, abs=1e-9)
    assert np.sqrt(least["unobserved_error"] or 0) == pytest.approx(0.39, abs=0.005)
    says(2, "smallest nuclear norm", "is off by 0.39")
    assert round(least["nuclear_norm"] or 0) == 125
    assert least["entropy_rank"] == pytest.approx(8.4, abs=0.05)
    assert round(last(found, "nuclear_norm")) == 130
    assert last(found, "entropy_rank") == pytest.approx(4.9, abs=0.05)
    assert chapter(7).spec.replaced({"problem.observations": 1000, "model.depth": 3}) == spec
    says(7, "1000 entries", "125 at an effective rank of 8.4", "with 130 and 4.9")


def test_chapter_3_shows_that_depth_1_leaves_the_unseen_entries_alone() -> None:
    found, before = _run(3, True), _run(3, False)
    assert last(found, "observed_error") <= 3e-5
    unseen = found.measured("unobserved_error")
    assert unseen is not None
    assert np.ptp(unseen) < 1e-5 * unseen[0]  # never moves
    hidden = ~found.start.observed_mask
    assert np.abs(found.start.end_to_end_first[hidden]).max() < 1e-3  # of a typical entry of 1
    assert round(last(found, "entropy_rank")) == 40
    assert round(last(before, "entropy_rank")) == 5
    says(3, "falls to 3·10⁻⁵", "never moves", "at 40 instead of 5")


def test_chapter_4_gives_wait_and_cleanness_of_two_and_four_matrices() -> None:
    two, four = _run(4, False), _run(4, True)
    assert (round(births(two)[0]), round(births(four)[0])) == (221, 810)
    assert rest(four) < 0.0004
    assert rest(two) == pytest.approx(0.15, abs=0.005)
    errors = [np.sqrt(last(found, "unobserved_error")) for found in (two, four)]
    assert errors == pytest.approx([0.33, 0.03], abs=0.005)
    says(4, "t = 810", "at 221", "below 0.04 %", "reached 15 %", "0.33 instead of 0.03")


def test_chapter_5_gives_births_strangers_and_error_of_a_large_start() -> None:
    small, large = _run(5, False), _run(5, True)
    grown = growths(large.singular_values, True, large.column("t"))
    assert max(births(large)[:5]) < 60
    assert len(grown) - 5 == 18
    assert last(large, "observed_error") == pytest.approx(last(small, "observed_error"), rel=0.02)
    assert np.sqrt(last(large, "unobserved_error")) == pytest.approx(0.71, abs=0.005)
    assert np.sqrt(last(small, "unobserved_error")) == pytest.approx(0.03, abs=0.005)
    says(5, "before t = 60", "18 others", "0.71 instead of 0.03")


@pytest.mark.parametrize("count", [499, 400, 250, 100, 18])
def test_chapter_6_is_true_of_any_count_that_it_accepts(count: int) -> None:
    now = chapter(6)
    spec = now.spec.replaced({"problem.observations": count})
    assert now.asked(spec)
    found = run(spec)
    hidden = ~found.start.observed_mask
    assert last(found, "observed_error") <= 3e-5
    assert last(found, "unobserved_error") > np.mean(found.start.ground_truth[hidden] ** 2)
    says(6, "fits every known entry", "more than their own size")
    says(6, "575 degrees of freedom", part="say")


def test_chapter_7_gives_rank_and_norms_of_both_depths() -> None:
    two, four = _run(7, False), _run(7, True)
    assert np.array_equal(two.start.observed_mask, four.start.observed_mask)
    assert two.start.observed_mask.sum() == 500
    assert max(last(two, "observed_error"), last(four, "observed_error")) <= 3e-5
    assert [round(last(two, key)) for key in ("nuclear_norm", "entropy_rank", "frobenius_norm")] == [99, 11, 34]
    assert [round(last(four, key), 1) for key in ("entropy_rank",)] == [4.3]
    assert last(four, "nuclear_norm") == pytest.approx(209, abs=1.5)  # "about"
    assert round(last(four, "frobenius_norm")) == 106
    says(7, "norm of 99", "effective rank of 11", part="say")
    says(7, "from 11 to 4.3", "from 99 to about 209", "from 34 to 106")


def test_chapter_8_drives_the_unknown_entry_away_from_the_smallest_norm() -> None:
    found = _run(8, True)
    assert found.end is not None
    W = found.end.end_to_end_last
    assert W[0, 0] == pytest.approx(33, abs=0.6)
    assert [W[0, 1], W[1, 0], W[1, 1]] == pytest.approx([1, 1, 0], abs=0.04)  # fitted to 3e-4
    assert f"{last(found, 'entropy_rank'):.2f}" == "1.00"
    looser = run(chapter(8).spec.replaced({"stop.loss": 1e-3}), chapter(8).inputs)
    assert looser.end is not None
    assert 1 < looser.end.end_to_end_last[0, 0] < W[0, 0] - 10  # the better the fit the further
    for unknown in (0.0, 1.0, 33.0, -5.0):  # the words before the step: exact completions
        values = np.linalg.svd(np.array([[unknown, 1], [1, 0]]), compute_uv=False)
        assert values.prod() == pytest.approx(1)
        assert np.linalg.norm(values) >= np.sqrt(2) - 1e-12  # reached at 0
    says(8, "entry to 33", "falls to 1.00")
