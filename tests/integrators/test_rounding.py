"""What the gradient flow does where rounding is all that is seen: it goes on in float64, and it sees a rest."""

import contextlib
import itertools
import math

import pytest
import torch

from dmf_core.errors import NoStep
from dmf_core.integrators.control import LONGER, LOST_STEPS, RoundoffMonitor, StationarityMonitor
from dmf_core.integrators.stepper import Stepper
from dmf_core.interfaces import VectorField
from dmf_core.norms import norm
from dmf_core.prepare import prepare
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome

TENSOR = {"problem.kind": "tensor_completion", "problem.shape": "6,5,7", "problem.rank": 2, "problem.observations": 150}
PLATEAU = TENSOR | {"model.depth": 2, "model.rank": 4, "init.scale": 3e-3}  # t = 3.6e9, and after it a second one of 3e6
PROBLEMS = {
    "completion": {"problem.rows": 6, "problem.columns": 5, "problem.rank": 2, "problem.observations": 20},
    "sensing": {"problem.kind": "matrix_sensing", "problem.rows": 6, "problem.columns": 5, "problem.rank": 2},
    "entrywise": TENSOR | {"problem.observations": 30},
    "tensor": TENSOR | {"model.kind": "tucker"},
    "tensor sensing": TENSOR | {"problem.kind": "tensor_sensing"},
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_field_in_double_is_the_same_field(name: str) -> None:
    """Up to the roundings of float32, 1e-7, of sums of some dozens of terms."""
    prepared = prepare(RunSpec().replaced(PROBLEMS[name] | {"init.scale": 0.3}))
    narrow, wide = prepared.field, prepared.field.in_double()
    velocity, exact = narrow(prepared.x), wide(prepared.x.double())
    assert (velocity.dtype, exact.dtype) == (torch.float32, torch.float64)
    assert float(torch.dist(velocity.double(), exact)) < 1e-5 * float(exact.norm())
    assert narrow.loss == pytest.approx(wide.loss, rel=1e-5)


def test_float32_walks_a_second_plateau_in_float64() -> None:
    """In float32 alone it took 211,000 gradients. The second birth as in float64: within 5 % of its plateau."""
    births, gradients = {}, {}
    for dtype in ("float32", "float64"):
        spec = RunSpec().replaced(PLATEAU | {"dtype": dtype})
        prepared = prepare(spec)
        times: list[float] = []
        first = None
        for step in spec.integrator.steps(prepared.field, prepared.x):
            assert {each.dtype for each in (step.x, step.velocity, step.prediction)} == {getattr(torch, dtype)}
            first = first or step.loss
            if step.loss < first * (0.8, 0.1)[len(times)]:
                times.append(step.t)
            if len(times) == 2:
                break
        births[dtype], gradients[dtype] = times[1] - times[0], prepared.field.gradients
    assert births["float32"] == pytest.approx(births["float64"], rel=0.05)
    assert gradients["float32"] < 1.5 * gradients["float64"]


def test_steps_after_the_change_to_float64_go_on_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    changes, change = [], VectorField.in_double
    monkeypatch.setattr(VectorField, "in_double", lambda field: changes.append(field) or change(field))
    spec = RunSpec().replaced(PROBLEMS["completion"] | {"model.width": 1, "stop.loss": None})
    prepared, steps, counts = prepare(spec), [], []
    for step in spec.integrator.steps(prepared.field, prepared.x):
        steps.append(step)
        counts.append(prepared.field.gradients)
    assert len(changes) == 1
    assert [step.iteration for step in steps] == list(range(len(steps)))
    assert all(a.t < b.t and a.rejected <= b.rejected for a, b in itertools.pairwise(steps))
    assert all(a <= b for a, b in itertools.pairwise(counts))  # equal: the second half of a long step
    assert all(b.loss <= 1.002 * a.loss for a, b in itertools.pairwise(steps))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "changes",
    [
        {"problem.rows": 20, "problem.columns": 20, "problem.rank": 4, "problem.observations": 300, "model.width": 2},
        {"problem.rows": 20, "problem.columns": 20, "problem.rank": 4, "problem.observations": 300, "model.depth": 2}
        | {"model.width": 3},
        TENSOR | {"model.rank": 1},
    ],
    ids=["depth 3", "depth 2", "cp"],
)
def test_too_narrow_model_comes_to_rest(changes: dict[str, object], dtype: str) -> None:
    """It cannot fit what it sees. Rounding once kept such runs moving until their seconds were used up."""
    end = run(RunSpec().replaced(changes | {"dtype": dtype})).end
    assert end is not None and end.outcome is Outcome.AT_REST
    assert end.gradients < 15_000
    assert "allow" in end.message


def test_step_that_raises_the_loss_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an estimate of the error that sees nothing, steps grow until they raise the loss; the rule alone holds them."""
    spec = RunSpec().replaced(PROBLEMS["completion"] | {"init.scale": 0.3, "dtype": "float64"})
    monkeypatch.setattr("dmf_core.integrators.stepper.Stepper._error", blind)

    def worst() -> float:
        prepared = prepare(spec)
        losses: list[float] = []
        with contextlib.suppress(NoStep):
            for step in itertools.islice(spec.integrator.steps(prepared.field, prepared.x), 60):
                losses.append(step.loss)
        return max(b / a for a, b in itertools.pairwise(losses))

    assert worst() <= 1.001
    monkeypatch.setattr("dmf_core.integrators.chebyshev.RISE", math.inf)
    assert not worst() <= 2  # NaN, or much larger


def blind(stepper: Stepper, estimate: float, x1: torch.Tensor, D: torch.Tensor, F1: torch.Tensor, *rest: object) -> float:
    stepper.moved, stepper.size_ahead, stepper.speed_ahead, stepper.lost = norm(D), norm(x1), norm(F1), False
    return 0.1


def test_stationarity_is_reached_where_steps_stay_lost_for_long() -> None:
    """A step that is more than rounding, a plateau's end, starts the count anew."""
    x = torch.ones(4, dtype=torch.float64)
    monitor = StationarityMonitor(x)
    assert not any(monitor.reached(x, 2.0, 1e-3, lost=True, t=t) for t in (5.0, 10.0, LONGER * 4.0))
    assert not monitor.reached(x, 2.0, 1e-3, lost=False, t=LONGER * 4.5)
    assert not monitor.reached(x, 2.0, 1e-3, lost=True, t=LONGER * 6.0)
    assert monitor.reached(x, 2.0, 1e-3, lost=True, t=LONGER * LONGER * 7.0)


def test_roundoff_monitor_needs_a_row_of_steps_that_gain_little() -> None:
    def first(steps: list[tuple[bool, float]]) -> int | None:
        monitor = RoundoffMonitor(1.0)
        return next((i for i, step in enumerate(steps) if monitor.dominates(*step)), None)

    assert first([(True, 1.0)] * 30) == LOST_STEPS - 1
    assert first([(True, 0.95**i) for i in range(60)]) is None
    assert first([(i % 5 > 0, 1.0) for i in range(60)]) is None
