"""The worker process: python -m dmf_core.jobs.worker MODULE:FUNCTION. Runs and explains specs until its parent has ended.

The function named here warms it up; each run names the function that it wants.
"""

import gc
import importlib
import os
import pickle
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator
from functools import cache
from typing import Any, BinaryIO, Protocol, TypeVar

import torch

from dmf_core.analysis.accuracy import assessed
from dmf_core.analysis.replay import insights, nothing
from dmf_core.errors import BadInput
from dmf_core.events.log import places_of
from dmf_core.inputs import Inputs
from dmf_core.jobs import calibration
from dmf_core.jobs.messages import (
    Answers,
    Assessed,
    Batch,
    Begun,
    Cancel,
    Events,
    Explain,
    Explained,
    Failed,
    FromWorker,
    Ready,
    Run,
)
from dmf_core.registry.plugins import load_all
from dmf_core.simulate import Cancelled
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End, Event, Insight, Progress

Result = TypeVar("Result")
Simulate = Callable[[RunSpec, Inputs], Generator[Event, None, None]]

SEND_SECONDS = 0.03  # events wait at most about this long, to be sent together
ANSWER_SECONDS = 0.2  # the same for the answers of a batch
NICENESS = 5  # the page that shows the run must not wait for it


class Inbox:
    """Reads what the parent sends, on a thread of its own, so that a cancel arrives while the run computes."""

    def __init__(self, commands: BinaryIO) -> None:
        self.runs: queue.SimpleQueue[Run | Explain | Batch] = queue.SimpleQueue()
        self.cancelled = threading.Event()
        self._commands = commands
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while True:
                match pickle.load(self._commands):
                    case (Run() | Explain() | Batch()) as run:
                        self.cancelled.clear()
                        self.runs.put(run)
                    case Cancel():
                        self.cancelled.set()
        finally:  # the parent closed the pipe or has ended: nothing else is needed
            os._exit(0)


class Cancellation(Protocol):
    """A flag that is set when the present task is to end."""

    def is_set(self) -> bool:
        """True when the task is to end where it is."""


class Outbox:
    """Sends messages to the sender of the task."""

    def __init__(self, send: Callable[[FromWorker], None]) -> None:
        self.send = send

    def send_all(self, events: Iterator[Event]) -> None:
        """Sends events in small bundles: the first word, every sign of life and the End at once."""
        bundle: list[Event] = []
        sent = 0.0
        for event in events:
            bundle.append(event)
            if isinstance(event, Progress | End) or time.perf_counter() - sent > SEND_SECONDS:
                self.send(Events(tuple(bundle)))
                bundle, sent = [], time.perf_counter()
        if not isinstance(event, End):
            raise RuntimeError("the run stopped without an End")


def into(pipe: BinaryIO) -> Callable[[FromWorker], None]:
    """Writes messages into a pipe; the process ends when the other end is closed."""

    def send(message: FromWorker) -> None:
        try:
            pickle.dump(message, pipe, protocol=5)
            pipe.flush()
        except BrokenPipeError:
            os._exit(0)

    return send


def until_cancelled(events: Generator[Event, None, None], cancelled: Cancellation) -> Iterator[Event]:
    """The events; after a cancel those of a run that ends there."""
    thrown = False
    for event in events:
        yield event
        while isinstance(event, Progress) and cancelled.is_set() and not thrown:
            thrown = True
            event = events.throw(Cancelled())
            yield event


@cache
def function_of(work: str) -> Callable[..., Generator[Any, None, None]]:
    """The function that MODULE:FUNCTION names."""
    module, _, function = work.partition(":")
    named: Callable[..., Generator[Any, None, None]] = getattr(importlib.import_module(module), function)
    return named


def carry_out(task: Run | Explain | Batch, cancelled: Cancellation, outbox: Outbox) -> None:
    """One task, from `Begun` to its last message."""
    match task:
        case Run():
            serve(task, cancelled, outbox)
        case Explain():
            explain(task, cancelled, outbox)
        case Batch():
            compute(task, cancelled, outbox)


def serve(run: Run, cancelled: Cancellation, outbox: Outbox) -> None:
    """One run, from spec to End or Failed."""
    outbox.send(Begun())
    try:
        spec = RunSpec.from_json(run.spec)
        outbox.send_all(until_cancelled(function_of(run.work)(spec, run.inputs), cancelled))
    except BadInput as error:
        outbox.send(Failed(str(error), ""))
    except Exception as error:
        outbox.send(Failed(sentence_of(error), traceback_of(error, run.inputs)))


def explain(request: Explain, cancelled: Cancellation, outbox: Outbox) -> None:
    """The theory of one run and then its accuracy; a cancel interrupts it, because another run waits."""
    outbox.send(Begun())
    try:
        spec = RunSpec.from_json(request.spec)
        if request.why_not:
            insight: Insight | None = nothing(request.why_not)
        else:
            insight = until_interrupted(insights(spec, request.inputs, request.t, request.iteration), cancelled)
        outbox.send(Explained(insight))
        if insight is not None:
            outbox.send(Assessed(until_interrupted(assessed(spec, request.inputs, request.outline), cancelled)))
    except Exception as error:
        outbox.send(Failed(sentence_of(error), traceback_of(error, request.inputs)))


def compute(batch: Batch, cancelled: Cancellation, outbox: Outbox) -> None:
    """A batch of runs; a cancel ends it, and what is done by then is sent."""
    outbox.send(Begun())
    ready: list[Any] = []
    sent = time.perf_counter()
    try:
        specs = [RunSpec.from_json(text) for text in batch.specs]
        answers = function_of(batch.work)(specs, batch.inputs)
        for answer in answers:
            ready += [] if answer is None else [answer]
            if cancelled.is_set():
                break
            if ready and time.perf_counter() - sent > ANSWER_SECONDS:
                outbox.send(Answers(tuple(ready), last=False))
                ready, sent = [], time.perf_counter()
        outbox.send(Answers(tuple(ready), last=True))
    except BadInput as error:
        outbox.send(Failed(str(error), ""))
    except Exception as error:
        outbox.send(Failed(sentence_of(error), traceback_of(error, batch.inputs)))


def until_interrupted(walk: Generator[None, None, Result], cancelled: Cancellation) -> Result | None:
    """What the walk returns; None when it was interrupted."""
    while not cancelled.is_set():
        try:
            next(walk)
        except StopIteration as stop:
            result: Result = stop.value
            return result
    return None


def sentence_of(error: Exception) -> str:
    """An unexpected exception as a sentence for the user."""
    if isinstance(error, MemoryError) or "allocate memory" in str(error):  # torch has no class for it on the CPU
        return "The run needs more memory than this machine has free; choose a smaller matrix or fewer snapshots."
    return (
        f"The run stopped because of an error in the program ({type(error).__name__}), which is now in the log; "
        "change a setting, or run it again."
    )


def traceback_of(error: Exception, inputs: Inputs) -> str:
    """For the log. Of a run of given data without the words of the exception, which may quote them."""
    return places_of(error) if inputs.given else "".join(traceback.format_exception(error))


def warm_up(simulate: Simulate) -> None:
    """A tiny run, so that the first real one does not pay for what is loaded late."""
    tiny = {"problem.rows": 5, "problem.columns": 5, "problem.rank": 1, "problem.observations": 20}
    spec = RunSpec().replaced(tiny | {"stop.seconds": 1.0})
    for _ in simulate(spec, Inputs()):
        pass
    gc.collect()
    gc.freeze()


def main() -> None:
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not end up between the messages
    outbox, inbox = Outbox(into(pipe)), Inbox(sys.stdin.buffer)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    torch.set_num_threads(1)
    try:
        load_all()
    except BadInput as error:  # the runs that need it say that their kind is unknown
        print(error, file=sys.stderr)
    warm_up(function_of(sys.argv[1]))
    outbox.send(Ready(calibration.measured()))
    while True:
        carry_out(inbox.runs.get(), inbox.cancelled, outbox)


if __name__ == "__main__":
    main()
