"""A room full of phones: joining, scenes, new runs, answers, silence."""

import asyncio
import statistics
import time

from benchmarks.lecture.hall import QUESTION, Server, presenter
from benchmarks.lecture.phone import Phone, joined
from benchmarks.lecture.report import Report, p95

JOIN_SECONDS, QUIET_SECONDS, ANSWER_SECONDS = 5.0, 20.0, 3.0
CHANGES = 10  # of the scene
DEPTHS = (2, 4, 5)  # of new runs, which no phone has
PROMPTED = ("here", "time")  # a sign of life of the server, and the answer to that of a phone


async def crowd(server: Server, key: str, count: int, report: Report) -> list[Phone]:
    """All rows of a room in which everything goes well; its phones, still there."""
    driver = await presenter(server, key)
    before, memory = server.cpu(), server.memory()
    phones = await joined(server.port, count, JOIN_SECONDS)
    pictures = [phone.picture for phone in phones]
    report.add(f"join {count} in {JOIN_SECONDS:g} s: picture's data, p95", 1000 * p95(pictures), 500, "ms")
    report.add("bytes of a phone, mean", statistics.mean(phone.bytes for phone in phones) / 1000, 130, "kB")
    report.add("CPU of the server for it", server.cpu() - before, 1, "s")
    report.add("memory of a follower", (server.memory() - memory) / count, 50, "kB")
    await _scenes(server, driver, phones, report)
    await _quiet(server, phones, report)
    await _new_runs(driver, phones, report)
    await _answers(driver, phones, report)
    await driver.leave()
    return phones


async def _scenes(server: Server, driver: Phone, phones: list[Phone], report: Report) -> None:
    before = server.cpu()
    times = [await scene_time(driver, phones, number % 2 == 0) for number in range(CHANGES)]
    report.add("scene, same run, p95", 1000 * p95([each for several in times for each in several]), 100, "ms")
    report.add("CPU of the server for one", 1000 * (server.cpu() - before) / CHANGES, 20, "ms")


async def scene_time(driver: Phone, phones: list[Phone], dark: bool) -> list[float]:
    """Seconds from the presenter's word until each phone has it."""
    sent = time.perf_counter()
    await driver.say({"is": "do", "what": "blank", "on": dark})
    heard = await asyncio.gather(*(phone.hears("scene", sent, blank=dark) for phone in phones))
    return [message["moment"] - sent for message in heard]


async def _quiet(server: Server, phones: list[Phone], report: Report) -> None:
    before, since = server.cpu(), time.perf_counter() + 1
    await asyncio.sleep(QUIET_SECONDS)
    report.add("idle CPU, per cent of a core", 100 * (server.cpu() - before) / QUIET_SECONDS, 3, "%")
    unasked = [1 for phone in phones for moment, message in phone.heard if moment > since and message["is"] not in PROMPTED]
    report.add("messages while nothing is touched", len(unasked), 0, "")


async def _new_runs(driver: Phone, phones: list[Phone], report: Report) -> None:
    """From the moment at which the server says that a new run is there until each phone has it."""
    times: list[float] = []
    for depth in DEPTHS:
        sent = time.perf_counter()
        await driver.say({"is": "do", "what": "change", "path": "model.depth", "value": depth})
        scene = await driver.hears("scene", sent, changes={"model.depth": depth})
        times += await asyncio.gather(*(_fetched(phone, sent, depth, scene["moment"]) for phone in phones))
    report.add("new run, payload there, p95", 1000 * p95(times), 500, "ms")


async def _fetched(phone: Phone, after: float, depth: int, sent: float) -> float:
    return await phone.fetch(await phone.hears("scene", after, changes={"model.depth": depth})) - sent


async def _answers(driver: Phone, phones: list[Phone], report: Report) -> None:
    sent, count = time.perf_counter(), len(phones)
    await driver.say({"is": "do", "what": "scene", "scene": QUESTION})
    await asyncio.gather(*(phone.hears("question", sent, scene=QUESTION) for phone in phones))
    for name, spread, value in ((f"in {ANSWER_SECONDS:g} s", ANSWER_SECONDS, 1), ("in one instant", 0.0, 0)):
        taken = await asyncio.gather(*(_answer(phone, spread * number / count, value) for number, phone in enumerate(phones)))
        report.add(f"{count} answers {name}: acknowledged, p95", 1000 * p95(taken), 250, "ms")


async def _answer(phone: Phone, delay: float, value: int) -> float:
    await asyncio.sleep(delay)
    sent = time.perf_counter()
    await phone.say({"is": "answer", "scene": QUESTION, "value": value})
    counted = await phone.hears("counted", sent)
    if not counted["ok"]:
        raise RuntimeError("An answer was refused.")
    return float(counted["moment"]) - sent
