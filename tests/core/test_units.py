"""The same data in another unit are the same run: W -> c W takes time to c^(2/N - 2) t, for N factors (derived)."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from dmf_core import limits
from dmf_core.cost import check_budget, estimate
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem, Step
from dmf_core.models import MODELS
from dmf_core.norms import norm
from dmf_core.prepare import Prepared, in_units_of_data, prepare, typical_entry, with_inputs
from dmf_core.problems.matrix_sensing import MatrixSensing
from dmf_core.problems.observations import Entries, Measurements
from dmf_core.recording.end_messages import EndMessages
from dmf_core.recording.plateaus import Plateau
from dmf_core.recording.resolution import unresolved_stop
from dmf_core.recording.stopping import arrive
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory

SOURCE = np.random.default_rng(0)


def with_gaps(data: np.ndarray, unknown: float) -> np.ndarray:
    return np.where(SOURCE.random(data.shape) < unknown, np.nan, data)


DATA = {
    "matrix": with_gaps(SOURCE.normal(size=(12, 2)) @ SOURCE.normal(size=(2, 10)), 0.3),
    "ratings": with_gaps(np.clip(np.round(3 + SOURCE.normal(size=(15, 2)) @ SOURCE.normal(size=(2, 10))), 1, 5), 0.5),
    "tensor": with_gaps(np.einsum("ir,jr,kr->ijk", *(SOURCE.normal(size=(5, 2)) for _ in range(3))), 0.4),
}


def on(data: np.ndarray, changes: Mapping[str, Any]) -> tuple[RunSpec, Inputs]:
    inputs = Inputs(data=data)
    spec = RunSpec().replaced({"problem.kind": "observed_data" if data.ndim == 2 else "observed_tensor"})
    return with_inputs(in_units_of_data(spec), inputs).replaced(changes), inputs


def last_sentence(trajectory: Trajectory) -> str:
    """The last sentence without its time and its count of steps, which rounding may move by one."""
    assert trajectory.end is not None
    return re.sub(r"t = [^,;]*|after \d+ steps", "", trajectory.end.message)


def rank(trajectory: Trajectory) -> int:
    return int((trajectory.singular_values[-1] > 0.01 * trajectory.singular_values[-1, 0]).sum())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("matrix", {"model.depth": 1}),
        ("matrix", {"model.depth": 3}),
        ("matrix", {"model.depth": 8}),
        ("ratings", {"problem.normalize": "center", "stop.relative_loss": 1e-2}),
        ("tensor", {}),
        ("tensor", {"model.kind": "tucker", "stop.relative_loss": 1e-3}),
    ],
    ids=str,
)
def test_data_in_another_unit_is_the_same_run(name: str, changes: dict[str, Any], dtype: str) -> None:
    """float64: 1e-4, what rounding becomes on a plateau. float32 may take other steps, of which each errs by up to 1 %."""
    allowed = 1e-4 if dtype == "float64" else 0.02
    runs = {}
    for k in (0, -9, -4, 9):
        spec, inputs = on(DATA[name] * 10.0**k, changes | {"dtype": dtype})
        runs[k] = run(spec, inputs)
    usual = runs.pop(0)
    assert usual.end is not None and usual.end.outcome is Outcome.CONVERGED
    factors = len(usual.start.factors_first)
    half = usual.singular_values[-1, 0] / 2
    for k, other in runs.items():
        unit, time = 10.0**k, 10.0 ** (k * (2 / factors - 2))
        assert last_sentence(other) == last_sentence(usual) and rank(other) == rank(usual)
        np.testing.assert_allclose(other.singular_values[-1] / unit, usual.singular_values[-1], atol=allowed * 2 * half)
        births = [np.interp(half, each.singular_values[:, 0] / u, each.column("t")) for each, u in ((other, unit), (usual, 1))]
        assert births[0] / time == pytest.approx(births[1], rel=allowed + 0.01)  # 1 %: straight lines between snapshots


def test_power_of_two_is_the_same_run_to_the_bit() -> None:
    """At depth 3 the unit 8^k doubles the factors k times; every constant of the program is relative."""
    usual, other = (run(*on(DATA["matrix"] * unit, {"dtype": "float64"})) for unit in (1.0, 8.0**-9))
    assert usual.end is not None and other.end is not None
    assert np.array_equal(usual.end.end_to_end_last * 8.0**-9, other.end.end_to_end_last)
    assert np.array_equal(usual.column("t") * 16.0**9, other.column("t"))
    assert np.array_equal(usual.column("loss") * 64.0**-9, other.column("loss"))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_measurements_in_another_unit_are_the_same_run(dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build = MatrixSensing.build
    changes = {"problem.kind": "matrix_sensing", "problem.rows": 8, "problem.columns": 8, "problem.rank": 2}
    changes |= {"problem.observations": 50, "dtype": dtype}
    spec = in_units_of_data(RunSpec().replaced(changes))

    def at(unit: float) -> Trajectory:
        def scaled(self: MatrixSensing, *arguments: Any) -> Problem:
            problem = build(self, *arguments)
            observations, truth = problem.observations, problem.ground_truth
            assert isinstance(observations, Measurements) and truth is not None
            observations = Measurements(observations.A, observations.values * unit, (8, 8))
            return replace(problem, observations=observations, scale=problem.scale * unit, ground_truth=truth * unit)

        monkeypatch.setattr(MatrixSensing, "build", scaled)
        return run(spec)

    usual = at(1.0)
    for unit in (1e-9, 1e9):
        other = at(unit)
        assert last_sentence(other) == last_sentence(usual) and rank(other) == rank(usual) == 2
        allowed = 0.05 if dtype == "float32" else 1e-6  # of about 10; float32 may take other steps
        np.testing.assert_allclose(other.singular_values[-1] / unit, usual.singular_values[-1], atol=allowed)
        errors = [each.snapshots[-1].measures["reconstruction_error"] for each in (usual, other)]
        assert errors[1] == pytest.approx(errors[0], rel=0.1 if dtype == "float32" else 1e-5)


@pytest.mark.parametrize(
    ("model", "kind"), [(kind, start) for kind, model in MODELS.items() if not model.needs for start in model.starts]
)
def test_relative_start_is_that_share_of_the_norm_of_the_data(model: str, kind: str) -> None:
    """`scale` is exact for every kind, whatever was drawn; of W, or of what a model starts with. 1e-5: rounding of float32."""
    data = 1e5 * DATA["tensor" if MODELS[model].tensor else "matrix"]
    changes = {"model.kind": model, "init.kind": kind, "init.scale": 3e-4}
    changes |= {"model.rank": 3} if kind == "balanced" and model == "cp" else {}
    spec, inputs = on(data, changes)
    prepared = prepare(spec, inputs)
    size = np.sqrt(np.nanmean(data**2) * data.size)
    assert spec.model.size(prepared.field.factors(prepared.x)) == pytest.approx(3e-4 * size, rel=1e-5)
    if model != "hadamard":  # its W(0) is zero, and the share is that of u^N
        assert np.linalg.norm(prepared.start.end_to_end_first.ravel()) == pytest.approx(3e-4 * size, rel=1e-5)


def test_spec_that_says_nothing_of_units_keeps_its_absolute_start_and_stop() -> None:
    spec, inputs = on(100 * DATA["matrix"], {})
    spec = spec.replaced({"init.relative": False, "stop.relative_loss": None, "stop.loss": 1e-6})
    plain = with_inputs(RunSpec(), inputs)
    assert plain == spec
    prepared = prepare(plain, inputs)
    factors = plain.init.sample(plain.model, prepared.problem.shape, 0)
    assert all(np.array_equal(a, b.float().numpy()) for a, b in zip(prepared.start.factors_first, factors, strict=True))
    assert prepared.enough == 1e-6


def test_what_a_person_chose_stays_as_chosen() -> None:
    absolute = in_units_of_data(RunSpec(), {"stop.loss", "init.relative"})
    assert absolute.stop == RunSpec().stop and absolute.init == RunSpec().init
    own = in_units_of_data(RunSpec().replaced({"stop.relative_loss": 0.1}), {"stop.relative_loss"})
    assert own.stop.loss is None and own.stop.relative_loss == 0.1


def test_larger_one_of_both_stops_ends_a_run() -> None:
    data = DATA["matrix"] * 10
    square = float(np.nanmean(data**2))
    share = 1e-3 * square
    for stops, enough in (((1e-3, None), 1e-3), ((None, 1e-3), share), ((1e-3, 1e-3), share), ((None, None), None)):
        prepared = prepare(*on(data, {"stop.loss": stops[0], "stop.relative_loss": stops[1], "dtype": "float64"}))
        assert prepared.enough == (None if enough is None else pytest.approx(enough, rel=1e-12))


def test_longest_time_is_that_of_the_unit() -> None:
    """Data of 1e-9 at depth 8 take 1e16 times as long: no limit of the program may end such a run."""
    usual, other = (prepare(*on(DATA["matrix"] * unit, {"model.depth": 8})).field.longest for unit in (1.0, 1e-9))
    assert other / usual == pytest.approx(10 ** (9 * 1.75), rel=1e-6)


def a_step(prepared: Prepared, loss: float, t: float = 5.0) -> Step:
    return prepared.field.step(t, 7, 0, prepared.x, prepared.field(prepared.x))._replace(loss=loss)


SMALL = {"problem.rows": 6, "problem.columns": 6, "problem.rank": 1, "problem.observations": 30}


@pytest.mark.parametrize(
    ("changes", "loss", "named", "untold"),
    [
        ({}, 1e-14, "dtype float64 does", "width"),
        ({"dtype": "float64"}, 1e-14, "change the start", "float"),
        ({"dtype": "float64"}, 1e-29, "float64 shows no smaller one", "start"),
        ({}, 1e-2, "change the start.", "width"),
        ({"model.width": 6}, 1e-2, "change the start.", "width"),
        ({"model.width": 2}, 1e-2, "allow more hidden width", "float"),
    ],
)
def test_rest_names_only_what_helps(changes: dict[str, Any], loss: float, named: str, untold: str) -> None:
    spec = RunSpec().replaced(SMALL | changes)
    prepared = prepare(spec)
    sentence = EndMessages(spec, prepared).at_rest(a_step(prepared, loss))
    assert named in sentence and untold not in sentence.partition(";")[2]


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


@pytest.mark.parametrize(("dtype", "named"), [("float32", "choose dtype float64"), ("float64", "")])
def test_data_below_the_range_of_float32_name_the_format_that_helps(dtype: str, named: str) -> None:
    end = run(*on(1e-27 * DATA["tensor"], {"dtype": dtype, "stop.relative_loss": 1e-2})).end
    assert end is not None and named in end.message and "start" not in end.message
    assert end.outcome is (Outcome.AT_REST if named else Outcome.CONVERGED)


def test_rest_where_nothing_fits_better_says_so() -> None:
    """More noisy measurements than entries: least squares leaves an error, and neither width nor start changes that."""
    changes = {"problem.kind": "matrix_sensing", "problem.rows": 4, "problem.columns": 4, "problem.rank": 1}
    changes |= {"problem.observations": 40, "problem.noise": 0.5, "model.depth": 1, "dtype": "float64", "stop.loss": None}
    trajectory = run(RunSpec().replaced(changes))
    assert trajectory.end is not None and trajectory.end.outcome is Outcome.AT_REST
    assert "no W fits these observations better" in trajectory.end.message


@pytest.mark.parametrize(
    ("unit", "changes", "plateau", "named", "untold"),
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
def test_budget_names_only_what_helps(unit: float, changes: dict[str, Any], plateau: str, named: str, untold: str) -> None:
    spec, inputs = on(DATA["matrix"] * unit, changes)
    prepared = prepare(spec, inputs)
    sentence = EndMessages(spec, prepared).out_of_time(a_step(prepared, 0.5 * prepared.unit), plateau)
    assert named in sentence and untold not in sentence.partition(";")[2]


@pytest.mark.parametrize(
    ("integrator", "named", "untold"),
    [("gradient_flow", "start from a smaller scale", "learning rate"), ("adam", "choose a smaller learning rate", "scale")],
)
def test_start_that_is_no_number_names_only_what_the_method_has(integrator: str, named: str, untold: str) -> None:
    spec = RunSpec().replaced(SMALL | {"integrator.kind": integrator})
    prepared = prepare(spec)
    arrival = arrive(spec, prepared, None, None, a_step(prepared, math.inf), 0.0, Plateau(0))
    assert arrival.outcome is Outcome.DIVERGED
    assert named in arrival.detail and untold not in arrival.detail


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_given_factors_whose_product_leaves_the_format_are_refused(dtype: str) -> None:
    inputs = Inputs(factors=(np.full((6, 6), 1e25), np.full((6, 6), 1e25)))
    spec = with_inputs(RunSpec().replaced(SMALL | {"dtype": dtype}), inputs)
    if dtype == "float64":
        assert prepare(spec, inputs).first_size == pytest.approx(6 * 6e50, rel=1e-12)
    else:
        with pytest.raises(BadInput, match="float32 does not hold; give smaller ones, or choose dtype float64"):
            prepare(spec, inputs)


CP = {"problem.kind": "tensor_completion", "problem.shape": (4, 4, 4), "problem.rank": 1, "problem.observations": 40}
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


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model.depth": 1, "dtype": "float64"}, "choose a smaller matrix."),
        ({"model.depth": 3, "dtype": "float64"}, "choose a smaller matrix, or less depth."),
    ],
    ids=str,
)
def test_run_that_needs_too_much_memory_names_only_what_needs_less(
    changes: dict[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RUN_BYTES", 1000)
    with pytest.raises(BadInput, match=sentence):
        check_budget(RunSpec().replaced(SMALL | changes), (6, 6))
    with pytest.raises(BadInput, match="or fewer measurements"):
        check_budget(RunSpec().replaced(SMALL | changes | {"problem.kind": "matrix_sensing"}), (6, 6))


@pytest.mark.parametrize(
    ("changes", "shape", "sentence"),
    [
        ({"model.depth": 1}, (6, 6), "choose a smaller matrix, or an earlier stop."),
        ({"model.depth": 2}, (6, 6), "choose a smaller matrix, less depth, a larger initial scale, or an earlier stop."),
        (CP, (4, 4, 4), "choose a smaller tensor, a larger initial scale, or an earlier stop."),
        (
            {"model.depth": 1, "integrator.kind": "gradient_descent"},
            (6, 6),
            "choose a larger learning rate, a smaller matrix, or an earlier stop.",
        ),
    ],
    ids=str,
)
def test_run_that_takes_too_long_names_only_what_takes_less(
    changes: dict[str, Any], shape: tuple[int, ...], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RUN_SECONDS", 0.0)
    with pytest.raises(BadInput, match=sentence):
        check_budget(RunSpec().replaced(SMALL | changes if len(shape) == 2 else changes), shape)


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


@pytest.mark.parametrize("size", [1e-30, 1e-12, 1e12, 1e30])
def test_loss_of_float32_keeps_its_digits_at_every_size(size: float) -> None:
    """Residuals of 1e-30 have squares of 1e-60, far below float32."""
    prepared = prepare(RunSpec().replaced(SMALL))
    values = prepared.problem.observations.apply(torch.ones(6, 6)) * size
    expected = prepared.problem.weight * norm(values) ** 2
    problem = replace(prepared.problem, observations=Entries(prepared.problem.observed, torch.full((6, 6), size)))
    assert problem.loss(torch.zeros(6, 6)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("changes", "entry", "named"),
    [
        ({"stop.relative_loss": 1e-20, "stop.loss": None}, 1.0, "choose dtype=float64"),
        ({"stop.relative_loss": 1e-20, "stop.loss": None, "dtype": "float64"}, 1.0, ""),
        ({"stop.loss": 1e-6}, 1e7, "stop.loss asks for 1e-20 of the data's mean square"),
        ({"stop.loss": 1e-6}, 1.0, ""),
        ({"stop.loss": 1e-12, "stop.relative_loss": 1e-20}, 1.0, ""),
        ({"stop.loss": 1e-20, "model.depth": 1}, 1.0, ""),
        ({"stop.loss": 1e-40, "dtype": "float64"}, 1.0, "choose a larger one"),
        ({"stop.loss": None}, 1.0, ""),
    ],
)
def test_stop_below_the_format_is_said_before_the_run(changes: dict[str, Any], entry: float, named: str) -> None:
    sentence = unresolved_stop(RunSpec().replaced(changes), entry)
    assert named in sentence and bool(named) == bool(sentence)


def test_stop_that_is_said_to_be_below_the_format_is_not_reached() -> None:
    """The claim itself, at a stop just below eps^2 of the data: float32 comes to rest above it, float64 does not."""
    stop = {"stop.relative_loss": 1e-14, "model.depth": 2, "stop.seconds": 20.0}
    ends = {dtype: run(*on(DATA["ratings"], stop | {"dtype": dtype})).end for dtype in ("float32", "float64")}
    assert ends["float32"] is not None and ends["float32"].outcome is Outcome.AT_REST
    assert "dtype float64 does" in ends["float32"].message
    assert ends["float64"] is not None and ends["float64"].outcome is Outcome.CONVERGED


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_learning_rate_in_the_unit_of_the_data_is_allowed_and_costs_the_same(unit: float) -> None:
    """Gradient descent has a time of its own: its rate goes as the flow time does, and must not meet a limit."""
    changes = {"integrator.kind": "gradient_descent", "stop.iterations": 300, "dtype": "float64", "model.depth": 3}
    runs, costs = [], []
    for each in (1.0, unit):
        spec, inputs = on(DATA["matrix"] * each, changes | {"integrator.learning_rate": 0.5 * each ** (2 / 3 - 2)})
        runs.append(run(spec, inputs))
        assert spec.shape is None and inputs.data is not None
        unlimited = spec.replaced({"stop.iterations": None})
        costs.append(estimate(unlimited, inputs.data.shape, typical_entry(unlimited, inputs)).gradients)
    assert costs[1] == pytest.approx(costs[0], rel=1e-6)
    assert all(each.end is not None and each.end.accepted == 300 for each in runs)
    np.testing.assert_allclose(runs[1].singular_values[-1] / unit, runs[0].singular_values[-1], rtol=1e-6, atol=1e-9)
