"""The runs of a session: remembered, bounded, pinned, written out."""

import csv
import io

import numpy as np
import pytest

from dmf_core import limits, painted_mask, simulate
from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from tests.ui.figures.test_payload import SMALL
from ui.session.tried_runs import RESULTS, Tried, TriedRuns, differing, one_factor, to_csv, with_drawing
from ui.views.compare.table import cells

BASE = RunSpec().replaced(SMALL)


def tried_runs(*changes: dict[str, object]) -> TriedRuns:
    tried = TriedRuns()
    for each in changes:
        tried.see(BASE.replaced(each), Inputs(), None)
    return tried


def test_oldest_run_goes_first_and_pinned_ones_stay() -> None:
    tried = TriedRuns()
    for seed in range(limits.MAX_TRIED):
        tried.see(BASE.replaced({"seed": seed}), Inputs(), None)
    tried.pin([BASE.replaced({"seed": 0}).digest()])
    for seed in range(100, 105):
        tried.see(BASE.replaced({"seed": seed}), Inputs(), None)
    seeds = [each.spec.seed for each in tried.in_order()]
    assert len(seeds) == limits.MAX_TRIED
    assert seeds[:2] == [0, 104]
    assert not {1, 2, 3, 4, 5} & set(seeds)


def test_run_seen_again_keeps_its_results_and_its_pin() -> None:
    tried = TriedRuns()
    run = simulate.run(BASE)
    tried.see(BASE, Inputs(), run)
    tried.pin([BASE.digest()])
    tried.see(BASE, Inputs(), None)  # evicted from the queue meanwhile
    (only,) = tried.in_order()
    assert only.pinned
    assert run.end is not None
    assert only.results["outcome"] == "converged"
    assert only.results["entropy_rank"] == pytest.approx(run.snapshots[-1].measures["entropy_rank"])
    assert only.results["seconds"] == run.end.seconds


def test_pin_again_lets_go_and_delete_removes() -> None:
    tried = tried_runs({}, {"seed": 1})
    both = list(tried.runs)
    tried.pin(both)
    tried.pin(both)
    assert not any(each.pinned for each in tried.in_order())
    tried.delete(both[:1])
    assert list(tried.runs) == both[1:]


def test_table_shows_the_settings_that_differ() -> None:
    runs = tried_runs({}, {"model.depth": 2}, {"model.depth": 4, "seed": 9}).in_order()
    assert differing(runs) == ["model.depth", "seed"]
    table = cells(runs)
    assert table["model.depth"] == [4, 2, 3]
    assert list(table)[-len(RESULTS) :] == list(RESULTS)


def test_one_factor_is_found_only_where_there_is_one() -> None:
    def of(*changes: dict[str, object]) -> str | None:
        return one_factor([Tried(BASE.replaced(each)) for each in changes])

    assert of({}, {"model.depth": 2}) == "model.depth"
    assert of({}, {"model.depth": 2}, {"model.depth": 2, "seed": 1}) is None
    assert of({}) is None
    assert of({}, {"integrator.kind": "gradient_descent"}) == "integrator.kind"
    assert of({}, {"integrator.kind": "gradient_descent", "seed": 3}) is None
    assert of({}, *({"seed": seed} for seed in range(1, 6))) is None  # too many


def test_csv_holds_every_setting_in_full() -> None:
    tried = TriedRuns()
    spec = BASE.replaced({"init.scale": 1.23456789e-7})
    run = simulate.run(BASE)
    tried.see(spec, Inputs(), None)
    tried.see(BASE, Inputs(), run)
    rows = list(csv.DictReader(io.StringIO(to_csv(tried.in_order()))))
    assert [row["digest"] for row in rows] == [BASE.digest(), spec.digest()]
    assert float(rows[1]["init.scale"]) == 1.23456789e-7
    assert float(rows[0]["unobserved_error"]) == run.snapshots[-1].measures["unobserved_error"]
    assert rows[1]["unobserved_error"] == ""
    assert BASE.replaced({path: float(rows[1][path]) for path in ("init.scale",)}) == spec


def test_one_drawing_belongs_to_its_pattern_and_two_are_a_factor_of_their_own() -> None:
    rows, columns = BASE.problem.rows, BASE.problem.columns
    masks = [painted_mask.to_text(np.random.default_rng(seed).random((rows, columns)) < 0.5) for seed in (1, 2)]
    first, second = (BASE.replaced({"problem.pattern": "drawn", "problem.mask": mask}) for mask in masks)
    anywhere = Tried(first.replaced({"problem.pattern": "uniform"}))
    assert one_factor([anywhere, Tried(first)]) == "problem.pattern"
    assert with_drawing([anywhere, Tried(first)]).spec == first
    assert one_factor([anywhere, Tried(first), Tried(second)]) is None
    cell = cells([Tried(first), Tried(second)])["problem.mask"]
    assert cell[0] != cell[1]
    assert all(len(each) < 20 for each in cell)  # not the drawing itself
