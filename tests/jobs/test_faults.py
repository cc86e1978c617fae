"""What happens when runs raise, workers die and parents vanish. The seeds that misbehave are those of fake_runs."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dmf_core.jobs import State
from dmf_core.jobs.executors.process import how_it_died
from dmf_core.trajectory import Outcome

BAD_INPUT, BUG, NO_MEMORY, DEAF, DIES_AT_ONCE, CHATTY = range(1001, 1007)
ROOT = Path(__file__).parents[2]


def test_bad_input_of_the_run_reaches_the_job_as_it_is(lab):
    view = lab.queue.submit(lab.spec(BAD_INPUT)).wait(60)
    assert (view.state, view.error) == (State.FAILED, "rows is 7; it must be 8. Choose 8.")
    assert view.outcome is Outcome.FAILED


def test_unexpected_exception_is_named_and_its_traceback_logged(lab, caplog):
    view = lab.queue.submit(lab.spec(BUG)).wait(60)
    assert view.state is State.FAILED
    assert "ZeroDivisionError" in view.error
    assert "secret detail" not in view.error
    assert "secret detail" in caplog.text
    assert lab.queue.submit(lab.spec(31)).wait(60).state is State.DONE


def test_exhausted_memory_says_so(lab):
    assert "more memory" in lab.queue.submit(lab.spec(NO_MEMORY)).wait(60).error


def test_what_a_run_prints_does_not_disturb(lab):
    assert lab.queue.submit(lab.spec(CHATTY)).wait(60).state is State.DONE


def test_killed_worker_fails_its_job_and_another_one_takes_the_next(lab, caplog):
    job, waiting = lab.running(32, "a"), lab.queue.submit(lab.spec(33), watcher="b")
    lab.kill_worker()
    view = job.wait(60)
    assert view.state is State.FAILED
    assert "stopped unexpectedly (killed by SIGKILL)" in view.error
    assert "run it again" in view.error
    assert view.end.message == view.error
    assert len(view.trajectory.snapshots) >= 1
    assert waiting.wait(60).state is State.DONE
    assert "Warning" not in caplog.text  # it had nothing to say
    retry = lab.running(32, "a")
    assert retry is not job
    lab.queue.leave("a")


def test_worker_that_died_while_idle_costs_no_job(lab):
    lab.until(lab.idle)
    lab.kill_worker()
    assert lab.queue.submit(lab.spec(34)).wait(60).state is State.DONE


def test_run_that_ends_its_process_fails_with_a_sentence(lab):
    view = lab.queue.submit(lab.spec(DIES_AT_ONCE)).wait(60)
    assert view.state is State.FAILED
    assert "exit status 9" in view.error


def test_worker_that_does_not_obey_a_cancel_is_replaced(lab, monkeypatch):
    monkeypatch.setattr("dmf_core.jobs.run_listener.CANCEL_GRACE", 0.3)
    job = lab.running(DEAF, "a")
    lab.queue.cancel(job, "a")
    view = job.wait(60)
    assert view.state is State.CANCELLED
    assert view.end.outcome is Outcome.CANCELLED
    assert "Cancelled at t = 1" in view.message
    assert lab.queue.submit(lab.spec(35)).wait(60).state is State.DONE


def test_run_far_beyond_its_budget_is_ended(lab, monkeypatch):
    monkeypatch.setattr("dmf_core.jobs.run_listener.OVERRUN_GRACE", 0.1)
    view = lab.queue.submit(lab.spec(DEAF, 0.1)).wait(60)
    assert view.state is State.FAILED


def test_worker_that_dies_at_its_start_is_tried_again_ever_more_slowly(make_lab, monkeypatch, caplog):
    monkeypatch.setattr("dmf_core.jobs.executors.local.FIRST_PAUSE", 0.1)
    monkeypatch.setattr("dmf_core.jobs.executors.local.LONGEST_PAUSE", 60.0)
    lab = make_lab(simulate="fake_runs:stillborn")
    view = lab.queue.submit(lab.spec(1)).wait(60)
    assert view.state is State.FAILED
    assert "No worker process could be started (exit status 3)" in view.error
    assert len(lab.lines()) == 3
    lab.queue.close()


def test_workers_end_when_their_parent_is_killed(tmp_path):
    program = (
        "import time; from dmf_core.jobs import JobQueue; from dmf_core.spec import RunSpec\n"
        "queue = JobQueue(2); job = queue.submit(RunSpec.check({'stop': {'loss': None}}))\n"
        "job.wait(30, job.wait(30, 0).version)\n"
        "print(*queue.executor.pids, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    workers = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(workers) == 2
    assert all(alive(pid) for pid in workers)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 50  # they would go on for 60 s
    while any(alive(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    parent.stdout.close()


def alive(pid: int) -> bool:
    """True for a process that runs; an ended one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


DEATHS = [(3, "exit status 3"), (-9, "killed by SIGKILL"), (-99, "killed by signal 99")]


@pytest.mark.parametrize(("code", "words"), DEATHS)
def test_how_it_died_names_the_signal(code, words):
    assert how_it_died(code) == words
