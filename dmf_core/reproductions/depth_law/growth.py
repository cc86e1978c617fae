"""How fast one component grows, measured along a run that is walked again."""

from typing import NamedTuple

import numpy as np
import torch
from scipy.interpolate import CubicSpline
from torch import Tensor

from dmf_core.interfaces import Factors
from dmf_core.models.chains import chains, products
from dmf_core.models.cp import CP, khatri_rao
from dmf_core.prepare import prepare
from dmf_core.spec import RunSpec

FIRST, LAST = 3.0, 0.9  # the growth phase: from so many times the smallest size to so much of the last one


class Growth(NamedTuple):
    """The largest component at the end, at every step of the method."""

    t: np.ndarray  # [T]
    size: np.ndarray  # [T] s, its Frobenius norm
    pull: np.ndarray  # [T] gamma = <-dL/dW, component / s>
    layer: np.ndarray  # [T] the norm of what the first layer gives to it

    @property
    def growing(self) -> np.ndarray:  # [T] bool
        """From FIRST times its smallest size, and after that, to LAST of its last size."""
        low = int(self.size.argmin())
        inside = (self.size > FIRST * self.size[low]) & (self.size < LAST * self.size[-1])
        return np.asarray(inside & (np.arange(len(self.size)) > low))

    def speed(self, of: np.ndarray) -> np.ndarray:  # [T] -> [T]
        """Its time derivative, from its values alone: that of the cubic spline through its logarithm."""
        return np.asarray(CubicSpline(self.t, np.log(of))(self.t, 1) * of)


def growth(spec: RunSpec) -> Growth:
    """Of a run up to its stop.loss. A matrix model is taken as one component, which with width 1 it is."""
    prepared = prepare(spec)
    moments: list[tuple[float, Factors, Tensor]] = []
    for step in spec.integrator.steps(prepared.field, prepared.x):
        W = prepared.field.W(step)
        moments.append((step.t, prepared.field.factors(step.x), prepared.problem.loss_gradient(W)))
        if spec.stop.loss is not None and step.loss <= spec.stop.loss:
            break
    largest = int(_components(spec, moments[-1][1]).norm(dim=0).argmax())
    rows = []
    for t, factors, gradient in moments:
        component = _components(spec, factors)[:, largest]
        size = float(component.norm())
        pull = -float(torch.dot(gradient.reshape(-1), component)) / size
        layer = factors[0][:, largest] if isinstance(spec.model, CP) else factors[0]
        rows.append((t, size, pull, float(layer.norm())))
    return Growth(*np.array(rows).T)


def _components(spec: RunSpec, factors: Factors) -> Tensor:  # [entries of W, R]
    if isinstance(spec.model, CP):
        return khatri_rao([products(chain)[-1] for chain in chains(factors, spec.model.depth)])[-1]
    return spec.model.end_to_end(factors).reshape(-1, 1)
