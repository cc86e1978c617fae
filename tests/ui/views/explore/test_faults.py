"""Faults of ordinary life, seen from the page: a killed worker, a run out of time, a step that is too large."""

import os
import signal
import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.jobs import Job, State
from dmf_core.trajectory import Outcome
from tests.ui.views.explore.test_page import opened, spec_of
from ui.controls.requested_run import act
from ui.services import shared_queue

pytestmark = pytest.mark.usefixtures("queue_ends")

SMALL = {"problem__rows": "20", "problem__columns": "20", "problem__rank": "2", "problem__observations": "240"}
SLOW = SMALL | {"integrator__kind": "gradient_descent", "integrator__learning_rate": "0.001", "stop__loss": "1e-12"}


def job_of(app: AppTest) -> Job:
    job = shared_queue().find(spec_of(app).digest())
    assert job is not None
    return job


def press(app: AppTest, action: str) -> Job:
    """What the player's button of this action does."""
    act(app.session_state.session, action)
    app.run()
    assert not app.exception
    return job_of(app)


def until(true: Callable[[], object], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def children() -> set[int]:
    """Processes of this one's workers."""
    names = set()
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/stat") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
            with open(f"/proc/{name}/cmdline") as file:
                worker = "dmf_core.jobs.worker" in file.read()
        except (OSError, ValueError, IndexError):
            continue
        if parent == os.getpid() and worker:
            names.add(int(name))
    return names


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="workers are found through /proc")
def test_killed_worker_is_said_on_the_page_and_a_retry_works() -> None:
    app = opened(**SLOW, stop__iterations="200000")
    job = press(app, "run")
    watcher = app.session_state.session.watcher
    until(lambda: shared_queue().heartbeat(watcher) or (job.view.trajectory and len(job.view.trajectory.snapshots) > 1))
    for pid in children():
        os.kill(pid, signal.SIGKILL)
    until(lambda: job.state.ended)
    app.run()
    assert not app.exception
    assert job.state is State.FAILED
    assert job.view.error
    assert job.view.trajectory is not None  # what was computed is kept
    again = press(app, "run")
    assert again is not job
    until(lambda: shared_queue().heartbeat(watcher) or again.view.trajectory is not None)
    shared_queue().cancel(again)


def test_run_out_of_time_can_be_given_more() -> None:
    app = opened(**SLOW, stop__seconds="0.3")
    job = press(app, "run")
    until(lambda: job.state.ended)
    assert job.outcome is Outcome.BUDGET
    more = press(app, "longer")
    assert spec_of(app).stop.seconds == 1.2
    assert more is not job
    until(lambda: more.state.ended)
    assert more.view.trajectory is not None


def test_smaller_step_leads_out_of_a_divergence() -> None:
    changes = {"integrator__kind": "gradient_descent", "integrator__learning_rate": "20", "stop__iterations": "4000"}
    app = opened(**SMALL, **changes, init__scale="0.1")
    job = press(app, "run")
    until(lambda: job.state.ended)
    assert job.outcome is Outcome.DIVERGED
    advised = press(app, "retry")
    assert spec_of(app).integrator.learning_rate < 20
    advised = press(app, "run") if not advised.state.ended else advised
    until(lambda: advised.state.ended)
    assert advised.outcome is not Outcome.DIVERGED
