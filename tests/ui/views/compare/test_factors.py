"""Factors, values to begin with, and the address of a comparison."""

import numpy as np
import pytest

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs, digest_of
from dmf_core.models import MODELS
from dmf_core.presets import PRESETS, preset_spec
from dmf_core.spec import RunSpec
from ui.session.state import from_address, to_address
from ui.session.tried_runs import Tried, differing
from ui.views.compare.comparison import ATS, Comparison, first, from_parameters, to_parameters, with_values
from ui.views.compare.factors import default_values, factors, offered, value_of
from ui.views.compare.words import all_named, label, shared_settings, subject

BASES = {name: preset_spec(name) for name in PRESETS} | {
    "default": RunSpec(),
    "narrow": RunSpec().replaced({"model.width": 7, "model.depth": 8, "problem.rank": 1}),
    "symmetric": RunSpec().replaced({"problem.symmetric": True, "init.kind": "identity", "init.scale": 1e-12}),
}


@pytest.mark.parametrize("name", BASES)
def test_every_factor_begins_with_runs_that_differ_in_it_alone(name: str) -> None:
    base = BASES[name]
    for factor in factors(base):
        comparison = first(base, factor=factor)
        assert value_of(base, factor) in comparison.values, factor
        assert limits.MIN_COMPARED <= len(comparison.values) <= limits.MAX_COMPARED
        paths = differing(Tried(spec) for spec in comparison.specs())
        section, _, field = factor.partition(".")
        assert factor in paths
        if field == "kind":  # another kind has fields of its own, and a model that lacks the start begins with another one
            lacking = [kind for kind in comparison.values if factor == "model.kind" and base.init.kind not in MODELS[kind].starts]
            assert all(path.startswith(section) or (lacking and path == "init.kind") for path in paths), paths
        else:
            assert paths == [factor]


@pytest.mark.parametrize("name", BASES)
def test_address_of_a_comparison_gives_it_back(name: str) -> None:
    base = BASES[name]
    for i, factor in enumerate(factors(base)):
        comparison = Comparison(base, factor, default_values(base, factor), ATS[i % len(ATS)])
        parameters = to_address(base) | to_parameters(comparison)
        rest = {key: text for key, text in parameters.items() if not key.startswith("compare.")}
        restored, message = from_parameters(from_address(rest).spec, parameters)
        assert (restored, message) == (comparison, "")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"compare.factor": "model.colour"}, "compare.factor is model.colour"),
        ({"compare.factor": "<script>"}, "compare.factor is <script>"),
        ({"compare.factor": "model.depth", "compare.values": "1,99"}, "model.depth is 99"),
        ({"compare.factor": "model.depth", "compare.values": "2"}, "has 1 different values"),
        ({"compare.factor": "model.depth", "compare.values": "2,2,2.0"}, "has 1 different values"),
        ({"compare.factor": "model.depth", "compare.values": "1,2,3,4,5"}, "has 5 different values"),
        ({"compare.factor": "model.depth", "compare.values": "lots,NaN"}, "model.depth is lots"),
        ({"compare.factor": "model.depth", "compare.values": "[1,2],3"}, "model.depth is [1"),
        ({"compare.factor": "problem.rank", "compare.values": "5,500"}, "problem.rank is 500"),
        ({"compare.at": "noon"}, "compare.at is noon"),
    ],
)
def test_nonsense_in_the_address_is_said_in_one_sentence(parameters: dict[str, str], words: str) -> None:
    comparison, message = from_parameters(RunSpec(), parameters)
    assert words in message
    assert len(message) < 300
    usual = first(RunSpec(), factor=parameters.get("compare.factor") if "values" in str(parameters) else None)
    assert (comparison.factor, comparison.values) == (usual.factor, usual.values)


@pytest.mark.parametrize(
    ("factor", "values"),
    [
        ("model.depth", (1, 2, 3)),
        ("init.scale", (1e-4, 1e-3, 1e-2)),
        ("problem.observations", (750, 1500, 3000)),
        ("problem.rank", (2, 5, 10)),
        ("seed", (7, 8, 9)),
        ("problem.noise", (0.0, 0.1, 0.3)),
        ("model.width", (15, 30, None)),
    ],
)
def test_values_to_begin_with_are_telling(factor: str, values: tuple[object, ...]) -> None:
    assert default_values(preset_spec("five-modes"), factor) == values


def test_values_to_begin_with_stay_within_the_limits() -> None:
    assert default_values(RunSpec().replaced({"model.depth": 8}), "model.depth") == (6, 7, 8)
    assert default_values(RunSpec().replaced({"problem.observations": 10_000}), "problem.observations")[-1] == 10_000
    assert max(default_values(RunSpec().replaced({"init.scale": 10.0}), "init.scale")) == 10.0


def test_offered_values_include_the_chosen_ones() -> None:
    base = RunSpec()
    for factor in factors(base):
        assert set(default_values(base, factor)) <= set(offered(base, factor, default_values(base, factor)))
    assert 1234 in offered(base, "problem.observations", (2000, 1234))


def test_values_are_taken_as_the_spec_reads_them() -> None:
    comparison = with_values(first(RunSpec(), factor="model.depth"), [3.0, 2, 2])
    assert comparison.values == (2, 3)
    with pytest.raises(BadInput, match=r"model\.depth is 0"):
        with_values(comparison, [0, 1])


def test_implicit_flow_is_offered_only_where_it_can_run() -> None:
    small = RunSpec().replaced({"problem.rows": 8, "problem.columns": 8, "problem.rank": 1, "problem.observations": 40})
    with_values(first(small, factor="integrator.kind"), ["gradient_flow", "implicit_flow"])
    with pytest.raises(BadInput, match="implicit_flow solves at most"):
        with_values(first(RunSpec(), factor="integrator.kind"), ["gradient_flow", "implicit_flow"])


def test_own_matrix_can_be_compared_without_losing_it() -> None:
    data = np.random.default_rng(0).normal(size=(20, 12))
    inputs = Inputs(data=data)
    spec = RunSpec().replaced({"problem.kind": "observed_data"}).replaced({"problem.data": digest_of(data)})
    offered = factors(spec, inputs)
    assert {"model.depth", "problem.observations", "problem.normalize"} <= set(offered)
    assert "problem.data" not in offered
    assert first(spec, inputs, "model.depth").values == (1, 2, 3)


def test_shared_settings_leave_the_factor_out() -> None:
    for factor in factors(RunSpec()):
        listed = dict(shared_settings(RunSpec(), factor))
        assert label(factor) not in listed
        assert len(listed) >= 5
    assert ("Size", "100 × 100") in shared_settings(RunSpec(), "model.depth")
    assert ("Depth", "3") in shared_settings(RunSpec(), "seed")


def test_painted_mask_is_not_compared_with_and_without_replacement() -> None:
    assert default_values(RunSpec(), "problem.replacement") == (False, True)
    painted = preset_spec("seen-one-tie")
    assert len(default_values(painted, "problem.replacement")) < 2


def test_factors_are_named_as_in_a_sentence() -> None:
    assert all_named("model.depth", (1, 2, 3)) == "depth 1, 2 and 3"
    assert all_named("problem.observations", (750, 1500)) == "750 and 1\u202f500 observations"
    assert all_named("init.scale", (1e-4, 0.1)) == "scale 10⁻⁴ and 0.1"
    assert all_named("problem.replacement", (False, True)) == "drawing with replacement: no and yes"
    assert subject("problem.replacement", True) == "the run with replacement"
    assert subject("problem.noise", 0.0) == "the run with no noise"
    assert subject("seed", 12345) == "seed 12345"
