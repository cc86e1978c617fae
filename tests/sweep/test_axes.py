"""The grammar of axes."""

import numpy as np
import pytest

from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec
from dmf_core.sweep.axes import Axis, check_axes, parse_axis, parse_values
from dmf_core.sweep.plan import plan


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0:9", tuple(range(10))),
        ("3:1", (3, 2, 1)),
        ("5:5", (5,)),
        ("20:100:20", (20, 40, 60, 80, 100)),
        ("20:99:20", (20, 40, 60, 80)),
        ("0.1:0.5:0.1", (0.1, 0.2, 0.3, 0.4, 0.5)),
        ("1:0:-0.5", (1.0, 0.5, 0.0)),
        ("1e-3:1e-6:4log", (1e-3, 1e-4, 1e-5, 1e-6)),
        ("1e-6:1e-3:4log", (1e-6, 1e-5, 1e-4, 1e-3)),
        ("0:1.0:5lin", (0.0, 0.25, 0.5, 0.75, 1.0)),
        ("10:1000:3log", (10, 100, 1000)),
        ("1:4:10lin", (1, 2, 3, 4)),  # whole ends: whole numbers, each once
        ("2,3,4", (2, 3, 4)),
        ("0:2,10", (0, 1, 2, 10)),
        ("cp,tucker", ("cp", "tucker")),
        ("[2,2,2],[3,3,3]", ([2, 2, 2], [3, 3, 3])),
        ("true,null", (True, None)),
    ],
)
def test_values_are_those_that_the_grammar_says(text, values):
    parsed = parse_values(text)
    assert parsed == values
    assert [type(each) for each in parsed] == [type(each) for each in values]


def test_logarithmic_values_agree_with_numpy():
    ours = np.array(parse_values("2e-7:3.1:37log"))
    assert np.allclose(ours, np.geomspace(2e-7, 3.1, 37), rtol=1e-11)  # 12 digits are written
    assert np.allclose(parse_values("-2.5:7.5:41lin"), np.linspace(-2.5, 7.5, 41), atol=1e-11)


def test_linked_settings_take_the_same_values_together():
    axis = parse_axis("problem.rows,problem.columns=20:100:5")
    assert axis == Axis(("problem.rows", "problem.columns"), tuple(range(20, 101, 5)))
    sides = [
        (cell.spec.problem.rows, cell.spec.problem.columns)
        for cell in plan(RunSpec(), [parse_axis("problem.rows,problem.columns=100:120:10")]).cells
    ]
    assert sides == [(100, 100), (110, 110), (120, 120)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("seed", "PATH=VALUES"),
        ("seed=", "PATH=VALUES"),
        ("=1", "PATH=VALUES"),
        ("seed,seed=1", "twice"),
        ("seed=1,,2", "empty"),
        ("seed=1:2:0", "arrives"),
        ("seed=1:2:-1", "arrives"),
        ("seed=0.5:2", "step"),
        ("seed=1:2:3:4", "no range"),
        ("seed=a:b", "no range"),
        ("init.scale=0:1:5log", "sign"),
        ("init.scale=1e-3:1:1log", "from 2"),
        ("init.scale=1:1e999", "too large"),
        ("seed=0:20000", "20000"),
        ("seed=0:1:1e-9", "20000"),
        ("seed=0:9,0:19999", "20000"),
    ],
)
def test_wrong_axis_is_refused_in_one_sentence(text, word):
    with pytest.raises(BadInput, match=word) as refused:
        parse_axis(text)
    assert str(refused.value).endswith(".")


def test_sweep_is_refused_where_a_setting_is_on_two_axes_or_runs_are_too_many():
    with pytest.raises(BadInput, match="two axes"):
        check_axes((Axis(("seed",), (1,)), Axis(("model.depth", "seed"), (2,))))
    with pytest.raises(BadInput, match="200 x 101"):
        check_axes((Axis(("seed",), tuple(range(200))), Axis(("model.depth",), tuple(range(101)))))
    check_axes((Axis(("seed",), tuple(range(200))), Axis(("model.depth",), tuple(range(100)))))


def test_setting_that_does_not_exist_refuses_the_sweep_and_a_value_that_does_not_fit_one_cell():
    with pytest.raises(BadInput, match="colour"):
        plan(RunSpec(), {"model.colour": "1,2"})
    planned = plan(RunSpec(), {"problem.observations": [2000, 20_000], "model.depth": "2,3"})
    assert [cell.values for cell in planned.cells] == [(2000, 2), (2000, 3), (20_000, 2), (20_000, 3)]
    assert [cell.spec is None for cell in planned.cells] == [False, False, True, True]
    assert "20000" in planned.cells[2].refused and len(planned.runs) == 2
    assert planned.cells[1].digest == RunSpec().digest()


def test_combinations_that_are_one_run_are_computed_once():
    planned = plan(RunSpec(), {"problem.observations": [2000, 2000], "seed": np.arange(3)})
    assert len(planned.cells) == 6 and len(planned.runs) == 3


def test_axis_may_change_the_kind_of_problem_and_of_model():
    planned = plan(RunSpec(), {"integrator.kind": "gradient_flow,adam", "model.depth": "1:2"})
    assert [cell.spec.integrator.kind for cell in planned.cells] == ["gradient_flow"] * 2 + ["adam"] * 2
