"""ASGI middleware for /metrics and Streamlit's own: for programs on the computer of the server, or all with DMF_METRICS=on."""

import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Literal

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from dmf_core.events import refused
from ui.lecture.addresses import public_url
from ui.lecture.guard import at_the_server

VARIABLE = "DMF_METRICS"
Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]
Audience = Literal["on", "off", "here"]


def audience(environment: Mapping[str, str] = os.environ) -> Audience:
    """Who may read the metrics: everybody, nobody, or (without DMF_METRICS) this computer."""
    text = environment.get(VARIABLE, "").strip().lower()
    return "on" if text == "on" else "off" if text == "off" else "here"


class Metrics:
    """`text` is called on the event loop and gives the page."""

    def __init__(self, app: App, text: Callable[[], bytes], base: str = "") -> None:
        self._app, self._text = app, text
        below = f"/{base.strip('/')}" if base.strip("/") else ""
        self._path, self._streamlits = f"{below}/metrics", f"{below}/_stcore/metrics"

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope.get("path") not in (self._path, self._streamlits):
            return await self._app(scope, receive, send)
        request = Request(scope, receive)
        caller = request.client.host if request.client else ""
        local = at_the_server(caller, dict(request.headers), public_url())
        if audience() == "off" or (audience() == "here" and not local):
            refused("metrics", "not here")
            await Response("There is no such page.", 404, media_type="text/plain")(scope, receive, send)
        elif scope["path"] == self._path:
            await self._answer(request)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return Response("Only reading is possible here.", 405, media_type="text/plain")
        return Response(self._text(), headers={"cache-control": "no-store"}, media_type=CONTENT_TYPE_LATEST)
