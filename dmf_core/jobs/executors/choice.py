"""Which executor computes: the cluster that DMF_SCHEDULER or --scheduler names, else processes of this machine; and how many."""

import contextlib
import os

from dmf_core.errors import BadInput
from dmf_core.jobs.executors.base import Executor
from dmf_core.jobs.executors.local import LocalExecutor

VARIABLE = "DMF_SCHEDULER"


def executor_for(workers: int, simulate: str, scheduler: str | None = None) -> Executor:
    """An executor, not opened yet. `scheduler`: address of a cluster; None: the one in DMF_SCHEDULER. Raises BadInput."""
    address = scheduler_address(scheduler)
    if address is None:
        return LocalExecutor(workers, simulate)
    from dmf_core.jobs.executors.dask import DaskExecutor  # few have a cluster; and with it comes the module of a worker

    return DaskExecutor(address, simulate)


def scheduler_address(scheduler: str | None = None) -> str | None:
    """The address that is given, else that of DMF_SCHEDULER; None where runs are computed on this machine."""
    return scheduler or os.environ.get(VARIABLE, "").strip() or None


def worker_count() -> int:
    """DMF_WORKERS, else one for each core, from 1 to 4. Raises BadInput."""
    text = os.environ.get("DMF_WORKERS", "")
    with contextlib.suppress(ValueError):
        if text and int(text) >= 1:
            return int(text)
    if text:
        raise BadInput(f"DMF_WORKERS is {text}; it must be a whole number from 1 up, or not set at all.")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(4, cores))
