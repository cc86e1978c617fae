"""Hints in the head of the first page for Streamlit's own script, so that the first picture is there sooner.

It names the scripts of our widgets: else the browser asks for the script of a kind of widget when the first such widget
has arrived, and for what that script needs when it has been read, two more rounds of requests. And it says where the
server is, and that it may be connected to: else every page but the first is searched for a server below its own name,
with two failed requests, and even the first waits for two answers before it connects.

Buys: a first view in 1.35 s instead of 1.46 s (medians of twelve interleaved rounds, see benchmarks/README.md).
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"
WIDGETS = ("BidiComponent", "Selectbox", "ButtonGroup", "Slider", "NumberInput", "Button", "Html", "Checkbox")
START = (  # HOST_CONFIG, with both values: connect at once instead of after two answers of the server, which then come meanwhile
    "<script>window.__streamlit={BACKEND_BASE_URL:location.origin+location.pathname.replace(/[^/]*$/,''),"
    "HOST_CONFIG:{allowedOrigins:[location.origin],useExternalAuthToken:false}}</script>"
)
FONT = re.compile(rb'<link\s+rel="preload"[^>]*SourceSans[^>]*>\s*')  # 170 kB of a typeface that our theme does not use
NEEDS = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')  # static imports; a lazy one is written import("./..")


class Preload:
    """ASGI middleware: adds the links to the page's head, and touches nothing else."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return await self._app(scope, receive, send)
        headers = dict(scope.get("headers", []))
        if b"text/html" in headers.get(b"accept", b""):  # packed, or not sent at all, a page cannot be added to
            unwanted = (b"accept-encoding", b"if-none-match", b"if-modified-since")
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in unwanted]}
        held: list[Message] = []
        body = bytearray()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                held.append(message)
            elif held and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    page = with_links(bytes(body))
                    others = [pair for pair in held[0]["headers"] if pair[0].lower() not in (b"content-length", b"etag")]
                    await send({**held[0], "headers": [*others, (b"content-length", str(len(page)).encode())]})
                    await send({"type": "http.response.body", "body": page})
            else:
                await send(message)

        await self._app(scope, receive, sending)


def _is_page(start: Message) -> bool:
    headers = {name.lower(): value for name, value in start["headers"]}
    plain = b"content-encoding" not in headers
    return bool(start["status"] == 200 and plain and headers.get(b"content-type", b"").startswith(b"text/html"))


def with_links(page: bytes) -> bytes:
    """The page with START before its first script, a link for every script of WIDGETS that it does not name yet, without FONT."""
    page = FONT.sub(b"", page)
    if b"__streamlit=" not in page:
        page = page.replace(b"<head>", b"<head>" + START.encode(), 1)
    named = [name for name in scripts() if name.encode() not in page]
    links = "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in named)
    return page.replace(b"</head>", links.encode() + b"</head>", 1)


@cache
def scripts() -> tuple[str, ...]:
    """The scripts of WIDGETS and all that they import, by file name; those that this Streamlit does not have are left out."""
    waiting = [file.name for widget in WIDGETS for file in SCRIPTS.glob(f"{widget}.*.js")]
    names: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        file = SCRIPTS / name
        if name not in names and file.is_file():
            names[name] = None
            waiting += NEEDS.findall(file.read_text(encoding="utf-8"))
    return tuple(names)
