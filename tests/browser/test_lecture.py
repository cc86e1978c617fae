"""A whole lecture in browsers: the page that opens it, a projector, a desk and two phones."""

import json
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import ROOT, frames, served, upload
from tests.browser.player import PLAYER, wait_until
from tests.browser.visitors import patient

READY = ".dmf[data-frames]:not([data-frames='0'])"
MOMENT = "(value) => { const m = document.getElementById('moment'); m.value = value; m.dispatchEvent(new Event('input')) }"
NUMBER = "document.querySelector('.dmf').dataset.seq * 1"  # of the state that is shown
NO_SOCKETS = """window.WebSocket = class {
  static CONNECTING = 0; static OPEN = 1; static CLOSED = 3;
  readyState = 0;
  constructor() { setTimeout(() => { this.readyState = 3; this.onclose({ code: 1006 }) }) }
  close() {}
}"""  # as behind a proxy that lets none through
FRAME = "document.querySelector('.dmf').player.clock.f"


@pytest.fixture(scope="module")
def lectures(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server with rooms of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DMF_LECTURES", str(tmp_path_factory.mktemp("rooms")))
        with served(ROOT / "app.py") as address:
            yield address


@pytest.fixture
def open_page(chromium: Any) -> Any:
    """Opens a page that is no page of Streamlit; none may complain or ask anybody else."""
    contexts, complaints = [], []

    def open_page(address: str, width: int = 390, height: int = 844, script: str = "", **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.add_init_script(script)
        page = patient(context.new_page())
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        home = re.match(r"https?://[^/]+", address)[0]  # type: ignore[index]
        page.on("request", lambda request: not request.url.startswith((home, "data:")) and complaints.append(request.url))
        page.goto(address)
        page.wait_for_selector(READY)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def holds(page: Any, expression: str) -> None:
    """Waits until a JavaScript expression is true. By polling: our policy forbids what Playwright's own waiting needs."""
    deadline = time.monotonic() + 60
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(20)


def text(page: Any, id: str, pattern: str) -> str:
    """Waits until the element with this id reads so."""
    holds(page, f"new RegExp({json.dumps(pattern)}).test(document.getElementById('{id}').innerText)")
    return str(page.inner_text(f"#{id}"))


def listened(chromium: Any) -> tuple[Any, list[bytes]]:
    """A page of a new visitor, and what its sockets bring."""
    page, received = patient(chromium.new_context().new_page()), []

    def take(data: str | bytes) -> None:
        received.append(data.encode() if isinstance(data, str) else data)

    page.on("websocket", lambda socket: socket.on("framereceived", take))
    return page, received


ROOMS = "[...document.querySelectorAll('[class*=st-key-room-]')].map((room) => room.className.match(/st-key-room-\\w+/)[0])"


def opened_room(lectures: str, chromium: Any) -> tuple[str, list[str]]:
    """The code of a new room for the first lecture, all of whose runs are ready; its pages for projector and desk."""
    context = chromium.new_context()
    page = patient(context.new_page())
    page.goto(f"{lectures}/lecture")
    opening = page.get_by_role("button", name="Open a room")
    opening.wait_for()  # it stands below the rooms that are there
    before = page.evaluate(ROOMS)
    opening.click()
    page.wait_for_function(f"(before) => {ROOMS}.length > before.length", arg=before)
    (new,) = set(page.evaluate(ROOMS)) - set(before)
    room = page.locator(f".{new}")
    room.get_by_text("all runs are ready").wait_for()
    addresses = [room.get_by_role("link", name=name).get_attribute("href") for name in ("Projector", "Desk")]
    context.close()
    return re.search(r"/live/(\w{5})/", addresses[0])[1], addresses  # type: ignore[index]


def serious(page: Any) -> list[str]:
    """What axe calls serious or critical."""
    violations = Axe().run(page).response["violations"]
    return [each["id"] for each in violations if each["impact"] in ("serious", "critical")]


def test_a_whole_lecture(lectures: str, chromium: Any, open_page: Callable[..., Any]) -> None:
    code, addresses = opened_room(lectures, chromium)
    projector = open_page(f"{lectures}{addresses[0]}", 1280, 720)
    desk = open_page(f"{lectures}{addresses[1]}", 1400, 900)
    polling = open_page(f"{lectures}/live/{code.lower()}", script=NO_SOCKETS, color_scheme="dark")
    phones = [open_page(f"{lectures}/live/{code}"), polling]
    text(desk, "here", "^2$")
    # To the question about a moment, with the clicker alone.
    while projector.inner_text("#heading") != "Large modes come first":
        before = projector.evaluate(NUMBER)
        projector.keyboard.press("PageDown")
        holds(projector, f"{NUMBER} > {before}")
    text(projector, "heading", "Large modes come first")
    for phone, moment in zip(phones, (800, 1000), strict=True):
        text(phone, "asked", "When is mode 3 born")
        holds(phone, f"{FRAME} >= 22")
        assert phone.evaluate("document.querySelector('.dmf').player.run.t.at(-1)") <= 690  # nothing after it is there
        phone.evaluate(MOMENT, str(moment))
        text(phone, "status", "Answer sent")
    assert serious(phones[0]) == [] and serious(phones[1]) == [] and serious(projector) == [] and serious(desk) == []
    text(projector, "numbers", "2 of 2")
    holds(desk, "document.querySelectorAll('#answers .marks i').length === 2")
    assert projector.locator("#answers .marks i").count() == 0
    projector.keyboard.press("PageDown")
    text(phones[0], "status", "The answers are locked")
    assert phones[0].is_disabled("#moment")
    projector.keyboard.press("PageDown")
    text(projector, "numbers", "Middle")
    projector.keyboard.press("PageDown")
    verdict = text(projector, "verdict", "The room said 800")
    assert text(phones[0], "status", "You were").startswith("✓ Answer sent. " + verdict)
    for each in (projector, desk, *phones):
        holds(each, f"Math.abs({FRAME} - 27.78) < 0.02")  # all stand where mode 3 is born
    # A phone on its own, and back.
    track = phones[0].locator(".dmf-track").bounding_box()
    phones[0].mouse.click(track["x"] + track["width"] * 0.8, track["y"] + track["height"] / 2)
    text(phones[0], "state", "on your own")
    assert "&view.frame=" in phones[0].get_attribute("#lab", "href") and phones[0].is_visible("#lab")
    phones[0].click("#back")
    assert not phones[0].is_visible("#lab")
    text(phones[0], "state", "following")
    holds(phones[0], f"Math.abs({FRAME} - 27.78) < 0.02")
    # A phone that lost its network and one that was reloaded come back by themselves, to the present scene.
    phones[0].context.set_offline(True)
    phones[0].evaluate("document.querySelector('.dmf') && window.dispatchEvent(new Event('online'))")
    phones[1].reload()
    desk.click("#drive")
    text(desk, "drives", "This window drives")
    desk.click("text=Next scene")
    phones[0].context.set_offline(False)
    for phone in phones:
        text(phone, "heading", "More depth, longer waiting")
        holds(phone, "document.querySelector('.dmf').dataset.frames > 0")
    holds(desk, "document.querySelector('.dmf').player.run.depth === 5")
    frames(desk)
    assert [page.evaluate(FRAME) for page in (desk, projector, *phones)] == [0] * 4  # a scene waits for its lecturer
    # A setting that the lecturer moves reaches the phones, and "Back to the script" undoes it.
    for choice, depth, words in (("model.depth 2", 2, "depth 2"), ("script", 5, "^$")):
        desk.click(f"#controls [data-choice='{choice}']")
        for phone in phones:
            holds(phone, f"document.querySelector('.dmf').player.run.depth === {depth}")
            text(phone, "changed", words)
    projector.keyboard.press("PageDown")  # it does not drive any more
    desk.keyboard.press("b")
    for dark in (projector, *phones):
        holds(dark, "document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('#blank') !== null")
    holds(desk, "document.querySelector('[data-key=b]').ariaPressed === 'true'")
    assert projector.inner_text("#heading") == "More depth, longer waiting"
    # On a phone the desk hides its player, which still has to draw.
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.reload()
    holds(desk, "document.querySelector('.dmf').dataset.frames > 0")


def test_an_upload_is_nothing_to_another_visitor(lectures: str, chromium: Any) -> None:
    owner, heard = listened(chromium)
    owner.goto(lectures)
    wait_until(owner, "d.run && d.state !== 'growing' && d.frames > 0")
    before = owner.get_attribute(PLAYER, "data-run")
    upload(
        owner, {"name": "t.csv", "mimeType": "text/csv", "buffer": b"city,Qwxcolumn,c\nZyvrow,1.5,2\nMilan,3,\nNaples,4,5.5\n"}
    )
    wait_until(owner, f"d.run && d.run !== '{before}' && d.state !== 'growing' && d.frames > 0")
    names, run = (b"Qwxcolumn", b"Zyvrow"), owner.get_attribute(PLAYER, "data-run")
    assert all(name in b"".join(heard) for name in names)  # the owner's own socket brings them
    code, _ = opened_room(lectures, chromium)
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{lectures}/live/{code}/run/{run}", timeout=60)
    other, overheard = listened(chromium)
    other.goto(owner.url)
    other.get_by_text("no matrix was given").first.wait_for()
    for page in (owner, other):
        page.context.close()
    assert overheard and not any(name in b"".join(overheard) for name in names)


def test_a_code_is_typed_and_an_unknown_one_is_said(lectures: str, chromium: Any) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = patient(context.new_page())
    page.goto(f"{lectures}/live")
    page.fill("#code", "qqqqq")
    page.keyboard.press("Enter")
    page.wait_for_url("**/live/QQQQQ")
    page.wait_for_selector("#unknown:not([hidden])")
    assert "QQQQQ" in page.inner_text("#unknown") and serious(page) == []
    context.close()
