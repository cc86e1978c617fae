"""`sweep`: a field of runs over axes of settings, with its cost first, and a table at the end."""

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dmf_core.cli.exit_status import INTERRUPTED
from dmf_core.cli.requested import data_of, spec_of
from dmf_core.cost import in_words
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.jobs.executors.choice import scheduler_address, worker_count
from dmf_core.measures import MEASURES
from dmf_core.spec import RunSpec
from dmf_core.store import Store, open_store
from dmf_core.sweep import Axis, Plan, Table, Tally, carry_out, parse_axis, plan
from dmf_core.sweep.plan import Cell, memory
from dmf_core.sweep.running import known
from dmf_core.sweep.table import median
from dmf_core.sweep.written import write_tables
from dmf_core.trajectory import Outcome

LISTED = 40  # combinations whose median is printed
USUAL = ("reconstruction_error", "unobserved_error", "observed_error")  # the first one that exists is printed


def sweep(arguments: argparse.Namespace) -> int:
    """Plans, computes, writes, prints. Returns the exit status: 1 where a run failed because of the program or its machine."""
    if not arguments.axis:
        raise BadInput("A sweep needs something that varies; add --axis PATH=VALUES, for example --axis seed=0:9.")
    if arguments.measure is not None and arguments.measure not in (*MEASURES, "loss"):
        raise BadInput(f"--measure {arguments.measure} does not exist; it must be one of loss, {', '.join(MEASURES)}.")
    given = data_of(arguments)
    inputs = Inputs(given.array, None, given.account.as_json(None)) if given else Inputs()
    axes = [parse_axis(text) for text in arguments.axis]
    planned = plan(_spec(arguments, inputs, axes), axes, inputs)
    directory = _directory(arguments.out)
    store = _store(planned, directory)
    if arguments.archives and (store is None or directory is None):
        raise BadInput("--archives needs --out DIR and a store; DMF_STORE=off switches the store off.")
    cluster = scheduler_address(arguments.scheduler)
    workers = worker_count()
    try:
        _say(_price(planned, store, workers, arguments.archives, cluster), arguments.json)
        with _bar(len(planned.runs)) as show:
            table, interrupted = carry_out(planned, store, workers, arguments.archives, show, cluster)
        written = write_tables(table, directory, store if arguments.archives else None) if directory else []
    finally:
        if store is not None:
            store.close()
    if arguments.json:
        print(json.dumps(_as_json(table), allow_nan=False))
    else:
        print("\n".join(_words(table, arguments.measure) + [f"Written: {', '.join(written)}." for _ in written[:1]]))
    if interrupted:
        print(_interrupted(table, store), file=sys.stderr)
        return INTERRUPTED
    return 1 if any(row.outcome is Outcome.FAILED for row in table.rows.values()) else 0


def _spec(arguments: argparse.Namespace, inputs: Inputs, axes: list[Axis]) -> RunSpec:
    """The spec that the axes vary; what it does not hold may come from them, as a number of observations that fits its sides."""
    try:
        return spec_of(arguments, inputs)
    except BadInput:
        firsts = [f"{path}={json.dumps(axis.values[0])}" for axis in axes for path in axis.paths]
        with contextlib.suppress(BadInput):
            return spec_of(argparse.Namespace(**vars(arguments) | {"set": arguments.set + firsts}), inputs)
        raise


def _directory(text: str | None) -> Path | None:
    """The folder of the results, made. Raises BadInput."""
    if text is None:
        return None
    try:
        Path(text).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{text} cannot be made a folder ({error.strerror}); choose another --out.") from None
    return Path(text)


def _store(planned: Plan, directory: Path | None) -> Store | None:
    """The store of a sweep: runs of given data are stored only with their results."""
    if any(cell.spec is not None and cell.spec.needs_inputs for cell in planned.cells):
        return None if directory is None else Store(directory / "store", personal=True)
    return open_store()


def _price(planned: Plan, store: Store | None, workers: int, whole: bool, cluster: str | None) -> str:
    stored = known(planned, store, whole)
    missing = [cell for digest, cell in planned.runs.items() if digest not in stored]
    refused = sum(cell.spec is None for cell in planned.cells)
    parts = [_counted(len(planned.runs))]
    parts += [f"{len(stored)} of them {'is' if len(stored) == 1 else 'are'} stored already"] if stored else []
    more = "1 more combination is no run" if refused == 1 else f"{refused} more combinations are no runs"
    parts += [f"{more}, and the table says why"] if refused else []
    return f"{', '.join(parts)}; {_work(missing, workers, cluster)}."


def _counted(runs: int) -> str:
    return "1 run" if runs == 1 else f"{runs} runs"


def _work(missing: list[Cell], workers: int, cluster: str | None) -> str:
    """What these runs take: seconds, and memory of the worker processes."""
    if not missing:
        return "no work"
    seconds = sum(cell.seconds for cell in missing)
    if cluster is not None:  # how many workers it has shows only when it answers
        return f"about {in_words(seconds)} of one core of the cluster"
    workers = min(workers, len(missing))
    together = f"{in_words(seconds / workers)} on {workers} workers, which take" if workers > 1 else "on a worker that takes"
    return f"about {in_words(seconds)} of one core, {together} {memory(missing, workers) / 2**20:.0f} MB of memory at most"


def _say(sentence: str, as_json: bool) -> None:
    print(sentence, flush=True, file=sys.stderr if as_json else sys.stdout)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[Tally], None]]:
    """A progress bar with runs a second and the time left on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda tally: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=total)
        yield lambda tally: bar.update(task, completed=tally.done, description=_progress(tally))


def _progress(tally: Tally) -> str:
    words = [f"{tally.rate:.3g} runs a second"] if tally.rate else ["starting"]
    words += [f"about {in_words(tally.left)} left"] if tally.left is not None else []
    words += [f"{tally.elsewhere} by another process"] if tally.elsewhere else []
    return ", ".join(words)


def _words(table: Table, measure: str | None) -> list[str]:
    """How the runs ended, and the median of a measure for each combination."""
    outcomes = table.columns()["outcome"]
    counts = {each: outcomes.count(each) for each in dict.fromkeys(outcomes)}
    lines = [f"{_counted(len(outcomes))}: {', '.join(f'{count} {outcome}' for outcome, count in counts.items())}."]
    shown = measure or next((key for key in USUAL if key in table.measures), None)
    if shown is None:
        return lines
    groups = table.summary(shown)
    lines.append(f"Median of {MEASURES[shown].label if shown in MEASURES else shown} (range, number of runs):")
    lines += [f"  {_group(named)}: {_spread(values)}" for named, values in groups[:LISTED]]
    if len(groups) > LISTED:
        lines.append(f"  and {len(groups) - LISTED} more combinations, which --out DIR writes.")
    return lines


def _group(named: dict[str, Any]) -> str:
    return ", ".join(f"{path} {'null' if value is None else value}" for path, value in named.items()) or "all"


def _spread(values: list[float]) -> str:
    middle = median(values)
    if middle is None:
        return "no value"
    return f"{middle:.4g}" + (f" ({min(values):.4g} to {max(values):.4g}, {len(values)})" if len(values) > 1 else "")


def _as_json(table: Table) -> dict[str, Any]:
    columns = table.columns()
    axes = [{"paths": axis.paths, "values": axis.values} for axis in table.axes]
    return {"axes": axes, "runs": [dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True)]}


def _interrupted(table: Table, store: Store | None) -> str:
    so_far = f"Interrupted after {len(table.rows)} of {len(table.plan.runs)} runs"
    if store is None:
        return f"{so_far}; without a store the next time begins anew."
    if not table.rows:
        return f"{so_far}; the same command starts again."
    return f"{so_far}; these are stored, and the same command goes on from there."
