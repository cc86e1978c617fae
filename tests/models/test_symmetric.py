"""W = U U^T: what it is refused for, the size of its starts, and its theory along a run."""

import numpy as np
import pytest
import torch

from dmf_core.analysis.replay import explained
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.models.starts import Initialization
from dmf_core.models.symmetric import Symmetric
from dmf_core.prepare import with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.speeds import predicted_speed
from dmf_core.trajectory import Trajectory
from ui.figures.births import at, grown
from ui.figures.theory.over_curves import overlay
from ui.figures.theory.readings import Readings
from ui.session.fitting import fitting

SIZE = {"problem.rows": 20, "problem.columns": 20, "problem.rank": 2, "problem.observations": 250, "init.scale": 1e-4}
SYMMETRIC = SIZE | {"model.kind": "symmetric", "problem.symmetric": True}


@pytest.mark.parametrize(
    "changes",
    [
        {"problem.symmetric": False},
        {"problem.kind": "razin_cohen"},
        {"problem.kind": "observed_data"},
        {"problem.kind": "matrix_sensing", "problem.truth": "sparse", "problem.symmetric": False},
    ],
    ids=str,
)
def test_problem_whose_truth_may_have_negative_eigenvalues_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(BadInput, match=r"model\.kind is symmetric.*set problem\.symmetric to true") as caught:
        RunSpec().replaced(SYMMETRIC).replaced(changes)
    assert "\n" not in str(caught.value)


def test_given_data_are_refused_even_where_they_are_symmetric() -> None:
    with pytest.raises(BadInput, match=r"model\.kind is symmetric"):
        with_inputs(RunSpec().replaced(SYMMETRIC), Inputs(data=np.eye(20)))


def test_commuting_sensing_has_a_fitting_truth() -> None:
    spec = RunSpec().replaced({"problem.kind": "commuting_sensing", "model.kind": "symmetric", "init.kind": "identity"})
    assert run(spec).end is not None


def test_choosing_the_model_on_the_page_makes_the_truth_symmetric() -> None:
    spec = RunSpec().replaced(SIZE)
    chosen = spec.replaced(fitting(spec, {"model.kind": "symmetric"}))
    assert (chosen.model.kind, chosen.problem.symmetric) == ("symmetric", True)
    balanced = spec.replaced({"init.kind": "balanced"})  # a start that this model has not
    assert balanced.replaced(fitting(balanced, {"model.kind": "symmetric"})).init.kind == "gaussian"
    rectangular = spec.replaced({"problem.columns": 30})
    with pytest.raises(BadInput, match="square"):
        rectangular.replaced(fitting(rectangular, {"model.kind": "symmetric"}))


@pytest.mark.parametrize("width", [None, 20, 60])
@pytest.mark.parametrize("kind", Symmetric.starts)
def test_scale_is_the_size_of_W_as_of_the_other_models(kind: str, width: int | None) -> None:
    """|W(0)|_F = scale sqrt(n) within the 20 % of the other models; orthogonal columns as many as there are."""
    model = Symmetric(width=width)
    W = model.end_to_end(Initialization(kind=kind, scale=1e-3).sample(model, (100, 100), 1))
    columns = 100 if kind == "gaussian" else min(width or 100, 100)
    assert float(W.norm()) == pytest.approx(1e-3 * columns**0.5, rel=0.2)


def test_given_factor_sets_the_width() -> None:
    spec = with_inputs(RunSpec().replaced(SYMMETRIC), Inputs(factors=(np.eye(20, 3),)))
    assert spec.model.factor_shapes((20, 20)) == ((20, 3),)


def test_narrow_model_is_told_what_would_help() -> None:
    assert Symmetric(width=1).wider((4, 4)) == "more columns of U"
    assert Symmetric().wider((4, 4)) == ""


@pytest.fixture(scope="module")
def completed() -> Trajectory:
    spec = RunSpec().replaced(SYMMETRIC)
    return explained(run(spec), spec)


def test_law_of_speeds_and_whole_motion_hold_along_a_run(completed: Trajectory) -> None:
    """No balance is assumed, so all that is off is float32."""
    insight = completed.insight
    assert insight is not None and not insight.missing and insight.check is not None
    assert not insight.imbalance.any()
    predicted = predicted_speed(insight.depth, insight.sigma[:, :2], insight.pull[:, :2])
    measured = insight.measured[:, :2]
    moving = np.abs(measured) > 0.01 * np.nanmax(np.abs(measured), axis=0)
    assert moving.any()
    assert np.nanmax(np.abs(predicted / measured - 1)[moving]) < 1e-3
    moves = insight.check.speed > 0.01 * insight.check.speed.max()
    assert insight.check.equation[moves].max() < 1e-3


def test_births_are_predicted_from_the_start(completed: Trajectory) -> None:
    """As near as those of products of matrices: within 7 % for the first. Mode 2 does not stand out from the pull of chance."""
    assert completed.insight is not None
    born = {growth.mode: at(completed.column("t"), growth.born) for growth in grown(completed) if growth.born is not None}
    assert list(born) == [1, 2]
    assert completed.insight.births[0] == pytest.approx(born[1], rel=0.07)
    assert np.isnan(completed.insight.births[1:]).all()


def test_W_stays_symmetric_without_negative_eigenvalues(completed: Trajectory) -> None:
    assert completed.end is not None
    W = torch.from_numpy(completed.end.end_to_end_last).double()
    assert float(torch.linalg.eigvalsh(W).min()) > -1e-5 * float(W.norm())  # rounding of float32
    assert float((W - W.T).abs().max()) <= 1e-6 * float(W.abs().max())


def test_theory_over_the_picture_speaks_of_no_balance(completed: Trajectory) -> None:
    spec = RunSpec().replaced(SYMMETRIC)
    readings = Readings(completed, spec)
    assert readings.statements == ["theorem_3", "equation", "preconditioner", "vectors", "births", "portrait"]
    assert readings.off["balance"] is None
    text = overlay(completed, spec, "")
    assert text["why"] == ""
    assert text["text"].startswith(
        "Dashed: derived from Arora et al. 2019, Theorem 3, for two factors that are one. Prediction and measurement differ by"
    )
