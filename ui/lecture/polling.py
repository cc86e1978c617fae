"""Followers where no WebSocket can be had: the same messages by requests of HTTP, one of which always waits for news."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request

from dmf_core import limits
from dmf_core.events import refused
from ui.lecture.follower import SEND_SECONDS, Follower
from ui.lecture.hall import Hall, Refused
from ui.lecture.live_room import LiveRoom

HANG_SECONDS = 2.0  # a request waits for news at most: where the end of a server is not noticed, it still ends within 3 s
AWAY_SECONDS = 10.0  # between two requests; a phone that takes longer has left
Answer = tuple[int, str]  # status and text; messages are lines, because no JSON text holds a line break


@dataclass(eq=False)
class Polled:
    """One follower and its requests."""

    live: LiveRoom
    follower: Follower = field(default_factory=Follower)
    listening: bool = False
    _timer: asyncio.TimerHandle | None = None

    @contextmanager
    def present(self) -> Iterator[None]:
        """During a request; after it the time until the next one is limited."""
        self.stop_timer()
        self.listening = True
        try:
            yield
        finally:
            self.listening = False
            self.start_timer()

    def start_timer(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(AWAY_SECONDS, self.follower.gone.set)

    def stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class Polls:
    """All of a server, by a token that only the browser of the follower knows. Belongs to the event loop."""

    def __init__(self) -> None:
        self._followers: dict[str, Polled] = {}
        self._ends: set[asyncio.Task[None]] = set()

    def knows(self, token: str | None) -> bool:
        return token in self._followers

    def open(self, hall: Hall, live: LiveRoom) -> Answer:
        """A new follower; the text is its token."""
        token, polled = secrets.token_urlsafe(16), Polled(live)
        self._followers[token] = polled
        hall.connections += 1
        hall.join(live, polled.follower)
        polled.start_timer()
        end = asyncio.ensure_future(self._end(hall, token, polled))
        self._ends.add(end)
        end.add_done_callback(self._ends.discard)
        return 200, token

    async def listen(self, hall: Hall, live: LiveRoom, token: str, request: Request) -> Answer:
        """What is new, as soon as something is; after HANG_SECONDS nothing; 503 at once where the server ends."""
        polled = self._known(live, token)
        if polled is None:
            return 410, ""
        if polled.listening:
            return 409, ""
        follower = polled.follower
        with polled.present():
            news = asyncio.ensure_future(follower.waiting())
            ends = (follower.gone.wait(), hall.ending.wait(), _left(request, follower))
            parts = [news, *map(asyncio.ensure_future, ends)]
            try:
                await asyncio.wait(parts, timeout=HANG_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                texts = news.result() if news.done() else []
            finally:
                for part in parts:
                    part.cancel()
                await asyncio.gather(*parts, return_exceptions=True)
        if texts or not (follower.gone.is_set() or hall.ending.is_set()):
            return 200, "\n".join(texts)
        return (410 if follower.gone.is_set() else 503), ""

    async def say(self, hall: Hall, live: LiveRoom, token: str, request: Request) -> Answer:
        """Messages of the follower, each heard as one of a socket."""
        polled = self._known(live, token)
        if polled is None:
            return 410, ""
        text = await _body(request)
        try:
            if text is None:
                refused("message", "too long")
                raise Refused
            for line in text.split("\n"):
                hall.receive(live, polled.follower, line)
        except Refused:
            polled.follower.gone.set()
            return 410, ""
        return 204, ""

    def _known(self, live: LiveRoom, token: str) -> Polled | None:
        """A token is worth nothing in another room."""
        polled = self._followers.get(token)
        return polled if polled is not None and polled.live is live and not polled.follower.gone.is_set() else None

    async def _end(self, hall: Hall, token: str, polled: Polled) -> None:
        await polled.follower.gone.wait()
        polled.stop_timer()
        del self._followers[token]
        hall.connections -= 1
        hall.leave(polled.live, polled.follower)


async def _left(request: Request, follower: Follower) -> None:
    """Waits until the other end has closed the request; then the follower is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    follower.gone.set()


async def _body(request: Request) -> str | None:
    """The text of a request; None where it is too long, comes too slowly or breaks off."""
    body = b""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > limits.LECTURE_MESSAGE_BYTES:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return body.decode("utf-8", "replace")
