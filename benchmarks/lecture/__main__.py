"""Does a lecture hold with two hundred phones? A server as `make run` starts it, and clients on the same two cores.

python -m benchmarks.lecture [--followers 200] [--only crowd troubled browsers]

A phone without a browser loads the page, its script and style, the run, and has a socket that takes every message. Times are
upper bounds, because clients and server share the machine. Only 127.0.0.1, bounded in count and time (about five minutes).
"""

import argparse
import asyncio
import json
import os
from collections.abc import Collection

from benchmarks.lecture.browsers import browsers
from benchmarks.lecture.crowd import crowd
from benchmarks.lecture.endings import killed, started_again
from benchmarks.lecture.hall import hall
from benchmarks.lecture.report import Report
from benchmarks.lecture.troubled import troubled

PARTS = ("crowd", "troubled", "browsers")
MOST = 400  # followers; a server takes 500


async def whole(count: int, parts: Collection[str]) -> Report:
    """The parts in their order, each with a server of its own."""
    report = Report()
    if "crowd" in parts:
        async with hall() as (server, key):
            phones = await crowd(server, key, count, report)
            await killed(server, count, report)
            await started_again(server, count, report)
            for phone in phones:
                phone.listening.cancel()
    for name, part in (("troubled", troubled), ("browsers", browsers)):
        if name in parts:
            async with hall() as (server, key):
                await part(server, key, count, report)
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--followers", type=int, default=200)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="some of the parts")
    options = parser.parse_args()
    report = asyncio.run(whole(min(MOST, options.followers), options.only))
    print(json.dumps({"benchmark": "lecture", "cores": os.cpu_count(), "load": os.getloadavg(), "rows": report.rows}))
    return 0 if report.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
