"""A network between a phone and the server whose delay is random: a proxy that holds back every piece of every connection."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MEDIAN, SIGMA = 0.04, 0.8  # seconds one way, log-normal: the delay of a busy wireless network as the prototype assumed it
PIECE = 65536  # bytes


@asynccontextmanager
async def delayed(port: int, seed: int = 0) -> AsyncIterator[int]:
    """The port of a proxy to this port. Pieces keep their order, as those of a connection do."""
    chance = random.Random(seed)
    tasks: set[asyncio.Task[None]] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        for source, target in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.ensure_future(_carried(source, target, chance))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _carried(source: asyncio.StreamReader, target: asyncio.StreamWriter, chance: random.Random) -> None:
    """Every piece arrives after its own delay, and not before the one before it; reading goes on meanwhile."""
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def read() -> None:
        while True:
            piece = await source.read(PIECE)
            pieces.put_nowait((time.perf_counter() + chance.lognormvariate(0.0, SIGMA) * MEDIAN, piece))
            if not piece:
                return

    reading = asyncio.ensure_future(read())
    try:
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if not piece:
                break
            target.write(piece)
            await target.drain()
    except OSError:
        pass  # the other end is gone
    finally:
        reading.cancel()
        target.close()
