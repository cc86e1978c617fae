"""What a visitor does while the page has not heard of the answer to what was done before."""

import re

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dmf_core.reproductions import REPRODUCTIONS
from tests.browser.conftest import frames, settled
from tests.browser.test_app import PAINTED
from ui.figures.typeset import plain

FIGURES = list(REPRODUCTIONS)[:2]
WHOLE = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
SAYS = "([name, value]) => [...document.querySelectorAll('input')].some((e) => e.ariaLabel === name && e.value === value)"


class Network:
    """Between page and server. While `holding`, what the server says does not arrive."""

    def __init__(self, page) -> None:
        self.holding = False
        self.held: list[bytes] = []
        self._tab = page
        self._page = None
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def wait_until_ended(self, address: str, reruns: int = 1) -> None:
        """Until the server has led to an address with these words, of which the page has not heard, and reruns have then ended.

        One that is given up for the next one does not count: the page reports its view whenever that has changed.
        """
        for _ in range(3600):  # pictures: a minute
            if self._ended(address) >= reruns:
                return
            frames(self._tab, 1)
        raise AssertionError(f"fewer than {reruns} reruns have ended within a minute after {address}: {self.held}")

    def _ended(self, address: str) -> int:
        messages = [ForwardMsg.FromString(message) for message in self.held]
        leads = [address in each.page_info_changed.query_string for each in messages]
        after = messages[leads.index(True) :] if any(leads) else []
        return sum(each.WhichOneof("type") == "script_finished" and each.script_finished == WHOLE for each in after)

    def release(self) -> None:
        """Lets all of it arrive, and waits until the page has heard of it."""
        fields = (ForwardMsg.FromString(message).delta.new_element.text_input for message in self.held)
        number = [field for field in fields if field.label.startswith("heard of")][-1]
        self.holding = False
        for message in self.held:
            self._page.send(message)
        self.held.clear()
        self._tab.wait_for_function(SAYS, arg=[number.label, number.default])
        frames(self._tab, 2)  # it shows the number before it sends it

    def _connect(self, page) -> None:
        self._page, server = page, page.connect_to_server()
        server.on_message(lambda message: self.held.append(message) if self.holding else page.send(message))


@pytest.fixture
def network(unopened) -> Network:
    return Network(unopened)


def test_choice_stays_when_the_next_one_leaves_before_its_answer_has_come(app, unopened, network) -> None:
    """The second choice brings the name of the preset that the first one has left."""
    page = unopened
    page.goto(app)
    page.wait_for_selector(PAINTED)
    settled(page)
    network.holding = True
    four = page.get_by_test_id("stSidebar").get_by_role("radio", name="4", exact=True)
    four.click()
    network.wait_until_ended("model.depth=4")
    page.get_by_role("button", name="Next seed").click()
    network.wait_until_ended("seed=11")
    network.release()
    page.wait_for_function("location.search.includes('seed=11')")
    settled(page)
    assert "model.depth=4" in page.url
    assert four.is_checked()
    page.get_by_test_id("stSidebar").get_by_role("radio", name="3", exact=True).click()  # counts again
    page.wait_for_function("!location.search.includes('model.depth=4')")


def test_course_goes_on_when_the_next_press_leaves_before_the_address_has_come(app, unopened, network) -> None:
    """The second press brings the address of the chapter that the first one has left."""
    page = unopened
    page.goto(f"{app}/learn")
    page.wait_for_selector(PAINTED)
    page.wait_for_function("location.search.includes('chapter=1')")
    settled(page)
    network.holding = True
    following = page.get_by_role("button", name=re.compile("^Next:"))
    following.click()
    network.wait_until_ended("chapter=2")
    following.click()
    network.wait_until_ended("chapter=3")
    network.release()
    page.wait_for_function("location.search.includes('chapter=3')")
    settled(page)
    page.go_back()  # an address that the page has written, and the browser has heard of all others
    page.get_by_text(re.compile("^Chapter [12] of")).wait_for()
    settled(page)
    assert "chapter=3" not in page.url


def test_figure_stays_when_something_else_is_asked_for_before_its_address_has_come(app, unopened, network) -> None:
    page = unopened
    page.goto(f"{app}/reproductions?figure={FIGURES[0]}")
    settled(page)
    card = page.locator(f'[data-open="{FIGURES[1]}"]')
    card.wait_for()
    network.holding = True
    card.click()
    network.wait_until_ended(FIGURES[1])
    page.get_by_text("Quick form", exact=True).click()
    network.wait_until_ended(FIGURES[1], reruns=2)
    network.release()
    page.wait_for_function(f"location.search.includes('{FIGURES[1]}')")
    settled(page)
    assert page.get_by_test_id("stHeading").get_by_text(plain(REPRODUCTIONS[FIGURES[1]].title)).is_visible()
