"""The sentence at the end of a run: it names only what helps."""

import math
from typing import Any

import numpy as np
import pytest

from dmf_core.models import MODELS
from dmf_core.prepare import prepare
from dmf_core.recording.end_messages import EndMessages
from dmf_core.recording.plateaus import Plateau
from dmf_core.recording.stopping import arrive
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome
from tests.core.given_data import CP, DATA, SMALL, a_step, on


@pytest.mark.parametrize(
    ("changes", "loss", "named", "unnamed"),
    [
        ({}, 1e-14, "dtype float64 does", "width"),
        ({"dtype": "float64"}, 1e-14, "change the start", "float"),
        ({"dtype": "float64"}, 1e-29, "float64 shows no smaller one", "start"),
        ({}, 1e-2, "change the start.", "width"),
        ({"model.width": 6}, 1e-2, "change the start.", "width"),
        ({"model.width": 2}, 1e-2, "allow more hidden width", "float"),
    ],
)
def test_rest_names_only_what_helps(changes: dict[str, Any], loss: float, named: str, unnamed: str) -> None:
    spec = RunSpec().replaced(SMALL | changes)
    prepared = prepare(spec)
    sentence = EndMessages(spec, prepared).at_rest(a_step(prepared, loss))
    assert named in sentence and unnamed not in sentence.partition(";")[2]


@pytest.mark.parametrize(
    ("kind", "full", "narrow"),
    [
        ("cp", 12, 11),
        ("tucker", (3, 4, 5), (3, 4, 4)),
        ("tensor_train", (3, 5), (3, 4)),
        ("hierarchical_tucker", None, 2),
        ("deep_matrix", 4, 3),
        ("symmetric", 4, 3),
    ],
)
def test_wider_model_is_named_only_where_it_makes_more(kind: str, full: Any, narrow: Any) -> None:
    """Of tensors 3 x 4 x 5, and matrices 4 x 4: the sizes of hidden sides that make every one of them, and smaller ones."""
    model, shape = MODELS[kind], (3, 4, 5) if MODELS[kind].tensor else (4, 4)
    name = "rank" if model.tensor else "width"
    assert model().wider(shape) == model(**{name: full}).wider(shape) == ""
    assert model(**{name: narrow}).wider(shape)


def test_rest_where_nothing_fits_better_says_so() -> None:
    """More noisy measurements than entries: least squares leaves an error, and neither width nor start changes that."""
    changes = {"problem.kind": "matrix_sensing", "problem.rows": 4, "problem.columns": 4, "problem.rank": 1}
    changes |= {"problem.observations": 40, "problem.noise": 0.5, "model.depth": 1, "dtype": "float64", "stop.loss": None}
    trajectory = run(RunSpec().replaced(changes))
    assert trajectory.end is not None and trajectory.end.outcome is Outcome.AT_REST
    assert "no W fits these observations better" in trajectory.end.message


@pytest.mark.parametrize(
    ("unit", "changes", "plateau", "named", "unnamed"),
    [
        (1.0, {}, "", "raise stop.seconds", "float64"),
        (1.0, {"stop.seconds": 3600.0}, "", "stop at a larger error", "seconds,"),
        (1.0, {"model.depth": 1}, "", "raise stop.seconds, or stop at a larger error.", "start"),
        (1.0, {}, "this plateau lasts", "choose less depth", "float64"),
        (1e9, {"init.relative": False}, "", "set init.relative", "seconds,"),
        (1e9, {}, "", "raise stop.seconds", "init.relative"),
        (1e-9, {"integrator.kind": "adam"}, "", "set problem.normalize to minmax", "seconds"),
        (1e-9, {"integrator.kind": "group_rmsprop"}, "", "set problem.normalize to minmax", "seconds"),
        (1.0, {"integrator.kind": "group_rmsprop"}, "", "raise stop.seconds", "normalize"),
        (1e-9, {"integrator.kind": "adam", "problem.normalize": "minmax"}, "", "raise stop.seconds", "normalize"),
    ],
)
def test_budget_names_only_what_helps(unit: float, changes: dict[str, Any], plateau: str, named: str, unnamed: str) -> None:
    spec, inputs = on(DATA["matrix"] * unit, changes)
    prepared = prepare(spec, inputs)
    sentence = EndMessages(spec, prepared).out_of_time(a_step(prepared, 0.5 * prepared.unit), plateau)
    assert named in sentence and unnamed not in sentence.partition(";")[2]


@pytest.mark.parametrize(
    ("integrator", "named", "unnamed"),
    [("gradient_flow", "start from a smaller scale", "learning rate"), ("adam", "choose a smaller learning rate", "scale")],
)
def test_start_that_is_no_number_names_only_what_the_method_has(integrator: str, named: str, unnamed: str) -> None:
    spec = RunSpec().replaced(SMALL | {"integrator.kind": integrator})
    prepared = prepare(spec)
    arrival = arrive(spec, prepared, None, None, a_step(prepared, math.inf), 0.0, Plateau(0))
    assert arrival.outcome is Outcome.DIVERGED
    assert named in arrival.detail and unnamed not in arrival.detail


GIVEN = {"init.factors": "0" * 64}


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        (SMALL, "start from a larger scale, or choose less depth"),
        (SMALL | GIVEN, "choose less depth"),  # whose first factors are given
        (CP, "start from a larger scale"),  # depth 1 already, and three factors
        (CP | {"model.depth": 2}, "start from a larger scale, or choose less depth"),
        (CP | GIVEN, ""),
    ],
    ids=str,
)
def test_plateau_that_is_too_long_names_only_what_shortens_it(changes: dict[str, Any], advice: str) -> None:
    spec = RunSpec().replaced(changes)
    prepared = prepare(spec.replaced({"init.factors": None}))
    step = a_step(prepared, 0.5)
    assert EndMessages(spec, prepared).too_slow(step).endswith(f"; {advice}." if advice else "more is needed.")
    assert (
        EndMessages(spec, prepared)
        .out_of_time(step, "it lasts")
        .endswith(
            f"it lasts; raise stop.seconds, {advice}."
            if ", or " in advice
            else f"raise stop.seconds{advice and ', or '}{advice}."
        )
    )


def test_stop_above_the_data_says_so() -> None:
    """Data of 1e-4 have a mean square of 1e-8: a stop at 1e-6 asks for nothing."""
    spec, inputs = on(1e-4 * DATA["matrix"], {"stop.loss": 1e-6, "stop.relative_loss": None})
    end = run(spec, inputs).end
    assert end is not None and "before the first step, because the mean square of the data is" in end.message


def test_stop_that_leaves_much_of_own_data_says_how_much() -> None:
    data = 1e-2 * DATA["matrix"]
    spec, inputs = on(data, {"stop.loss": 2e-5, "stop.relative_loss": None})
    end = run(spec, inputs).end
    assert end is not None and f"{100 * 2e-5 / np.nanmean(data**2):.2g} % of the data's mean square" in end.message
