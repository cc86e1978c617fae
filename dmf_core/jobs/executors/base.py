"""Executor: the place where runs are computed, and all that the queue knows of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from dmf_core.jobs.messages import Answers, Assessed, Batch, Events, Explain, Explained, Failed, FromWorker, Run
from dmf_core.trajectory import End

Task = Run | Explain | Batch


@dataclass(frozen=True)
class Lost:
    """Instead of a last message: the worker died, or was killed."""

    why: str  # for a person, for example "killed by SIGKILL"
    begun: bool  # False: it died before the task began, so the task was not the reason


Message = FromWorker | Lost
Listener = Callable[[Message], None]


class Execution(Protocol):
    """One task that an executor has accepted."""

    def cancel(self) -> None:
        """Asks the task to end where it is; its last message still comes. Does nothing after that message."""

    def kill(self) -> None:
        """Ends it by force; `Lost` is its last message. Does nothing after its last message."""


class Executor(Protocol):
    """Computes tasks. Every method may be called from any thread, and none waits for a task.

    The messages of a task reach its listener one after the other, from a thread of the executor that holds no lock: `Begun`,
    then what `is_last` describes, exactly once. A task that was accepted always gets a last message.
    """

    @property
    def size(self) -> int:
        """Tasks that are computed at once when every worker lives."""

    @property
    def room(self) -> int:
        """Tasks that would begin at once if they were submitted now."""

    def open(self, on_room: Callable[[], None], on_broken: Callable[[str], None]) -> None:
        """Starts the workers. `on_room`: there may be room now. `on_broken`: no worker comes to life; a
        sentence says why and what to do."""

    def submit(self, task: Task, listen: Listener) -> Execution | None:
        """Begins a task. None, and nothing happens, when there is no room. To begin a batch, submit while there is room."""

    def close(self) -> None:
        """Ends every worker and every task. Waits a moment for the last messages."""


def is_last(message: Message) -> bool:
    """True for the last message of a task."""
    match message:
        case Events(events):
            return isinstance(events[-1], End)
        case Explained(insight):
            return insight is None
        case Answers(last=last):
            return last
        case Failed() | Assessed() | Lost():
            return True
    return False
