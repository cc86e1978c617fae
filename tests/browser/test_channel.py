"""The connection of a phone that sleeps, is put aside by its browser, or loses its network: channel.js with a socket and a clock
of the test.

Source of the cases: iOS closes sockets in the background without an event; a page that comes back from the cache of the browser
sees no visibilitychange; a phone that was locked keeps a socket that says it is open.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.visitors import patient
from ui.lecture import pages

HOME = "http://channel.test/"
START = """async (address) => {
  window.sockets = [];
  window.heard = [];
  window.states = [];
  window.WebSocket = class {
    static CONNECTING = 0; static OPEN = 1; static CLOSED = 3;
    readyState = 0; sent = [];
    constructor() { sockets.push(this) }
    send(text) { this.sent.push(JSON.parse(text).is) }
    close() { this.readyState = 3 }
    open() { this.readyState = 1; this.onopen() }
    say(message) { this.onmessage({ data: JSON.stringify(message) }) }
    lose(code) { this.readyState = 3; this.onclose({ code }) }
  };
  let hidden = false;
  const now = Date.now;
  Object.defineProperty(document, "hidden", { get: () => hidden });
  window.hide = (value, away = 0) => {
    hidden = value;
    document.dispatchEvent(new Event("visibilitychange"));
    Date.now = () => now() + away;
  };
  window.show = (event) => { hidden = false; dispatchEvent(event) }; // without visibilitychange
  const { Channel } = await import(address);
  window.channel = new Channel("ws://x/live/K7RTM/ws", (message) => heard.push(message.is), (state) => states.push(state));
  channel.opened.push(() => channel.send({ is: "me" }));
  sockets[0].open();
  sockets[0].say({ is: "scene" });
}"""
WAKES = {
    "shown again": "hide(false, 3600e3)",
    "back from the cache of the browser": "show(new PageTransitionEvent('pageshow', { persisted: true }))",
    "network again": "show(new Event('online'))",
}


@pytest.fixture
def phone(chromium: Any) -> Iterator[Any]:
    """A page with one open channel, whose clock stands still."""
    page = patient(chromium.new_page())
    page.route(f"{HOME}**", lambda route: route.fulfill(**_file(route.request.url.removeprefix(HOME))))
    page.clock.install(time=0)
    page.goto(HOME)
    page.clock.pause_at(1000)
    page.evaluate(START, f"{HOME}channel.js")
    yield page
    page.close()


def _file(name: str) -> dict[str, Any]:
    body = (pages.HERE / "js" / name).read_text(encoding="utf-8") if name else "<!doctype html>"
    return {"body": body, "content_type": f"text/{'javascript' if name else 'html'}; charset=utf-8"}


def count(page: Any) -> int:
    """Sockets that were ever made."""
    number: int = page.evaluate("sockets.length")
    return number


@pytest.mark.parametrize("wake", WAKES.values(), ids=WAKES)
def test_woken_phone_replaces_a_socket_that_only_says_it_is_open(phone: Any, wake: str) -> None:
    phone.evaluate("hide(true, 3600e3)")  # an hour, in which the page was frozen: no timer has run
    assert count(phone) == 1
    phone.evaluate(wake)
    assert count(phone) == 2 and phone.evaluate("sockets[0].readyState") == 3 and phone.evaluate("states.at(-1)") == "lost"
    phone.evaluate("sockets[1].open(), sockets[1].say({ is: 'scene' }), sockets[0].say({ is: 'question' })")
    assert phone.evaluate("sockets[1].sent[0]") == "me" and phone.evaluate("states.at(-1)") == "open"
    assert phone.evaluate("heard") == ["scene", "scene"]  # what the old socket says is not heard any more


def test_phone_that_looked_away_for_a_moment_keeps_its_socket_and_sets_its_clock(phone: Any) -> None:
    before = phone.evaluate("sockets[0].sent.length")
    phone.evaluate("hide(true), dispatchEvent(new Event('online'))")
    assert phone.evaluate("sockets[0].sent.length") == before  # a page that is hidden waits
    phone.evaluate("hide(false)")
    assert count(phone) == 1 and phone.evaluate("sockets[0].sent.slice(-1)") == ["time"]


def test_woken_phone_does_not_wait_for_its_next_attempt(phone: Any) -> None:
    phone.evaluate("hide(true), sockets[0].lose(1006)")
    assert phone.evaluate("states.at(-1)") == "lost" and count(phone) == 1
    phone.evaluate("hide(false)")
    assert count(phone) == 2
    phone.clock.run_for(9000)  # the attempt that waited was given up: no third socket while the second one opens
    assert count(phone) == 2


def test_silence_and_a_socket_that_never_opens_are_noticed(phone: Any) -> None:
    phone.clock.run_for(24_000)
    assert count(phone) == 1
    phone.clock.run_for(3000)  # 25 s without a word, seen once a second
    assert count(phone) == 2
    phone.clock.run_for(9000)
    assert count(phone) == 2
    phone.clock.run_for(3000)  # 10 s in which it did not open
    assert count(phone) == 3


def test_attempts_come_ever_later_but_never_more_than_4_25_seconds_apart(phone: Any) -> None:
    phone.evaluate("Math.random = () => 1")
    waits = []
    for _ in range(7):
        made = count(phone)
        phone.evaluate("sockets.at(-1).lose(1006)")
        steps = 0
        while count(phone) == made:
            phone.clock.run_for(250)
            steps += 1
        waits.append(steps / 4)
        phone.evaluate("channel.unopened = -Infinity")  # these losses are no proxy that forbids sockets
    assert waits == [0.5, 0.75, 1.25, 2.25, 4.25, 4.25, 4.25]  # 0.25 s and up to 0.25 s times a power of two, at most 4 s


def test_phone_of_a_room_that_is_gone_never_tries_again(phone: Any) -> None:
    phone.evaluate("sockets[0].lose(4404)")
    phone.clock.run_for(60_000)
    phone.evaluate("hide(false)")
    assert count(phone) == 1 and phone.evaluate("states.at(-1)") == "over"


RUN = """async (address) => {
  const asked = [], answers = [503, 0, 200];
  window.fetch = async (place) => {
    asked.push(place);
    const status = answers.shift();
    if (!status) throw new TypeError("no network");
    return { ok: status === 200, arrayBuffer: async () => new Uint8Array([7]).buffer };
  };
  const { runBytes } = await import(address);
  window.made = null;
  runBytes("/base/live/AAAAA", "d", 5, 900, () => true).then((bytes) => (window.made = [...bytes]));
  window.given = 0;
  runBytes("/base/live/AAAAA", "other", null, null, () => false).then((bytes) => (window.given = bytes));
  window.asked = asked;
}"""


def test_run_that_is_still_being_made_is_fetched_later_and_one_that_is_no_longer_shown_never(phone: Any) -> None:
    phone.evaluate(RUN, f"{HOME}runs.js")
    assert phone.evaluate("given") is None
    for _ in range(20):  # 0.4 to 0.8 s, then half as much again, by the clock of the test
        phone.clock.run_for(200)
    assert phone.evaluate("made") == [7]
    assert phone.evaluate("asked") == ["/base/live/AAAAA/run/d/until/5/to/900"] * 3
