"""Every tensor of a run is on its device: checked with a pretended GPU, and with a real one where there is one."""

from types import ModuleType

import numpy as np
import pytest
import torch

from dmf_core.analysis.replay import explained
from dmf_core.models import cp, deep_matrix
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from tests.core.pretended import pretended_cuda

SMALL = {"problem.rows": 12, "problem.columns": 10, "problem.rank": 2, "problem.observations": 60, "stop.iterations": 60}
CUBE = {"problem.shape": "5,4,3", "problem.rank": 1, "problem.observations": 40, "stop.iterations": 60, "init.scale": 0.1}
TENSOR = CUBE | {"problem.kind": "tensor_completion"}
CASES = [
    *(SMALL | {"model.depth": depth} for depth in (1, 2, 3)),
    *(SMALL | {"integrator.kind": kind} for kind in ("gradient_descent", "group_rmsprop", "momentum", "adam")),
    SMALL | {"integrator.kind": "implicit_flow", "model.width": 4, "dtype": "float64"},
    SMALL | {"integrator.method": "exponential"},
    *(SMALL | {"init.kind": kind} for kind in ("balanced", "identity", "orthogonal")),
    SMALL | {"problem.kind": "matrix_sensing", "problem.noise": 0.1},
    *(TENSOR | {"model.kind": kind} for kind in ("cp", "tucker", "tensor_train", "hierarchical_tucker")),
    TENSOR | {"model.kind": "cp", "model.depth": 2, "problem.observations": 10},
    CUBE | {"problem.kind": "tensor_sensing"},
]


def losses(trajectory: Trajectory) -> tuple[float, ...]:
    return tuple(each.loss for each in trajectory.snapshots)


@pytest.mark.parametrize("changes", CASES, ids=lambda changes: ",".join(f"{v}" for k, v in changes.items() if "stop" not in k))
def test_run_on_another_device_keeps_every_tensor_there(changes: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """The pretended device computes as the CPU does, so that the same numbers show that nothing was lost on the way."""
    spec = RunSpec().replaced(changes)
    with pretended_cuda(monkeypatch):
        on_cuda = run(spec.replaced({"device": "cuda"}))
    assert losses(on_cuda) == losses(run(spec.replaced({"device": "cpu"})))
    assert on_cuda.end is not None and on_cuda.end.gradients > 10


@pytest.mark.parametrize(("model", "changes"), [(deep_matrix, SMALL), (cp, TENSOR | {"model.kind": "cp"})])
def test_observed_entries_alone_stay_on_their_device(
    model: ModuleType, changes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "WORTHWHILE", -np.inf)
    spec = RunSpec().replaced(changes)
    with pretended_cuda(monkeypatch):
        on_cuda = run(spec.replaced({"device": "cuda"}))
    assert losses(on_cuda) == losses(run(spec.replaced({"device": "cpu"})))


def test_theory_of_a_run_stays_on_its_device(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = RunSpec().replaced(SMALL | {"device": "cuda"})
    with pretended_cuda(monkeypatch):
        insight = explained(run(spec), spec).insight
    assert insight is not None and not insight.missing


def test_pretended_device_refuses_what_cuda_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    with pretended_cuda(monkeypatch):
        on_cuda, on_cpu = torch.ones(3, device="cuda"), torch.ones(3)
        assert ((on_cuda * 2).device.type, on_cuda.cpu().device.type) == ("cuda", "cpu")
        with pytest.raises(RuntimeError, match="mixes devices"):
            on_cuda + on_cpu
        with pytest.raises(RuntimeError, match=r"use \.cpu"):
            on_cuda.numpy()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU here: SKIPPED, the pretended one stands in")
@pytest.mark.parametrize("changes", CASES, ids=str)
def test_run_on_a_real_gpu_ends_as_on_the_cpu(changes: dict[str, object]) -> None:
    """Float64, so that rounding stays out: the end within 1e-6 of the size of W."""
    spec = RunSpec().replaced(changes | {"dtype": "float64"})
    on_cuda, on_cpu = (run(spec.replaced({"device": device})) for device in ("cuda", "cpu"))
    assert on_cuda.end is not None and on_cpu.end is not None
    ends = on_cuda.end.end_to_end_last, on_cpu.end.end_to_end_last
    assert np.linalg.norm(ends[0] - ends[1]) < 1e-6 * max(1.0, np.linalg.norm(ends[1]))
