"""What is under way ends by itself on a page, runs come in turn, and no press is lost in a rerun."""

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.jobs import State
from dmf_core.spec import RunSpec
from ui.watching import Jobs


class Fake:
    """Work that ends at a given poll."""

    def __init__(self, ends_at: int) -> None:
        self.polls = self.pages = self.cancelled = self.started = 0
        self.ends_at = ends_at
        self.outdated = False

    @property
    def ended(self) -> bool:
        return self.polls >= self.ends_at

    def poll(self) -> None:
        self.polls += 1

    def cancel(self) -> None:
        self.cancelled += 1

    def start(self) -> None:
        self.started += 1


def _page() -> None:
    """Run by AppTest, which copies its source."""
    import streamlit as st

    from ui.watching import button, under_way, watch

    work = st.session_state.work
    work.pages += 1
    shown = work.pages  # the page that the fragment belongs to

    def draw() -> None:
        if work.ended:
            st.markdown(f"over, page {shown}")
            button("Start", "start", work.start)
        else:
            under_way("going on", "cancel", work.cancel)

    watch(work, draw, lambda: work.outdated and work.pages < 3)


def page(work: Fake) -> AppTest:
    app = AppTest.from_function(_page)
    app.session_state.work = work
    return app.run()


def test_work_that_ends_between_page_and_first_look_reruns_the_page_once() -> None:
    work = Fake(ends_at=2)  # the first poll is the page's, the second one that of the fragment
    app = page(work)
    assert work.pages == 2
    assert [each.value for each in app.markdown] == ["over, page 2"]


def test_page_that_is_outdated_is_run_until_it_is_not() -> None:
    work = Fake(ends_at=100)
    work.outdated = True
    page(work)
    assert work.pages == 3


def test_press_counts_when_the_button_is_gone_before_its_line_is_reached() -> None:
    work = Fake(ends_at=100)
    app = page(work)
    work.ends_at = 0  # the run ends at the moment of the press
    app.button(key="cancel").click().run()
    assert work.cancelled == 1
    assert not any(button.key == "cancel" for button in app.button)


def test_press_runs_the_whole_page_once_and_is_then_forgotten() -> None:
    work = Fake(ends_at=0)
    app = page(work)
    app.button(key="start").click().run()
    assert work.started == 1
    before = work.pages
    app.run()
    assert work.pages == before + 1


def test_press_in_a_component_is_remembered_until_it_is_read() -> None:
    def script() -> None:
        import streamlit as st

        from ui.player.pressed import pressed, remember

        st.session_state["player"] = {"action": {"action": "run"}, "view": None}
        remember("player")()
        st.session_state["player"] = {"action": None, "view": None}  # Streamlit forgets it at the next rerun
        remember("player")()
        st.text(f"{pressed('player')} {pressed('player')}")

    assert AppTest.from_function(script).run().text[0].value == "{'action': 'run'} None"


class FakeQueue:
    """Jobs that are ended by the test."""

    def __init__(self) -> None:
        self.jobs: dict[str, Any] = {}
        self.heard: list[str] = []

    def submit(self, spec: RunSpec, inputs: object, watcher: str, work: str | None) -> Any:
        return self.jobs.setdefault(spec.digest(), SimpleNamespace(state=State.RUNNING, digest=spec.digest()))

    def find(self, digest: str) -> Any:
        return self.jobs.get(digest)

    def heartbeat(self, watcher: str) -> None:
        self.heard.append(watcher)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> FakeQueue:
    fake = FakeQueue()
    monkeypatch.setattr("ui.watching.queue", lambda: fake)
    return fake


def test_jobs_end_with_their_theory_only_where_it_is_waited_for(queue: FakeQueue) -> None:
    job: Any = SimpleNamespace(state=State.DONE, view=SimpleNamespace(complete=False))
    assert Jobs({"me": job}).ended
    assert not Jobs({"me": job}, whole=True).ended
    Jobs({"me": job}).poll()
    assert queue.heard == ["me"]
