"""RKC2 and its third-order source: exactness, order, stability, stiffness switch, rest, float32 tail."""

import itertools

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from dmf_core.integrators.chebyshev import chebyshev
from dmf_core.integrators.chebyshev_tables import coefficients, stages
from dmf_core.integrators.curvature import spectral_radius
from dmf_core.integrators.gradient_flow import GradientFlow, strictness
from dmf_core.integrators.stepper import Stepper
from dmf_core.interfaces import Step, VectorField
from tests.integrators.flows import STOP, Case, start


def polynomial(s: int) -> np.polynomial.Polynomial:
    """The stability polynomial R(z), from the recurrence on x' = z x."""
    table, _ = coefficients(s)
    z = np.polynomial.Polynomial([0.0, 1.0])
    before, now = 0 * z, table[0][2] * z
    for mu, nu, mu_t, gamma_t in table[1:]:
        before, now = now, mu * now + nu * before + mu_t * z * (1 + now) + gamma_t * z
    return 1 + now


def values(s: int, z: np.ndarray) -> np.ndarray:
    """R(z) by the recurrence, which does not overflow as the monomials do."""
    table, _ = coefficients(s)
    before, now = 0 * z, table[0][2] * z
    for mu, nu, mu_t, gamma_t in table[1:]:
        before, now = now, mu * now + nu * before + mu_t * z * (1 + now) + gamma_t * z
    return 1 + now


@pytest.mark.parametrize("s", [3, 4, 5, 8, 12])
def test_rkc_is_consistent_to_order_two_and_c_is_its_error(s: int) -> None:
    R, c = polynomial(s).coef, coefficients(s)[1]
    assert R[:3] == pytest.approx([1, 1, 0.5], abs=1e-12)
    # c is the mean over both elementary differentials, which differ by 8 % at s = 3
    assert 1 / 6 - R[3] == pytest.approx(c, rel=0.05)


@pytest.mark.parametrize("s", [3, 4, 5, 8, 15, 40])
def test_third_order_source_is_stable_on_the_interval_of_rkc2(s: int) -> None:
    """Linear problem, constant step: all roots of the three-step recurrence lie inside the unit circle."""
    z = -np.linspace(0.01, (s * s - 1) / 1.54, 400)
    R, c = values(s, z), coefficients(s)[1]
    for r in R:
        source = (r - 1) * c * np.array([1.0, -2.0, 1.0])
        companion = np.array([[r + source[0], source[1], source[2]], [1, 0, 0], [0, 1, 0]])
        assert np.abs(np.linalg.eigvals(companion)).max() < 1


def test_stages_cover_the_spectrum() -> None:
    for h_rho in (0.1, 3.0, 30.0, 3000.0):
        s = stages(h_rho)
        assert np.abs(values(s, -np.linspace(1e-3, h_rho, 500))).max() < 1


def test_stabilized_step_is_third_order() -> None:
    """Halving the step divides the local error by 2^4 = 16; 11 leaves room for the 8 % that c misses at few stages."""
    case = Case("completion", 20, 2, 240, 3)
    field, x = start(case)
    for step in chebyshev(field, x, 1e-3):
        if step.loss < 0.5:
            break
    x = step.x

    def exact(t: float) -> torch.Tensor:
        run = solve_ivp(lambda _t, y: field(torch.from_numpy(y)).numpy(), (0, t), x.numpy(), "DOP853", rtol=1e-12, atol=1e-14)
        return torch.from_numpy(run.y[:, -1])

    wrong = []
    for h in (0.8, 0.4):
        points = [x, exact(h), exact(2 * h), exact(3 * h)]
        stepper = Stepper(field, points[2], field(points[2]), 1e-3)
        stepper.past = [(h, field(points[1])), (h, field(points[0]))]
        stepper.rho = 12.0 / h  # 5 stages for both
        attempt = stepper.stabilized(h, step)
        with pytest.raises(StopIteration) as done:
            next(attempt)
        wrong.append(float((done.value.value[0] - points[3]).norm()))
    assert wrong[0] / wrong[1] > 11


def test_first_step_is_of_fifth_order() -> None:
    """Halving the step divides the local error by 2^6 = 64; 45 leaves room for the next order."""
    field, x = start(Case("completion", 20, 2, 240, 3))
    speed = float(field(x).norm() / x.norm())
    wrong = []
    for h in (0.8 / speed, 0.4 / speed):
        run = solve_ivp(lambda _t, y: field(torch.from_numpy(y)).numpy(), (0, h), x.numpy(), "DOP853", rtol=1e-13, atol=1e-17)
        end, _, _ = Stepper(field, x, field(x), 1e-3).fifth_order(h)
        wrong.append(float((end - torch.from_numpy(run.y[:, -1])).norm()))
    assert wrong[0] / wrong[1] > 45


def test_stiff_start_is_left_to_the_stabilized_method() -> None:
    """One mode is learned, others are unborn, and the start lies where the first one rests: the speed rises at once."""
    case = Case("completion", 20, 2, 240, 3, scale=1e-6)
    field, x = start(case)
    falling = itertools.takewhile(lambda step: step.loss > 0.01, GradientFlow().steps(field, x))
    between = [step for step in falling if step.loss < 0.7]
    settled = min(between, key=lambda step: float(step.velocity.norm()))
    fresh, _ = start(case)
    end = next(step for step in GradientFlow().steps(fresh, settled.x) if step.loss < 0.9 * settled.loss)
    taken = fresh.gradients
    rho, _ = spectral_radius(fresh, end.x, end.velocity, torch.ones_like(x), 50)
    assert taken < 6 * end.t * rho / 3.3 / 2  # half of what the method of order 5 alone would need


def test_stiff_tail_uses_many_stages_and_few_gradients() -> None:
    """Bogacki and Shampine's method alone would need at least t rho / 2.51 steps of three gradients.

    With the steps that a large problem takes: a small one is solved more strictly.
    """
    field, x = start(Case("completion", 20, 2, 240, 2))
    for step in GradientFlow(tolerance=1e-2 / strictness(x.numel())).steps(field, x):
        if step.loss <= STOP:
            break
    gradients = field.gradients
    rho, _ = spectral_radius(field, step.x, step.velocity, gradients=50)
    assert gradients < 0.5 * 3 * step.t * rho / 2.51


def test_steps_are_never_changed_and_belong_to_their_point() -> None:
    field, x = start(Case("completion", 20, 2, 240, 3), torch.float32)
    steps = [(step, [tensor.clone() for tensor in step[3:6]]) for step in itertools.islice(GradientFlow().steps(field, x), 80)]
    fresh, _ = start(Case("completion", 20, 2, 240, 3), torch.float32)
    for step, copies in steps:
        assert all(torch.equal(now, then) for now, then in zip(step[3:6], copies, strict=True))
        assert torch.equal(fresh(step.x), step.velocity)
        assert torch.equal(fresh.prediction, step.prediction) and fresh.loss == step.loss


@pytest.mark.parametrize("method", ["chebyshev", "exponential"])
def test_gradient_flow_gives_the_same_bits_twice(method: str) -> None:
    ends = []
    for _ in range(2):
        field, x = start(Case("completion", 20, 2, 240, 3), torch.float32)
        *_, last = itertools.islice(GradientFlow(method=method).steps(field, x), 60)  # type: ignore[arg-type]
        ends.append(last)
    assert ends[0].t == ends[1].t and torch.equal(ends[0].x, ends[1].x)


def test_long_step_shows_signs_of_life_and_keeps_its_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no time between two signs, every stage gives one; `steps` hides them."""

    def walked(all_signs: bool) -> list[Step]:
        field, x = start(Case("completion", 20, 2, 240, 3), torch.float32)
        method = GradientFlow()
        return list(itertools.islice((method.walk if all_signs else method.steps)(field, x), 400 if all_signs else 60))

    plain = walked(all_signs=False)
    monkeypatch.setattr("dmf_core.integrators.stepper.BREATH_SECONDS", 0.0)
    breathing = walked(all_signs=True)
    distinct = [step for step, before in zip(breathing, [None, *breathing], strict=False) if step is not before]
    assert len(breathing) > len(distinct) > 30
    for steps in (distinct[:60], walked(all_signs=False)):
        assert all(a.t == b.t and torch.equal(a.x, b.x) for a, b in zip(steps, plain, strict=False))
    assert [step.iteration for step in walked(all_signs=False)] == list(range(60))


@pytest.mark.parametrize("depth", [2, 3])
def test_float32_tail_does_not_stall(depth: int) -> None:
    """Rounding must not look like an error: without the floor of the error norm this takes thousands of gradients."""
    counts = []
    for dtype in (torch.float32, torch.float64):
        field, x = start(Case("completion", 40, 3, 800, depth), dtype)
        for step in GradientFlow().steps(field, x):
            if step.loss <= STOP or field.gradients > 3000:
                break
        assert step.loss <= STOP
        counts.append(field.gradients)
    assert counts[0] < 1.3 * counts[1]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_gradient_flow_comes_to_rest_at_a_minimum(dtype: torch.dtype) -> None:
    """Full rank and every entry observed: the minimum is isolated but for symmetries, and its loss is rounding."""
    field, x = start(Case("completion", 6, 6, 36, 2), dtype)
    last = None
    for last in GradientFlow().steps(field, x):  # noqa: B007
        assert field.gradients < 40_000
    assert last is not None and last.loss < 100 * torch.finfo(dtype).eps ** 1.5


def test_a_long_plateau_is_no_rest() -> None:
    """At this scale the gradient is below 1e-7 for a flow time of more than 1e4, and nothing visible moves."""
    field, x = start(Case("completion", 20, 2, 400, 3, scale=1e-10), torch.float32)
    for step in GradientFlow().steps(field, x):
        if step.loss <= STOP:
            return
        assert field.gradients < 20_000
    pytest.fail(f"rested at loss {step.loss}")


class Cliff(VectorField):
    """A field that is not finite beyond a wall."""

    def __call__(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        velocity = super().__call__(x, out)
        if float(x.norm()) > self.wall:
            velocity.fill_(float("nan"))
        return velocity

    wall = float("inf")


def test_a_step_into_nan_is_rejected_and_shortened() -> None:
    plain, x = start(Case("completion", 20, 2, 240, 2))
    field = Cliff(plain.problem, plain.factorization)
    field.wall = 1.5 * float(x.norm())
    for step in itertools.islice(chebyshev(field, x, 1e-2), 15):
        assert step.velocity.isfinite().all()
    assert step.rejected > 0


def test_spectral_radius_is_the_largest_eigenvalue() -> None:
    field, x = start(Case("completion", 6, 2, 30, 2))
    for step in GradientFlow().steps(field, x):
        if step.loss <= STOP:
            break
    x = step.x
    eye, eps = torch.eye(len(x), dtype=x.dtype), 1e-5
    hessian = torch.stack([(field(x - eps * e) - field(x + eps * e)) / (2 * eps) for e in eye])
    largest = float(torch.linalg.eigvalsh((hessian + hessian.T) / 2).abs().max())
    rho, _ = spectral_radius(field, x, field(x), gradients=200)
    assert rho == pytest.approx(largest, rel=0.05)  # two estimates that agree within 2 % are the stopping rule
    assert rho < 1.01 * largest
