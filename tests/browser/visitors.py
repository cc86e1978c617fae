"""Visitors of a page, each like one with a new profile.

A page that is left is emptied and opens the next visit: Chromium then has our scripts compiled, and loads a page in a third
of the processor time (0.7 instead of 2.1 s). Visits at the same time have different profiles.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

try:
    from playwright.sync_api import Error
except ImportError:
    Error = Exception  # type: ignore[assignment, misc]  # without Playwright there is no page

READY = "[data-testid=player][data-run], [data-testid=compare][data-runs]"
MEDIA = {"color_scheme": "light", "reduced_motion": "no-preference"}  # what a page shows where nothing else is given
CLEAR = "try { localStorage.clear(); sessionStorage.clear() } catch { /* a page that may not store */ }"
TOLD = "[data-test-connection-state], [data-testid=player], .dmf-plot"  # whose attributes say how things stand
DATASETS = f"JSON.stringify([...document.querySelectorAll('{TOLD}')].map(({{dataset}}) => dataset))"
MOST_WORDS = 1500  # letters of a page, in the report of a test that has failed
STORED = "cookies,local_storage,indexeddb,service_workers"

PATIENCE = 60_000  # milliseconds; a machine may be busy

Complaints = list[str]
browsers: "WeakKeyDictionary[Any, dict[str, list[Any]]]" = WeakKeyDictionary()  # each with its emptied pages, by their options


def patient(page: Any) -> Any:
    """This page, which waits as long for everything as tests on a busy machine must."""
    page.set_default_timeout(PATIENCE)
    return page


@contextmanager
def visiting(chromium: Any) -> Iterator[Callable[..., Any]]:
    """visit(address, width=.., height=.., ready=.., **context) opens a page as a visitor with a new profile does.

    It is opened when something is there that matches the selector `ready`.

    At the end every page must be free of console errors and of requests to anywhere else.
    """
    left = browsers[chromium]
    opened: list[tuple[Any, str, str, dict[str, Callable[[Any], Any]]]] = []
    complaints: Complaints = []

    def visit(address: str, width: int = 1400, height: int = 900, ready: str = READY, **options: Any) -> Any:
        media = {name: options.pop(name, usual) for name, usual in MEDIA.items()}
        kind, home = repr(sorted(options.items())), urlsplit(address).netloc
        pages = left.setdefault(kind, [])
        page = pages.pop() if pages else patient(chromium.new_context(**options).new_page())
        listeners = _listeners(home, complaints)
        opened.append((page, kind, home, listeners))
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**media)
        for event, listener in listeners.items():
            page.on(event, listener)
        page.goto(address)
        page.wait_for_selector(ready)
        return page

    try:
        yield visit
    finally:
        for page, kind, home, listeners in reversed(opened):  # the first is the warmest, and the next to be used
            try:
                _empty(page, home)
                for event, listener in listeners.items():
                    page.remove_listener(event, listener)
                left[kind].append(page)
            except Error:  # it was closed by its test, or does not answer
                page.context.close()
    assert not complaints, complaints


def seen() -> str:
    """What the pages show that are open now: address, states, words."""
    texts = []
    for page in (page for browser in browsers for context in browser.contexts for page in context.pages):
        if page.url != "about:blank":  # one that waits for the next visit
            with suppress(Error):
                texts.append(f"{page.url}\n{page.evaluate(DATASETS)}\n{page.inner_text('body')[:MOST_WORDS]}")
    return "\n\n".join(texts)


def _empty(page: Any, home: str) -> None:
    """Leaves the page, and deletes what it has stored."""
    page.mouse.up()
    page.evaluate(CLEAR)
    page.goto("about:blank")
    page.mouse.move(0, 0)
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": f"http://{home}", "storageTypes": STORED})
    session.detach()


def _listeners(home: str, complaints: Complaints) -> dict[str, Callable[[Any], Any]]:
    """What adds to the complaints: errors of the console and of scripts, and requests to anywhere but `home`."""
    return {
        "console": lambda message: _is_complaint(message) and complaints.append(message.text),
        "pageerror": lambda error: complaints.append(str(error)),
        "request": lambda request: _elsewhere(request.url, home) and complaints.append(f"asked {request.url}"),
    }


def _is_complaint(message: Any) -> bool:
    """Errors, but for one: opened on a page of its own, Streamlit first asks below that page whether the server is well."""
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")


def _elsewhere(url: str, home: str) -> bool:
    return not url.startswith((f"http://{home}", f"ws://{home}", "blob:", "data:"))
