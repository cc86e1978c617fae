"""What rounding does to each number of a run, measured by runs whose first factors are moved by one rounding.

Two such runs round differently at every operation from then on, as another machine, library or number of threads
does. Derived, no source: their distance at a snapshot, the largest of three runs and of the neighbouring snapshots,
times MARGIN, plus a floor of a few roundings, is what an honest archive may be off. From where the runs no longer
take the same steps (PARTED), see `bands`.
"""

from collections.abc import Sequence

import numpy as np

from dmf_core.archive.contents import Part, Rule, Unit, contents, rule_of
from dmf_core.archive.difference import grey_levels
from dmf_core.data.factors import rounded
from dmf_core.inputs import Inputs, digest_of
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

RUNS = 3  # that start one rounding away, as MARGIN assumes; each costs as much as the run itself
MARGIN = 30.0  # the largest of 3 normal deviates is below a 30th of the next one once in 30,000 times
FLOOR = 8.0  # roundings of one product and a sum, about
NEIGHBOURS = 2  # snapshots on either side, by the absolute and the relative distance, whichever is less
EARLIER = 0.25  # share of the common steps, before their end, where another machine's run may part already
COUNTS = ("index", "iteration", "gradients")


def rounded_starts(spec: RunSpec, inputs: Inputs, fresh: Trajectory) -> list[tuple[RunSpec, Inputs]]:
    """Runs of the same spec, from first factors whose entries are all moved up or down by one rounding."""
    starts = [rounded(fresh.start.factors_first, number) for number in range(RUNS)]
    return [(spec.replaced({"init.factors": digest_of(*factors)}), Inputs(inputs.data, factors)) for factors in starts]


def common_rows(fresh: Trajectory, rounded: Sequence[Trajectory]) -> int:
    """How many first snapshots are compared one by one: all, or those well before the first run took other steps."""
    least = len(fresh.snapshots)
    for each in rounded:
        count = min(least, len(each.snapshots))
        pairs = (fresh.column(name)[:count] == each.column(name)[:count] for name in COUNTS)
        same = np.logical_and.reduce(list(pairs))
        least = count if same.all() else int(np.argmin(same))
    if all(len(each.snapshots) == len(fresh.snapshots) == least for each in rounded):
        return least
    return max(1, least - max(2, round(EARLIER * least)))


def allowances(fresh: Trajectory, rounded: Sequence[Trajectory], rows: int) -> dict[str, np.ndarray]:
    """How far each element may be off, absolute, in the shape of the element's array; of snapshots the first `rows`."""
    eps = float(np.finfo(fresh.start.end_to_end_first.dtype).eps)
    others = [contents(each) for each in rounded]
    return {name: _allowed(name, values, others, rows, eps) for name, values in contents(fresh).items()}


def _allowed(name: str, values: np.ndarray, others: list[dict[str, np.ndarray]], rows: int, eps: float) -> np.ndarray:
    rule = rule_of(name)
    values = values[:rows] if rule.part.rows else values
    least = floor(rule, values, eps)
    near = [each[name][:rows] if rule.part.rows else each[name] for each in others if name in each]
    near = [each for each in near if each.shape == values.shape]
    moved = rule.part is Part.START and name != "insight_births"  # the first factors were moved on purpose
    if not near or moved or rule.unit is Unit.EXACT:
        return least
    if rule.unit is Unit.GREY:
        levels = np.max([np.array(grey_levels(each, values)) for each in near], axis=0)
        return np.asarray(np.broadcast_to(1 + MARGIN * widest(np.maximum(levels - 1.0, 0.0))[:, None, None], values.shape))
    off = np.max([_distance(each.astype(float), values.astype(float)) for each in near], axis=0)
    if not rule.part.rows:
        return np.asarray(least + MARGIN * np.maximum(off, np.sqrt(np.mean(off**2))))
    size = np.nan_to_num(np.abs(values.astype(float))) + least
    share = widest(np.divide(off, size, out=np.where(off > 0, np.inf, 0.0), where=size > 0))
    relative = np.where(np.isinf(share), np.inf, np.where(np.isinf(share), 0.0, share) * size)
    return np.asarray(least + MARGIN * np.minimum(relative, widest(off)))


def _distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """|a - b|; infinite where only one of them is known, 0 where neither is."""
    off = np.abs(a - b)
    return np.where(np.isnan(a) & np.isnan(b), 0.0, np.where(np.isnan(off), np.inf, off))


def floor(rule: Rule, values: np.ndarray, eps: float) -> np.ndarray:
    """A few roundings of each element, absolute. Derived: Weyl for singular values, |d(r^2)| = 2 |r| |dr| for squares."""
    if rule.unit is Unit.EXACT:
        return np.zeros(values.shape)
    if rule.unit is Unit.GREY:
        return np.asarray(np.broadcast_to(1.0, values.shape))
    y = np.nan_to_num(np.abs(values.astype(float)))
    if rule.unit is Unit.ITSELF:
        return np.asarray(FLOOR * eps * y)
    if rule.unit is Unit.SQUARES:
        return np.asarray(FLOOR * eps * 2 * np.sqrt(y * y.max(initial=0.0)))
    by_row = rule.part.rows and y.ndim > 1
    largest = y.max(axis=-1, keepdims=True, initial=0.0) if by_row else y.max(initial=0.0)
    return np.asarray(np.broadcast_to(FLOOR * eps * largest, y.shape))


def widest(values: np.ndarray) -> np.ndarray:  # [T, ..] -> [T, ..], the largest of the neighbouring rows
    padded = np.pad(values, [(NEIGHBOURS, NEIGHBOURS), *[(0, 0)] * (values.ndim - 1)], mode="edge")
    return np.asarray(np.max([padded[i : i + len(values)] for i in range(2 * NEIGHBOURS + 1)], axis=0))
