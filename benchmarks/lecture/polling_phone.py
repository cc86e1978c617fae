"""A follower in a network without WebSockets: one request always waits for news."""

import asyncio
from typing import Self

from benchmarks.lecture.phone import CODE

HERE, ALIVE = '{"is":"here"}', '{"is":"time","t":0}'  # a sign of life of the server, and the answer


class PollingPhone:
    """What polled_socket.js does: it listens, and answers signs of life."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer, self._host = reader, writer, host
        self._token = ""
        self.requests = 0  # for news, sent so far
        self.waits = False  # the last one is not answered yet

    @classmethod
    async def opened(cls, port: int) -> Self:
        """Let in, but not yet waiting; a server closes a connection on which nothing is asked for five seconds."""
        phone = cls(*await asyncio.open_connection("127.0.0.1", port), f"127.0.0.1:{port}")
        phone._token = f"/{(await phone._post(''))[1]}"
        return phone

    async def _post(self, path: str, body: str = "") -> tuple[int, str]:
        headers = f"Host: {self._host}\r\nOrigin: http://{self._host}\r\nContent-Length: {len(body)}"
        self._writer.write(f"POST /live/{CODE}/poll{path} HTTP/1.1\r\n{headers}\r\n\r\n{body}".encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int((head.partition("content-length: ")[2] or "0").split("\r\n")[0])
        return int(head.split()[1]), (await self._reader.readexactly(length)).decode()

    async def follow(self) -> int:
        """The status of the request that waited when the server ended; 0 where none did."""
        try:
            while True:
                self.requests, self.waits = self.requests + 1, True
                status, text = await self._post(self._token)
                self.waits = False
                if status != 200:
                    return status
                if HERE in text:
                    await self._post(f"{self._token}/say", ALIVE)
        except (OSError, asyncio.IncompleteReadError):
            return 0
        finally:
            self._writer.close()
