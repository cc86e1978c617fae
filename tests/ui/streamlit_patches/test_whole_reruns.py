"""Messages of a whole rerun that has ended are not taken back by a fragment that is run before they were sent."""

from collections.abc import Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from ui.streamlit_patches import whole_reruns as patch


@pytest.fixture(params=[True, False], ids=["patched", "plain"])
def patched(request: pytest.FixtureRequest) -> Iterator[bool]:
    before = ForwardMsgQueue.clear  # patched already, where another test has run the application
    ForwardMsgQueue.clear = patch._clear
    if request.param:
        patch.whole_reruns()
    yield request.param
    ForwardMsgQueue.clear = before


def markdown(text: str, fragment: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path[:] = [0, 3]
    message.delta.fragment_id = fragment
    message.delta.new_element.markdown.body = text
    return message


def ended() -> ForwardMsg:
    message = ForwardMsg()
    message.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    return message


def bodies(queue: ForwardMsgQueue) -> list[str]:
    return [each.delta.new_element.markdown.body for each in queue.flush() if each.WhichOneof("type") == "delta"]


def test_fragment_right_after_a_whole_rerun_takes_nothing_of_it_back(patched: bool) -> None:
    queue = ForwardMsgQueue()
    queue.enqueue(markdown("of the rerun", "stage"))
    queue.enqueue(ended())
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["stage"])
    queue.enqueue(markdown("of the fragment", "stage"))
    # Streamlit itself loses the first: where this fails, the patch is no longer needed
    assert bodies(queue) == (["of the rerun", "of the fragment"] if patched else ["of the fragment"])


def test_rerun_that_is_interrupted_is_taken_back_as_before(patched: bool) -> None:
    queue = ForwardMsgQueue()
    queue.enqueue(markdown("of the fragment before", "stage"))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["stage"])
    assert bodies(queue) == []
    queue.enqueue(markdown("of a rerun"))
    queue.clear(retain_lifecycle_msgs=True)
    assert bodies(queue) == []
