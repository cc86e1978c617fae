"""ASGI middleware in front of Streamlit: everything below /live, and nothing else.

It answers only hosts that are this machine, connects only its own pages, and never computes for a request.
"""

import asyncio
import contextlib
import gzip
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from dmf_core import limits
from dmf_core.events import refused
from ui.figures.qr import qr_code
from ui.lecture import pages
from ui.lecture.addresses import public_url
from ui.lecture.follower import Follower
from ui.lecture.guard import Tries, host_allowed, origin_allowed, own_names
from ui.lecture.hall import Hall, Refused
from ui.lecture.keys import is_code
from ui.lecture.live_room import LiveRoom
from ui.lecture.polling import Polls
from ui.lecture.rich_text import inline, plain
from ui.lecture.room import Room

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

RUN = re.compile(r"/run/([0-9a-f]{64})(?:/until/(\d{1,5}))?(?:/to/(\d{1,15}(?:\.\d{1,15})?))?")
POLL = re.compile(r"/([^/]{1,20})/poll(?:/([\w-]{22})(/say)?)?")
PAGES = {"": "follow", "/present": "present", "/desk": "desk"}
IMMUTABLE = {"cache-control": "public, max-age=31536000, immutable"}
FRESH = {"cache-control": "no-store"}
GONE = (WebSocketDisconnect, RuntimeError, OSError)  # what Starlette and servers raise when the other end has closed; timeouts
UNKNOWN, TOO_MANY, FOREIGN = 4404, 4429, 4403  # of sockets, after which no page tries again by itself


class Live:
    """`hall` gives the open hall; None while there is none, and then everything goes on to Streamlit."""

    def __init__(self, app: App, hall: Callable[[], Hall | None], base: str = "") -> None:
        self._app, self._hall = app, hall
        self._base = f"/{base.strip('/')}" if base.strip("/") else ""
        self._tries = Tries()
        self._polls = Polls()

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        hall = self._hall()
        path = scope.get("path", "").removeprefix(self._base)
        if hall is None or scope["type"] not in ("http", "websocket") or not re.match(r"/live(/|$)", path):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            request = Request(scope, receive)
            rest = path.removeprefix("/live").rstrip("/")
            polled = POLL.fullmatch(rest) if request.method == "POST" else None
            response = await self._poll(hall, request, *polled.groups()) if polled else self._answer(hall, request, rest)
            response.headers.update(_headers(request.headers.get("host", "")))
            await response(scope, receive, send)
        else:
            await self._socket(hall, WebSocket(scope, receive, send), path.removeprefix("/live"))

    # HTTP ------------------------------------------------------------------------------------------------------------

    def _answer(self, hall: Hall, request: Request, path: str) -> Response:
        if not host_allowed(request.headers.get("host", ""), own_names(public_url())):
            refused("page", "host")
            return _plain("This address is no address of this server.", 421)
        if request.method not in ("GET", "HEAD"):
            return _plain("Only reading is possible here.", 405)
        if path == "":
            return self._page("enter", "Follow a lecture")
        if path.startswith("/static/"):
            asset = pages.assets().get(path.removeprefix("/static/"))
            return _plain("There is no such file.", 404) if asset is None else _packed(asset.packed, asset.kind)
        code, _, rest = path[1:].partition("/")
        return self._room_page(hall, request, code.upper(), f"/{rest}" if rest else "")

    def _room_page(self, hall: Hall, request: Request, code: str, rest: str) -> Response:
        caller = request.client.host if request.client else ""
        if not self._tries.allowed(caller):
            refused("page", "tries")
            return _plain("Too many codes that are no room's were tried from here; wait a minute.", 429)
        live = hall.live.get(code) if is_code(code) else None
        if live is None:
            self._tries.note(caller)
            return self._page("enter", f"There is no room {code[:8]}", code[:8], 404)
        if run := RUN.fullmatch(rest):
            return _run(
                hall, live.room, run[1], None if run[2] is None else int(run[2]), None if run[3] is None else float(run[3])
            )
        if rest == "/qr.svg":
            image = qr_code(f"{live.address}/{code}") if live.address else None
            return Response(image, media_type="image/svg+xml", headers=FRESH) if image else _plain("There is no address.", 404)
        if rest not in PAGES:
            return _plain("There is no such page.", 404)
        return self._page(PAGES[rest], f"{plain(inline(live.room.lecture.title))} · {code}", code)

    def _page(self, entry: str, title: str, code: str = "", status: int = 200) -> Response:
        body = gzip.compress(pages.page(entry, self._base, title, code), 6, mtime=0)
        return Response(body, status, {"cache-control": "no-cache", "content-encoding": "gzip"}, "text/html; charset=utf-8")

    # Sockets ---------------------------------------------------------------------------------------------------------

    async def _socket(self, hall: Hall, socket: WebSocket, path: str) -> None:
        """One connection from its beginning to its end."""
        code, _, rest = path[1:].partition("/")
        live, refusal, why = self._admitted(hall, socket, code if rest == "ws" else "")
        if live is None:
            refused("socket", why)
            await socket.accept()  # refused before, a browser would not learn why
            await socket.close(refusal)
            return
        await socket.accept()
        follower = Follower()
        hall.connections += 1
        hall.join(live, follower)
        parts = [
            asyncio.ensure_future(each)
            for each in (follower.deliver(socket.send_text), _listen(hall, live, follower, socket), follower.gone.wait())
        ]
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            hall.connections -= 1
            hall.leave(live, follower)
            for part in parts:
                part.cancel()
            for result in await asyncio.gather(*parts, return_exceptions=True):
                if isinstance(result, Exception) and not isinstance(result, GONE):
                    log.error("A connection to room %s ended with an error.", live.room.code, exc_info=result)
            with contextlib.suppress(*GONE):
                async with asyncio.timeout(1.0):
                    await socket.close(UNKNOWN if live.room.code not in hall.live else 1000)

    async def _poll(self, hall: Hall, request: Request, code: str, token: str | None, say: str | None) -> Response:
        """A request in place of a socket: without a token it opens a connection, else it says something or waits for news."""
        live, refusal, why = self._admitted(hall, request, code, known=self._polls.knows(token))
        if live is None:
            refused("poll", why)
            return _plain("", refusal - 4000)
        if token is None:
            status, text = self._polls.open(hall, live)
        elif say is None:
            status, text = await self._polls.listen(hall, live, token, request)
        else:
            status, text = await self._polls.say(hall, live, token, request)
        return _plain(text, status)

    def _admitted(
        self, hall: Hall, connection: HTTPConnection, code: str, known: bool = False
    ) -> tuple[LiveRoom | None, int, str]:
        """The room; without one the code with which a socket is closed, and why. `known`: it was let in before."""
        host = connection.headers.get("host", "")
        if not host_allowed(host, own_names(public_url())):
            return None, FOREIGN, "host"
        if not origin_allowed(connection.headers.get("origin"), host, public_url()):
            return None, FOREIGN, "origin"
        caller = connection.client.host if connection.client else ""
        if not known and hall.connections >= limits.LECTURE_CONNECTIONS:
            return None, TOO_MANY, "connections"
        if not known and not self._tries.allowed(caller):
            return None, TOO_MANY, "tries"
        live = hall.live.get(code.upper())
        if live is None:
            self._tries.note(caller)
        return live, UNKNOWN, "no room"


async def _listen(hall: Hall, live: LiveRoom, follower: Follower, socket: WebSocket) -> None:
    """Until the other end is gone, or has sent what no page of ours sends."""
    with contextlib.suppress(WebSocketDisconnect, Refused):
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None or len(text) > limits.LECTURE_MESSAGE_BYTES:
                refused("message", "too long")
                return
            hall.receive(live, follower, text)


def _run(hall: Hall, room: Room, digest: str, until: int | None, ends: float | None) -> Response:
    """The packed run, as far as this room may know it; other rooms that show it are at other scenes."""
    if not room.has_run(digest):
        return _plain("This room does not show this run.", 404)
    if not room.may_know(digest, until):
        refused("run", "not yet")
        return _plain("The room is still to predict this.", 403)
    body = hall.book.body(digest, until, ends)
    if body is None:
        busy = hall.book.run(digest) is None
        return _plain("The run is being made." if busy else "There is no such part.", 503 if busy else 404)
    return _packed(body, "application/json")


def _packed(body: bytes, kind: str) -> Response:
    return Response(body, headers={"content-encoding": "gzip", **IMMUTABLE}, media_type=kind)


def _plain(text: str, status: int) -> Response:
    return Response(text, status, {**FRESH, **({"retry-after": "1"} if status == 503 else {})}, "text/plain")


def _headers(host: str) -> dict[str, str]:
    """Strict: our own files only. Styles may stand in elements, because the player moves things by them."""
    own = host if re.fullmatch(r"[\w.:\[\]-]+", host) else ""
    socket = f" ws://{own} wss://{own}" if own else ""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"connect-src 'self'{socket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
    }
