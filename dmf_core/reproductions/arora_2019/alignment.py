"""How diagonal the gradient is in the singular vectors of W, along a run that is walked again."""

from typing import NamedTuple

import numpy as np
import torch

from dmf_core.inputs import Inputs
from dmf_core.integrators.interpolation import between
from dmf_core.prepare import prepare
from dmf_core.spec import RunSpec
from dmf_core.theory.alignment import aligned


class Alignment(NamedTuple):
    """Mean absolute entries of U^T (dL/dW) V at the given times, on and off its diagonal."""

    t: np.ndarray  # [T]
    diagonal: np.ndarray  # [T]
    off_diagonal: np.ndarray  # [T]


def alignment(spec: RunSpec, times: np.ndarray, inputs: Inputs = Inputs()) -> Alignment:  # times: [T] rising
    """Of a run of the gradient flow. Its path is the same as in the run itself; times beyond its end are left out.

    Source: Arora et al. 2019, figure 3, whose code takes the gradient without its factor 2, as is done here.
    """
    prepared = prepare(spec, inputs)
    rows: list[tuple[float, float, float]] = []
    last, waiting = None, list(times)
    for step in spec.integrator.steps(prepared.field, prepared.x):
        while waiting and waiting[0] <= step.t:
            time = waiting.pop(0)
            point = step if last is None else between(prepared.field, last, step, (time - last.t) / (step.t - last.t))
            W = prepared.field.W(point)
            gradient = prepared.problem.loss_gradient(W).double() / 2
            U, _, Vh = torch.linalg.svd(W.double())
            rows.append((time, *aligned(U, gradient, Vh.T)))
        last = step
        if not waiting:
            break
    return Alignment(*np.array(rows).reshape(-1, 3).T)
