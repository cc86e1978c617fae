"""The log of runs that failed because of the program; of a run of given data it holds nothing of the data."""

from dmf_core.events import FaultRecord
from dmf_core.jobs.job import Job


def fault_of_job(where: str, job: Job, traceback: str) -> FaultRecord:
    """`traceback`: what `traceback_of` in the worker returned."""
    spec = "" if job.spec.needs_inputs else job.spec.to_json()
    return FaultRecord(where, _class_of_error(traceback), job.public_name, spec, traceback.rstrip())


def fault_of_batch(where: str, traceback: str) -> FaultRecord:
    """The same of a batch of runs, which names none of them."""
    return FaultRecord(where, _class_of_error(traceback), traceback=traceback.rstrip())


def _class_of_error(traceback: str) -> str:
    """The last line begins with it."""
    return traceback.strip().rpartition("\n")[2].partition(":")[0]
