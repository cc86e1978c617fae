"""How far a run is from the exact gradient flow: estimated by walking it again, more strictly and in float64.

The second walk takes a tenth of the tolerance, which leaves a fifth of the error or less, so that what lies between the two
walks is the error of the first one, within a factor of three: tests/integrators/test_random_settings.py, against scipy.
"""

import math
from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from dmf_core import limits
from dmf_core.analysis.birth_times import birth_times
from dmf_core.cost import in_words
from dmf_core.data.factors import rounded
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs, digest_of
from dmf_core.measures.growth import LEARNED
from dmf_core.prepare import check, prepare, shape_of
from dmf_core.shapes import Shape
from dmf_core.simulate import simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Accuracy, Builder, End, Outcome, Trajectory

STRICTER = 0.1  # of the tolerance
SNAPSHOTS = 400  # of the second walk: births between them are interpolated
OVERHEAD = 20_000  # unknowns whose arithmetic costs as much as the calls around a gradient
NUMBERS = 8  # of sensing matrices, which are read in their order, cost as much as an unknown
MOST_WORK = 5e8  # gradients times what one costs in unknowns: 20 s or so; a longer run is not walked again
LONGER = STRICTER ** (-1 / 3)  # times the gradients: the error of a step falls with its third power
BIRTHS = 0.01  # promised at the default tolerance: the error of births, relative,
FINAL = 0.005  # ... of final singular values, as a share of the largest,
OTHERS = 0.02  # ... of the stop time and of the unseen error, relative
WRONG = 0.2  # of the unseen error: above it the picture is not called accurate in any respect
USUAL = 1e-2  # the tolerance by default
LEAST = 1e-5  # no smaller error is claimed: the second walk has one of its own
SPLIT = 5.0  # times what is promised: above it another run tests whether one rounding decides
EDGE = 0.5  # a mode whose final value is that near to LEARNED may be learned in one run only: no birth is lost


@dataclass(frozen=True, eq=False)
class Outline:
    """What of a finished run is compared."""

    births: dict[int, float]  # of learned modes, by mode from 1
    final: np.ndarray  # [k] singular values, descending
    t: float
    unseen: float | None  # the unobserved error
    outcome: Outcome
    gradients: int


def outline(run: Trajectory) -> Outline:
    """The outline of a run that has ended."""
    assert run.end is not None
    last = run.snapshots[-1]
    unseen = last.measures.get("unobserved_error")
    return Outline(birth_times(run), last.singular_values, last.t, unseen, run.end.outcome, run.end.gradients)


def assessed(spec: RunSpec, inputs: Inputs, run: Outline, bounded: bool = True) -> Generator[None, None, Accuracy | None]:
    """Returns the accuracy of a finished run, None where it is not estimated: see `assessable`. Yields now and then.

    With `bounded` False there is no limit of its time. Stop iterating to cancel.
    """
    promised = spec.integrator.judged_tolerance
    if promised is None or not run.outcome.done or (bounded and not assessable(spec, shape_of(spec, inputs), run)):
        return None
    tolerance = max(limits.MIN_TOLERANCE, STRICTER * promised)
    strict = spec.replaced(
        {
            "integrator.tolerance": tolerance,
            "dtype": "float64",
            "save.snapshots": SNAPSHOTS,
            "stop.seconds": limits.MAX_SECONDS,
            "stop.iterations": None,  # stricter steps are more of them
            "stop.time": run.t if run.outcome is Outcome.ITERATIONS and run.t else spec.stop.time,
        }
    )
    try:
        check(strict, inputs)
    except BadInput:  # in float64 it would not fit into the budget of one run
        return None
    exact = yield from _walked(strict, inputs)
    if not exact.outcome.done:  # out of time: what it reached says nothing of the whole run
        return None
    estimate = between(run, exact)
    if not _far(estimate):
        return estimate
    factors = rounded(prepare(spec, inputs).start.factors_first)
    other = yield from _walked(strict.replaced({"init.factors": digest_of(*factors)}), Inputs(inputs.data, factors))
    return replace(estimate, split=_far(between(exact, other)))


def assessable(spec: RunSpec, shape: Shape, run: Outline | End) -> bool:
    """Whether the run is one of the adaptive method, ended as it should, and is short enough to be walked again."""
    unknowns = spec.model.unknowns(shape)
    numbers = (spec.problem.count or 0) * math.prod(shape) if spec.problem.measured else 0
    work = run.gradients * (unknowns + OVERHEAD + numbers / NUMBERS)
    return spec.integrator.judged_tolerance is not None and run.outcome.done and work <= MOST_WORK


def why_unknown(spec: RunSpec, run: Trajectory) -> str:
    """Why a run of the adaptive method that ended as it should has no accuracy, as a sentence; empty for others."""
    end = run.end
    if spec.integrator.judged_tolerance is None or end is None or not end.outcome.done or assessable(spec, run.start.shape, end):
        return ""
    seconds = end.seconds * LONGER * (2 if spec.dtype == "float32" else 1)
    return f"How accurate it is was not estimated: walking it again with stricter steps would take about {in_words(seconds)}."


def between(run: Outline, exact: Outline) -> Accuracy:
    """How far two runs are apart, relative to the second one."""
    final = float(np.abs(run.final - exact.final).max() / (exact.final[0] or 1.0))
    converged = run.outcome is exact.outcome is Outcome.CONVERGED
    time = _apart(run.t, exact.t) if converged and exact.t else None
    unseen = _apart(run.unseen, exact.unseen) if run.unseen is not None and exact.unseen else None
    return Accuracy(_births_apart(run, exact), final, time, unseen)


def as_promised(accuracy: Accuracy) -> bool:
    """Whether all that is promised at the default tolerance is kept."""
    births, final, time, unseen = (value or 0.0 for value in (accuracy.births, accuracy.final, accuracy.time, accuracy.unseen))
    return births <= BIRTHS and final <= FINAL and max(time, unseen) <= OTHERS and not accuracy.split


def wrong(accuracy: Accuracy) -> bool:
    """Whether the picture of a run is visibly wrong because its steps are too long."""
    births, final, unseen = (value or 0.0 for value in (accuracy.births, accuracy.final, accuracy.unseen))
    return not accuracy.split and (births > SPLIT * BIRTHS or final > SPLIT * FINAL or unseen > WRONG)


def unchecked(tolerance: float) -> str:
    """What to say of a run whose accuracy is not known; empty where its tolerance is not above the usual one."""
    if tolerance <= USUAL:
        return ""
    return f"A tolerance of {tolerance:g} is above the usual {USUAL:g}, and how far off this run is has not been checked."


def sentence(accuracy: Accuracy, tolerance: float) -> str:
    """The accuracy in words; `tolerance` is that of the run."""
    births, final = accuracy.births or 0.0, accuracy.final
    if accuracy.split:
        return (
            "On the way the gradient nearly vanishes (a saddle), and one rounding of the start decides what is learned next, so "
            "that another machine may show another run."
        )
    remedy = _remedy(births, tolerance)
    if math.isinf(births):
        return f"Not accurate: with stricter steps another number of modes is born{remedy}."
    parts = [("births", births, BIRTHS), ("final singular values", final, FINAL)]
    parts += [("the stop time", accuracy.time or 0.0, OTHERS), ("the error of unseen entries", accuracy.unseen or 0.0, OTHERS)]
    worse = [f"{name} to about {_percent(value)}" for name, value, promised in parts if value > promised]
    if wrong(accuracy):
        others = ", ".join(part for part in worse if "unseen" not in part)
        unseen = _unseen(accuracy.unseen or 0.0)
        return f"Not accurate: {', '.join(part for part in (unseen, others) if part)}{remedy}."
    if births > BIRTHS or final > FINAL:
        return f"Less accurate than usual: {', '.join(worse)}{remedy}."
    main = f"Accurate to about {_percent(max(births, final))}"
    return f"{main}; {' and '.join(worse)}." if worse else f"{main}."


def _remedy(births: float, tolerance: float) -> str:
    """A clause: what makes the run more accurate. Births are read between snapshots; nothing else depends on their number."""
    stricter = max(limits.MIN_TOLERANCE, STRICTER * tolerance)
    ways = [f"a tolerance of {stricter:g}"] if stricter < tolerance else []
    ways += ["more snapshots"] if births > BIRTHS else []
    return f"; choose {', or '.join(ways)}" if ways else ""


def as_json(accuracy: Accuracy) -> dict[str, float | bool | None]:
    """The estimate with plain numbers: births is None where none is born, and where another number of modes is born."""
    values = vars(accuracy)
    return {key: None if isinstance(value, float) and math.isinf(value) else value for key, value in values.items()}


def _percent(share: float) -> str:
    value = 100 * max(LEAST, share)
    return f"{value:.0f} %" if value >= 9.5 else f"{float(f'{value:.1g}'):g} %"


def _unseen(value: float) -> str:
    """A clause on the error of unseen entries: a share, or above 100 % how many times too large it is."""
    if value <= OTHERS:
        return ""
    if value < 1:
        return f"the error of unseen entries is off by about {_percent(value)}"
    return f"the error of unseen entries is {1 + value:.2g} times what exact steps give"


def _births_apart(run: Outline, exact: Outline) -> float | None:
    ours, theirs = run.births, exact.births
    shares = exact.final / (exact.final[0] or 1.0)
    edge = {mode for mode in ours.keys() ^ theirs.keys() if abs(shares[mode - 1] / LEARNED - 1) < EDGE}
    modes = (ours.keys() | theirs.keys()) - edge
    if not modes:
        return None
    return max(_apart(ours[mode], theirs[mode]) if mode in ours and mode in theirs else math.inf for mode in modes)


def _apart(value: float, exact: float) -> float:
    return abs(value - exact) / abs(exact)


def _far(accuracy: Accuracy) -> bool:
    """Whether births or final values are so far off that another branch may have been taken."""
    return (accuracy.births or 0.0) > SPLIT * BIRTHS or accuracy.final > SPLIT * FINAL


def _walked(spec: RunSpec, inputs: Inputs) -> Generator[None, None, Outline]:
    builder = Builder()
    for event in simulate(spec, inputs):
        builder.add(event)
        yield
    run = builder.trajectory()
    assert run is not None  # a run always has a first snapshot
    return outline(run)
