"""Starts and stops in shares of the data: which share, and when a spec has them."""

import numpy as np
import pytest

from dmf_core.models import MODELS
from dmf_core.prepare import in_units_of_data, prepare, with_inputs
from dmf_core.spec import RunSpec
from tests.core.given_data import DATA, on


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
