"""What every line of REPRODUCTIONS must keep."""

import json
import math
import re

import pytest

from dmf_core.cost import USUAL, estimate
from dmf_core.jobs import WholeRuns
from dmf_core.prepare import shape_of
from dmf_core.reproductions import REPRODUCTIONS
from dmf_core.reproductions.framework.price import price_of
from dmf_core.reproductions.framework.record import RECORDS, outdated, recorded
from dmf_core.reproductions.framework.shelf import Shelf

from .conftest import Reproduced

AGAIN = "record again: python -m dmf_core reproduce"
NEAR = 0.1  # of a number: where noise is amplified, another machine's rounding moves the end of a run by a few percent
ROUNDING = 1e-3  # of the larger one of number and bound: numbers far below their bound are rounding themselves
MEANT_TO_FAIL: set[tuple[str, str]] = set()  # (figure, claim) that is known not to hold, and is shown so


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_quick_form_supports_every_claim(name: str, reproduced: Reproduced) -> None:
    _, outcome = reproduced(name)
    wrong = {
        claim["name"]: (claim["value"], claim["relation"], claim["bound"]) for claim in outcome["claims"] if not claim["holds"]
    }
    assert set(wrong) == {claim for figure, claim in MEANT_TO_FAIL if figure == name}, wrong


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_report_is_json_with_a_picture(name: str, reproduced: Reproduced) -> None:
    _, outcome = reproduced(name)
    json.dumps(outcome, allow_nan=False)
    assert outcome["claims"]
    assert outcome["panels"]
    assert all(panel["lines"] for panel in outcome["panels"])
    assert len({claim["name"] for claim in outcome["claims"]}) == len(outcome["claims"])
    assert all(claim["statement"].endswith(".") and claim["source"] for claim in outcome["claims"])


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_claims_fail_without_runs(name: str) -> None:
    """A claim that holds without a run would hold whatever happened."""
    from dmf_core.reproductions.framework.reproduction import Results

    figure = REPRODUCTIONS[name]
    claims = figure.claims(Results(figure.runs(quick=True), {}, quick=True))
    assert claims
    assert all(math.isnan(claim.value) and not claim.holds for claim in claims)


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_record_follows_from_the_present_runs_and_claims(name: str) -> None:
    made = recorded(name)
    assert made is not None and outdated(REPRODUCTIONS[name], made) == [], f"{AGAIN} {name} --record"


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_record_fits_a_fresh_quick_run(name: str, reproduced: Reproduced) -> None:
    """The recorded quick form number by number; of the full one, which takes minutes, the verdicts."""
    made, (_, fresh) = recorded(name), reproduced(name)
    assert made is not None
    verdicts = {claim["name"]: claim["holds"] for claim in fresh["claims"]}
    assert {claim["name"]: claim["holds"] for claim in made["quick_claims"]} == verdicts
    assert {claim["name"] for claim in made["claims"] if not claim["holds"]} == {
        c for figure, c in MEANT_TO_FAIL if figure == name
    }
    for before, now in zip(made["quick_claims"], fresh["claims"], strict=True):
        scale = max(abs(before["bound"]), abs(before["value"]))
        assert now["value"] == pytest.approx(before["value"], rel=NEAR, abs=ROUNDING * scale), f"{before['name']}; {AGAIN} {name}"


def test_reproduction_record_of_other_runs_or_claims_is_outdated() -> None:
    figure = REPRODUCTIONS["chou"]
    made = recorded("chou")
    assert made is not None
    assert outdated(figure, made | {"specs": "0" * 64}) == ["the runs of the full form have changed"]
    other = [made["claims"][0] | {"bound": 1.0}, *made["claims"][1:]]
    assert outdated(figure, made | {"claims": other}) == ["the claims of the full form have changed"]
    assert outdated(figure, made | {"about": ""}) == ["its about has changed"]
    changed, remarked = ([claim | {key: "Other."} for claim in made["claims"]] for key in ("statement", "remark"))
    assert outdated(figure, made | {"claims": changed}) == ["the claims of the full form have changed"]
    assert outdated(figure, made | {"claims": remarked}) == []  # a remark follows from the runs


def test_reproduction_records_name_no_machine_and_are_small() -> None:
    files = list(RECORDS.glob("*"))
    assert {file.name for file in files} == {f"{name}.json" for name in REPRODUCTIONS}
    assert max(file.stat().st_size for file in files) < 120_000 and sum(file.stat().st_size for file in files) < 800_000
    machines = [(recorded(name) or {})["machine"] for name in REPRODUCTIONS]
    assert all(re.fullmatch(r"\d+ cores?, [^,]+, \w+", machine) for machine in machines)


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_full_form_contains_specs_within_the_budget(name: str) -> None:
    for run in REPRODUCTIONS[name].runs(quick=False).values():
        assert estimate(run.spec, shape_of(run.spec, run.inputs)).seconds < run.spec.stop.seconds


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_announces_what_its_record_took_within_a_factor_of_two(name: str) -> None:
    figure, made = REPRODUCTIONS[name], recorded(name)
    assert made is not None
    announced = WholeRuns(figure.runs(quick=False), Shelf(None), price_of(figure, USUAL)).cost(made["workers"]).seconds
    assert 1 / 2 < announced / made["seconds"] < 2


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_reproduction_published_values_name_their_source(name: str) -> None:
    assert all(each.source and each.certainty for each in REPRODUCTIONS[name].published)
