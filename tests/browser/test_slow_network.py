"""What a visitor does while the page has not heard of the answer to what was done before."""

import re

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import frames, settled
from tests.browser.test_app import PAINTED


class Network:
    """Between page and server. While `holding`, what the server says does not arrive."""

    def __init__(self, page) -> None:
        self.holding = False
        self.held: list[bytes] = []
        self._tab = page
        self._page = None
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def wait_until_ended(self, reruns: int) -> None:
        """Until so many reruns have ended that the page has not heard of."""
        for _ in range(3600):  # pictures: a minute
            if sum(ForwardMsg.FromString(message).WhichOneof("type") == "script_finished" for message in self.held) >= reruns:
                return
            frames(self._tab, 1)
        raise AssertionError(f"fewer than {reruns} reruns have ended within a minute")

    def release(self) -> None:
        self.holding = False
        for message in self.held:
            self._page.send(message)
        self.held.clear()

    def _connect(self, page) -> None:
        self._page, server = page, page.connect_to_server()
        server.on_message(lambda message: self.held.append(message) if self.holding else page.send(message))


def test_choice_stays_when_the_next_one_leaves_before_its_answer_has_come(app, chromium) -> None:
    """The second choice brings the name of the preset that the first one has left."""
    with chromium.new_context() as context:
        page = context.new_page()
        network = Network(page)
        page.goto(app)
        page.wait_for_selector(PAINTED)
        settled(page)
        network.holding = True
        four = page.get_by_test_id("stSidebar").get_by_role("radio", name="4", exact=True)
        four.click()
        network.wait_until_ended(1)
        page.get_by_role("button", name="Next seed").click()
        network.wait_until_ended(2)
        network.release()
        page.wait_for_function("location.search.includes('seed=')")
        settled(page)
        assert "model.depth=4" in page.url
        assert four.is_checked()
        page.get_by_test_id("stSidebar").get_by_role("radio", name="3", exact=True).click()  # counts again
        page.wait_for_function("!location.search.includes('model.depth=4')")
