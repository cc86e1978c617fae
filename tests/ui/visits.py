"""The socket of Streamlit, spoken as a browser does: one visit of a page."""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol


@contextmanager
def visit(address: str, page: str) -> Iterator[list[ForwardMsg]]:
    """A page that is open; all that the server sent until its script had run. `address`: host and port. Raises OSError."""
    url, origin = f"ws://{address}/_stcore/stream", Origin(f"http://{address}")
    with connect(url, origin=origin, subprotocols=[Subprotocol("streamlit")]) as opened:
        request = BackMsg()
        request.rerun_script.query_string = ""
        request.rerun_script.page_name = page
        opened.send(request.SerializeToString())
        messages = [ForwardMsg.FromString(opened.recv(timeout=60))]
        while messages[-1].WhichOneof("type") != "script_finished":
            messages.append(ForwardMsg.FromString(opened.recv(timeout=60)))
        yield messages
