"""Title and summary of a comparison. Only what the runs support is stated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory
from ui.figures.text.verdict import ZEROS, Verdict, judged
from ui.figures.words import capital, listed, number
from ui.views.compare.common import Common, common
from ui.views.compare.words import all_named, differs, digits, named, subject

HARDLY = 0.97  # of the error of W = 0
CLOSE = 1.25  # unseen errors whose ratio is below this are not called different


@dataclass(frozen=True)
class Run:
    """One column: the value of the factor, and the run so far."""

    value: Any
    spec: RunSpec
    trajectory: Trajectory


@dataclass(frozen=True)
class Moment:
    """The numbers of one run where its observed error first is as small as asked."""

    run: Run
    rank: float
    unseen: float | None
    zeros: float | None  # the error that W = 0 has on the same entries


def title(factor: str, values: tuple[Any, ...], runs: Sequence[Run]) -> str:
    """Same data, same start, depth 1, 2 and 3. Before the runs are there, only what was chosen."""
    factors = all_named(factor, values)
    if len(runs) < len(values):
        return capital(factors)
    shared = _common(runs)
    parts = []
    if shared.data:
        parts.append("same data")
    else:
        same = ["truth"] if shared.truth else []
        same += ["observed places"] if shared.places == "same" else []
        parts += [f"same {listed(same)}"] if same else []
    if shared.start == "same":
        parts.append("same start")
    return capital(", ".join([*(parts or ["same settings"]), factors]))


def sentences(factor: str, runs: Sequence[Run]) -> list[str]:
    """What differs in the result, and what was shared. The first only when every run has ended."""
    sentences = []
    if all(run.trajectory.end is not None for run in runs):
        sentences = [*_failures(factor, runs), *_verdicts(factor, runs), _result(factor, [run for run in runs if _counts(run)])]
    return [sentence for sentence in [*sentences, _shares(factor, _common(runs), runs)] if sentence]


def _verdicts(factor: str, runs: Sequence[Run]) -> list[str]:
    """Which runs recovered the truth, and which did not. Recovered: depth 2 and depth 3."""
    done = [run for run in runs if run.trajectory.end is not None and run.trajectory.end.outcome.done]
    verdicts = [judged(run.trajectory, run.spec).verdict for run in done]
    groups = {
        each: [named(factor, run.value) for run, own in zip(done, verdicts, strict=True) if own is each] for each in Verdict
    }
    return [f"{each.words}: {listed(members)}." for each, members in groups.items() if members and each is not Verdict.NOTHING]


def level(runs: Sequence[Run]) -> float | None:
    """The smallest observed error that all runs reach; None when one begins below what another one reaches."""
    errors = [_observed(run) for run in runs]
    reached = max(float(error.min()) for error in errors)
    return reached if all(error[0] > reached > 0 for error in errors) else None


def moment(run: Run, error: float) -> Moment:
    """The run where its observed error first is `error`, logarithms interpolated as in the picture."""
    falling = np.maximum.accumulate(-np.log10(np.maximum(_observed(run), 1e-30)))
    place = min(-np.log10(error), float(falling[-1]))
    i = int(np.argmax(falling >= place - 1e-12))
    frame = float(i) if i == 0 else i - 1 + float((place - falling[i - 1]) / (falling[i] - falling[i - 1]))
    rank, unseen = run.trajectory.measured("entropy_rank"), _unseen(run)
    assert rank is not None
    return Moment(run, _at(rank, frame), None if unseen is None else _at(unseen, frame), _zeros(run))


def _result(factor: str, runs: Sequence[Run]) -> str:
    if len(runs) < 2:
        return ""
    reached = level(runs)
    if reached is None:
        return ""
    moments = [moment(run, reached) for run in runs]
    opening = f"At equal error on the {_observations(runs)} ({digits(reached)}), "
    if any(each.unseen is None for each in moments):
        ranks = [f"{subject(factor, each.run.value)} has {_rank(each, i == 0)}" for i, each in enumerate(moments)]
        return f"{opening}{listed(ranks)}."
    where = _where(runs)
    errors = [each.unseen or 0.0 for each in moments]
    best, worst = int(np.argmin(errors)), int(np.argmax(errors))
    if errors[worst] < CLOSE * errors[best]:
        return (
            f"{opening}the runs hardly differ: squared error on {where} {_spread(errors)}{_no_better_than_zeros(moments)}, "
            f"effective rank (entropy) {_spread([each.rank for each in moments])}."
        )
    chosen = sorted((best, worst))
    first, second = (_at_moment(factor, moments[i], where, i == chosen[0]) for i in chosen)
    return f"{opening}{first}; {second}."


def _spread(values: Sequence[float]) -> str:
    low, high = digits(min(values)), digits(max(values))
    return low if low == high else f"from {low} to {high}"


def _at_moment(factor: str, each: Moment, where: str, opening: bool) -> str:
    assert each.unseen is not None
    who, rank = subject(factor, each.run.value), _rank(each, opening)
    if each.zeros is not None and each.unseen > ZEROS**2 * each.zeros:
        return f"{who} has {rank} and is worse on {where} than zeros would be (squared error {digits(each.unseen)})"
    if each.zeros is not None and each.unseen >= HARDLY * each.zeros:
        return f"{who} has {rank} and does hardly better on {where} than zeros would (squared error {digits(each.unseen)})"
    return f"{who} has {rank} and a squared error of {digits(each.unseen)} on {where}"


def _no_better_than_zeros(moments: Sequence[Moment]) -> str:
    """A clause, where none of them does better than zeros."""
    if any(each.zeros is None or each.unseen is None or each.unseen < HARDLY * each.zeros for each in moments):
        return ""
    worse = all(each.unseen is not None and each.zeros is not None and each.unseen > ZEROS**2 * each.zeros for each in moments)
    return " (zeros would do better)" if worse else " (about as much as zeros have)"


def _rank(each: Moment, opening: bool) -> str:
    return f"effective rank {digits(each.rank, 3)} (entropy)" if opening else digits(each.rank, 3)


def _where(runs: Sequence[Run]) -> str:
    return "the unseen ones" if all(run.trajectory.measured("unobserved_error") is not None for run in runs) else "all entries"


def _unseen(run: Run) -> np.ndarray | None:
    column = run.trajectory.measured("unobserved_error")
    return run.trajectory.measured("mean_squared_error") if column is None else column


def _zeros(run: Run) -> float | None:
    start = run.trajectory.start
    if run.trajectory.measured("unobserved_error") is None:
        where = np.isfinite(start.ground_truth)
    else:
        where = np.isfinite(start.ground_truth) & ~start.observed_mask
    return float(np.mean(np.square(start.ground_truth[where], dtype=np.float64))) if where.any() else None


def _shares(factor: str, shared: Common, runs: Sequence[Run]) -> str:
    same = ["truth"] if shared.truth else []
    if shared.data:
        same.append(_observations(runs))
    elif shared.places == "same":
        same.append("observed places")
    if shared.start == "same":
        same.append("start W(0)")
    if shared.seed:
        same.append("seed")
    rest = []
    if shared.places == "nested":
        rest.append("runs with more observed entries have all those of runs with fewer")
    if shared.start == "proportional":
        rest.append("the starts W(0) differ in size only")
    elif shared.start == "no":
        rest.append("the starts W(0) differ too" if factor != "seed" else "each seed draws its own truth, entries and start")
    verb = "is" if len(same) == 1 else "are"
    parts = [f"{listed(same)} {verb} shared"] if same else []
    subject = f"Only {differs(factor)} differs"
    return f"{subject}: {'; '.join([*parts, *rest])}." if parts or rest else f"{subject}."


def _failures(factor: str, runs: Sequence[Run]) -> list[str]:
    sentences = []
    for run in runs:
        end = run.trajectory.end
        if end is None or end.outcome.done:
            continue
        verb = "diverged" if end.outcome is Outcome.DIVERGED else "stopped"
        sentences.append(f"{capital(subject(factor, run.value))} {verb} at t = {number(run.trajectory.snapshots[-1].t)}.")
    return sentences


def _counts(run: Run) -> bool:
    end = run.trajectory.end
    return end is not None and end.outcome.done and len(run.trajectory.snapshots) > 1


def _observations(runs: Sequence[Run]) -> str:
    measured = {run.spec.problem.measured for run in runs}
    return "observations" if len(measured) > 1 else "measurements" if measured == {True} else "observed entries"


def _observed(run: Run) -> np.ndarray:
    column = run.trajectory.measured("observed_error")
    assert column is not None  # every problem has observations
    return column


def _at(column: np.ndarray, frame: float) -> float:
    """Between two snapshots by their logarithms: the drawn line."""
    return float(10 ** np.interp(frame, np.arange(len(column)), np.log10(np.maximum(column, 1e-30))))


def _common(runs: Sequence[Run]) -> Common:
    return common([run.spec for run in runs], [run.trajectory.start for run in runs])
