"""One who follows: what it is yet to be sent, the newest of each topic only, so that a slow phone never makes a queue."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from dmf_core import limits
from ui.lecture.messages import Role

SEND_SECONDS = 5.0  # a socket that takes nothing for so long is dropped
FASTER = 6  # a presenter scrubs: so many times the messages of a phone


@dataclass(eq=False)
class Follower:
    """Belongs to the event loop of the server."""

    role: Role | None = None  # None: audience
    voter: str | None = None
    token: str = ""  # that the browser stores, with which it is the same voter again
    heard: float = field(default_factory=time.monotonic)  # time of its last message
    wrong_keys: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)  # the connection is to be closed
    _newest: dict[str, str] = field(default_factory=dict)
    _something: asyncio.Event = field(default_factory=asyncio.Event)
    _allowance: float = limits.LECTURE_MESSAGES

    def offer(self, topic: str, text: str) -> None:
        """To be sent; replaces what of this topic was not sent yet."""
        self._newest[topic] = text
        self._something.set()

    def may_speak(self, now: float) -> bool:
        """False: it has sent more than its allowance, and the message is not read. `now`: time.monotonic()."""
        rate = limits.LECTURE_MESSAGES * (FASTER if self.role else 1)
        self._allowance = min(float(rate), self._allowance + (now - self.heard) * rate)
        self.heard = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    async def waiting(self) -> list[str]:
        """What is to be sent, as soon as there is something; the caller sends it."""
        await self._something.wait()
        self._something.clear()
        newest, self._newest = self._newest, {}
        return list(newest.values())

    async def deliver(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Sends until it is cancelled. Raises TimeoutError where the socket takes nothing."""
        while True:
            for text in await self.waiting():
                async with asyncio.timeout(SEND_SECONDS):  # wait_for of Python 3.11 loses a cancellation at this moment
                    await send(text)
