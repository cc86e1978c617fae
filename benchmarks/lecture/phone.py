"""One follower: what a phone does, without a browser."""

import asyncio
import gzip
import json
import time
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

CODE = "K7RTM"
Message = dict[str, Any]


class Phone:
    """The page, its script and style, the run, and a socket that takes every message and answers every sign of life."""

    def __init__(self, port: int, answers: bool = True) -> None:
        self.port, self.answers, self.bytes = port, answers, 0
        self.picture = float("nan")  # seconds until the data of the first picture
        self.heard: list[tuple[float, Message]] = []
        self.socket: ClientConnection | None = None
        self.news = asyncio.Event()

    async def join(self, delay: float = 0.0) -> None:
        await asyncio.sleep(delay)
        began = time.perf_counter()
        page = gzip.decompress(await self.get(f"/live/{CODE}")).decode()
        names = [part.split('"')[0] for part in page.split("/live/static/")[1:]]
        await asyncio.gather(self.open(), *(self.get(f"/live/static/{name}") for name in names))
        await self.fetch(await self.hears("scene"))
        self.picture = time.perf_counter() - began
        await self.say({"is": "me", "voter": ""})

    async def fetch(self, scene: Message) -> float:
        """The run of a scene; the moment at which it is there."""
        until = "" if scene["until"] is None else f"/until/{scene['until']}"
        ends = "" if scene["ends"] is None else f"/to/{scene['ends']:g}"
        await self.get(f"/live/{CODE}/run/{scene['run']}{until}{ends}")
        return time.perf_counter()

    async def open(self) -> None:
        origin = Origin(f"http://127.0.0.1:{self.port}")
        self.socket = await connect(f"ws://127.0.0.1:{self.port}/live/{CODE}/ws", origin=origin, open_timeout=60)
        self.listening = asyncio.ensure_future(self._listen(self.socket))

    async def get(self, path: str) -> bytes:
        """The body, as it travelled. One connection for each request."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        answer = await reader.read(-1)
        writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(f"{path}: {head.splitlines()[0]!r}")
        self.bytes += len(answer)
        return body

    async def say(self, message: Message) -> None:
        assert self.socket is not None
        await self.socket.send(json.dumps(message))

    async def hears(self, kind: str, after: float = 0.0, seconds: float = 60.0, **values: object) -> Message:
        """The first message of this kind, with these values, after a moment."""
        async with asyncio.timeout(seconds):
            while True:
                for moment, message in self.heard:
                    fits = moment >= after and message["is"] == kind
                    if fits and all(message[name] == value for name, value in values.items()):
                        return {**message, "moment": moment}
                self.news.clear()
                await self.news.wait()

    async def _listen(self, connection: ClientConnection) -> None:
        try:
            async for text in connection:
                self.bytes += len(text)
                message = json.loads(text)
                self.heard.append((time.perf_counter(), message))
                self.news.set()
                if self.answers and message["is"] == "here":
                    await self.say({"is": "time", "t": 0})
        except ConnectionClosed:
            return

    async def leave(self) -> None:
        if self.socket is not None:
            await self.socket.close()


async def joined(port: int, count: int, seconds: float) -> list[Phone]:
    """So many phones, one after the other within these seconds."""
    phones = [Phone(port) for _ in range(count)]
    await asyncio.gather(*(phone.join(seconds * number / count) for number, phone in enumerate(phones)))
    return phones


async def left(phones: list[Phone]) -> None:
    await asyncio.gather(*(phone.leave() for phone in phones))
