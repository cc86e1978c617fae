"""Which entries of a tensor can be scaled without a change of its observed entries and of its ranks."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

MOST_SLICES = 1500  # of all axes together; above it only groups are told apart (the null space takes 1 s here, cubic in it)
NULL = 1e-10  # of an eigenvalue that is 0; the others are at least about 1 / slices^2
MOVED = 1e-6  # of a change, where the largest is about 1


def free_scales(mask: np.ndarray) -> np.ndarray:  # [*d] bool -> [*d] bool
    """The unseen entries that a scaling of slices changes, which leaves every observed entry and every rank as it is.

    Multiplying the slices of each axis by exp(z) multiplies entry (i, j, ..) by exp(z_i + z_j + ..), and a CP, Tucker, train or
    tree tensor stays one of the same ranks. So an entry is free where its sum does not vanish for some z with sums 0 at all
    observed entries: where its 0-1 vector over the slices is not in the span of theirs. It then takes every value of its sign
    but zero. Of a matrix these are the entries between groups. Decided by one random z of that null space, which is right with
    probability one up to rounding. Derived; tests/theory/test_unknowable.py compares with exact ranks and builds such tensors.
    """
    if sum(mask.shape) > MOST_SLICES:
        return np.asarray(_between_groups(mask) & ~mask)
    z = _null_vector(mask)
    sums = np.zeros(mask.shape)
    for axis, part in enumerate(np.split(z, np.cumsum(mask.shape)[:-1])):
        sums += part.reshape([-1 if k == axis else 1 for k in range(mask.ndim)])
    return np.asarray((np.abs(sums) > MOVED) & ~mask)


def groups_of(mask: np.ndarray) -> int:
    """How many groups of slices the observed entries tie together, those without an observed entry left out."""
    labels, total = _labels(mask)
    places = np.nonzero(mask)
    return len(np.unique(labels[places[0]])) if len(places[0]) and total else 0


def _null_vector(mask: np.ndarray) -> np.ndarray:  # [slices]
    """A random vector whose sums vanish at all observed entries, of size about 1."""
    sides, order = mask.shape, mask.ndim
    blocks = [[_together(mask, a, b) for b in range(order)] for a in range(order)]
    gram = np.block(blocks)
    size = np.sqrt(np.maximum(gram.diagonal(), 1.0))
    values, vectors = np.linalg.eigh(gram / np.outer(size, size))
    null = vectors[:, values < NULL * order] / size[:, None]
    if not null.shape[1]:
        return np.zeros(sum(sides))
    z = np.asarray(null @ np.random.default_rng(0).standard_normal(null.shape[1]))
    return z / max(float(np.abs(z).max()), 1e-300)


def _together(mask: np.ndarray, a: int, b: int) -> np.ndarray:  # [d_a, d_b]
    """How many observed entries each slice of one axis shares with each of another."""
    if a == b:
        return np.diag(mask.sum(axis=tuple(k for k in range(mask.ndim) if k != a)).astype(float))
    counts = mask.sum(axis=tuple(k for k in range(mask.ndim) if k not in (a, b))).astype(float)
    return np.asarray(counts if a < b else counts.T)


def _labels(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """The group of every slice, axis after axis."""
    places = np.nonzero(mask)
    starts = np.concatenate([[0], np.cumsum(mask.shape)[:-1]])
    first = np.tile(places[0], mask.ndim - 1)
    others = np.concatenate([places[k] + starts[k] for k in range(1, mask.ndim)])
    total = sum(mask.shape)
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, others)), shape=(total, total))
    count, labels = connected_components(graph, directed=False)
    return labels, count


def _between_groups(mask: np.ndarray) -> np.ndarray:  # [*d] bool
    """The entries whose slices do not all lie in one group."""
    labels, _ = _labels(mask)
    parts = np.split(labels, np.cumsum(mask.shape)[:-1])
    first = parts[0].reshape([-1] + [1] * (mask.ndim - 1))
    apart = np.zeros(mask.shape, dtype=bool)
    for axis, part in enumerate(parts[1:], start=1):
        apart |= part.reshape([-1 if k == axis else 1 for k in range(mask.ndim)]) != first
    return apart
