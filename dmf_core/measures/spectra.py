"""Spectra of W by name: as a matrix, unfolded along a mode, cut between two modes."""

import numpy as np
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Factorization, Factors, Problem
from dmf_core.measures.singular_values import singular_values


def spectra(
    model: Factorization,
    W: Tensor,  # [B, *d]
    factors: Factors,  # each: [B, *its shape]
) -> dict[str, np.ndarray]:  # each: [B, k] float64, descending, all values
    """Every spectrum of `Factorization.spectra`, in its order."""
    own = model.own_spectra(factors)
    return {name: own[name].cpu().numpy() if name in own else spectrum(name, W) for name in model.spectra(tuple(W.shape[1:]))}


def spectrum(name: str, W: Tensor) -> np.ndarray:  # [B, *d] -> [B, k] float64, descending
    """Singular values of W [B, rows, columns], of its unfolding_n, its cut_n, or of its group_m_n; or its entries.

    Modes count from 1.
    """
    kind, _, mode = name.partition("_")
    if kind == "entries":
        return largest_entries(W)
    if kind == "group":
        modes = [int(n) for n in mode.split("_")]
        front = list(range(1, len(modes) + 1))
        return singular_values(W.movedim(modes, front).flatten(len(modes) + 1).flatten(1, len(modes)))
    if kind == "unfolding":
        return singular_values(W.movedim(int(mode), 1).flatten(2))
    if kind == "cut":
        return singular_values(W.flatten(int(mode) + 1).flatten(1, int(mode)))
    return singular_values(W)


def largest_entries(W: Tensor) -> np.ndarray:  # [B, *d] -> [B, k] float64
    """The sizes of the largest entries, descending; of a matrix as many as are kept."""
    flat = W.flatten(1).abs()
    values = flat.topk(min(flat.shape[1], limits.COMPONENTS_KEPT), dim=1).values
    return np.asarray(values.double().cpu().numpy())


def true_spectra(problem: Problem, model: Factorization) -> dict[str, np.ndarray]:  # each: [k] float64
    """The spectra of the truth that are known, as long as those of W: zeros beyond its own, the smallest left out."""
    spectra = {}
    for name, length in model.spectra(problem.shape).items():
        values = problem.spectra.get(name)
        if values is None and problem.ground_truth is not None and name != "component_norms":
            truth = problem.ground_truth
            values = singular_values(truth) if name == "singular_values" else spectrum(name, truth[None])[0]
        if values is not None:
            spectra[name] = np.concatenate([values, np.zeros(max(0, length - len(values)))])[:length]
    return spectra
