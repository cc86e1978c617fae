"""Every run of a sweep is computed once, by somebody, and is a row, whatever happens on the way."""

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.analysis.birth_times import birth_times
from dmf_core.errors import BadInput
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.store import Store
from dmf_core.sweep import Sweep, carry_out, plan
from dmf_core.sweep.batches import FEWEST_TOGETHER, Batches, kind_of
from dmf_core.sweep.order import coarse_to_fine
from dmf_core.sweep.plan import least_plan
from dmf_core.trajectory import Outcome

from .conftest import SMALL, finish
from .inline import Inline


def test_rows_are_what_runs_of_their_own_give(small_plan):
    sweep = finish(Sweep(small_plan, None, Inline()))
    for cell in small_plan.cells:
        alone, row = run(cell.spec), sweep.table.row(cell)
        assert row.measures["reconstruction_error"] == pytest.approx(
            alone.snapshots[-1].measures["reconstruction_error"], rel=0.01
        )
        assert row.births.keys() == birth_times(alone).keys()
        assert row.outcome is alone.end.outcome
    assert sweep.tally.done == sweep.tally.total == 6


@pytest.mark.parametrize("raised", [BadInput("no worker knows it"), KeyboardInterrupt()])
def test_sweep_that_ends_before_its_first_run_leaves_no_worker_behind(small_plan, monkeypatch, raised):
    closed = []

    class Opened(Inline):
        def close(self):
            closed.append(self)

    def stopped(plan):
        raise raised

    monkeypatch.setattr("dmf_core.sweep.carried_out.executor_for", lambda *_: Opened())
    monkeypatch.setattr("dmf_core.sweep.running._check_workers", stopped)
    if isinstance(raised, BadInput):
        with pytest.raises(BadInput, match="no worker knows it"):
            carry_out(small_plan, None)
    else:
        table, interrupted = carry_out(small_plan, None)
        assert interrupted and not table.rows
    assert len(closed) == 1


def test_second_sweep_computes_only_what_is_new(small_plan, store):
    first, second = Inline(), Inline()
    finish(Sweep(small_plan, store, first))
    assert sorted(first.computed) == sorted(small_plan.runs)
    wider = plan(SMALL, {"model.depth": "2,3", "seed": "0:3"})
    sweep = finish(Sweep(wider, store, second))
    assert sorted(second.computed) == sorted(wider.runs.keys() - small_plan.runs.keys())
    assert (sweep.tally.stored, sweep.tally.done) == (6, 8)


def test_killed_sweep_goes_on_and_computes_nothing_twice(small_plan, store):
    killed = Sweep(small_plan, store, Inline(most=4))
    killed.poll(0.001)
    while len(killed.rows) < 4:
        killed.poll(0.001)
    done = set(killed.rows)
    killed.abandon()  # the same as the death of its process: its leases are free
    again = Inline()
    finish(Sweep(small_plan, store, again))
    assert set(again.computed) == small_plan.runs.keys() - done


def test_run_that_kills_its_worker_twice_is_a_row_and_costs_no_other_run(small_plan, store):
    deadly = small_plan.cells[1].digest
    executor = Inline(deadly=frozenset({deadly}))
    table = finish(Sweep(small_plan, store, executor)).table
    assert table.columns()["outcome"].count("converged") == 5
    assert table.rows[deadly].outcome is Outcome.FAILED and "SIGKILL" in table.rows[deadly].message
    assert sorted(executor.computed) == sorted(small_plan.runs.keys() - {deadly})
    assert deadly not in store.rows(list(small_plan.runs))  # an accident of this machine is not stored


def test_run_that_another_process_computes_is_taken_from_there(small_plan, store, monkeypatch):
    monkeypatch.setattr("dmf_core.sweep.running.ELSEWHERE_SECONDS", 0.0)
    taken, given_up = list(small_plan.runs)[:2]
    other = Store(store.directory)
    assert other.claim([taken, given_up]) == [taken, given_up]
    executor = Inline()
    sweep = Sweep(small_plan, store, executor)
    while sweep.tally.done < 4:
        sweep.poll(0.001)
    assert sweep.tally.elsewhere == 2 and not sweep.ended
    spec = small_plan.runs[taken].spec
    other.put(run(spec), spec)
    other.release([taken, given_up])
    finish(sweep)
    assert sorted(executor.computed) == sorted(small_plan.runs.keys() - {taken})
    other.close()


def test_archives_are_stored_where_they_are_wanted(small_plan, store):
    finish(Sweep(small_plan, store, Inline()))
    assert all(row.bytes == 0 for row in store.all())
    finish(Sweep(small_plan, store, Inline(), whole=True))
    for digest, cell in small_plan.runs.items():
        archived, row = store.get(digest)
        assert row.bytes == len(archive.write(archived.trajectory, cell.spec))
        assert np.array_equal(archived.trajectory.singular_values, run(cell.spec).singular_values)


def test_run_that_diverges_or_does_not_fit_is_a_row_with_its_reason(store):
    base = SMALL.replaced({"integrator.kind": "gradient_descent"})
    planned = plan(base, {"integrator.learning_rate": [0.1, 1e6], "problem.observations": [30, 40]})
    columns = finish(Sweep(planned, store, Inline())).table.columns()
    assert columns["outcome"] == ["converged", "refused", "diverged", "refused"]
    assert "learning rate" in columns["reason"][2] and "40" in columns["reason"][3]
    assert columns["reconstruction_error"][1] is None


def test_batches_are_alike_and_follow_the_measured_pace():
    cells = plan(RunSpec(), {"model.depth": "2,3", "seed": "0:99"}).runs.values()
    batches = Batches(cells, workers=2)
    first = batches.take()
    assert len({cell.spec.model.depth for cell in first}) == 1
    batches.learn(first, sum(cell.seconds for cell in first) / 10)  # ten times faster than estimated
    assert len(batches.take()) > len(first)
    count = len(batches)
    while batch := batches.take():
        count -= len(batch)
    assert count == 0


def test_pace_of_one_kind_is_not_that_of_another():
    batches = Batches(plan(RunSpec(), {"model.depth": "2,3", "seed": "0:99"}).runs.values(), workers=2)
    deep = batches.take()
    batches.learn(deep, 10 * sum(cell.seconds for cell in deep))
    taken = [deep, *iter(batches.take, [])]
    shallow = [batch for batch in taken if batch[0].spec.model.depth == 2]
    batches.learn(shallow[0], sum(cell.seconds for cell in shallow[0]))
    slow, usual = (batches.pace(kind_of(each[0].spec)) for each in (deep, shallow[0]))
    assert np.isclose(slow, 10) and np.isclose(usual, 1)


def test_batch_that_was_interrupted_late_comes_back_in_halves_and_one_in_time_as_it_was():
    batches = Batches(plan(RunSpec(), {"seed": "0:99"}).runs.values(), workers=2, task_seconds=0.5)
    batch = batches.take()
    batches.put_back(batch, after=0.4)
    assert batches.take() == batch
    batches.put_back(batch, after=3.0)
    assert batches.take() == batch[: len(batch) // 2]


@pytest.mark.parametrize(("side", "size"), [(20, FEWEST_TOGETHER), (100, 15)])
def test_batch_that_is_computed_together_is_wide_enough_for_it(side, size):
    spec = RunSpec().replaced({"problem.rows": side, "problem.columns": side, "problem.rank": 2, "problem.observations": 300})
    cells = plan(spec, {"seed": "0:199"}).runs.values()
    each = next(iter(cells)).seconds
    batches = Batches(cells, workers=1, task_seconds=14.5 * each)
    first = batches.take()
    batches.learn(first, len(first) * each)
    assert len(batches.take()) == size


def test_first_cells_come_from_cheap_runs_and_the_last_ones_too():
    planned = plan(RunSpec(), {"model.depth": "2:5", "problem.observations": "1000:3000:9lin", "seed": "0:4"})
    ranks = coarse_to_fine(planned)
    order = [cell for batch in iter(Batches(planned.runs.values(), 2, ranks).take, []) for cell in batch]
    assert [ranks[cell.digest] for cell in order] == sorted(ranks.values())
    last = [cell.seconds for cell in order if ranks[cell.digest] == max(ranks.values())]
    assert order[0].seconds == min(cell.seconds for cell in order if ranks[cell.digest] == 0)
    assert last[0] == max(last)
    assert max(last[-5:]) < 2 * min(last)  # no worker is left with a long run


def test_minimum_nuclear_norms_are_stored_apart_from_runs_and_computed_once(small_plan, store):
    minima, first, second = least_plan(small_plan), Inline(), Inline()
    rows = finish(Sweep(minima, store, first)).rows
    assert first.computed and rows.keys() == minima.runs.keys()
    again = finish(Sweep(minima, store, second))
    assert second.computed == [] and again.rows.keys() == rows.keys()
    assert all(again.rows[digest].measures == row.measures for digest, row in rows.items())
    assert store.all() == []  # no run has been computed, and none is said to be
    finish(Sweep(small_plan, store, second))
    assert sorted(second.computed) == sorted(small_plan.runs)
    assert store.minima().rows(list(rows)).keys() == rows.keys()
