"""A sweep from beginning to end, on worker processes of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.jobs.events import SIMULATE
from dmf_core.jobs.executors.base import Executor
from dmf_core.jobs.executors.choice import executor_for, worker_count
from dmf_core.spec import RunSpec
from dmf_core.store import Row, Store, open_store
from dmf_core.sweep.axes import Axis
from dmf_core.sweep.plan import Plan, plan
from dmf_core.sweep.running import Sweep, Tally, known
from dmf_core.sweep.table import Table

POLL_SECONDS = 0.1  # that one poll waits for results, at most: so often the line of progress is written anew


def sweep(
    spec: RunSpec,
    axes: Sequence[Axis] | Mapping[str, Any],
    inputs: Inputs = Inputs(),
    workers: int | None = None,
    show: Callable[[Tally], None] = lambda tally: None,
    scheduler: str | None = None,
) -> Table:
    """The table of all runs over these axes, see `plan`. Uses the store that DMF_STORE names, but for runs of given data.
    `scheduler`: the address of a cluster that computes them; None: the one that DMF_SCHEDULER names, else this machine.

    Raises BadInput, and KeyboardInterrupt at Ctrl-C: what has been computed is stored, and the same call goes on from there.
    """
    planned = plan(spec, axes, inputs)
    private = any(cell.spec is not None and cell.spec.needs_inputs for cell in planned.cells)
    store = None if private else open_store()
    try:
        table, interrupted = carry_out(planned, store, workers, show=show, scheduler=scheduler)
    finally:
        if store is not None:
            store.close()
    if interrupted:
        raise KeyboardInterrupt
    return table


def carry_out(
    planned: Plan,
    store: Store | None,
    workers: int | None = None,
    whole: bool = False,
    show: Callable[[Tally], None] = lambda tally: None,
    scheduler: str | None = None,
) -> tuple[Table, bool]:
    """(the table, True when Ctrl-C ended it early). Without work no worker is started. Raises BadInput."""
    rows = known(planned, store, whole)
    if len(rows) == len(planned.runs):
        return Table(planned, rows), False
    executor = executor_for(min(workers or worker_count(), len(planned.runs) - len(rows)), SIMULATE, scheduler)
    return _computed(planned, store, executor, whole, rows, show)


def _computed(
    planned: Plan,
    store: Store | None,
    executor: Executor,
    whole: bool,
    rows: Mapping[str, Row],
    show: Callable[[Tally], None],
) -> tuple[Table, bool]:
    broken: list[str] = []
    running: Sweep | None = None
    executor.open(lambda: None, broken.append)  # its processes start while the batches are made
    try:
        running = Sweep(planned, store, executor, whole, rows)
        while not running.ended:
            show(running.poll(POLL_SECONDS))
            if broken:
                raise BadInput(broken[0])
        return running.table, False
    except KeyboardInterrupt:
        return (Table(planned, rows) if running is None else running.table), True
    finally:
        executor.close()
        if running is not None:
            running.abandon()
