"""Every claim of every reproduction has runs on which it does not hold: a claim that nothing breaks says nothing."""

import math

import pytest

from dmf_core.reproductions import REPRODUCTIONS
from dmf_core.reproductions.framework.reproduction import Results

from .conftest import Runner
from .counters import Counter, counters


def claim_names(name: str, quick: bool) -> set[str]:
    figure = REPRODUCTIONS[name]
    return {claim.name for claim in figure.claims(Results(figure.runs(quick), {}, quick))}


def counter_results(name: str, counter: Counter, runner: Runner) -> Results:
    base = REPRODUCTIONS[name].runs(quick=not counter.full)
    changed = counter.runs(base)
    runs = {**base, **changed}
    trajectories = runner(changed if counter.full else runs)
    if counter.alter is not None:
        trajectories = {key: counter.alter(key, trajectory) for key, trajectory in trajectories.items()}
    return Results(runs, trajectories, quick=not counter.full)


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_claim_fails_on_its_counter_setting(name: str, runner: Runner) -> None:
    quick, full = claim_names(name, quick=True), claim_names(name, quick=False)
    by_claim = counters(name)
    assert set(by_claim) == quick | full
    assert {claim for claim, counter in by_claim.items() if counter.full} >= full - quick
    for claim, counter in by_claim.items():
        claims = REPRODUCTIONS[name].claims(counter_results(name, counter, runner))
        judged = next(each for each in claims if each.name == claim)
        assert math.isfinite(judged.value), f"{claim}: a missing run is no counter-example"
        assert not judged.holds, f"{claim} holds on its counter-setting: {judged.value} {judged.relation} {judged.bound}"
