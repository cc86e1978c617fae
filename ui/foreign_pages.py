"""ASGI middleware: the socket of Streamlit is for pages of this server, and so are Streamlit's own numbers.

For an origin that it does not know, Streamlit asks a server outside for the address of this machine, on the event loop, for up to
two seconds, and again at the next one: a page that repeats it stops everybody else's. So foreign pages are refused before.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import streamlit as st
from starlette.datastructures import Headers

from dmf_core.events import refused
from ui.lecture.addresses import split_address

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]
LOCAL = frozenset({"localhost", "127.0.0.1", "0.0.0.0"})  # which Streamlit takes for its own
POLICY = 1008  # of a socket that is closed; before it is accepted the browser sees 403


class ForeignPages:
    """Passes on what is no socket, and the sockets of our pages and of programs, which send no origin."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and not _ours(Headers(scope=scope)):
            refused("page", "origin")
            await send({"type": "websocket.close", "code": POLICY})
            return
        await self._app(scope, receive, send)


def _ours(headers: Mapping[str, str]) -> bool:
    """As Streamlit decides where it needs nobody outside: the host, this computer, or what its settings allow."""
    origin = headers.get("origin")
    if origin is None or not st.get_option("server.enableCORS"):
        return True
    parts = split_address(origin)
    if parts is None:
        return False
    given = [str(st.get_option("browser.serverAddress") or ""), *st.get_option("server.corsAllowedOrigins")]
    allowed = LOCAL | {_name(each) for each in given}
    return parts.netloc.lower() == headers.get("host", "").lower() or (parts.hostname or "") in allowed - {""}


def _name(address: str) -> str:
    parts = split_address(address if "://" in address else f"http://{address}")
    return (parts.hostname or "") if parts is not None else ""
