"""What all visitors of the server share: the queue of jobs, and the bytes of pictures already made."""

from collections import OrderedDict
from threading import Lock
from uuid import uuid4

import numpy as np
import streamlit as st

from dmf_core import limits
from dmf_core.cost import Cost, estimate
from dmf_core.inputs import Inputs
from dmf_core.jobs import JobQueue, SessionQueue, View
from dmf_core.jobs.experience import Experience
from dmf_core.problems.observed_data import Given
from dmf_core.shapes import Shape
from dmf_core.spec import RunSpec
from dmf_core.store import open_store
from dmf_core.sweep.shared import SharedSweeps
from dmf_core.trajectory import Trajectory
from ui.figures.payload import BYTES, payload

TRIAL_SECONDS = 0.3  # that a page waits for a trial; see `ui.watching.Trying` for a longer one
LECTURE_TRIAL_SECONDS = 3.0  # the same of a room, which waits in another thread
PAYLOADS = 64  # kept; at most 0.6 MB each


@st.cache_resource(show_spinner=False)
def shared_queue() -> JobQueue:
    """The one queue of this server, with the store of its runs; its workers start with it."""
    return JobQueue(insight=True, store=open_store())


def sweeps() -> SharedSweeps:
    """The sweeps of all visitors, on the workers of the queue and with its store."""
    return _sweeps_of(shared_queue())


@st.cache_resource(show_spinner=False, hash_funcs={JobQueue: id})
def _sweeps_of(queue: JobQueue) -> SharedSweeps:
    return SharedSweeps(queue.spare_time, queue.store)


def owner() -> str:
    """The owner of this session's data and of the runs of these data."""
    name: str = st.session_state.setdefault("owner", uuid4().hex)
    return name


def queue() -> SessionQueue:
    """The queue as this session sees it: runs of other visitors' data are not in it."""
    return SessionQueue(shared_queue(), owner())


@st.cache_resource(show_spinner=False)
def experience() -> Experience:
    """What finished runs have taught about the cost of others."""
    return Experience()


def priced(spec: RunSpec, shape: Shape, entry: float | None = None) -> Cost:
    """What a run will cost here: by its trial, else by what the workers measured and what finished runs taught.

    `entry`: see `estimate`.
    """
    trial = shared_queue().trials.find(spec.digest())
    if trial is not None:
        return trial.cost
    return experience().corrected(spec, estimate(spec, shape, entry, shared_queue().machine))


def tried(spec: RunSpec, inputs: Inputs, cost: Cost) -> Cost:
    """The cost of a run that would wait to be asked for, as its trial measures it, or as before while that is under way."""
    if cost.longest <= limits.RUN_WITHOUT_ASKING_SECONDS or queue().find(spec.digest()) is not None:
        return cost
    return _by_trial(spec, inputs, cost, TRIAL_SECONDS)


def price_without_page(spec: RunSpec) -> Cost | None:
    """What a run without given data will cost, by the rules of pages; None where it is there.

    Waits for its trial where it is long, so it is not called on an event loop.
    """
    assert spec.shape is not None
    if shared_queue().find(spec.digest()) is not None:
        return None
    cost = priced(spec, spec.shape)
    return cost if cost.longest <= limits.RUN_WITHOUT_ASKING_SECONDS else _by_trial(spec, Inputs(), cost, LECTURE_TRIAL_SECONDS)


def _by_trial(spec: RunSpec, inputs: Inputs, cost: Cost, seconds: float) -> Cost:
    """The cost by a trial, or the one that is given where the trial takes more than so many seconds."""
    shared_queue().trials.begin(spec, inputs)
    trial = shared_queue().trials.wait(spec.digest(), seconds)
    return cost if trial is None else trial.cost


def learn(spec: RunSpec, run: Trajectory | None) -> None:
    """Learns the cost of a run that came to its end."""
    if run is None or run.end is None or not run.end.outcome.done:
        return
    values = run.start.ground_truth[run.start.observed_mask]
    entry = float(np.sqrt(np.mean(np.square(values, dtype=float)))) or 1.0 if isinstance(spec.problem, Given) else None
    estimated = estimate(spec, run.start.shape, entry, shared_queue().machine)
    experience().learn(spec, estimated, run.end.gradients, run.end.seconds)


class Payloads:
    """Payload bytes by run and number of its snapshots: two hundred visitors of one run are served from here."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._payloads: OrderedDict[tuple[str, int, bool, bool, bool, int, bool], bytes] = OrderedDict()

    def of(self, trajectory: Trajectory, spec: RunSpec, most: int = BYTES, labelled: bool = True) -> bytes:
        parts = (trajectory.end is not None, trajectory.insight is not None, trajectory.accuracy is not None)
        key = (trajectory.start.digest, len(trajectory.snapshots), *parts, most, labelled)
        if trajectory.end is None:  # a growing run is looked at once
            return payload(trajectory, spec, most, labelled=labelled)
        with self._lock:
            cached = self._payloads.get(key)
            if cached is None:
                cached = self._payloads[key] = payload(trajectory, spec, most, labelled=labelled)
                while len(self._payloads) > PAYLOADS:
                    self._payloads.popitem(last=False)
            self._payloads.move_to_end(key)
            return cached


@st.cache_resource(show_spinner=False)
def payloads() -> Payloads:
    return Payloads()


def shown(view: View, spec: RunSpec, most: int = BYTES, labelled: bool = True) -> bytes | None:
    """The payload of a job as far as it is, or None before its first picture. `labelled`: as for `payload`."""
    return None if view.trajectory is None else payloads().of(view.trajectory, spec, most, labelled)
