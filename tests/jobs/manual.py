"""An executor whose tasks end when a test says so."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dmf_core.jobs.executors.base import Listener, Message, Task


@dataclass(eq=False)
class Given:
    """A task that was accepted."""

    task: Task
    listen: Listener
    executor: "Manual"
    cancelled: int = 0

    def cancel(self) -> None:
        self.cancelled += 1

    def kill(self) -> None: ...

    def end(self, message: Message) -> None:
        """Its last message."""
        self.executor.busy.remove(self)
        self.listen(message)
        self.executor.on_room()


@dataclass(eq=False)
class Manual:
    """An `Executor` of this size."""

    size: int = 2
    busy: list[Given] = field(default_factory=list)
    accepted: list[Given] = field(default_factory=list)
    on_room: Callable[[], None] = lambda: None

    @property
    def room(self) -> int:
        return self.size - len(self.busy)

    def open(self, on_room: Callable[[], None], on_broken: Callable[[str], None]) -> None:
        self.on_room = on_room

    def submit(self, task: Task, listen: Listener) -> Given | None:
        if not self.room:
            return None
        given = Given(task, listen, self)
        self.busy.append(given)
        self.accepted.append(given)
        return given

    def close(self) -> None: ...
