"""What tests of the pages share."""

from collections.abc import Iterator

import pytest

from ui.services import shared_queue


@pytest.fixture(autouse=True)
def _usual_pace(usual_pace: None) -> None:
    """Which runs start by themselves depends on nothing but the runs."""


@pytest.fixture(scope="module")
def queue_ends() -> Iterator[None]:
    """After the tests of a file its worker ends, and the next file gets a queue of its own. One is enough: each starts slowly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DMF_WORKERS", "1")
        yield
        shared_queue().close()
        shared_queue.clear()
