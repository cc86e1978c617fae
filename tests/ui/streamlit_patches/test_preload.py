"""The links that the first page gets."""

from typing import Any

import pytest

from ui.streamlit_patches.preload import SCRIPTS, WIDGETS, Preload, scripts, with_links


def answered(content_type: bytes, parts: list[bytes], **headers: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """What a browser gets when the application answers with these parts."""
    plain = [(b"content-type", content_type), (b"content-length", str(sum(map(len, parts))).encode())]
    plain += [(name.replace("_", "-").encode(), value) for name, value in headers.items()]

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": plain})
        for i, part in enumerate(parts):
            await send({"type": "http.response.body", "body": part, "more_body": i + 1 < len(parts)})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with pytest.raises(StopIteration):  # nothing is waited for: one step is all (the browser tests have the event loop)
        Preload(application)(scope, receive, send).send(None)  # type: ignore[arg-type]
    return dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


def test_scripts_hold_every_widget_and_exist() -> None:
    """Fails when another Streamlit names its scripts differently: then the first picture is slower and nobody would know."""
    for widget in WIDGETS:
        assert any(name.startswith(f"{widget}.") for name in scripts()), widget
    assert all((SCRIPTS / name).is_file() for name in scripts())


def test_page_gets_every_link_once() -> None:
    page = (SCRIPTS.parents[1] / "index.html").read_bytes()
    linked = with_links(page)
    for name in scripts():
        assert linked.count(name.encode()) == 1
    assert with_links(linked) == linked
    assert b"SourceSans" in page
    assert b"SourceSans" not in linked
    assert linked.count(b"</head>") == linked.count(b"<script type=") == 1


def test_streamlit_reads_what_the_page_says_first() -> None:
    """Fails when another Streamlit asks for other names: then it connects later and nobody would know."""
    main = b"".join(file.read_bytes() for file in SCRIPTS.glob("index.*.js"))
    page = with_links((SCRIPTS.parents[1] / "index.html").read_bytes())
    for name in (b"BACKEND_BASE_URL", b"HOST_CONFIG", b"allowedOrigins", b"useExternalAuthToken"):
        assert name in main
        assert 0 < page.index(name) < page.index(b"<script type=")


def test_page_in_parts_is_put_together_with_its_length() -> None:
    headers, body = answered(b"text/html; charset=utf-8", [b"<html><head></he", b"ad><body></body></html>"])
    assert body.count(b"modulepreload") == len(scripts())
    assert int(headers[b"content-length"]) == len(body)


def test_other_answers_pass_untouched() -> None:
    for content_type, parts in [(b"application/json", [b"{}"]), (b"application/javascript", [b"a", b"b"])]:
        assert answered(content_type, parts)[1] == b"".join(parts)
    packed = answered(b"text/html", [b"\x1f\x8b"], content_encoding=b"gzip")
    assert packed[1] == b"\x1f\x8b"
