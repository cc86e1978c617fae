"""The lectures that come with the program: every number that is spoken is what the run of its scene says."""

import functools
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dmf_core import limits
from dmf_core.presets import PRESETS
from dmf_core.simulate import run as simulate
from dmf_core.trajectory import Trajectory
from ui.figures.spectra import seen_as
from ui.lecture.moments import complaints, moments, packed, solution
from ui.lecture.script import Lecture, Scene, read, ready
from ui.lecture.timeline import Moments

THIN = " "
NUMERAL = re.compile(r"\d+(?:[ \u202f]\d{3})*(?:\.\d+)?")
# Numerals that are no statement about a run: years, formulas, the length of a wait in the room.
NOT_SPOKEN = re.compile(r"\b(?:2019|2020|2021)\b|\$[^$]*\$|10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+|power 2 − 2/N, here 4/3|power is 4/3")


@functools.cache
def lecture(name: str) -> Lecture:
    return read(ready()[name]).lecture


@functools.cache
def made(digest: str) -> tuple[Trajectory, Moments]:
    scene = next(each for name in ready() for each in lecture(name).scene if each.spec.digest() == digest)
    run = simulate(scene.spec)
    return run, moments(run, scene.spec)


class Facts:
    """What is true of the run of one scene; numbers as they are spoken."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.spec = scene, scene.spec
        self.run, self.moments = made(scene.spec.digest())
        self.last = self.run.snapshots[-1].measures
        self.sigma = self.run.singular_values

    def other(self, name: str, heading: str) -> "Facts":
        return Facts(next(each for each in lecture(name).scene if each.heading == heading))

    def born(self, mode: int) -> str:
        return spaced(self.moments.births[mode])

    def error(self, digits: int) -> str:
        return f"{np.sqrt(self.last['unobserved_error']):.{digits}f}"  # type: ignore[arg-type]

    def observed_error(self) -> str:
        return f"{np.sqrt(self.last['observed_error']):.2f}"  # type: ignore[arg-type]

    def typical(self, digits: int) -> str:
        unseen = self.run.start.ground_truth[~self.run.start.observed_mask]
        return f"{np.sqrt(np.mean(unseen**2)):.{digits}f}"

    def measure(self, name: str, digits: int) -> str:
        return f"{self.last[name]:.{digits}f}"

    def share(self, mode: int, digits: int) -> str:
        """Of the last value of a mode by that of the first, per cent."""
        return f"{100 * self.sigma[-1, mode - 1] / self.sigma[-1, 0]:.{digits}f}"


def spaced(value: float) -> str:
    return f"{value:,.0f}".replace(",", THIN)


def size(facts: Facts) -> list[str]:
    """Seen and all entries."""
    mask = facts.run.start.observed_mask
    return [spaced(int(mask.sum())), spaced(mask.size)]


def freedom(facts: Facts) -> str:
    """Degrees of freedom of a matrix of this rank, r (m + n - r)."""
    rows, columns = facts.run.start.ground_truth.shape
    rank = np.linalg.matrix_rank(facts.run.start.ground_truth, tol=1e-3)
    return spaced(int(rank * (rows + columns - rank)))


def norms(facts: Facts) -> list[str]:
    assert "over 38\u202f%" in PRESETS["fewer-entries"].sentence.replace(" %", "\u202f%")  # held by tests/presets/
    assert "less than 4\u202f%" in PRESETS["fewer-entries"].sentence.replace(" %", "\u202f%")
    truth = np.linalg.norm(facts.run.start.ground_truth, "nuc")
    assert float(facts.last["nuclear_norm"] or 0) < truth  # "does not go to the smallest": that one is smaller still
    return [*size(facts)[:1], "38", "4", facts.measure("nuclear_norm", 1), f"{truth:.1f}"]


def noise(facts: Facts) -> list[str]:
    errors, t = facts.run.measured("unobserved_error"), facts.run.column("t")
    assert errors is not None and facts.moments.births[5] < t[errors.argmin()] < facts.moments.births[6]
    least = f"{np.sqrt(errors.min()):.2f}"
    assert len(facts.moments.births) == 5 + 6  # "six more"
    return ["0.3", facts.born(5), least, spaced(t[errors.argmin()]), facts.born(6), facts.error(2)]


def hidden(facts: Facts) -> list[str]:
    entry, loss = abs(facts.last["hidden_entry"] or 0), facts.run.column("loss")[-1]
    assert loss <= 1e-6 and abs(entry * np.sqrt(2 * loss) - 1) < 1e-3 and (facts.last["determinant"] or 0) > 0
    assert facts.sigma[-1, 1] < 0.01 and entry == pytest.approx(facts.sigma[-1, 0], rel=1e-3)
    return ["−1", f"{entry:.0f}"]


def spread(facts: Facts) -> float:
    return facts.moments.births[5] - facts.moments.births[1]


def unfoldings(facts: Facts, count: int) -> str:
    """Checks that every spectrum ends with so many values above 1 %; the largest share of the next one, per cent."""
    last = [seen_as(facts.run, key).singular_values[-1] for key in facts.run.spectra]
    assert all((values > 0.01 * values[0]).sum() == count for values in last)
    return facts.share(count + 1, 1)


def components(facts: Facts) -> int:
    return int((facts.sigma[-1] > 0.01 * facts.sigma[-1, 0]).sum())


def tree(facts: Facts) -> list[str]:
    unfoldings(facts, 2)
    return ["8", *size(facts)]


HALF = f"{2 ** (-4 / 3):.2f}"  # of the speed at power 4/3, for half of the size
TEN, LONG, TENSORS = "ten-minutes", "depth-norms-rank", "tensors"
Spoken = Callable[[Facts], list[str]]
SPOKEN: dict[tuple[str, str], Spoken] = {
    (TEN, "A matrix with holes"): lambda f: [*size(f), str(len(f.moments.births))],
    (TEN, "Large modes come first"): lambda f: ["1", "2", "3", f.born(1), f.born(2)],
    (LONG, "A matrix with holes"): lambda f: [*size(f), str(len(f.moments.births)), freedom(f)],
    (LONG, "One matrix: nothing is learned"): lambda f: [f.observed_error(), f.error(2), f.typical(2)],
    (LONG, "Now a product of three matrices"): lambda f: [f"{f.sigma[-1, 0]:.0f}", f.born(1), "400", "690", "1"],
    (LONG, "What is small must wait"): lambda f: ["1", "2", "3", "4", "5", *[f.born(m) for m in range(1, 6)], "700"],
    (LONG, "The law behind it"): lambda f: [HALF, f"{1000 ** (-4 / 3):.4f}"],
    (LONG, "Two matrices: closer together"): lambda f: [
        "1",
        *[f.born(mode) for mode in range(1, 6)],
        spaced(spread(f)),
        spaced(spread(f.other(LONG, "What is small must wait"))),
        f.share(6, 1),
        f.other(LONG, "What is small must wait").share(6, 2),
    ],
    (LONG, "Five matrices: longer waiting"): lambda f: [
        f.born(1),
        f.born(5),
        f.error(3),
        f.other(LONG, "What is small must wait").error(3),
    ],
    (LONG, "The start has to be small"): lambda f: [f.error(2)],
    (LONG, "Is it the smallest norm?"): norms,
    (LONG, "Lower rank, larger norm"): lambda f: [
        *size(f)[:1],
        "2",
        "4",
        f.measure("entropy_rank", 1),
        f.measure("nuclear_norm", 0),
        *depth_two(f),
    ],
    (LONG, "Three of four entries"): hidden,
    (LONG, "The other sign"): lambda f: [f.measure("hidden_entry", 1).replace("-", "−")],
    (LONG, "Too few entries"): lambda f: [*size(f)[:1], freedom(f), f.observed_error(), f.error(1), f.typical(1)],
    (LONG, "Noise is learned last"): noise,
    (TENSORS, "A cube with holes"): size,
    (TENSORS, "A sum of components"): lambda f: [str(f.sigma.shape[1] * 2), f.born(1)],
    (TENSORS, "One has come"): lambda f: ["2", f.born(1), f.born(2), f.born(3), f.error(3), f.typical(1)],
    (TENSORS, "Why one by one"): lambda f: [HALF, f"{100 * f.moments.births[1] / f.moments.times[-1]:.0f}"],
    (TENSORS, "A large start"): lambda f: [f.observed_error(), str(components(f)), f.error(2)],
    (TENSORS, "Too few entries"): lambda f: [*size(f)[:1], str(3 * (3 * 16 - 2)), f.error(1), f.typical(1)],
    (TENSORS, "Tucker: a rank for every axis"): lambda f: ["16", "256", *[f.born(mode) for mode in (1, 2, 3)], unfoldings(f, 3)],
    (TENSORS, "A chain: the tensor train"): lambda f: [*[f.born(mode) for mode in (1, 2, 3)], unfoldings(f, 3), f.error(3)],
    (TENSORS, "A tree"): tree,
}


def depth_two(facts: Facts) -> list[str]:
    last = simulate(facts.spec.replaced({"model.depth": 2})).snapshots[-1].measures
    assert (facts.last["entropy_rank"] or 9) < 0.5 * (last["entropy_rank"] or 0)  # "less than half"
    return [f"{last['entropy_rank']:.1f}", f"{last['nuclear_norm']:.0f}"]


def spoken(scene: Scene) -> list[str]:
    """Every numeral of what is said and shown, without those of the script's own choices."""
    texts = [scene.heading, scene.text, scene.notes, scene.question.text if scene.question else ""]
    return NUMERAL.findall(NOT_SPOKEN.sub(" ", " ".join(texts).replace("\n", " ")))


SCENES: list[Any] = [
    pytest.param(name, scene, id=f"{name}: {scene.heading}") for name in ready() for scene in lecture(name).scene
]


@pytest.mark.parametrize(("name", "scene"), SCENES)
def test_a_spoken_number_is_what_the_run_says(name: str, scene: Scene) -> None:
    numerals = spoken(scene)
    known = SPOKEN.get((name, scene.heading), lambda _: [])(Facts(scene))
    true = {text.lstrip("−") for text in known}
    assert [numeral for numeral in numerals if numeral not in true] == []  # nothing is said that is not computed here
    assert [text for text in true if text not in numerals] == []  # and what is computed here is said


@pytest.mark.parametrize(("name", "scene"), SCENES)
def test_a_scene_fits_its_run_and_a_phone(name: str, scene: Scene) -> None:
    run, facts = made(scene.spec.digest())
    assert complaints(scene, facts) == [] and run.end is not None and run.end.outcome.done
    assert len(packed(run, scene.spec)) <= limits.LECTURE_PACKED_BYTES
    assert scene.question is None or solution(scene, facts) is not None


def test_words_of_the_long_lectures_about_numbers_are_true() -> None:
    """Nine modes, twelve times, over twice, twice as much, three components, a hundred and a thousand times larger."""
    small, large = (
        Facts(next(s for s in lecture(LONG).scene if s.heading == h))
        for h in ("What is small must wait", "The start has to be small")
    )
    assert len(large.moments.births) == 9 and 11.5 < float(large.error(4)) / float(small.error(4)) < 12.5
    five = small.other(LONG, "Five matrices: longer waiting")
    assert five.moments.births[1] > 2 * small.moments.births[1]
    rank = small.other(LONG, "Lower rank, larger norm")
    assert 1.9 < float(rank.measure("nuclear_norm", 0)) / float(depth_two(rank)[1]) < 2.1  # "twice as much"
    cube = Facts(lecture(TENSORS).scene[1])
    assert components(cube) == 3 == len(cube.moments.births) and cube.spec.model.kind == "cp"
    few = cube.other(TENSORS, "Too few entries")
    assert components(few) == 3 == len(few.moments.births)
    assert large.spec.init.scale == 1000 * small.spec.init.scale  # type: ignore[attr-defined]
    assert cube.other(TENSORS, "A large start").spec.init.scale == pytest.approx(100 * cube.spec.init.scale)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "minutes"), [(TEN, 10), (LONG, 45), (TENSORS, 30)])
def test_a_ready_lecture_takes_the_time_of_its_name_and_has_a_summary(name: str, minutes: float) -> None:
    assert lecture(name).minutes == minutes and 200 < len(lecture(name).summary) < 2500  # one page
