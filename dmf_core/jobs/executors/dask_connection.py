"""Connection: one client of a dask scheduler, and the queue through which its workers answer."""

import asyncio
import contextlib
import importlib.util
import logging
import pickle
import re
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from dmf_core.errors import BadInput
from dmf_core.jobs.executors import dask_worker
from dmf_core.jobs.executors.base import Message, Task

# Snapshots travel through a queue of the scheduler. Measured on one machine, snapshots of 10 and of 300 kB every 30 ms: a queue
# 1.2 and 2.1 ms from worker to client (median), topics 1.0 and 1.7 ms, an actor 2.5 and 2.9 ms, a remote call to the worker
# 2.7 and 2.8 ms; all are far below the 30 ms between two snapshots. Topics keep their last 1,000 messages in the
# memory of the scheduler (300 MB of snapshots, somebody's data among them), actors and calls must be asked again and again and
# lose what a worker has not handed over when it dies. A queue holds what nobody has fetched yet, and nothing else.

log = logging.getLogger(__name__)

ADDRESS = re.compile(r"(tcp|tls|ws|wss)://[^\s/]+:\d+")
CONNECT_SECONDS = 10.0  # to reach the scheduler; then the attempt has failed
ANSWER_SECONDS = 10.0  # for a question to the scheduler
FAREWELL = 3.0  # seconds that dask may take to close its client
LOST = (OSError, RuntimeError, ValueError)  # what dask raises when a scheduler or a worker does not answer
STOP = ""  # the key of the message that ends the receiver

Member = tuple[str, str]  # address, folder: a worker that starts again at the same address has another folder


def check_address(address: str) -> None:
    """Raises BadInput when it is no address, or when dask is not installed."""
    if not ADDRESS.fullmatch(address):
        raise BadInput(f"{address[:60]} is no address of a scheduler; write one as tcp://host:8786 or tls://host:8786.")
    if importlib.util.find_spec("distributed") is None:
        raise BadInput("A cluster needs the package distributed; install it with: pip install '.[cluster]'.")


class Connection:
    """Raises what dask raises where the scheduler cannot be reached. `broken` is set when it has been lost: for good."""

    def __init__(self, address: str) -> None:
        import dask.config

        dask.config.set({"logging": {"distributed": "critical"}})  # lost connections are this program's to report
        from distributed import Client, Queue

        self.broken = threading.Event()
        self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="dmf-lab")
        self._stream = Queue(f"dmf-{uuid4().hex}", client=self._client)
        self._futures: dict[str, Any] = {}  # by key; those under way

    def workers(self) -> dict[Member, str]:
        """The names of all workers. Raises OSError or TimeoutError."""
        if self._client.status != "running":
            raise OSError("the connection is closed")
        identity = self._client.sync(self._client.scheduler.identity, callback_timeout=ANSWER_SECONDS)
        return {(address, each["local_directory"]): str(each["name"]) for address, each in identity["workers"].items()}

    def introduce(self, member: Member, simulate: str, then: Callable[[Any], None]) -> None:
        """Calls `then` from any thread with the worker's `Introduction`, or with the exception that it raised."""
        key = f"dmf-introduction-{uuid4().hex}"
        future = self._submit(key, member, dask_worker.introduction, simulate)

        def answered(_: Any) -> None:
            self._futures.pop(key, None)
            if future.status in ("finished", "error"):
                then(future.result() if future.status == "finished" else future.exception())

        future.add_done_callback(answered)

    def begin(self, key: str, task: Task, member: Member, failed: Callable[[str], None]) -> None:
        """Sends a task to this worker and to no other: if it dies, the task does not begin on another worker.

        `failed`: called from any thread where the task raised, or was cancelled by somebody else; what it has sent comes first.
        """
        sealed = dask_worker.Sealed(pickle.dumps(task, protocol=5))
        future = self._submit(key, member, dask_worker.perform, key, sealed, self._stream.name)

        def ended(_: Any) -> None:
            if future.status == "error":
                failed(f"its task raised {type(future.exception()).__name__}")
            elif future.status != "finished" and key in self._futures:
                self.broken.set()  # dask cancels every task of a client whose connection was lost

        future.add_done_callback(ended)

    def forget(self, key: str) -> None:
        """Drops the future of a task that has ended."""
        self._futures.pop(key, None)

    def abandon(self, key: str) -> None:
        """Nobody waits for the task any more: the scheduler forgets it. Waits for the scheduler."""
        future = self._futures.pop(key, None)
        if future is not None:
            with contextlib.suppress(*LOST):
                future.cancel()

    def cancel(self, key: str, member: Member) -> None:
        """Asks a task to end where it is. Waits for the answer of its worker."""
        with contextlib.suppress(*LOST):
            self._client.run(dask_worker.cancel, key, workers=[member[0]], on_error="ignore")

    def restart(self, member: Member) -> None:
        """Ends a worker process by force, where a nanny can start it again. Waits until that is done."""
        with contextlib.suppress(*LOST):
            self._client.restart_workers([member[0]], timeout=ANSWER_SECONDS, raise_for_error=False)

    def say(self, key: str, message: Message) -> None:
        """Puts a message behind all that the workers have sent."""
        try:
            self._stream.put((key, pickle.dumps(message, protocol=5)))
        except LOST:
            self.broken.set()

    def receive(self) -> tuple[str, Message] | None:
        """Waits for the next message of a task. None: there will be none, the connection is broken or was closed."""
        try:
            key, content = self._stream.get()
        except (*LOST, asyncio.CancelledError):
            key = STOP
        except Exception:  # whatever else the end of a scheduler, or of its queue, makes of it
            if not self.broken.is_set():
                log.exception("The messages of the cluster cannot be received any more.")
            key = STOP
        if key == STOP:
            self.broken.set()
            return None
        message: Message = pickle.loads(content)
        return key, message

    def close(self) -> None:
        """Cancels every task. Does not wait for the scheduler."""
        self._futures.clear()
        self.broken.set()
        try:
            self._stream.close()
            self._client.close(timeout=FAREWELL)
        except (*LOST, asyncio.CancelledError):
            pass  # it is gone already
        except Exception:
            log.exception("The connection to the cluster was not closed in order.")

    def _submit(self, key: str, member: Member, function: Callable[..., Any], *arguments: Any) -> Any:
        address = [member[0]]
        future = self._client.submit(function, *arguments, key=key, workers=address, allow_other_workers=False, pure=False)
        self._futures[key] = future
        return future
