"""How long do many visitors at once wait for their first picture? Through the real Streamlit server, without browsers.

python -m benchmarks.load [--port N] [--distinct 30] [--shared 200]

Without --port a server of its own is started. Every visitor is a websocket that does what the browser's page does:
asks for the script run, keeps its message cache and runs the timers of fragments. Only 127.0.0.1, bounded in
count and time. Visitors and server share the machine, so the times are upper bounds.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from benchmarks.server import serve
from ui.session.state import from_address

MOST_VISITORS = 500
TIMEOUT = 120.0  # seconds for one scenario
STREAMLIT = Subprotocol("streamlit")
SETTLE = 6.0  # seconds in which the theory of the distinct runs is computed: another question than the next one
HEAD = 4000  # bytes of a payload in which the player's head is: notice, run, frames, growing
SHARED = {"seed": 1}  # 100 x 100, depth 3
SMALL = {"problem.rows": 50, "problem.columns": 50, "problem.rank": 3, "problem.observations": 1000}


class Visitor:
    """One browser tab."""

    def __init__(self, port: int, changes: Mapping[str, object]) -> None:
        self.digest = from_address({path: str(value) for path, value in changes.items()}).spec.digest()
        self.picture = self.complete = float("nan")  # seconds until the first picture, and until the whole run is there
        self.bytes = 0
        self.complaint = ""
        self._port = port
        self._query = urlencode(changes)
        self._bodies: dict[str, bytes] = {}  # the message cache of the page: only what is asked for again matters
        self._timers: dict[str, asyncio.Task[None]] = {}

    async def session(self) -> None:
        """Opens the page and stays until the whole run is there."""
        self._began = time.perf_counter()
        address = f"ws://127.0.0.1:{self._port}/_stcore/stream"
        try:
            async with connect(address, subprotocols=[STREAMLIT], max_size=None, open_timeout=TIMEOUT) as self._socket:
                await self._rerun()
                async for data in self._socket:
                    assert isinstance(data, bytes)
                    self._take(data)
                    if self.complete == self.complete:  # not NaN
                        break
        except (OSError, TimeoutError, ConnectionClosed) as error:
            self.complaint = repr(error)
        finally:
            self._stop(list(self._timers))

    async def _rerun(self, fragment: str = "") -> None:
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment)
        message.rerun_script.cached_message_hashes.extend(self._bodies)
        await self._socket.send(message.SerializeToString())

    async def _tick(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await self._rerun(fragment)

    def _take(self, data: bytes) -> None:
        self.bytes += len(data)
        message = ForwardMsg.FromString(data)
        match message.WhichOneof("type"):
            case "ref_hash":
                self._check(self._bodies[message.ref_hash])
            case "new_session" if not message.metadata.run.fragment_ids:
                self._stop(list(self._timers))
            case "auto_rerun":
                fragment = message.auto_rerun.fragment_id
                self._stop([fragment])
                self._timers[fragment] = asyncio.create_task(self._tick(fragment, message.auto_rerun.interval))
            case "stop_auto_rerun":
                self._stop(message.stop_auto_rerun.fragment_ids)
            case "delta" if message.delta.new_element.WhichOneof("type") == "exception":
                self.complaint = message.delta.new_element.exception.message
            case "delta" if message.delta.new_element.WhichOneof("type") == "bidi_component":
                self._check(message.delta.new_element.bidi_component.bytes)
        if message.metadata.cacheable:
            self._bodies[message.hash] = message.delta.new_element.bidi_component.bytes

    def _check(self, body: bytes) -> None:
        """Notes when the player first shows something of the run that was asked for."""
        head = body[:HEAD]
        if f'"run":"{self.digest}"'.encode() not in head or b'"frames":0,' in head:
            return
        now = time.perf_counter() - self._began
        if self.picture != self.picture:
            self.picture = now
        if b'"growing":false' in head:
            self.complete = now

    def _stop(self, fragments: Sequence[str]) -> None:
        for fragment in fragments:
            if fragment in self._timers:
                self._timers.pop(fragment).cancel()


async def together(visitors: Sequence[Visitor]) -> None:
    """All at once, for a bounded time."""
    await asyncio.wait([asyncio.create_task(visitor.session()) for visitor in visitors], timeout=TIMEOUT)


def summary(name: str, visitors: Sequence[Visitor], limit: float, share: float) -> dict[str, object]:
    """Prints a row of the table and returns it. The claim: this share has a picture within the limit."""
    times = sorted(visitor.picture if visitor.picture == visitor.picture else float("inf") for visitor in visitors)
    complete = max(visitor.complete if visitor.complete == visitor.complete else float("inf") for visitor in visitors)
    at = times[min(len(times) - 1, int(share * len(times)))]
    complaints = sorted({visitor.complaint for visitor in visitors if visitor.complaint})
    megabytes = sum(visitor.bytes for visitor in visitors) / 1e6
    p50, p95 = statistics.median(times), times[int(0.95 * (len(times) - 1))]
    print(
        f"| {name} | {len(times)} | {p50:.2f} | {p95:.2f} | {times[-1]:.2f} | {complete:.2f} | {megabytes:.0f} "
        f"| {'yes' if at <= limit else 'NO'}: {share:.0%} within {limit:g} s |"
    )
    for complaint in complaints:
        print(f"  complaint: {complaint}", file=sys.stderr)
    return {
        "scenario": name,
        "visitors": len(times),
        "p50": round(p50, 3),
        "p95": round(p95, 3),
        "slowest": round(times[-1], 3),
        "complete": round(complete, 3),
        "megabytes": round(megabytes, 1),
        "holds": at <= limit,
        "complaints": complaints,
    }


@contextmanager
def server(port: int | None) -> Iterator[int]:
    """The port of a running server; starts one when none is given."""
    if port is not None:
        yield port
        return
    with serve() as address:
        yield int(address.rpartition(":")[2])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, help="of a server that runs on this machine already")
    parser.add_argument("--distinct", type=int, default=30, help="visitors with a run of their own")
    parser.add_argument("--shared", type=int, default=200, help="visitors of one run that is already there")
    options = parser.parse_args()
    distinct, shared = (min(MOST_VISITORS, count) for count in (options.distinct, options.shared))
    rows = []
    with server(options.port) as port:
        asyncio.run(together([Visitor(port, SHARED)]))  # workers are warm, the shared run is there
        print("| scenario | visitors | first picture p50, s | p95 | slowest | all complete | MB | holds |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        seed = int(time.time()) % 1_000_000  # runs that a server which stays up has not seen
        visitors = [Visitor(port, {**SMALL, "seed": seed + number}) for number in range(distinct)]
        asyncio.run(together(visitors))
        rows.append(summary("distinct 50 x 50 runs", visitors, 5.0, 1.0))
        time.sleep(SETTLE)
        visitors = [Visitor(port, SHARED) for _ in range(shared)]
        asyncio.run(together(visitors))
        rows.append(summary("one cached run", visitors, 3.0, 0.95))
    own = round(time.process_time(), 1)  # seconds of CPU that the visitors themselves took from the server
    print(json.dumps({"benchmark": "load", "cores": os.cpu_count(), "visitors_cpu": own, "rows": rows}))
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
