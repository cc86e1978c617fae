"""The exponential method: its phi-functions, exactness on a linear problem, and its fallback."""

import itertools
import math

import mpmath
import numpy as np
import pytest
import torch

from dmf_core.integrators import exponential as module
from dmf_core.integrators.exponential import exponential, phi_functions
from tests.integrators.flows import STOP, Case, start


def test_phi_functions_match_their_integrals() -> None:
    z = np.array([-200.0, -30.0, -1.6, -1.4, -1e-3, 0.0, 0.7, 1.49, 1.51, 6.0])
    for k, values in enumerate(phi_functions(z)):
        exact = [float(mpmath.hyp1f1(1, k + 1, float(v)) / mpmath.factorial(k)) for v in z]
        assert values == pytest.approx(exact, rel=1e-11)


def test_exponential_is_exact_on_a_linear_problem() -> None:
    """Depth 1, all measured: x' = -H (x - x*), so that only the Krylov tolerance is left, far below the steps' size."""
    case = Case("sensing", 5, 2, 40, 1)
    field, x = start(case)
    steps = list(itertools.islice(exponential(field, x, 1e-6), 4))
    A = field.problem.observations.A  # type: ignore[attr-defined]
    H = 2 * field.problem.weight * A.T @ A
    target = torch.linalg.lstsq(A, field.problem.observations.values).solution
    for step in steps[1:]:
        exact = target + torch.matrix_exp(-H * step.t) @ (x - target)
        # gradient differences are exact here but for rounding over the displacement: 1e-16 / 1e-4 of |x|
        assert float((step.x - exact).norm() / exact.norm()) < 1e-6


def test_exponential_falls_back_when_its_bases_stay_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bases of 6 vectors are too short for badly conditioned sensing; the run must go on, in time and in count."""
    monkeypatch.setattr(module, "MOST_VECTORS", 6)
    monkeypatch.setattr("dmf_core.integrators.stepper.BREATH_SECONDS", math.inf)  # a slow machine repeats steps as signs of life
    called = []
    plain = module.chebyshev
    monkeypatch.setattr(module, "chebyshev", lambda *a: called.append(a) or plain(*a))
    field, x = start(Case("sensing", 20, 3, 200, 3))
    t, iteration = -1.0, -1
    for step in exponential(field, x, 1e-2):
        assert step.t > t and step.iteration == iteration + 1
        t, iteration = step.t, step.iteration
        if step.loss <= STOP or field.gradients > 10_000:
            break
    assert called
    assert step.loss <= STOP
