"""The runs of the chapters of the course, and what their words say of them, computed from the arrays alone."""

import functools

import numpy as np

from dmf_core.baselines.comparison import baseline
from dmf_core.jobs import WholeRun
from dmf_core.simulate import run
from dmf_core.trajectory import End, Snapshot, Start, Trajectory
from ui.figures.births import grown
from ui.session.course.chapters import CHAPTERS, Chapter

BY_KEY = {chapter.key: chapter for chapter in CHAPTERS}
_NEEDED: dict[str, WholeRun] = {}


@functools.cache
def _run(digest: str) -> Trajectory:
    needed = _NEEDED[digest]
    if needed.work is None:
        return run(needed.spec, needed.inputs)
    events = list(baseline(needed.spec, needed.inputs))
    start = next(each for each in events if isinstance(each, Start))
    end = next(each for each in events if isinstance(each, End))
    return Trajectory(start, [each for each in events if isinstance(each, Snapshot)], end)


def made(needed: WholeRun) -> Trajectory:
    _NEEDED[needed.digest] = needed
    return _run(needed.digest)


def runs_of(key: str) -> dict[str, Trajectory]:
    return {name: made(needed) for name, needed in BY_KEY[key].needed.items()}


def with_value(chapter: Chapter, value: object) -> Trajectory:
    return made(WholeRun(chapter.at(value), chapter.inputs))


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
