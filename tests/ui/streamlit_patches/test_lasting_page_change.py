"""A click on the link of a page is not lost when the page before it reports something right after it."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

from ui.streamlit_patches import lasting_page_change as patch


@pytest.fixture(params=[True, False], ids=["patched", "plain"])
def patched(request: pytest.FixtureRequest) -> Iterator[bool]:
    before = ScriptRequests._request_rerun_locked, ScriptRunner.__init__  # patched already, where a test ran the application
    ScriptRequests._request_rerun_locked, ScriptRunner.__init__ = patch._request, patch._init
    if request.param:
        patch.lasting_page_change()
    yield request.param
    ScriptRequests._request_rerun_locked, ScriptRunner.__init__ = before


def requests_of(running: str) -> ScriptRequests:
    """Of a session whose script of this page runs."""
    queue = ScriptRequests()
    pages = SimpleNamespace(current_page_script_hash=running, get_pages=lambda: {"old": {}, "new": {}})
    setattr(queue, patch.PAGES, pages)
    return queue


def opened(*requests: RerunData) -> tuple[str, str]:
    """The page that is run, and its query, where these requests come while the script of the page "old" still runs."""
    queue = requests_of(running="old")
    for each in requests:
        queue.request_rerun(each)
    taken = queue.on_scriptrunner_ready().rerun_data
    return taken.page_script_hash, taken.query_string


LINK = RerunData(page_script_hash="new", query_string="a=1")


@pytest.mark.parametrize("report", [RerunData(page_script_hash="old"), RerunData(page_script_hash="old", fragment_id="stage")])
def test_report_of_the_old_page_does_not_undo_the_click(patched: bool, report: RerunData) -> None:
    # Streamlit itself stays on the old page: where this fails, the patch is no longer needed
    assert opened(LINK, report) == (("new", "a=1") if patched else ("old", ""))


def test_report_of_a_part_of_the_old_page_does_not_stop_the_new_one(patched: bool) -> None:
    # while the new page is drawn; Streamlit itself goes back to the old one
    queue = requests_of(running="new")
    assert queue.request_rerun(RerunData(page_script_hash="old", fragment_id="stage"))
    following = queue.on_scriptrunner_ready()
    assert following.type is (ScriptRequestType.STOP if patched else ScriptRequestType.RERUN)


@pytest.mark.parametrize(
    "request_of", [RerunData(page_script_hash="new", fragment_id="stage"), RerunData(page_script_hash="old"), RerunData()]
)
def test_part_of_the_page_that_runs_is_run_again_and_any_page_can_be_chosen(patched: bool, request_of: RerunData) -> None:
    queue = requests_of(running="new")
    assert queue.request_rerun(request_of)
    assert queue.on_scriptrunner_ready().rerun_data.page_script_hash == request_of.page_script_hash


def test_later_choice_of_a_page_counts(patched: bool) -> None:
    assert opened(LINK, RerunData(page_script_hash="third")) == ("third", "")
    back = RerunData(page_script_hash="old", query_string="b=2", is_history_navigation=True)
    assert opened(LINK, back) == ("old", "b=2")


def test_rerun_of_the_same_page_is_as_before(patched: bool) -> None:
    assert opened(RerunData(page_script_hash="old"), RerunData(page_script_hash="old", query_string="c=3")) == ("old", "c=3")
    assert opened(RerunData(page_script_hash="old"), LINK) == ("new", "a=1")


def test_runner_of_a_session_knows_its_running_page(app_runner: list[ScriptRunner]) -> None:
    assert app_runner and getattr(app_runner[0]._requests, patch.PAGES).current_page_script_hash


@pytest.fixture
def app_runner(monkeypatch: pytest.MonkeyPatch) -> list[ScriptRunner]:
    """The runners of a small application, run once with the patch."""
    from streamlit.testing.v1 import AppTest

    made: list[ScriptRunner] = []

    def keep(self: ScriptRunner, *arguments: object, **named: object) -> None:
        patch._init_with_pages(self, *arguments, **named)
        made.append(self)

    monkeypatch.setattr(ScriptRunner, "__init__", keep)
    AppTest.from_string("import streamlit as st\nst.write('page')").run()
    return made
