"""Who gets which job, in which order, and when it stops."""

import threading
import time

import pytest

from dmf_core.errors import BadInput
from dmf_core.jobs import JobQueue, State, digest_of_work
from dmf_core.jobs.executors.choice import worker_count
from dmf_core.trajectory import Outcome


def test_same_digest_is_one_job_and_one_run(lab):
    spec = lab.spec(1, 0.2)
    jobs = [lab.queue.submit(spec, watcher=name) for name in "abc"]
    jobs.append(lab.queue.submit(spec.replaced({})))
    assert jobs[0].wait(60).state is State.DONE
    jobs.append(lab.queue.submit(spec, watcher="d"))  # from what is kept
    assert all(job is jobs[0] for job in jobs)
    assert lab.runs(spec) == 1


def test_job_asked_for_afresh_is_run_again(lab):
    spec = lab.spec(20, 0.1)
    first = lab.queue.submit(spec)
    assert first.wait(60).state is State.DONE
    again = lab.queue.submit(spec, afresh=True)
    assert again is not first
    assert again.wait(60).state is State.DONE
    assert lab.runs(spec) == 2
    assert lab.queue.submit(spec) is again


def test_job_tells_how_it_ended(lab):
    view = lab.queue.submit(lab.spec(2)).wait(60)
    assert (view.state, view.outcome, view.message, view.error) == (State.DONE, Outcome.TIME, "a sentence", None)
    assert view.trajectory.end is view.end
    assert 0.05 <= view.seconds < 30


def test_job_goes_on_when_one_of_two_watchers_leaves(lab):
    job = lab.running(3, "a")
    lab.queue.submit(job.spec, watcher="b")
    assert lab.queue.cancel(job, "a") is False
    shown = len(job.trajectory.snapshots)
    lab.until(lambda: len(job.trajectory.snapshots) > shown + 2)
    assert job.state is State.RUNNING
    lab.queue.leave("b")


def test_job_without_a_watcher_goes_on_when_the_watcher_leaves(lab):
    job = lab.running(4, None, seconds=0.5)
    lab.queue.submit(job.spec, watcher="a")
    lab.queue.leave("a")
    assert job.wait(60).state is State.DONE


def test_job_stops_when_its_last_watcher_leaves(lab):
    job = lab.running(5, "a")
    began = time.monotonic()
    lab.queue.leave("a")
    assert job.wait(60).state is State.CANCELLED
    assert lab.idle()
    assert time.monotonic() - began < 15  # left alone it would take 30


def test_cancel_keeps_the_part_with_an_end(lab):
    job = lab.running(6, "a")
    shown = len(job.trajectory.snapshots)
    assert lab.queue.cancel(job, "a") is True
    view = job.wait(60)
    assert view.outcome is view.end.outcome is Outcome.CANCELLED
    assert len(view.trajectory.snapshots) > shown  # and the last moment is among them
    assert lab.queue.find(job.digest) is job


def test_cancelled_job_starts_anew_on_submit(lab):
    spec = lab.spec(7, 30)
    first = lab.running(7, "a")
    lab.queue.cancel(first, "a")
    second = lab.queue.submit(spec, watcher="a")  # while the first one may still be ending
    lab.until(lambda: second.trajectory)
    assert second is not first
    assert first.state is State.CANCELLED
    lab.queue.leave("a")


def test_cancel_of_a_waiting_job_never_starts_it(lab):
    running, waiting = lab.running(8, "a"), lab.queue.submit(lab.spec(9), watcher="b")
    assert (running.position_in_queue, waiting.position_in_queue) == (None, 1)
    assert lab.queue.cancel(waiting, "b") is True
    assert waiting.state is State.CANCELLED
    assert "run it again" in waiting.message
    lab.queue.leave("a")
    assert lab.idle()
    assert lab.runs(waiting.spec) == 0


def test_slider_storm_runs_only_the_first_and_the_last(lab):
    lab.running(10, "slow")  # keeps the only worker busy
    first = lab.queue.submit(lab.spec(100, 30), watcher="a")
    lab.queue.leave("slow")
    lab.until(lambda: first.trajectory)
    storm = [lab.queue.submit(lab.spec(seed), watcher="a") for seed in range(101, 120)]
    assert storm[-1].wait(60).state is State.DONE
    assert first.state is State.CANCELLED
    assert [lab.runs(job.spec) for job in storm[1:]] == [0] * 17 + [1]
    assert all(job.state is State.CANCELLED for job in storm[1:-1])


def test_watcher_with_many_requests_does_not_go_before_another(lab):
    busy = lab.running(11, "busy")
    many = [lab.queue.submit(lab.spec(seed)) for seed in range(200, 205)]  # a sweep, without a watcher
    first = lab.queue.submit(lab.spec(205), watcher="a")
    two = lab.queue.submit(lab.spec(206), watcher="b")
    assert [job.position_in_queue for job in (*many, first, two)] == [1, 4, 5, 6, 7, 2, 3]
    lab.queue.cancel(busy, "busy")
    many[-1].wait(60)
    begun = [lab.lines().index(job.spec.digest()) for job in (many[0], first, two, *many[1:])]
    assert begun == sorted(begun)


def test_newer_request_takes_the_place_of_the_older_one(lab):
    lab.running(12, "busy")
    old, other = (lab.queue.submit(lab.spec(seed), watcher=name) for seed, name in ((210, "a"), (211, "b")))
    new = lab.queue.submit(lab.spec(212), watcher="a")
    assert [job.position_in_queue for job in (old, new, other)] == [None, 1, 2]
    lab.queue.leave("busy")
    other.wait(60)


def test_older_request_stays_when_somebody_else_waits_for_it(lab):
    lab.running(13, "busy")
    shared = lab.queue.submit(lab.spec(220), watcher="a")
    lab.queue.submit(shared.spec, watcher="b")
    newer = lab.queue.submit(lab.spec(221), watcher="a")
    lab.queue.leave("busy")
    assert shared.wait(60).state is newer.wait(60).state is State.DONE


def test_watcher_without_heartbeat_is_gone_and_one_with_it_stays(make_lab):
    lab = make_lab(workers=2, patience=1.0)
    silent, alive = lab.running(1, "silent"), lab.running(2, "alive")
    waiting = lab.queue.submit(lab.spec(3), watcher="silent too")
    waiting_view = waiting.view

    def beat():
        lab.queue.heartbeat("alive")
        return silent.state.ended

    assert lab.until(beat) < 15  # of the 30 that it would take
    assert silent.state is State.CANCELLED
    assert len(silent.trajectory.snapshots) > 1
    assert waiting_view.state is State.QUEUED
    assert waiting.wait(60).state.ended
    lab.queue.heartbeat("alive")
    assert alive.state is State.RUNNING
    lab.until(lambda: alive.state.ended)


def test_wait_returns_with_the_end_or_with_the_next_change(lab):
    job = lab.running(14, "a")
    version = job.version
    assert job.wait(60, version).version > version
    assert not job.wait(0.01).state.ended
    done_at: list[float] = []
    thread = threading.Thread(target=lambda: (job.wait(60), done_at.append(time.monotonic())))
    thread.start()
    lab.queue.leave("a")
    lab.until(lambda: job.state.ended)
    end_time = time.monotonic()
    thread.join()
    assert done_at[0] - end_time < 5  # not the 60 that it would have waited


def test_version_never_falls_and_views_never_change(lab):
    lab.running(50, "busy")
    job = lab.queue.submit(lab.spec(15, 0.3))
    views = [job.view]
    lab.queue.leave("busy")
    while not views[-1].state.ended:
        views.append(job.wait(60, views[-1].version))
    assert [view.version for view in views] == sorted({view.version for view in views})
    assert {view.state for view in views} == {State.QUEUED, State.RUNNING, State.DONE}
    counts = [len(view.trajectory.snapshots) for view in views if view.trajectory]
    assert counts == sorted(counts)
    assert len(counts) > 1


def test_fraction_is_known_for_runs_of_a_given_length_only(lab):
    timed = lab.running(16, "a")
    assert timed.fraction is None
    bounded = lab.queue.submit(timed.spec.replaced({"stop.iterations": 100}), watcher="a")
    lab.until(lambda: bounded.progress and bounded.progress.iteration > 3)
    before, fraction, after = bounded.progress, bounded.fraction, bounded.progress
    assert before.iteration <= 100 * fraction <= after.iteration
    lab.queue.leave("a")


def test_closed_queue_ends_its_jobs_and_takes_no_more(make_lab):
    lab = make_lab()
    running, waiting = lab.running(1, "a"), lab.queue.submit(lab.spec(2), watcher="b")
    lab.queue.close()
    assert running.wait(60).state is waiting.wait(60).state is State.CANCELLED
    with pytest.raises(RuntimeError, match="closed"):
        lab.queue.submit(lab.spec(3))
    assert lab.queue.executor.pids == []


@pytest.mark.parametrize(("text", "count"), [("3", 3), ("1", 1)])
def test_worker_count_follows_the_environment(monkeypatch, text, count):
    monkeypatch.setenv("DMF_WORKERS", text)
    assert worker_count() == count


@pytest.mark.parametrize("text", ["0", "-1", "many"])
def test_worker_count_refuses_nonsense(monkeypatch, text):
    monkeypatch.setenv("DMF_WORKERS", text)
    with pytest.raises(BadInput, match=f"DMF_WORKERS is {text}"):
        JobQueue()


def test_other_work_on_the_same_spec_is_another_job(lab):
    spec = lab.spec(40)
    plain = lab.queue.submit(spec)
    other = lab.queue.submit(spec, work="dmf_core.baselines.comparison.events:baseline")
    assert other is not plain
    assert lab.queue.find(digest_of_work(spec, other.work)) is other
    assert lab.queue.find(spec.digest()) is plain
    assert other.wait(60).outcome is Outcome.CONVERGED
    assert "gap" in other.trajectory.snapshots[-1].measures
    assert plain.wait(60).outcome is Outcome.TIME
    assert lab.queue.submit(spec, work=other.work) is other
