"""Does a lecture hold with two hundred phones? A server as `make run` starts it, and clients on the same two cores.

python -m benchmarks.lecture [--followers 200] [--only crowd troubled browsers]

A phone without a browser loads the page, its script and style, the run, and has a socket that takes every message. Times are
upper bounds, because clients and server share the machine. Only 127.0.0.1, bounded in count and time (about five minutes).
"""

import argparse
import asyncio
import gc
import json
import os
from collections.abc import Collection

from playwright.async_api import Error as PlaywrightError

from benchmarks.lecture.browsers import browsers
from benchmarks.lecture.crowd import crowd
from benchmarks.lecture.endings import killed, started_again
from benchmarks.lecture.hall import Server, hall
from benchmarks.lecture.report import Report
from benchmarks.lecture.troubled import troubled

PARTS = ("crowd", "troubled", "browsers")
MOST = 400  # followers; a server takes 500


async def whole(count: int, parts: Collection[str]) -> Report:
    """The parts in their order, each with a server of its own. One that breaks off is a row that does not hold."""
    report = Report()
    for name, part in (("crowd", _crowd), ("troubled", troubled), ("browsers", browsers)):
        if name not in parts:
            continue
        async with hall() as (server, key):
            try:
                await part(server, key, count, report)
            except (TimeoutError, RuntimeError, PlaywrightError) as error:
                report.broken(name, error)
    return report


async def _crowd(server: Server, key: str, count: int, report: Report) -> None:
    """The room, then how its server ends and comes back."""
    phones = await crowd(server, key, count, report)
    await killed(server, count, report)
    await started_again(server, count, report)
    for phone in phones:
        phone.listening.cancel()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--followers", type=int, default=200)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="some of the parts")
    options = parser.parse_args()
    gc.freeze()  # else a full collection over this client's modules stops all its phones for 0.2 s, in the times of the server
    report = asyncio.run(whole(min(MOST, options.followers), options.only))
    print(json.dumps({"benchmark": "lecture", "cores": os.cpu_count(), "load": os.getloadavg(), "rows": report.rows}))
    return 0 if report.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
