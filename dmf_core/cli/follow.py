"""Watches a run: a bar on a terminal, and Ctrl-C that keeps what was computed."""

import contextlib
import math
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

from dmf_core.analysis.accuracy import assessed, outline
from dmf_core.analysis.replay import returned
from dmf_core.cost import estimate
from dmf_core.inputs import Inputs
from dmf_core.prepare import shape_of, typical_entry
from dmf_core.simulate import Cancelled, simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Accuracy, Builder, Event, Progress, Snapshot, Start, Trajectory

Work = Callable[[RunSpec, Inputs], Generator[Event, None, None]]
Estimate = Callable[[Trajectory, RunSpec, Inputs], Accuracy | None]


def follow(spec: RunSpec, inputs: Inputs, work: Work = simulate) -> Trajectory:
    """The whole run; after Ctrl-C the part up to there. Raises BadInput; a second Ctrl-C raises KeyboardInterrupt.

    `work`: yields its events, here or elsewhere.
    """
    share = Share(spec, inputs)
    return watch(work(spec, inputs), lambda now: (share.of(now), _where(now)))


def accuracy_here(run: Trajectory, spec: RunSpec, inputs: Inputs) -> Accuracy | None:
    """How accurate a run is, computed by this process."""
    return returned(assessed(spec, inputs, outline(run)))


def assess(run: Trajectory, spec: RunSpec, inputs: Inputs, accuracy_of: Estimate = accuracy_here) -> Trajectory:
    """The run with its accuracy; Ctrl-C leaves the estimate out, and keeps the run."""
    with contextlib.suppress(KeyboardInterrupt):
        return replace(run, accuracy=accuracy_of(run, spec, inputs))
    return run


def _where(now: Progress | Snapshot) -> str:
    plateau = f"; {now.plateau}" if isinstance(now, Progress) and now.plateau else ""
    return f"t = {now.t:.4g}, error {now.loss:.2g}{plateau}"


def watch(events: Generator[Event, None, None], described: Callable[[Progress | Snapshot], tuple[float, str]]) -> Trajectory:
    """The trajectory of these events, with a bar that shows the share done and the words that `described` gives."""
    builder = Builder()
    with _interrupts() as interrupted, _bar() as show:
        for event in _until(events, interrupted):
            builder.add(event)
            if isinstance(event, Progress | Snapshot):
                show(*described(event))
    trajectory = builder.trajectory()
    assert trajectory is not None  # every run yields its start and a first snapshot
    return trajectory


class Share:
    """How much of a run is done, guessed from its stopping rule."""

    def __init__(self, spec: RunSpec, inputs: Inputs) -> None:
        self._stop = spec.stop
        self._gradients = max(1, estimate(spec, shape_of(spec, inputs), typical_entry(spec, inputs)).gradients)
        self._first: float | None = None

    def of(self, now: Progress | Snapshot) -> float:  # between 0 and 1
        """The furthest of what the rules say; the estimate of the cost counts for at most 0.95."""
        stop, shares = self._stop, [min(0.95, now.gradients / self._gradients)]
        if self._first is None:
            self._first = now.loss
        enough = max(stop.loss or 0.0, (stop.relative_loss or 0.0) * self._first)  # a small start has the loss of W = 0, about
        if enough > 0 and now.loss > 0 and self._first > enough:
            shares.append(math.log(self._first / now.loss) / math.log(self._first / enough))
        if stop.time is not None:
            shares.append(now.t / stop.time)
        if stop.iterations is not None:
            shares.append(now.iteration / stop.iterations)
        return min(1.0, max(0.0, *shares))


def _until(events: Generator[Event, None, None], interrupted: Callable[[], bool]) -> Iterator[Event]:
    """The events; an interrupt ends the run at its next step."""
    for event in events:
        yield event
        if interrupted():
            if isinstance(event, Start):
                raise KeyboardInterrupt
            if isinstance(event, Progress):
                yield events.throw(Cancelled())  # the answer is the first of its last events


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C is only noted; the second one is an ordinary one."""
    noted: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        if noted:
            raise KeyboardInterrupt
        noted.append(number)

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # ignored, or of another program
        yield lambda: False
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(noted)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _bar() -> Iterator[Callable[[float, str], None]]:
    """A progress bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda share, words: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (BarColumn(), TextColumn("{task.percentage:3.0f} %"), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda share, words: bar.update(task, completed=share, description=words)
