"""What follows from the truth: the levels that its measures have, and which true singular value a mode heads for."""

import numpy as np

from dmf_core.trajectory import Start

TRUE = 1e-5  # of the largest: below this a true singular value is rounding
ALIGNED = 0.5  # both vectors within 45 degrees, together
SAME = 0.02  # of a true singular value
SIDE = 256  # the shorter side; above it two decompositions take too long on the way to a picture


def levels(start: Start, degree: int) -> dict[str, float]:
    """The measures of the truth itself, by the keys of dmf_core.measures; empty when the truth is not known."""
    values = start.true_singular_values
    if values is None or not values[0] > 0:
        return {}
    nonzero = values[values > TRUE * values[0]]
    p = nonzero / nonzero.sum()
    return {
        "entropy_rank": float(np.exp(-(p * np.log(p)).sum())),  # Roy and Vetterli 2007, as in dmf_core.measures
        "ratio_rank": float(nonzero.sum() / nonzero[0]),
        "nuclear_norm": float(nonzero.sum()),
        "frobenius_norm": _size(start.ground_truth) if len(start.shape) > 2 else float(np.sqrt((nonzero**2).sum())),
        "spectral_norm": float(nonzero[0]),
        "schatten": float((nonzero ** (2 / degree)).sum()),
    }


def true_rank(start: Start) -> int | None:
    """How many values of the true main spectrum are no rounding; None where it is not known."""
    values = start.true_singular_values
    return None if values is None or not values[0] > 0 else int((values > TRUE * values[0]).sum())


def _size(tensor: np.ndarray) -> float:
    """Of all cells: the components of a tensor need not be orthogonal, so that their norms do not tell."""
    return float(np.sqrt((tensor.astype(np.float64) ** 2).sum()))


def heading(end_to_end: np.ndarray, start: Start, learned: int) -> list[int]:  # [rows, columns]
    """For each learned mode the true mode, from 1, whose singular vectors it ends nearest to; 0 for none.

    Nearness is |u·u*| |v·v*|. Where equal true singular values leave their vectors open, the same place in the order
    and nearly the same value count instead. Empty when the truth is not known, too large to decompose on the way, or a tensor.
    """
    true = start.true_singular_values
    if true is None or not true[0] > 0 or min(start.shape) > SIDE or start.main_spectrum != "singular_values":
        return []
    if np.isnan(start.ground_truth).any():  # an archive may claim so although it has true singular values
        return []
    rank = int((true > TRUE * true[0]).sum())
    U, values, Vt = np.linalg.svd(end_to_end.astype(np.float64), full_matrices=False)
    true_U, true_values, true_Vt = np.linalg.svd(start.ground_truth.astype(np.float64), full_matrices=False)
    near = np.abs(U[:, :learned].T @ true_U[:, :rank]) * np.abs(Vt[:learned] @ true_Vt[:rank].T)  # [learned, rank]
    targets = []
    for k in range(learned):
        best = int(np.argmax(near[k]))
        equal = k < rank and abs(values[k] - true_values[k]) <= SAME * true_values[k]
        targets.append(best + 1 if near[k, best] >= ALIGNED else k + 1 if equal else 0)
    return targets
