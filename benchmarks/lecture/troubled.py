"""Phones that stop reading, and one that says nothing any more."""

import asyncio
import base64
import os
import socket
import time

from benchmarks.lecture.crowd import scene_time
from benchmarks.lecture.hall import Server, presenter
from benchmarks.lecture.phone import CODE, Phone, joined, left
from benchmarks.lecture.report import Report, p95

STUCK, PAUSE = 20, 0.05  # phones that stop reading; seconds between two scenes, as while a presenter drags the cursor
LONGEST = 120.0  # seconds after which this benchmark no longer waits for a count
RECEIVED = 4096  # bytes that the kernel takes for a phone that does not read


async def troubled(server: Server, key: str, count: int, report: Report) -> None:
    """First the silent one, then the stuck ones, in a room with the other phones; both times the presenter's count is read."""
    driver = await presenter(server, key)
    began = time.perf_counter()
    silent = Phone(server.port, answers=False)
    await silent.open()
    phones = await joined(server.port, count - STUCK, 5.0)
    everybody = await driver.hears("count", began, here=len(phones) + 1)
    gone = await driver.hears("count", everybody["moment"], LONGEST, here=len(phones))
    report.add("silent phone no longer counted after", gone["moment"] - began, 60, "s")
    await _stuck(server, driver, phones, report)
    await left([driver, silent, *phones])


async def _stuck(server: Server, driver: Phone, phones: list[Phone], report: Report) -> None:
    began = time.perf_counter()
    connections = [_connected(server.port) for _ in range(STUCK)]
    everybody = await driver.hears("count", began, here=len(phones) + STUCK)
    memory, most, times = server.memory(), 0.0, []
    dropped = asyncio.ensure_future(driver.hears("count", everybody["moment"], LONGEST, here=len(phones)))
    dark = True
    while not dropped.done():
        times += await scene_time(driver, phones, dark)
        most = max(most, server.memory() - memory)
        dark = not dark
        await asyncio.sleep(PAUSE)
    report.add(f"{STUCK} phones stop reading: the others, p95", 1000 * p95(times), 100, "ms")
    report.add("memory for them", most / 1000, 10, "MB")
    report.add("dropped after", (await dropped)["moment"] - began, 20, "s")
    for each in connections:
        each.close()


def _connected(port: int) -> socket.socket:
    """A follower that reads no byte after its handshake."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED)
    plain.connect(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}"
    origin = f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}"
    plain.sendall(f"GET /live/{CODE}/ws HTTP/1.1\r\n{origin}\r\n{upgrade}\r\n\r\n".encode())
    return plain
