"""What every line of REPRODUCTIONS must keep."""

import json
import math

import pytest

from dmf_core.cost import estimate
from dmf_core.prepare import shape_of
from dmf_core.reproductions import REPRODUCTIONS

from .conftest import Reproduced

MEANT_TO_FAIL: set[tuple[str, str]] = set()  # (figure, claim) that is known not to hold, and is shown so


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_quick_form_supports_every_claim(name: str, reproduced: Reproduced) -> None:
    _, found = reproduced(name)
    wrong = {
        claim["name"]: (claim["value"], claim["relation"], claim["bound"]) for claim in found["claims"] if not claim["holds"]
    }
    assert set(wrong) == {claim for figure, claim in MEANT_TO_FAIL if figure == name}, wrong


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_report_is_json_with_a_picture(name: str, reproduced: Reproduced) -> None:
    _, found = reproduced(name)
    json.dumps(found, allow_nan=False)
    assert found["claims"]
    assert found["panels"]
    assert all(panel["lines"] for panel in found["panels"])
    assert len({claim["name"] for claim in found["claims"]}) == len(found["claims"])
    assert all(claim["sentence"].endswith(".") and claim["source"] for claim in found["claims"])


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_claims_fail_without_runs(name: str) -> None:
    """A claim that holds without a run would hold whatever happened."""
    from dmf_core.reproductions.framework.reproduction import Results

    figure = REPRODUCTIONS[name]
    claims = figure.claims(Results(figure.runs(quick=True), {}, quick=True))
    assert claims
    assert all(math.isnan(claim.value) and not claim.holds for claim in claims)


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_full_form_contains_specs_within_the_budget(name: str) -> None:
    for run in REPRODUCTIONS[name].runs(quick=False).values():
        assert estimate(run.spec, shape_of(run.spec, run.inputs)).seconds < run.spec.stop.seconds


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_published_values_name_their_source(name: str) -> None:
    assert all(each.source and each.certainty for each in REPRODUCTIONS[name].published)
