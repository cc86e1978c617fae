"""Does broken or hostile input ever break anything? One kind of input for so many minutes.

python -m benchmarks.fuzz KIND [--minutes 10] [--seed 0]      KIND: archives, links, messages, polls, scripts, uploads

Every input must give a result or one sentence: no other exception, none slower than HANG_SECONDS, and no more than GROWN_BYTES of
memory beyond what the first thousand took. The first failure is printed with its seed, and ends it.
"""

import argparse
import importlib
import json
import logging
import random
import resource
import sys
import time
import traceback

KINDS = ("archives", "links", "messages", "polls", "scripts", "uploads")
HANG_SECONDS = 5.0  # of processor time, for one input
GROWN_BYTES = 200 << 20  # archives of 30 MB unpacked are among the inputs
WARM = 1000  # inputs until memory is taken for settled


def peak() -> int:
    """Bytes that were resident at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="benchmarks.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0, help="of the first input; each has its own")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # refusals are what is tried
    attempt = importlib.import_module(f"benchmarks.fuzz.{options.kind}").cases()
    ends, seed, slowest, settled = time.monotonic() + 60 * options.minutes, options.seed, 0.0, 0
    while time.monotonic() < ends:
        began = time.process_time()
        try:
            attempt(random.Random(seed))
        except Exception:
            traceback.print_exc()
            print(f"Input {seed} of {options.kind} failed; again: --seed {seed}", file=sys.stderr)
            return 1
        seconds = time.process_time() - began
        slowest = max(slowest, seconds)
        seed += 1
        if seed - options.seed == WARM:
            settled = peak()
        grown = peak() - settled if settled else 0
        if seconds > HANG_SECONDS or grown > GROWN_BYTES:
            print(
                f"Input {seed - 1} of {options.kind} took {seconds:.1f} s; memory has grown by {grown >> 20} MB.", file=sys.stderr
            )
            return 1
    row = {
        "benchmark": "fuzz",
        "kind": options.kind,
        "inputs": seed - options.seed,
        "slowest": round(slowest, 3),
        "processor": round(time.process_time()),
    }
    print(json.dumps(row | {"grown_mb": (peak() - settled) >> 20 if settled else None, "minutes": options.minutes}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
