"""A run in at most four sentences, each read off its numbers. What the numbers do not support is not said."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from dmf_core.analysis import accuracy
from dmf_core.integrators.gradient_flow import GradientFlow
from dmf_core.measures.growth import LEARNED
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Start, Trajectory
from ui.figures import words
from ui.figures.births import Growth, at
from ui.figures.spectra import naming

NEAR_ZERO = 0.05  # of the largest final singular value
BEFORE = 0.25  # at a birth, the next mode is below this share of its own final value: one after another
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
RANK_BOUND = 0.01  # up to here "rank" is the right word
TREE_RANKS = "tree ranks, axes before groups,"
TRUE = 1e-5  # of the largest: below it a value of the truth is rounding


def sentences(trajectory: Trajectory, spec: RunSpec, grown: Sequence[Growth]) -> list[str]:
    """Births, rank, error, and where it is less accurate than usual, that. Two at most while the run is not complete."""
    complete = trajectory.end is not None and trajectory.end.outcome.done
    noun = naming(trajectory.start.main_spectrum).noun
    said = [births(trajectory, grown, complete, noun)]
    if complete:
        said.append(_found(trajectory, spec, grown))
    said.append(error(trajectory, spec, complete))
    if complete and spec.model.separable:
        said.append(unmoved(trajectory))
    known = trajectory.accuracy
    if known is not None and not accuracy.as_promised(known) and isinstance(spec.integrator, GradientFlow):
        said.append(words.typeset(accuracy.sentence(known, spec.integrator.tolerance)))
    return [sentence for sentence in said if sentence]


def _found(trajectory: Trajectory, spec: RunSpec, grown: Sequence[Growth]) -> str:
    """What was learned, in the unit of the spectrum that is shown."""
    if spec.model.tensor:
        return tensor_rank(trajectory, grown)
    if trajectory.start.main_spectrum == "entries":
        return entries(trajectory, len(grown))
    return rank(trajectory, grown)


def unmoved(trajectory: Trajectory) -> str:
    """Of a model in which every entry moves by itself: that those which nothing observes are where they started."""
    start, end = trajectory.start, trajectory.end
    unseen = ~start.observed_mask
    if end is None or not start.observed_mask.any() or not unseen.any():
        return ""
    still = bool((end.end_to_end_last[unseen] == start.end_to_end_first[unseen]).all())
    return "None of them has moved from its start: here every entry has factors of its own." if still else ""


def births(trajectory: Trajectory, grown: Sequence[Growth], complete: bool, noun: str = "mode") -> str:
    values, t = trajectory.singular_values, trajectory.column("t")
    born = [(g.mode, g.born) for g in grown if g.born is not None]
    if not born:
        return ""
    small = values[0, 0] < NEAR_ZERO * values[-1, 0]
    opening = "From a start near zero, " if small else ""
    opening += "" if complete else "so far " if small else "So far "
    times = sorted(at(t, frame) for _, frame in born)
    who = words.count(len(born), noun)
    if len(born) == 1:
        return words.capital(f"{opening}one {noun} was born, at t = {words.number(times[0])}.")
    if len(born) > 6:
        first, last = words.number(min(times)), words.number(max(times))
        when = f"at t = {first}" if first == last else f"between t = {first} and {last}"
        return words.capital(f"{opening}{who} were born {when}.")
    manner = "one after another, " if one_after_another(values, born) else ""
    return words.capital(f"{opening}{who} were born {manner}at t = {words.listed([words.number(x) for x in times])}.")


def one_after_another(values: np.ndarray, born: Sequence[tuple[int, float]]) -> bool:
    """Each birth finds the next mode still small."""
    pairs = pairwise(born)
    return all(at(values[:, later - 1], frame) < BEFORE * values[-1, later - 1] for (_, frame), (later, _) in pairs)


def rank(trajectory: Trajectory, grown: Sequence[Growth]) -> str:
    values = trajectory.singular_values
    k, learned = values.shape[1], len(grown)
    if learned == 0 or values[-1, 0] <= 0:
        return ""
    if learned == k:
        return f"All {k} singular values ended above {100 * LEARNED:g}{words.THIN}% of the largest."
    others = values[:, learned:] / values[-1, 0]
    at_end, ever = float(others[-1].max()), float(others.max())
    whom = f"other {k - learned} singular values" if k - learned > 1 else "other singular value"
    level = next((bound for bound in BOUNDS if ever < bound), None)
    verb = "stayed"
    if level is None:
        level, verb = next((bound for bound in BOUNDS if at_end < bound), None), "ended"
    if level is None:
        return ""
    below = f"The {whom} {verb} below {100 * level:g}{words.THIN}% of the largest"
    if level > RANK_BOUND:
        return f"{below}."
    return f"{below}, so the solution has rank {learned}{_as_the_truth(trajectory.start, learned)}."


def entries(trajectory: Trajectory, learned: int) -> str:
    """How many entries are not small, where the spectrum is the sizes of the entries."""
    sizes = trajectory.singular_values[-1]
    if not 0 < learned < len(sizes):  # more than are recorded
        return ""
    level = next((bound for bound in BOUNDS if sizes[learned] < bound * sizes[0]), None)
    if level is None:
        return ""
    below = f"Every other entry ended below {100 * level:g}{words.THIN}% of the largest"
    if level > RANK_BOUND:
        return f"{below}."
    truth = trajectory.start.true_singular_values
    true = 0 if truth is None else int((truth > TRUE * truth[0]).sum())
    known = truth is not None and true < len(truth)
    has = "" if not known else ", as the truth has" if true == learned else f"; the truth has {words.whole(true)}"
    return f"{below}, so the solution has {words.count(learned, 'nonzero entry')}{has}."


def tensor_rank(trajectory: Trajectory, grown: Sequence[Growth]) -> str:
    """What was learned of a tensor: how many components, or the rank of every unfolding or cut."""
    main = trajectory.start.main_spectrum
    if not grown or trajectory.singular_values[-1, 0] <= 0:
        return ""
    if main == "component_norms":
        return _components(trajectory, len(grown))
    families = {name.partition("_")[0] for name in trajectory.spectra}
    names = sorted(trajectory.spectra, key=lambda name: (not name.startswith("unfolding"), name))
    ends = [trajectory.spectrum(name)[-1] for name in names]
    found = [int((values > RANK_BOUND * values[0]).sum()) for values in ends]
    what = "multilinear rank" if families == {"unfolding"} else "tensor-train ranks" if families == {"cut"} else TREE_RANKS
    verb = "is" if families == {"unfolding"} else "are"
    true = [trajectory.start.true_singular_values if name == main else trajectory.start.true_spectra.get(name) for name in names]
    known = [int((values > TRUE * values[0]).sum()) for values in true if values is not None and values[0] > 0]
    same = "" if len(known) < len(names) else ", as of the truth" if known == found else f"; of the truth {words.ranks(known)}"
    return f"Its {what} {verb} {words.ranks(found)}{same}: other singular values ended below {100 * RANK_BOUND:g}{words.THIN}%."


def _components(trajectory: Trajectory, learned: int) -> str:
    norms, truth = trajectory.singular_values, trajectory.start.true_singular_values
    rest = float(norms[-1, learned:].max(initial=0.0)) / float(norms[-1, 0])
    level = next((bound for bound in BOUNDS if rest < bound), None)
    if level is None:
        return ""
    count = words.count(learned, "component")
    true = 0 if truth is None else int((truth > TRUE * truth[0]).sum())
    has = "" if not true else ", as the truth has" if true == learned else f"; the truth has {words.whole(true)}"
    return f"Every other component ended below {100 * level:g}{words.THIN}% of the largest, so the solution has {count}{has}."


def true_rank(start: Start) -> int | None:
    values = start.true_singular_values
    if values is None or values[0] <= 0:
        return None
    return int((values > TRUE * values[0]).sum())


def _as_the_truth(start: Start, learned: int) -> str:
    truth = true_rank(start)
    if truth is None:
        return ""
    return ", as the truth has" if truth == learned else f"; the truth has rank {truth}"


def error(trajectory: Trajectory, spec: RunSpec, complete: bool) -> str:
    start, last = trajectory.start, trajectory.snapshots[-1]
    opening = "It misses" if complete else f"At t = {words.number(last.t)} it misses"
    unseen = last.measures["unobserved_error"]
    if unseen is not None:
        held_out = np.isfinite(start.ground_truth) & ~start.observed_mask
        return f"{opening} {_entries(int(held_out.sum()), start)} by {_root(unseen)}{_typical(start, held_out)}."
    if not start.observed_mask.any():  # measurements, not entries
        distance = last.measures["reconstruction_error"]
        if distance is None:
            return ""
        measured = words.whole(spec.problem.count or 0)
        who = "From" if complete else f"At t = {words.number(last.t)}, from"
        return f"{who} {measured} measurements it is {_percent(distance)} away from the truth (relative Frobenius norm)."
    seen = words.whole(int(start.observed_mask.sum()))
    return f"{opening} the {seen} entries it saw by {_root(last.measures['observed_error'])}; none was held out."


def _entries(n: int, start: Start) -> str:
    all_others = n == int((~start.observed_mask).sum())
    if all_others:
        return "the one entry it never saw" if n == 1 else f"the {words.whole(n)} entries it never saw"
    return "the one entry held out" if n == 1 else f"the {words.whole(n)} entries held out"


def _root(mean_square: float | None) -> str:
    return f"{words.number(float(np.sqrt(mean_square or 0.0)), 2)} (root mean square)"


def _typical(start: Start, held_out: np.ndarray) -> str:
    size = float(np.sqrt(np.mean(np.square(start.ground_truth[held_out], dtype=np.float64))))
    return f", where a typical entry is {words.number(size, 2)}"


def _percent(share: float) -> str:
    return f"{words.number(100 * share, 2)}{words.THIN}%"
