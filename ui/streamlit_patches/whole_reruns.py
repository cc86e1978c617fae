"""What a whole rerun has drawn reaches the browser also when a fragment is run right after it.

Streamlit drops what the fragment will draw anew from the messages not sent yet. The whole rerun has ended by then, so that the
browser takes away all it was not sent: the player of a run that is watched vanished for up to half a second.

Buys: a slider dragged for five seconds while the run is watched, on a machine with ten times its load: no frame without the
player, without it 6 to 66.
"""

from functools import wraps

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from ui.streamlit_patches import enabled

_clear = ForwardMsgQueue.clear


@wraps(_clear)
def _clear_but_whole_reruns(
    self: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
) -> None:
    ended = any(_whole(message) for message in self._queue)
    if retain_lifecycle_msgs and fragment_ids_this_run and ended:
        self._delta_index_map.clear()  # new messages must not replace older ones
        return
    _clear(self, retain_lifecycle_msgs, fragment_ids_this_run)


def _whole(message: ForwardMsg) -> bool:
    return message.WhichOneof("type") == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


def whole_reruns() -> None:
    """Keeps unsent messages of a whole rerun when a fragment is run right after it, where patches are on."""
    if enabled():
        ForwardMsgQueue.clear = _clear_but_whole_reruns  # type: ignore[method-assign]
