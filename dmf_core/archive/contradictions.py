"""Numbers that an archive holds twice must agree; no run is needed to see that one of the two was changed.

Most measures are functions of the singular values or of the loss and are kept in float64, so a change of one number
shows to 12 digits, far below what rounding in float32 hides from a comparison with another machine. Derived from the
definitions in `measures`; `tests/archive/test_contradictions.py` changes one side of each.
"""

import re
from collections.abc import Iterator

import numpy as np
import torch

from dmf_core import limits
from dmf_core.archive.difference import Difference, differing
from dmf_core.archive.members import spectrum_name
from dmf_core.measures.effective_rank import entropy_rank, ratio_rank
from dmf_core.measures.norms import frobenius, nuclear, schatten, spectral
from dmf_core.measures.spectra import spectrum
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory

EXACT = 1e-11  # relative: float64 sums in another order
ROUNDINGS = 64.0  # of the format, times the largest: products, and singular values of W, in another order


def contradictions(trajectory: Trajectory, spec: RunSpec) -> list[Difference]:
    """What in the archive does not agree with the rest of it; empty for every honest one."""
    checks = (_clock, _counts, _errors, _norms, _determinant, _truth, _ends, _theory, _message)
    return [each for check in checks for each in check(trajectory, spec) if each.excess > 1]


def _clock(run: Trajectory, spec: RunSpec) -> Iterator[Difference]:
    """Wall-clock times cannot be reproduced, but they start above 0, rise, and do not end before the last snapshot."""
    seconds = run.column("seconds")
    ends = [run.end.seconds] if run.end is not None else []
    fine = bool(np.isfinite(seconds).all() and seconds[0] > 0 and (np.diff(seconds) > 0).all())
    if not fine or any(not end >= seconds[-1] for end in ends):
        yield Difference("seconds", np.inf, 0.0, "from any clock: they must rise from above 0 to the end of the run")
    if run.end is not None and run.end.outcome is Outcome.BUDGET and run.end.seconds < spec.stop.seconds:
        yield Difference("seconds", np.inf, 0.0, f"from the {spec.stop.seconds:g} s that the run says it used up")


def _counts(run: Trajectory, spec: RunSpec) -> Iterator[Difference]:
    """The last snapshot is of the last step."""
    last = run.snapshots[-1]
    if run.end is not None and (run.end.accepted != last.iteration or run.end.gradients < last.gradients):
        yield Difference("counts", np.inf, 0.0, "from those of the last snapshot")


def _errors(run: Trajectory, spec: RunSpec) -> Iterator[Difference]:
    """The observed error is the loss in another unit, and two errors are one distance in two units."""
    yield from _proportional("observed_error", run.measured("observed_error"), run.column("loss"))
    relative, square = run.measured("reconstruction_error"), run.measured("mean_squared_error")
    if relative is not None and square is not None:
        yield from _proportional("mean_squared_error", square, relative**2)


def _proportional(name: str, a: np.ndarray | None, b: np.ndarray) -> Iterator[Difference]:
    if a is None or not (b > 0).any():
        return
    ratio = float(np.median(a[b > 0] / b[b > 0]))
    yield _agree(name, a, ratio * b, EXACT * np.abs(ratio * b))


def _norms(run: Trajectory, spec: RunSpec) -> Iterator[Difference]:
    """Norms and ranks of W are functions of its singular values."""
    sigma = run.singular_values
    if sigma.shape[1] >= limits.COMPONENTS_KEPT and spec.model.tensor:  # the others were not kept
        return
    functions = {"entropy_rank": entropy_rank(sigma), "ratio_rank": ratio_rank(sigma)}
    if not spec.model.tensor:
        functions |= {"nuclear_norm": nuclear(sigma), "frobenius_norm": frobenius(sigma), "spectral_norm": spectral(sigma)}
        functions["schatten"] = schatten(sigma, spec.model.degree(run.start.shape))
    for name, expected in functions.items():
        values = run.measured(name) if name in run.snapshots[0].measures else None
        if values is not None:
            yield _agree(name, values, expected, EXACT * np.abs(expected))


def _determinant(run: Trajectory, spec: RunSpec) -> Iterator[Difference]:
    """Its size is the product of all singular values."""
    values = run.measured("determinant") if "determinant" in run.snapshots[0].measures else None
    if values is None:
        return
    sigma = run.singular_values
    size = np.prod(sigma, axis=1)
    off = ROUNDINGS * 1e-8 * sigma[:, :1]  # see measures.singular_values: squares lose digits below 1e-8 of the largest
    yield _agree("determinant", np.abs(values), size, np.prod(sigma + off, axis=1) - size)


def _truth(run: Trajectory, spec: RunSpec) -> Iterator[Difference]:
    start = run.start
    largest = np.array([float(np.nanmax(np.abs(start.ground_truth))) or 1.0])
    yield _agree("picture_limit", np.array([start.picture_limit]), largest, np.zeros(1))
    if start.true_singular_values is not None and start.ground_truth.ndim == 2 and not np.isnan(start.ground_truth).any():
        yield _spectrum("true_singular_values", "singular_values", start.true_singular_values, start.ground_truth)


def _ends(run: Trajectory, spec: RunSpec) -> Iterator[Difference]:
    """The first and the last snapshot are of matrices that are kept whole."""
    first, last = run.snapshots[0], run.snapshots[-1]
    for name in run.spectra:
        if name == "component_norms":  # of the factors, not of W
            continue
        values = [each.singular_values if name == run.start.main_spectrum else each.spectra[name] for each in (first, last)]
        label = "singular_values" if name == run.start.main_spectrum else spectrum_name(name)
        if first.t == 0:
            yield _spectrum(label, name, values[0], run.start.end_to_end_first)
        if run.end is not None:
            yield _spectrum(label, name, values[1], run.end.end_to_end_last)
    truth = run.start.ground_truth
    error = last.measures.get("mean_squared_error")
    if run.end is not None and error is not None and not np.isnan(truth).any():
        W, M = run.end.end_to_end_last.astype(float), truth.astype(float)
        expected = np.array([np.mean((W - M) ** 2)])
        moved = _roundings(run.end.end_to_end_last) * max(np.abs(W).max(), np.abs(M).max())
        yield _agree("mean_squared_error", np.array([error]), expected, 2 * moved * np.sqrt(expected) + moved**2)


def _theory(run: Trajectory, spec: RunSpec) -> Iterator[Difference]:
    """The theory takes the singular values of the same W, in float64."""
    if run.insight is None or run.insight.missing or spec.model.pictured:
        return
    count = run.insight.sigma.shape[1]
    expected = run.singular_values[:, :count]
    known = ~np.isnan(run.insight.sigma)
    allowed = _roundings(run.start.end_to_end_first) * np.broadcast_to(expected.max(axis=1, keepdims=True), expected.shape)
    if expected.shape == known.shape:
        yield _agree("insight_sigma", run.insight.sigma[known], expected[known], allowed[known])


def _message(run: Trajectory, spec: RunSpec) -> Iterator[Difference]:
    """The last sentence names time, error and steps of the last snapshot; one that diverged, those of a step after it."""
    if run.end is None or run.end.outcome is Outcome.DIVERGED:
        return
    last, message = run.snapshots[-1], run.end.message
    cut_off = {
        Outcome.CANCELLED: f"Cancelled at t = {last.t:.4g}, with a training error",
        Outcome.BUDGET: f"Out of time: the budget of {spec.stop.seconds:g} s ended at t = {last.t:.4g} with a training error",
    }
    if not message.startswith(cut_off.get(run.end.outcome, "")):
        yield Difference("message", np.inf, 0.0, "from what a run that was cut off there says")
    absolute = spec.stop.relative_loss is None  # else errors are given in another unit
    allowed = {
        "t = ": {f"{last.t:.4g}", f"{last.t:.1g}"},
        "training error of ": {f"{last.loss:.3g}"} if absolute else set(),
        "training error reached ": {f"{spec.stop.loss:.3g}"} if absolute and spec.stop.loss is not None else set(),
        "Stopped after ": {str(last.iteration)},
        ", after ": {str(last.iteration)},
    }
    for words, numbers in allowed.items():
        named = re.findall(rf"{words}([-+\d.e]*\d)", message)
        if named and numbers and named[0] not in numbers:
            yield Difference("message", np.inf, 0.0, f"from the last snapshot, after {words.strip()!r}")


def _spectrum(label: str, name: str, values: np.ndarray, W: np.ndarray) -> Difference:
    expected = spectrum(name, torch.from_numpy(W.astype(np.float64))[None])[0][: len(values)]
    return _agree(label, values, expected, np.full(len(values), _roundings(W) * float(expected.max(initial=0.0))))


def _roundings(W: np.ndarray) -> float:
    return ROUNDINGS * float(np.finfo(W.dtype).eps)


def _agree(name: str, values: np.ndarray, expected: np.ndarray, allowed: np.ndarray) -> Difference:
    worst = differing(name, values, expected, allowed)
    return Difference(worst.array, worst.amount, worst.allowed, f"{worst.unit} from the rest of the archive")
