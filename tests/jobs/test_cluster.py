"""A sweep on a cluster ends with every run computed once, whatever happens to workers, scheduler, wires and disk."""

import errno
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dmf_core.cli import main
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs, digest_of
from dmf_core.jobs import JobQueue, State
from dmf_core.jobs.executors.choice import executor_for
from dmf_core.jobs.executors.dask import DaskExecutor
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.store import Store
from dmf_core.sweep import Plan, Sweep, plan
from dmf_core.trajectory import Outcome

from .cluster import QUICK, WORKERS_START, Cluster, kill, until
from .proxy import Proxy

SMALL = RunSpec().replaced(
    {"problem.rows": 6, "problem.columns": 6, "problem.rank": 1, "problem.observations": 30, "save.snapshots": 8}
)
SIMULATE = "dmf_core.simulate:simulate"
RAISES = 1002  # a seed of cluster_runs
TASK_SECONDS = 0.5  # of a batch, by its clock: a few of the slow runs of cluster_runs


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers, and one with another version of the program, which nobody may use."""
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    made.workers = [made.start_worker("one"), made.start_worker("two")]
    made.start_worker("old", "--preload", "import dmf_core; dmf_core.__version__ = '0.0.1'")
    executor = DaskExecutor(made.address, SIMULATE)
    executor.open(lambda: None, lambda why: None)  # says that there is no worker yet, where they start slowly
    until(lambda: executor.room == len(made.workers), WORKERS_START)
    executor.close()
    yield made
    made.close()


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in QUICK.items():
            patch.setenv(name, value)
        yield


@pytest.fixture
def opened(cluster: Cluster) -> Iterator[Callable[..., DaskExecutor]]:
    """Makes executors whose workers are ready."""
    made: list[DaskExecutor] = []
    troubles: list[str] = []  # on a busy machine workers take longer to start than the executor waits before it says so

    def make(workers: int = 2, address: str = "") -> DaskExecutor:
        executor = DaskExecutor(address or cluster.address, SIMULATE)
        made.append(executor)
        executor.open(lambda: None, troubles.append)
        until(lambda: executor.room == workers, WORKERS_START)
        return executor

    yield make
    for executor in made:
        executor.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "store")
    yield made
    made.close()


def slow(seeds: str, **axes: str) -> Plan:
    """Runs that write down when they begin, and take a little while."""
    return replace(plan(SMALL, {**axes, "seed": seeds}), work="cluster_runs:counted")


def finish(sweep: Sweep, meanwhile: Callable[[], object] = lambda: None) -> Sweep:
    end = time.monotonic() + WORKERS_START  # one may be started on the way
    while not sweep.ended:
        assert time.monotonic() < end, f"it did not end: {sweep.tally}"
        sweep.poll(0.02)
        meanwhile()
    return sweep


def begun(cluster: Cluster, planned: Plan) -> Counter[str]:
    """How often each run of a plan was begun."""
    return Counter(digest for digest, _ in cluster.computed() if digest in planned.runs)


def once(action: Callable[[], object], when: Callable[[], object]) -> Callable[[], None]:
    done: list[bool] = []

    def meanwhile() -> None:
        if not done and when():
            done.append(True)
            action()

    return meanwhile


def test_cluster_gives_the_digests_and_arrays_of_this_machine(opened, store):
    planned = plan(SMALL, {"model.depth": "2,3", "seed": "0:2"})
    finish(Sweep(planned, store, opened(), whole=True))
    for digest, cell in planned.runs.items():
        (archived, row), alone = store.get(digest), run(cell.spec)
        assert archived.spec.digest() == digest == alone.start.digest
        assert np.array_equal(archived.trajectory.singular_values, alone.singular_values)
        assert np.array_equal(archived.trajectory.end.end_to_end_last, alone.end.end_to_end_last)
        assert row.gradients == alone.end.gradients


def test_worker_with_another_version_is_refused_by_name_and_gets_no_run(cluster, caplog, opened):
    executor = opened()
    until(lambda: any("Worker old" in record.message for record in caplog.records))
    sentence = next(record.message for record in caplog.records if "Worker old" in record.message)
    assert "0.0.1" in sentence and "here it is DMF Lab" in sentence and sentence.endswith(".")
    assert executor.size == 2


def test_live_run_shows_its_snapshots_and_can_be_cancelled(cluster, store):
    executor = DaskExecutor(cluster.address, SIMULATE)
    queue = JobQueue(simulate="fake_runs:steady", executor=executor, store=store)
    try:
        job = queue.submit(SMALL.replaced({"stop.seconds": 60.0, "seed": 7}))
        until(lambda: job.trajectory is not None and len(job.trajectory.snapshots) > 2)
        assert job.state is State.RUNNING
        assert queue.cancel(job)
        assert job.wait(60).state is State.CANCELLED and job.outcome is Outcome.CANCELLED
        until(lambda: executor.room == 2)  # the worker is free again
    finally:
        queue.close()


def test_two_clients_with_the_same_sweep_compute_each_run_once(cluster, opened, store):
    planned, other = slow("100:119"), Store(store.directory)
    first, second = (Sweep(planned, each, opened(), task_seconds=TASK_SECONDS) for each in (store, other))
    thread = threading.Thread(target=finish, args=(second,))
    thread.start()
    finish(first)
    thread.join()
    other.close()
    assert first.rows.keys() == second.rows.keys() == planned.runs.keys()
    assert set(begun(cluster, planned).values()) == {1}


def test_task_that_raises_is_a_row_with_its_reason(cluster, opened):
    planned = slow(f"{RAISES},120:123")
    sweep = finish(Sweep(planned, None, opened(), task_seconds=0.01))  # one run a task
    failed = [row for row in sweep.rows.values() if row.outcome is Outcome.FAILED]
    assert len(sweep.rows) == 5 and failed
    assert all("ZeroDivisionError" in row.message and "secret" not in row.message for row in failed)
    nowhere = finish(Sweep(replace(slow("124"), work="no_such_module:work"), None, opened()))
    assert [row.outcome for row in nowhere.rows.values()] == [Outcome.FAILED]


def test_full_disk_is_said_once_and_the_sweep_ends_with_every_row(monkeypatch, opened, store, caplog):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")  # what a write to a full disk raises

    monkeypatch.setattr("dmf_core.store.store.write_whole", full)
    planned = plan(SMALL, {"seed": "130:133"})
    sweep = finish(Sweep(planned, store, opened(), whole=True))
    assert sweep.rows.keys() == planned.runs.keys() and all(row.outcome.done for row in sweep.rows.values())
    messages = [record.message for record in caplog.records if "No space left" in record.message]
    assert len(messages) == 1 and "free some space" in messages[0]


def test_given_data_stay_out_of_the_store_and_off_the_disks_of_workers(cluster, opened, store):
    data = np.random.default_rng(0).standard_normal((6, 6))
    given = {"kind": "observed_data", "observations": 30, "data": digest_of(data)}
    base = RunSpec.check({**SMALL.model_dump(mode="json"), "problem": given})
    planned = plan(base, {"seed": "0:1"}, Inputs(data))
    finish(Sweep(planned, store, opened()))
    assert store.all() == []
    content = data.tobytes()
    for path in cluster.folder.rglob("*"):
        assert not path.is_file() or content not in path.read_bytes(), path


def test_connection_that_is_held_up_or_cut_costs_only_what_was_under_way(cluster, opened, store):
    proxy = Proxy(cluster.port)
    executor = opened(address=f"tcp://127.0.0.1:{proxy.port}")
    held, cut = slow("200:219"), slow("220:239")
    sweep = Sweep(held, store, executor, task_seconds=TASK_SECONDS)
    proxy_waits = threading.Timer(1.0, proxy.hold, (False,))

    def hold() -> None:
        proxy.hold(True)
        proxy_waits.start()

    finish(sweep, once(hold, lambda: len(sweep.rows) >= 4))
    assert set(begun(cluster, held).values()) == {1}  # a wire that is silent for a while loses nothing
    sweep = Sweep(cut, store, executor, task_seconds=TASK_SECONDS)

    def break_off() -> None:
        proxy.cut()
        threading.Timer(0.5, proxy.mend).start()

    finish(sweep, once(break_off, lambda: len(sweep.rows) >= 4))
    times = begun(cluster, cut)
    assert times.keys() == cut.runs.keys() and max(times.values()) == 2
    assert sum(times.values()) - len(times) <= 2 * (TASK_SECONDS / 0.1 + 2)  # no more than two workers had in hand
    assert store.rows(list(cut.runs)).keys() == cut.runs.keys()


def test_commands_use_the_cluster_that_is_named(cluster, capsys, tmp_path, monkeypatch):
    settings = [f"--set=problem.{each}" for each in ("rows=6", "columns=6", "rank=1", "observations=30")]
    assert main(["run", *settings, "--json", "--scheduler", cluster.address]) == 0
    remote = json.loads(capsys.readouterr().out)
    assert main(["run", *settings, "--json"]) == 0
    local = json.loads(capsys.readouterr().out)
    timed = {"seconds"}
    assert {key: value for key, value in remote.items() if key not in timed} == {
        key: value for key, value in local.items() if key not in timed
    }
    monkeypatch.setenv("DMF_SCHEDULER", cluster.address)
    assert main(["sweep", *settings, "--axis", "seed=0:3"]) == 0
    assert "of one core of the cluster" in capsys.readouterr().out


def test_address_that_is_none_or_answers_to_nobody_is_one_sentence(monkeypatch, capsys):
    with pytest.raises(BadInput, match="tcp://host:8786"):
        executor_for(1, SIMULATE, "somewhere")
    monkeypatch.setattr("dmf_core.jobs.executors.dask_connection.CONNECT_SECONDS", 0.2)
    assert main(["sweep", "--axis", "seed=0:3", "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "127.0.0.1" not in capsys.readouterr().err  # pages show the same sentence, and no visitor learns where it is


def test_killed_worker_costs_what_it_held_and_nothing_else(cluster, opened, store):
    planned = slow("300:329")
    sweep = Sweep(planned, store, opened(), task_seconds=TASK_SECONDS)
    victims: list[int] = []

    def strike() -> None:
        victims.append(cluster.computed()[-1][1])
        kill(next(worker for worker in cluster.workers if worker.pid == victims[0]))

    finish(sweep, once(strike, lambda: len(sweep.rows) >= 6))
    times = begun(cluster, planned)
    held = {digest for digest, pid in cluster.computed() if pid == victims[0]}
    assert times.keys() == planned.runs.keys() and max(times.values()) <= 2
    assert {digest for digest, count in times.items() if count == 2} <= held
    stored = store.all()
    assert sorted(row.digest for row in stored) == sorted(planned.runs)
    assert all(row.outcome.done for row in stored)


def test_sweep_goes_on_after_the_scheduler_was_stopped_and_started(cluster, opened, store, caplog):
    planned = slow("400:419")
    sweep = Sweep(planned, store, opened(workers=1), task_seconds=TASK_SECONDS)

    def restart() -> None:
        kill(cluster.scheduler)
        cluster.start_scheduler()
        cluster.start_worker("three")

    finish(sweep, once(restart, lambda: len(sweep.rows) >= 4))
    times = begun(cluster, planned)
    assert times.keys() == planned.runs.keys() == store.rows(list(planned.runs)).keys()
    assert sum(times.values()) - len(times) <= TASK_SECONDS / 0.1 + 2
    assert any("was lost; runs go on when it is back" in record.message for record in caplog.records)
