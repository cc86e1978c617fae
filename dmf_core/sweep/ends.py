"""The final measures of matrix runs of equal shape that ended about together: one call for what each alone would ask for."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from dmf_core.interfaces import Factors, Step
from dmf_core.measures import MEASURES, Moments, measures_of
from dmf_core.measures.singular_values import singular_values
from dmf_core.norms import norm, square_norms
from dmf_core.prepare import Prepared

DRIFT = "balancedness_drift"


def final_measures(runs: Sequence[Prepared], steps: Sequence[Step]) -> tuple[np.ndarray, list[dict[str, float | None]]]:  # [B, k]
    """(singular values, measures) at the last step of each run; the same as a `Recorder` of each gives."""
    field = runs[0].field
    W, x = (torch.stack(each) for each in ([step.prediction for step in steps], [step.x for step in steps]))
    loss, sigma = np.array([step.loss for step in steps]), singular_values(W)
    factors = field.stacked(x)
    drift = _drift(runs, factors).tolist()
    together = _moments(runs[0], W, loss, factors, sigma)
    keys = measures_of(runs[0].problem.shape)
    of_spectrum = {
        key: values for key in keys if MEASURES[key].of_spectrum and (values := MEASURES[key].values(together)) is not None
    }
    ended = []
    for i, run in enumerate(runs):
        own = _moments(run, W[i : i + 1], loss[i : i + 1], (), sigma[i : i + 1])
        measures: dict[str, float | None] = {}
        for key in keys:
            if key == DRIFT:
                measures[key] = drift[i]
                continue
            values = of_spectrum[key][i : i + 1] if key in of_spectrum else MEASURES[key].values(own)
            measures[key] = None if values is None else float(values[0])
        ended.append(measures)
    return sigma, ended


def _moments(run: Prepared, W: Tensor, loss: np.ndarray, factors: Factors, sigma: np.ndarray) -> Moments:
    truth = run.problem.ground_truth
    return Moments(
        W=W,
        loss=loss,
        factors=factors,
        degree=run.field.degree,
        singular_values=sigma,
        problem=run.problem,
        drift=None,
        truth_norm=None if truth is None else norm(truth),
    )


def _drift(runs: Sequence[Prepared], factors: Factors) -> np.ndarray:  # each: [B, *its shape] -> [B]
    """As `Balance.drift`, from the start of each run."""
    field = runs[0].field
    before = field.factorization.conserved(field.stacked(torch.stack([run.x for run in runs])))
    now = field.factorization.conserved(factors)
    if not now:
        return np.zeros(len(runs))
    return np.asarray(np.sqrt(np.max([square_norms(b - a) for a, b in zip(before, now, strict=True)], axis=0)))
