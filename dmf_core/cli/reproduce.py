"""`reproduce`: a published figure run again, each of its claims with pass or fail and the numbers."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dmf_core.cli.exit_status import INTERRUPTED
from dmf_core.cli.requested import data_of
from dmf_core.cost import about
from dmf_core.errors import BadInput
from dmf_core.jobs import JobQueue, WholeRuns, calibration
from dmf_core.jobs.events import SIMULATE
from dmf_core.jobs.executors.choice import executor_for, scheduler_address, worker_count
from dmf_core.jobs.whole_runs import Tally
from dmf_core.reproductions import REPRODUCTIONS, reproduction
from dmf_core.reproductions.framework.price import price_of
from dmf_core.reproductions.framework.report import report, sentence
from dmf_core.reproductions.framework.reproduction import Certainty, Key, Results
from dmf_core.reproductions.framework.shelf import Shelf
from dmf_core.store import open_store

POLL_SECONDS = 0.2  # that one poll waits for a run to end, at most: so often the line of progress is written anew


def reproduce(options: argparse.Namespace) -> int:
    """Runs, judges, prints. Returns the exit status: 1 when a claim fails."""
    if options.list:
        return _list(options.json)
    if not options.name:
        raise BadInput("No figure was named; give one of the names that reproduce --list shows.")
    given = data_of(options)
    figure = reproduction(options.name, given.array if given else None)
    keep = options.keep or (None if options.quick else _unfinished(figure.name))
    store = None if options.keep else open_store()
    shelf = Shelf(keep, store)
    runs = figure.runs(options.quick)
    machine = calibration.measured()
    cluster = scheduler_address(options.scheduler)
    batch = WholeRuns(runs, shelf, price_of(figure, machine))
    workers = worker_count()
    _say(_price(batch, workers, cluster is not None), options.json)
    began = time.monotonic()
    if not carry_out(batch, workers, cluster):
        print(_interrupted(batch.tally, keep if store is None else str(store.directory)), file=sys.stderr)
        return INTERRUPTED
    if not options.keep:
        shelf.clear(runs.values())
    result = report(figure, Results(runs, batch.trajectories, options.quick))
    result |= {"runs": batch.tally.total, "kept": batch.tally.from_shelf, "seconds": time.monotonic() - began}
    result |= {"troubles": list(batch.tally.troubles)}
    result |= {"data": given.account.as_json()} if given else {}
    print(_as_json(result) if options.json else _words(result))
    return 0 if all(claim["holds"] for claim in result["claims"]) else 1


def _unfinished(name: str) -> str | None:
    """Where the finished runs of a figure wait until all of them are; None when nothing can be written there."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    directory = str(Path(cache) / "dmf-lab" / "unfinished" / name)
    try:
        Shelf(directory)
    except BadInput:
        return None
    return directory


def _list(as_json: bool) -> int:
    if as_json:
        print(json.dumps([{"name": each.name, "title": each.title, "paper": each.paper} for each in REPRODUCTIONS.values()]))
        return 0
    width = max(map(len, REPRODUCTIONS))
    for each in REPRODUCTIONS.values():
        print(f"{each.name:<{width}}  {each.title} ({each.paper.split(',')[0]}).")
    return 0


def _price(batch: WholeRuns[Key], workers: int, cluster: bool) -> str:
    tally = batch.tally
    stored = f", {tally.from_shelf} of them kept from before" if tally.from_shelf else ""
    cores = "one worker" if workers == 1 or cluster else f"{workers} workers"
    workers = 1 if cluster else workers  # how many a cluster has shows only when it answers
    return f"{tally.total} runs{stored}; {about(batch.cost(workers))} on {cores}."


def _say(sentence: str, as_json: bool) -> None:
    if not as_json:
        print(sentence, flush=True)
    elif sys.stderr.isatty():
        print(sentence, file=sys.stderr)


def carry_out(batch: WholeRuns[Key], workers: int, cluster: str | None = None) -> bool:
    """False when it was interrupted. Without work no worker is started."""
    if batch.ended:
        return True
    queue = JobQueue(executor=executor_for(min(workers, batch.tally.total), SIMULATE, cluster))
    try:
        with _bar(batch.tally.total) as show:
            while not batch.ended:
                show(batch.poll(queue, POLL_SECONDS))
    except KeyboardInterrupt:
        return False
    finally:
        queue.close()
    return True


def _interrupted(tally: Tally, keep: str | None) -> str:
    so_far = f"Interrupted after {tally.done} of {tally.total} runs"
    if keep is None:
        return f"{so_far}; with --keep DIR the finished ones are kept, and the next time goes on from there."
    return f"{so_far}; the finished ones are in {keep}, and the same command goes on from there."


@contextmanager
def _bar(total: int) -> Iterator[Callable[[Tally], None]]:
    """A progress bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda tally: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("runs"), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("runs", total=total)
        yield lambda tally: bar.update(task, completed=tally.done)


def _as_json(result: dict[str, Any]) -> str:
    claims = [claim | {"sentence": sentence(claim)} for claim in result["claims"]]
    return json.dumps(result | {"claims": claims}, allow_nan=False)


def _words(result: dict[str, Any]) -> str:
    read = [" ".join([result["data"]["sentence"], *result["data"]["notes"]])] if "data" in result else []
    lines = [*read, f"{result['title']}. {result['paper']}.", result["about"], ""]
    for claim in result["claims"]:
        value = "missing" if claim["value"] is None else f"{claim['value']:.4g}"
        verdict = "holds" if claim["holds"] else "FAILS"
        lines.append(f"{verdict}  {claim['name']}: {sentence(claim)}")
        lines.append(f"       {value} {claim['relation']} {claim['bound']:.4g} ({claim['source']})")
    values = [f"{each['what']}: {_measured_and_published(each)}" for each in result["published"]]
    derived = all(each["certainty"] == Certainty.DERIVED.value for each in result["published"])
    lines += ["", f"{'Derived' if derived else 'Published'} value, and ours ({result['range']}):", *values] if values else []
    held = sum(claim["holds"] for claim in result["claims"])
    lines += ["", *result["troubles"], f"{held} of {len(result['claims'])} claims hold; {result['seconds']:.1f} s."]
    return "\n".join(lines)


def _measured_and_published(each: dict[str, Any]) -> str:
    ours = each["ours"]
    published = f"{each['value']:.4g} ({each['certainty']}); "
    if ours is None or ours["median"] is None:
        return f"{published}not run here."
    band = f", {ours['low']:.4g} to {ours['high']:.4g} over {ours['count']} seeds" if ours["count"] > 1 else ""
    return f"{published}ours {ours['median']:.4g}{band}."
