"""`store`: the runs that are stored: list, verify, prune, pin, export."""

import argparse
import json
import re
import time
from typing import Any

from dmf_core.cli.files import Output
from dmf_core.errors import BadInput
from dmf_core.shapes import in_words
from dmf_core.spec import RunSpec
from dmf_core.store import Row, Store, store_directory

SHORTEST = 4  # digits of a digest that name a run
UNITS = {"": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30}  # bytes of each unit that --bytes knows


def store(arguments: argparse.Namespace) -> int:
    """Does what the arguments say. Returns the exit status: 1 where a stored run is damaged."""
    directory = store_directory()
    if directory is None:
        raise BadInput("DMF_STORE is off, so nothing is stored; name a folder with DMF_STORE=DIR.")
    opened = Store(directory)
    try:
        return ACTIONS[arguments.action or "list"](opened, arguments)
    finally:
        opened.close()


def _list(opened: Store, arguments: argparse.Namespace) -> int:
    rows = opened.all()
    if arguments.json:
        print(json.dumps([_as_json(row) for row in rows], allow_nan=False))
        return 0
    print(f"{opened.directory}: {_holdings(opened)}.")
    for row in rows[: arguments.most]:
        print(_line(row))
    if len(rows) > arguments.most:
        print(f"{len(rows) - arguments.most} more; --most {len(rows)} lists all.")
    return 0


def _holdings(opened: Store) -> str:
    """12 runs, 3 of them with archives (1.4 MB); the index takes 92 kB."""
    rows = opened.all()
    sizes = [row.bytes for row in rows if row.bytes]
    whole = f", {len(sizes)} of them with {'an archive' if len(sizes) == 1 else 'archives'} ({_size(sum(sizes))})"
    archives = whole if sizes else ", numbers only" if rows else ""
    return f"{_count(len(rows), 'run')}{archives}; the index takes {_size(opened.index_bytes())}"


def _verify(opened: Store, arguments: argparse.Namespace) -> int:
    adopted = opened.adopt()
    rows = [row for row in opened.all() if row.bytes]
    damaged = [row.digest for row in rows if opened.open(row) is None]
    if arguments.json:
        print(json.dumps({"verified": len(rows), "damaged": damaged, "adopted": adopted}))
    else:
        if adopted:
            print(f"{adopted} archives that the index did not know were taken into it.")
        print(_verified(len(rows), damaged) if rows else f"No archives to check: {_holdings(opened)}.")
    return 1 if damaged else 0


def _verified(count: int, damaged: list[str]) -> str:
    checked = f"{_count(count, 'archive')} checked against {'its hashes' if count == 1 else 'their hashes'}"
    if not damaged:
        return f"{checked}; {'it is' if count == 1 else 'all are'} whole."
    removed = "1 is damaged and was" if len(damaged) == 1 else f"{len(damaged)} are damaged and were"
    return f"{checked}; {removed} removed: {', '.join(each[:8] for each in damaged)}."


def _prune(opened: Store, arguments: argparse.Namespace) -> int:
    if arguments.all:
        gone = opened.prune(0, 0)
    else:
        gone = opened.prune(None if arguments.bytes is None else _bytes(arguments.bytes), arguments.rows)
    opened.shrink()
    if arguments.json:
        size, count = opened.totals()
        print(json.dumps({"removed": gone, "runs": count, "bytes": size}))
    else:
        print(f"{_count(len(gone), 'run')} removed. Stored now: {_holdings(opened)}.")
    return 0


def _pin(opened: Store, arguments: argparse.Namespace) -> int:
    row = _named(opened, arguments.digest)
    opened.pin([row.digest], not arguments.off)
    print(f"Run {row.digest[:8]} {'may be removed when room is needed' if arguments.off else 'stays until it is unpinned'}.")
    return 0


def _export(opened: Store, arguments: argparse.Namespace) -> int:
    row = _named(opened, arguments.digest)
    if not row.bytes:
        raise BadInput(f"Of run {row.digest[:8]} only the final numbers are stored; run --pin with its settings keeps it whole.")
    archived = opened.open(row)
    if archived is None:
        raise BadInput(opened.trouble)
    output = Output(arguments.out or f"{row.digest[:8]}.zip")
    try:
        output.write(opened.path(row.digest).read_bytes())
    except OSError as error:
        raise BadInput(f"{output.path} could not be written ({error.strerror}); choose another --out.") from None
    finally:
        output.close()
    print(f"Written to {output.path} ({_size(row.bytes)}).")
    return 0


ACTIONS = {"list": _list, "verify": _verify, "prune": _prune, "pin": _pin, "export": _export}


def _named(opened: Store, text: str) -> Row:
    """The one row whose digest begins so. Raises BadInput."""
    digits = text.strip().lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", digits):
        raise BadInput(f"{text[:40]} names no run; give at least {SHORTEST} digits of its digest, as store list shows them.")
    rows = opened.beginning(digits)
    if len(rows) != 1:
        problem = "No stored run begins" if not rows else f"{len(rows)} stored runs begin"
        raise BadInput(f"{problem} with {digits}; store list shows all.")
    return rows[0]


def _bytes(text: str) -> int:
    """A size such as 500MB. Raises BadInput."""
    parts = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?b?)", text.strip().lower())
    if not parts:
        raise BadInput(f"--bytes {text} is no size; write for example 500MB or 2GB.")
    unit = parts[2].rstrip("b")
    return int(float(parts[1]) * UNITS[f"{unit}b" if unit else ""])


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    """Bytes in words."""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{count / 1024:.0f} kB"


def _as_json(row: Row) -> dict[str, Any]:
    return vars(row) | {"outcome": row.outcome.value}


def _line(row: Row) -> str:
    try:
        spec = RunSpec.check(row.spec)
    except BadInput:  # its plugin is not loaded
        return f"{row.digest[:8]}  needs a plugin: {row.spec['problem']['kind']}, {row.spec['model']['kind']}"
    sides = in_words(spec.shape) if spec.shape else "given data"
    error = row.measures.get("reconstruction_error")
    ended = f"{row.outcome.value}, error {error:.3g}" if error is not None else row.outcome.value
    deep = "" if spec.model.layers is None else f" of depth {spec.model.layers}"
    model = f"{spec.model.kind}{deep}, {sides}, seed {spec.seed}"
    size = _size(row.bytes) if row.bytes else "numbers only"
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(row.created))
    return f"{row.digest[:8]}  {when}  {model}: {ended}; {size}{', pinned' if row.pinned else ''}"
