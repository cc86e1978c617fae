"""The comparison in a few sentences. Only what the numbers support is stated."""

import math

from dmf_core.baselines.comparison import Comparison, Row, Smaller
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.text.verdict import by_share, unseen_entries

LEAST = "minimum-norm matrix"


def judged_by(comparison: Comparison) -> Row:
    """The error that counts: on entries that training never saw, else the distance to the truth, else none."""
    return next(
        (row for row in map(comparison.row, ("unobserved_error", "reconstruction_error")) if row.smaller), _none(comparison)
    )


def title(comparison: Comparison, spec: RunSpec) -> str:
    """Depth 3: more norm, less rank, less error."""
    parts = [f"{_than_least(comparison.row(key))} {name}" for key, name in (("nuclear_norm", "norm"), ("entropy_rank", "rank"))]
    if judged_by(comparison).smaller is not None:
        parts.append(f"{_than_least(judged_by(comparison))} error")
    return f"{spec.model.title}: {', '.join(parts)}"


def paragraph(comparison: Comparison, run: Trajectory, spec: RunSpec) -> str:
    """Norm, rank, error, and what went together. The minimum must have been reached."""
    sentences = [
        _unfinished(run),
        _error(comparison, run),
        _norm(comparison, run, spec),
        _rank(comparison),
        _together(comparison),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def verdict(row: Row) -> str:
    """run, by 18 %; min. nuclear, 45 times; the same."""
    if row.smaller is None:
        return ""
    if row.smaller is Smaller.NEITHER:
        return "the same"
    return f"{side(row.smaller)}, {amount(row.factor)}" if row.factor is not None else side(row.smaller)


def side(name: Smaller | None) -> str:
    """A column's name in a few letters."""
    return {Smaller.RUN: "run", Smaller.BASELINE: "min. nuclear", Smaller.NEITHER: "both"}[name] if name else ""


def amount(factor: float) -> str:
    """How much smaller: by 18 %, or 45 times."""
    if factor < 2:
        return f"by {words.number(100 - 100 / factor, 2)}{words.THIN}%"
    return f"{words.number(factor, 2)} times"


def _than_least(row: Row) -> str:
    if row.smaller is Smaller.NEITHER:
        return "the same"
    return "less" if row.smaller is Smaller.RUN else "more"


def _unfinished(run: Trajectory) -> str:
    if run.end is not None and run.end.outcome.done:
        return ""
    return f"The run did not reach its end; here it is as it was at t = {words.number(run.snapshots[-1].t)}."


def _norm(comparison: Comparison, run: Trajectory, spec: RunSpec) -> str:
    row = comparison.row("nuclear_norm")
    assert row.run is not None and row.baseline is not None
    count = int(run.start.observed_mask.sum())
    observations = (
        f"these {words.whole(count)} entries" if count else f"these {words.whole(spec.problem.count or 0)} measurements"
    )
    if not comparison.agrees:
        observations = f"{observations} as well as any (they contradict each other)"
    opening = f"Of all matrices that agree with {observations}, the least nuclear norm is {words.number(row.baseline, 4)}"
    if row.smaller is Smaller.NEITHER:
        return f"{opening}, and the run has the same."
    by = words.number(100 * abs(row.run / row.baseline - 1), 2) if row.baseline else "unknown"
    if row.smaller is Smaller.BASELINE:
        return f"{opening}; the run has {by}{words.THIN}% more."
    left = words.number(comparison.row("observed_error").run or 0.0, 2)
    return f"{opening}; the run has {by}{words.THIN}% less, which is possible because it agrees only up to an error of {left}."


def _rank(comparison: Comparison) -> str:
    row = comparison.row("entropy_rank")
    assert row.run is not None and row.baseline is not None
    run, least = (words.number(value) for value in (row.run, row.baseline))
    truth = "" if row.truth is None else f", that of the truth {words.number(row.truth)}"
    return f"The run's effective rank (entropy) is {run}, that of the {LEAST} {least}{truth}."


def _error(comparison: Comparison, run: Trajectory) -> str:
    """How far both are off, each with its verdict."""
    row = judged_by(comparison)
    if row.smaller is None or row.run is None or row.baseline is None:
        return ""
    if row.key == "unobserved_error":
        hidden = unseen_entries(run.start)
        zeros = math.sqrt(float((run.start.ground_truth[hidden].astype(float) ** 2).mean()))
        ours, least = (_off(math.sqrt(value), zeros) for value in (row.run, row.baseline))
        return f"Unseen entries: the typical error of the run is {ours}, that of the {LEAST} {least}."
    ours, least = (f"{words.percent(value)} ({by_share(value).words.lower()})" for value in (row.run, row.baseline))
    return f"The run is {ours} away from the truth (relative Frobenius norm), the {LEAST} {least}."


def _off(error: float, zeros: float) -> str:
    """0.031, 3.1 % of a typical entry (recovered)."""
    share = error / zeros if zeros else math.inf
    judged = by_share(share if zeros or error else 0.0).words.lower()
    of_entry = f", {words.percent(share)} of a typical entry" if zeros else ""
    return f"{words.number(error, 2)}{of_entry} ({judged})"


def _together(comparison: Comparison) -> str:
    """Did less norm go with less error, or less rank?"""
    error, norm, rank = (
        row.smaller for row in (judged_by(comparison), comparison.row("nuclear_norm"), comparison.row("entropy_rank"))
    )
    if error in (None, Smaller.NEITHER):
        return ""
    if norm is error and rank is error:
        return "The one with less norm has also less rank and less error: here the two explanations cannot be told apart."
    if rank is error:
        return "Less rank went with less error here; less norm did not."
    if norm is error:
        return "Less norm went with less error here; less rank did not."
    return "Neither less norm nor less rank went with less error here."


def _none(comparison: Comparison) -> Row:
    return comparison.row("reconstruction_error")
