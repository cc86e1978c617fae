"""SIGKILL, the start after it, and Ctrl-C with everybody there, by sockets and by requests."""

import asyncio
import signal
import time

from benchmarks.lecture.hall import QUESTION, Server, answering
from benchmarks.lecture.phone import CODE, Phone
from benchmarks.lecture.polling_phone import PollingPhone
from benchmarks.lecture.report import Report
from ui.lecture.answer_book import AnswerBook
from ui.lecture.opened import FILE


async def killed(server: Server, count: int, report: Report) -> None:
    """Every acknowledged answer is in the file."""
    await server.ended(signal.SIGKILL)
    book = AnswerBook(server.folder / FILE)
    rows = len(book.answers(CODE, QUESTION))
    book.close()
    report.add("acknowledged answers missing after SIGKILL", count - rows, 0, "")


async def started_again(server: Server, count: int, report: Report) -> None:
    """Phones are back; Ctrl-C ends a server with all of them, and one with as many that poll, with exit status 0."""
    again = Server(server.folder, server.port)
    try:
        await answering(again)
        began = time.perf_counter()
        phones = [Phone(again.port) for _ in range(count)]
        await asyncio.gather(*(phone.open() for phone in phones))
        await asyncio.gather(*(phone.hears("scene") for phone in phones))
        report.add(f"{count} back after the server answers", time.perf_counter() - began, 5, "s")
        report.add(f"Ctrl-C with {count} connected", await again.ended(signal.SIGINT), 3, "s")
    finally:
        again.kill()
    polled = Server(server.folder, server.port)
    try:
        await answering(polled)
        following = [asyncio.ensure_future((await PollingPhone.opened(polled.port)).follow()) for _ in range(count)]
        await asyncio.sleep(1)
        report.add(f"Ctrl-C with {count} that poll", await polled.ended(signal.SIGINT), 3, "s")
        await asyncio.gather(*following)
        report.add("exit status after it", abs(polled.process.returncode), 0, "")
    finally:
        polled.kill()
