"""Streamlit's scripts, answered from memory."""

import gzip
from typing import Any

import pytest

from ui.streamlit_patches.packed_scripts import Scripts, packed
from ui.streamlit_patches.preload import SCRIPTS, scripts

NAME = scripts()[0]


def answered(path: str, method: str = "GET", **headers: str) -> tuple[dict[bytes, bytes], bytes] | None:
    """What a browser gets; None where the application behind has to answer."""
    passed, sent = [], []

    async def application(*_: Any) -> None:
        passed.append(True)

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": named}
    with pytest.raises(StopIteration):
        Scripts(application)(scope, receive, send).send(None)  # type: ignore[arg-type]
    return None if passed else (dict(sent[0]["headers"]), sent[1]["body"])


@pytest.mark.parametrize("path", [f"/static/js/{NAME}", f"/below/static/js/{NAME}"])
def test_script_is_answered_packed_and_for_ever(path: str) -> None:
    answer = answered(path, accept_encoding="gzip, deflate, br")
    assert answer is not None
    headers, body = answer
    assert gzip.decompress(body) == (SCRIPTS / NAME).read_bytes()
    assert int(headers[b"content-length"]) == len(body)
    assert headers[b"content-type"] == b"application/javascript"
    assert b"immutable" in headers[b"cache-control"]


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        (f"/static/js/{NAME}", "GET", {}),
        (f"/static/js/{NAME}", "GET", {"accept_encoding": "br"}),
        (f"/static/js/{NAME}", "HEAD", {"accept_encoding": "gzip"}),
        (f"/static/js/{NAME}", "GET", {"accept_encoding": "gzip", "range": "bytes=0-3"}),
        ("/static/js/nothing.js", "GET", {"accept_encoding": "gzip"}),
        ("/static/js/../index.html", "GET", {"accept_encoding": "gzip"}),
        (f"/media/{NAME}", "GET", {"accept_encoding": "gzip"}),
        ("/", "GET", {"accept_encoding": "gzip"}),
    ],
)
def test_all_else_is_left_to_the_application(path: str, method: str, headers: dict[str, str]) -> None:
    assert answered(path, method, **headers) is None


def test_packed_scripts_are_made_once() -> None:
    assert packed(NAME) is packed(NAME)
    assert packed("nothing.js") is None
