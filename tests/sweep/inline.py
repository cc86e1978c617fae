"""An executor that computes in this process and dies where a test wants it to."""

from collections.abc import Callable

from dmf_core.jobs.executors.base import Listener, Lost, Task
from dmf_core.jobs.messages import Answers, Batch, Begun
from dmf_core.jobs.worker import function_of
from dmf_core.spec import RunSpec


class Inline:
    """An `Executor` with one worker, which is this thread."""

    size, room = 1, 1

    def __init__(self, deadly: frozenset[str] = frozenset(), most: int = 1 << 30) -> None:
        """`deadly`: digests of runs that kill the worker; `most`: a batch is cut off after so many runs, as by a kill."""
        self.computed: list[str] = []
        self._deadly, self._most = deadly, most

    def open(self, on_room: Callable[[], None], on_broken: Callable[[str], None]) -> None: ...

    def submit(self, task: Task, listen: Listener) -> "Inline":
        assert isinstance(task, Batch)
        listen(Begun())
        answers = []
        for spec in map(RunSpec.from_json, task.specs):
            if spec.digest() in self._deadly or len(self.computed) >= self._most:
                listen(Answers(tuple(answers), last=False))
                listen(Lost("killed by SIGKILL", begun=True))
                return self
            self.computed.append(spec.digest())
            answers += [answer for answer in function_of(task.work)([spec], task.inputs) if answer is not None]
        listen(Answers(tuple(answers), last=True))
        return self

    def cancel(self) -> None: ...

    def kill(self) -> None: ...

    def close(self) -> None: ...
