"""The spec: names, limits, sentences, digest."""

import contextlib
import json
import math
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmf_core.errors import BadInput
from dmf_core.prepare import prepare
from dmf_core.spec import RunSpec, parse_value

BAD = [  # changes, what the sentence must name
    ({"problem.rank": 101}, ["problem.rank is 101", "100"]),
    ({"problem.observations": 10_001}, ["problem.observations is 10001", "10000"]),
    ({"problem.rows": 2001}, ["problem.rows is 2001", "2000"]),
    ({"problem.rows": 0}, ["problem.rows is 0", "2"]),
    ({"problem.rows": "many"}, ["problem.rows is many; it must be a whole number from 2 to 2000, for example 100"]),
    ({"problem.rows": 3.5}, ["problem.rows is 3.5", "whole number"]),
    ({"problem.noise": float("nan")}, ["problem.noise is nan; it must be a number from 0 to"]),
    ({"problem.noise": float("inf")}, ["problem.noise is inf; it must be a number from 0 to"]),
    ({"problem.symmetric": True, "problem.rows": 50}, ["problem.symmetric", "50 x 100"]),
    ({"problem.kind": "tensor"}, ["problem.kind is tensor", "matrix_completion"]),
    ({"model.depth": 9}, ["model.depth is 9", "8"]),
    ({"model.depth": None}, ["model.depth is empty; it must be a whole number from 1 to 8"]),
    ({"model.depth": 2.5}, ["model.depth is 2.5; it must be a whole number from 1 to 8"]),
    ({"model.width": "wide"}, ["model.width is wide; it must be a whole number from 1 to 2000, or empty."]),
    ({"init.scale": "hello"}, ["init.scale is hello; it must be a number from 1e-12 to 10, for example 0.001."]),
    ({"init.scale": math.inf}, ["init.scale is inf; it must be a number from 1e-12 to 10"]),
    ({"stop.time": "late"}, ["stop.time is late; it must be a number of more than 0 and at most 1e+40, or empty."]),
    ({"problem.symmetric": "hello"}, ["problem.symmetric is hello; it must be true or false."]),
    ({"problem.pattern": "stripes"}, ["problem.pattern is stripes; it must be uniform, disconnected, block, banded"]),
    ({"init.factors": "mine"}, ["init.factors is mine; it must be a sha256, 64 digits from 0 to f."]),
    ({"init.kind": "zeros"}, ["init.kind is zeros", "gaussian"]),
    ({"init.scale": 0}, ["init.scale is 0", "1e-12"]),
    ({"integrator.learning_rate": 0.1}, ["integrator.learning_rate", "gradient_flow", "tolerance"]),
    ({"integrator.kind": "sgd"}, ["integrator.kind is sgd", "gradient_descent"]),
    ({"stop.loss": -1}, ["stop.loss is -1"]),
    ({"save.snapshots": 1}, ["save.snapshots is 1", "2"]),
    ({"save.snapshots": 2001}, ["save.snapshots is 2001", "2000"]),
    ({"seed": -1}, ["seed is -1", "0"]),
    ({"dtype": "float16"}, ["dtype is float16", "float32"]),
    ({"nonsense": 1}, ["no setting nonsense"]),
    ({"problem": 1}, ["no setting problem"]),
    ({"problem.rows.deep": 1}, ["rows.deep"]),
    ({"problem.kind": "matrix_sensing", "problem.rows": 2000, "problem.columns": 2000}, ["problem.observations", "sensing"]),
]


TENSOR: dict[str, object] = {"problem.kind": "tensor_completion"}
BAD += [
    (TENSOR | {"problem.shape": "3,3"}, ["problem.shape is 3,3", "2 sides", "3"]),
    (TENSOR | {"problem.shape": [2] * 7}, ["7 sides", "6"]),
    (TENSOR | {"problem.shape": "16,1,16"}, ["side of 1", "2"]),
    (TENSOR | {"problem.shape": "2000,2000,2000"}, ["8000000000 entries", "4000000"]),
    (TENSOR | {"problem.shape": "a,b"}, ["problem.shape is a,b"]),
    (TENSOR | {"problem.shape": [4, "x", 4]}, ["problem.shape is x; it must be whole numbers, for example 16,16,16."]),
    (TENSOR | {"problem.rank": 257}, ["problem.rank is 257", "256"]),
    (TENSOR | {"problem.rank": "3,3,3"}, ["problem.rank is 3,3,3", "256"]),
    (TENSOR | {"problem.rank": "many"}, ["problem.rank is many"]),
    (TENSOR | {"problem.truth": "tucker", "problem.rank": "3,3"}, ["problem.rank is 3,3", "one rank per mode", "3"]),
    (TENSOR | {"problem.truth": "tucker", "problem.rank": "10,3,3"}, ["problem.rank is 10 at mode 1", "9"]),
    (TENSOR | {"problem.truth": "tensor_train", "problem.rank": "3,49"}, ["problem.rank is 49 at cut 2", "16"]),
    (TENSOR | {"problem.observations": 4097}, ["problem.observations is 4097", "4096"]),
    (TENSOR | {"problem.norm": 0}, ["problem.norm is 0", "1e-06"]),
    (TENSOR | {"problem.rows": 5}, ["problem.rows", "tensor_completion", "shape"]),
    (TENSOR | {"model.kind": "deep_matrix"}, ["model.kind is deep_matrix", "tensor_completion", "cp"]),
    ({"model.kind": "cp"}, ["model.kind is cp", "matrix_completion", "deep_matrix"]),
    (TENSOR | {"model.width": 3}, ["model.width", "cp", "rank"]),
    (TENSOR | {"model.kind": "tucker", "model.rank": "3,3"}, ["model.rank gives 2 ranks", "3"]),
    (TENSOR | {"model.kind": "tucker", "model.rank": 17}, ["model.rank is 17 in mode 1", "16"]),
    (TENSOR | {"model.kind": "tensor_train", "model.rank": 17}, ["model.rank is 17 at cut 1", "16"]),
    (TENSOR | {"problem.shape": "100,100,200", "model.rank": 20_001}, ["model.rank is 20001", "20000"]),
    (TENSOR | {"init.kind": "identity"}, ["init.kind is identity", "cp", "gaussian"]),
    ({"problem.kind": "tensor_sensing", "problem.shape": "100,100,100"}, ["problem.observations", "sensing"]),
]


@pytest.mark.parametrize(("changes", "words"), BAD, ids=str)
def test_bad_value_gets_one_sentence_with_value_and_limit(changes: dict[str, object], words: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        RunSpec().replaced(changes)
    sentence = str(caught.value)
    assert all(word in sentence for word in words), sentence
    assert "\n" not in sentence
    assert not re.search("pydantic|valid|parse|integer|boolean", sentence)
    assert sentence.endswith(".")


@pytest.mark.parametrize("text", ["", "[]", "3", "{", '{"version": 99}', '{"problem": 3}', "[" * 100_000, '{"seed": NaN}'])
def test_bad_json_gets_one_sentence(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        RunSpec.from_json(text)
    assert len(str(caught.value)) < 300


def test_spec_of_another_version_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"version is 99.*version 1"):
        RunSpec.from_json('{"version": 99}')


def test_new_kind_keeps_the_values_it_shares() -> None:
    spec = RunSpec().replaced({"problem.rank": 3, "problem.kind": "matrix_sensing"})
    assert (spec.problem.kind, spec.problem.rank) == ("matrix_sensing", 3)
    back = spec.replaced({"problem.kind": "observed_data"}).replaced({"problem.kind": "matrix_completion"})
    assert back.problem.kind == "matrix_completion"


def test_tensor_brings_a_fitting_model_and_start_and_a_matrix_brings_them_back() -> None:
    spec = RunSpec().replaced({"init.kind": "identity", "model.depth": 5, "stop.loss": 1e-3})
    size = {"problem.shape": "4,5,6", "problem.observations": 99}
    tensor = spec.replaced({"problem.kind": "tensor_sensing", "model.kind": "tensor_train", **size})
    assert (tensor.problem.kind, tensor.model.kind, tensor.init.kind, tensor.shape) == (
        "tensor_sensing",
        "tensor_train",
        "gaussian",
        (4, 5, 6),
    )
    other = tensor.replaced({"problem.kind": "tensor_completion"})
    assert (other.shape, other.model.kind) == ((4, 5, 6), "tensor_train")
    back = other.replaced({"problem.kind": "matrix_completion"})
    assert back == RunSpec().replaced({"stop.loss": 1e-3})


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-1, 40), max_size=8) | st.text("0123456789,x[ ]", max_size=12),
    st.lists(st.integers(-1, 9), max_size=6) | st.integers(-1, 300) | st.text("0123,-", max_size=6),
    st.sampled_from(["cp", "tucker", "tensor_train"]),
    st.sampled_from(["cp", "tucker", "tensor_train"]),
)
def test_any_shape_and_rank_is_a_run_or_one_sentence(shape: object, rank: object, truth: str, model: str) -> None:
    try:
        spec = RunSpec().replaced(
            TENSOR
            | {"problem.shape": shape, "problem.rank": rank, "problem.truth": truth, "problem.observations": 1}
            | {"model.kind": model, "save.snapshots": 2, "stop.iterations": 1}
        )
        if spec.shape is not None and math.prod(spec.shape) <= 3000 and model != "cp":
            assert prepare(spec).problem.shape == spec.shape
    except BadInput as error:
        assert "\n" not in str(error) and str(error).endswith(".") and "pydantic" not in str(error)


def test_partial_json_is_filled_with_defaults() -> None:
    spec = RunSpec.from_json('{"problem": {"kind": "matrix_completion", "rank": 2}, "seed": 4}')
    assert (spec.problem.rank, spec.problem.rows, spec.seed) == (2, 100, 4)


def test_digest_changes_with_every_setting() -> None:
    digests = {RunSpec().digest()}
    for path, value in {"seed": 1, "model.depth": 2, "init.scale": 1e-4, "stop.loss": 1e-5, "dtype": "float64"}.items():
        digests.add(RunSpec().replaced({path: value}).digest())
    assert len(digests) == 6


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.text(max_size=12), st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists), max_size=4)
)
def test_any_json_object_is_a_spec_or_bad_input(values: dict[str, object]) -> None:
    with contextlib.suppress(BadInput):
        assert RunSpec.from_json(json.dumps(values)) == RunSpec()  # no drawn key is a setting's name


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("1e-3", 1e-3), ("", None), ("true", True), ("gaussian", "gaussian"), ("{", "{")]
)
def test_typed_value_is_json_or_a_word(text: str, value: object) -> None:
    assert parse_value(text) == value


def test_sentence_about_a_name_of_several_lines_is_one_line() -> None:
    with pytest.raises(BadInput) as caught:
        RunSpec.check({"integrator": {"kind": "gradient_flow", "toler\nnce": 1}})
    assert "toler nce" in str(caught.value) and "\n" not in str(caught.value)


def test_spec_with_another_seed_is_the_one_that_replacing_gives() -> None:
    for spec in (RunSpec(), *(RunSpec().replaced({"problem.kind": kind}) for kind in ("matrix_sensing", "tensor_completion"))):
        for seed in (0, 7, 2**31 - 1):
            quick, checked = spec.with_seed(seed), spec.replaced({"seed": seed})
            assert quick == checked and hash(quick) == hash(checked) and quick.digest() == checked.digest()
            assert quick.to_json() == checked.to_json()


@pytest.mark.parametrize("seed", [-1, 2**31, 1.5])
def test_seed_that_is_none_is_refused_as_replacing_refuses_it(seed: Any) -> None:
    for change in (RunSpec().with_seed, lambda value: RunSpec().replaced({"seed": value})):
        with pytest.raises(BadInput, match="seed"):
            change(seed)
