"""Whose pages may open the socket of Streamlit: our own, and what Streamlit's settings allow."""

import asyncio
from typing import Any, cast

import pytest
import streamlit as st

from ui.foreign_pages import ForeignPages


def passed_on(kind: str, host: str, origin: str | None) -> bool:
    """Whether a request reaches Streamlit; one that does not is closed, and nothing else happens."""
    sent: list[Any] = []
    reached: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    scope = {"type": kind, "path": "/_stcore/stream", "headers": headers}
    asyncio.run(ForeignPages(app)(scope, cast(Any, None), send))
    assert [message["type"] for message in sent] == ([] if reached else ["websocket.close"])
    return bool(reached)


@pytest.mark.parametrize(
    ("host", "origin", "ours"),
    [
        ("10.0.0.5:8501", "http://10.0.0.5:8501", True),
        ("DMF.example.org", "https://dmf.example.org", True),
        ("10.0.0.5:8501", "http://localhost:3000", True),  # as Streamlit has it
        ("10.0.0.5:8501", None, True),  # a program; browsers send it
        ("10.0.0.5:8501", "http://evil.example", False),
        ("10.0.0.5:8501", "http://evil.example/10.0.0.5:8501", False),
        ("10.0.0.5:8501", "http://10.0.0.5:9999", False),
        ("dmf.example.org", "https://evil-dmf.example.org", False),
        ("dmf.example.org", "https://dmf.example.org.evil.example", False),
        ("10.0.0.5:8501", "null", False),
        ("10.0.0.5:8501", "", False),
        ("10.0.0.5:8501", "http://[", False),
    ],
)
def test_foreign_page_opens_no_socket_of_the_dashboard(host: str, origin: str | None, ours: bool) -> None:
    assert passed_on("websocket", host, origin) is ours
    assert passed_on("http", host, origin)  # reading is Streamlit's own matter


def test_settings_of_streamlit_allow_other_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "server.enableCORS": True,
        "server.corsAllowedOrigins": ["https://lab.example"],
        "browser.serverAddress": "x.example",
    }
    monkeypatch.setattr(st, "get_option", settings.__getitem__)
    for origin in ("https://lab.example", "http://x.example:80"):
        assert passed_on("websocket", "10.0.0.5:8501", origin)
    settings["server.enableCORS"] = False
    assert passed_on("websocket", "10.0.0.5:8501", "http://evil.example")
