"""One run that an executor computes, event by event, as `simulate` yields them; and its accuracy."""

import queue
from collections.abc import Generator

from dmf_core.analysis.accuracy import outline
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.jobs.executors.base import Execution, Executor, Lost, Message, Task, is_last
from dmf_core.jobs.messages import Assessed, Events, Explain, Failed, Run
from dmf_core.jobs.unfinished import lost, with_end
from dmf_core.simulate import Cancelled
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Accuracy, Builder, Event, Outcome, Progress, Trajectory

SIMULATE = "dmf_core.simulate:simulate"
TRIES = 3  # of a run whose worker died before it began, or whose cluster went away


class Remote:
    """An executor that computes for one caller, who waits. It is opened here, and closed at the end of `with`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._news: queue.SimpleQueue[Message | None] = queue.SimpleQueue()  # None: there is room
        self._broken: list[str] = []

    def __enter__(self) -> "Remote":
        self._executor.open(lambda: self._news.put(None), self._fail)
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.close()

    def events(self, spec: RunSpec, inputs: Inputs) -> Generator[Event, None, None]:
        """The events of a run; `Cancelled` thrown in ends it where it is. Raises BadInput where nothing can be computed."""
        task = Run(spec.to_json(), inputs, SIMULATE)
        for _ in range(TRIES):
            builder, execution, progress = Builder(), self._begun(task), None
            while True:
                message = self._news.get()
                match message:
                    case Events(events):
                        for event in events:
                            builder.add(event)
                            progress = event if isinstance(event, Progress) else progress
                            try:
                                yield event
                            except Cancelled:
                                execution.cancel()
                    case Failed(sentence):
                        raise BadInput(sentence)
                    case Lost(why, begun):
                        partial = with_end(builder.trajectory(), Outcome.FAILED, lost(why, progress))
                        if partial is not None and partial.end is not None and begun:
                            yield partial.end
                            return
                        break
                if message is not None and is_last(message):
                    return
        raise BadInput("The run was lost three times before it could be computed; look at the logs of the workers.")

    def accuracy(self, run: Trajectory, spec: RunSpec, inputs: Inputs) -> Accuracy | None:
        """How accurate a run is that has ended; None where that is not known."""
        t, iteration = run.column("t"), run.column("iteration")
        self._begun(Explain(spec.to_json(), inputs, t, iteration, outline(run), "No theory is wanted here."))
        while True:
            message = self._news.get()
            if message is not None and is_last(message):
                return message.accuracy if isinstance(message, Assessed) else None

    def _begun(self, task: Task) -> Execution:
        """The execution of a task, as soon as the executor has room for it. Waits."""
        while True:
            execution = self._executor.submit(task, self._news.put)
            if execution is not None:
                return execution
            if self._broken:
                raise BadInput(self._broken[0])
            self._news.get()

    def _fail(self, why: str) -> None:
        self._broken.append(why)
        self._news.put(None)
