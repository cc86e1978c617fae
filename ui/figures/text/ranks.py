"""The rank of the final W, compared with that of the truth, and whether the data could have told."""

from collections.abc import Sequence

from dmf_core.measures.growth import LEARNED
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Start, Trajectory
from ui.figures import words
from ui.figures.births import Growth
from ui.figures.text.verdict import PARTLY, Judged, Verdict
from ui.figures.truth import TRUE, true_rank
from ui.figures.words import percent

BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)  # of the largest; "below 0.2 %" names the first one that holds
RANK_BOUND = 0.01  # up to here "rank" is the right word
TREE_RANKS = "ranks of W in its tree (single axes, then groups of axes)"


def ended_at(trajectory: Trajectory, spec: RunSpec, grown: Sequence[Growth], judged: Judged) -> str:
    """What a complete run ended at, in the unit of its main spectrum."""
    if spec.model.tensor:
        return tensor_rank(trajectory, grown, judged, spec.problem.needs_data)
    if trajectory.start.main_spectrum == "entries":
        return entries(trajectory, len(grown), judged)
    return rank(trajectory, grown, judged, spec.problem.needs_data)


def rank(trajectory: Trajectory, grown: Sequence[Growth], judged: Judged, given: bool) -> str:
    values = trajectory.singular_values
    k, learned = values.shape[1], len(grown)
    if learned == 0 or values[-1, 0] <= 0:
        return ""
    truth = true_rank(trajectory.start)

    def other_rank(level: float) -> str:
        if given:
            return _of_data(trajectory.start, level, learned)
        return "" if truth in (None, learned) else f"; the truth has rank {truth}"

    if learned == k:
        all_of_them = "Both" if k == 2 else f"All {k}"
        return f"{all_of_them} singular values ended above {percent(LEARNED)} of the largest{other_rank(LEARNED)}."
    others = values[:, learned:] / values[-1, 0]
    at_end, ever = float(others[-1].max()), float(others.max())
    whom = f"other {k - learned} singular values" if k - learned > 1 else "other singular value"
    level = next((bound for bound in BOUNDS if ever < bound), None)
    verb = "stayed"
    if level is None:
        level, verb = next((bound for bound in BOUNDS if at_end < bound), None), "ended"
    if level is None:
        return ""
    below = f"The {whom} {verb} below {percent(level)} of the largest"
    if level > RANK_BOUND:
        return f"{below}{other_rank(level)}."
    return f"{below}, so W has rank {learned}{other_rank(level) if given else _ranked(judged, truth, learned)}."


def _of_data(start: Start, level: float, learned: int) -> str:
    """How many singular values of given data exceed the same share: their rank itself counts roundings and noise."""
    true = start.true_singular_values
    if true is None or not true[0] > 0:
        return ""
    count = int((true > level * true[0]).sum())
    return f"; the data have {words.whole(count)} above that share{' too' if count == learned else ''}"


def _ranked(judged: Judged, true: int | None, count: int) -> str:
    if true is not None and true != count:
        return f"; the truth has rank {words.whole(true)}"
    return _second_count(judged, true, count, "matrix of that rank").replace(f"has {true} too", f"has rank {true} too")


def _elsewhere(judged: Judged) -> bool:
    """Whether W is nowhere near the truth, whatever their ranks."""
    return judged.share is not None and not judged.share <= PARTLY


def _second_count(judged: Judged, true: int | None, count: int, same: str) -> str:
    """The count of the truth, and of the same count, whether it is the truth: `same` says of what it is another one."""
    if true is None:
        return ""
    if true != count:
        return f"; the truth has {words.whole(true)}"
    if judged.verdict is Verdict.RECOVERED:
        return ", as the truth has"
    if _elsewhere(judged):
        return f"; the truth is another {same}"
    return f"; the truth has {words.whole(true)} too"


def too_few(trajectory: Trajectory, spec: RunSpec, judged: Judged) -> str:
    """Where fewer entries are seen than a matrix of the true rank has degrees of freedom, that; nothing of given data.

    Derived: matrices of rank r are a manifold of dimension r (m + n - r) at the truth, and m entries of it cut out a part
    of at least that dimension less m: the truth is not alone. Given data have full rank as a rule, by their roundings and
    noise, and their rank says nothing about how many entries are enough.
    """
    if spec.problem.needs_data:
        return ""
    truth, start = true_rank(trajectory.start), trajectory.start
    if truth is None or start.main_spectrum != "singular_values" or not start.observed_mask.any():
        return ""
    if judged.verdict is Verdict.RECOVERED:
        return ""
    freedom = truth * (sum(start.shape) - truth)
    if int(start.observed_mask.sum()) >= freedom:
        return ""
    return f"With so few entries, many rank-{truth} matrices fit; the data cannot choose."


def tensor_rank(trajectory: Trajectory, grown: Sequence[Growth], judged: Judged, given: bool) -> str:
    """The rank of what a tensor run ended at: how many components, or the rank of every unfolding or cut."""
    main = trajectory.start.main_spectrum
    if not grown or trajectory.singular_values[-1, 0] <= 0:
        return ""
    if main == "component_norms":
        return _components(trajectory, len(grown), judged)
    families = {name.partition("_")[0] for name in trajectory.spectra}
    names = sorted(trajectory.spectra, key=lambda name: (not name.startswith("unfolding"), name))
    ends = [trajectory.spectrum(name)[-1] for name in names]
    counts = [int((values > RANK_BOUND * values[0]).sum()) for values in ends]
    trains = "tensor-train ranks of W are" if families == {"cut"} else f"{TREE_RANKS} are"
    subject = "multilinear rank of W is" if families == {"unfolding"} else trains
    true = [trajectory.start.true_singular_values if name == main else trajectory.start.true_spectra.get(name) for name in names]
    least = RANK_BOUND if given else TRUE  # smaller singular values of given data are their roundings and noise
    known = [int((values > least * values[0]).sum()) for values in true if values is not None and values[0] > 0]
    same = ""
    if given and len(known) == len(names):
        same = f"; the data have {words.ranks(known)}{' too' if known == counts else ''}"
    elif len(known) == len(names):
        alike = "; the truth is another tensor of these ranks" if _elsewhere(judged) else ", the same as of the truth"
        same = alike if known == counts else f"; the truth has {words.ranks(known)}"
    return f"The {subject} {words.ranks(counts)}, counting singular values above {percent(RANK_BOUND)} of the largest{same}."


def _components(trajectory: Trajectory, learned: int, judged: Judged) -> str:
    norms, truth = trajectory.singular_values, trajectory.start.true_singular_values
    rest = float(norms[-1, learned:].max(initial=0.0)) / float(norms[-1, 0])
    level = next((bound for bound in BOUNDS if rest < bound), None)
    if level is None:
        return ""
    count = words.count(learned, "component")
    true = 0 if truth is None else int((truth > TRUE * truth[0]).sum())
    second = _second_count(judged, true or None, learned, "tensor of as many")
    if learned == norms.shape[1] == 1:
        return f"W has only one component{second}."
    if learned == norms.shape[1]:
        recorded = "Both recorded components" if learned == 2 else f"All {count.replace(' ', ' recorded ')}"
        return f"{recorded} ended above {percent(LEARNED)} of the largest{second}."
    if level > RANK_BOUND:
        return f"{words.capital(count)} ended above {percent(LEARNED)} of the largest{second}."
    return f"All other components ended below {percent(level)} of the largest, so W has {count}{second}."


def unmoved(trajectory: Trajectory) -> str:
    """Of a model in which every entry moves by itself: that those which nothing observes are where they started."""
    start, end = trajectory.start, trajectory.end
    unseen = ~start.observed_mask
    if end is None or not start.observed_mask.any() or not unseen.any():
        return ""
    still = bool((end.end_to_end_last[unseen] == start.end_to_end_first[unseen]).all())
    return "No unseen entry has moved from its start: here every entry has factors of its own." if still else ""


def entries(trajectory: Trajectory, learned: int, judged: Judged) -> str:
    """How many entries are not small, where the spectrum is the sizes of the entries."""
    sizes = trajectory.singular_values[-1]
    if not 0 < learned < len(sizes):  # more than are recorded
        return ""
    level = next((bound for bound in BOUNDS if sizes[learned] < bound * sizes[0]), None)
    if level is None:
        return ""
    below = f"All other entries ended below {percent(level)} of the largest"
    if level > RANK_BOUND:
        return f"{below}."
    truth = trajectory.start.true_singular_values
    true = 0 if truth is None else int((truth > TRUE * truth[0]).sum())
    known = truth is not None and true < len(truth)
    second = "" if not known else _second_count(judged, true, learned, "matrix with as many")
    return f"{below}, so W has {words.count(learned, 'nonzero entry')}{second}."
