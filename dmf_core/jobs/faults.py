"""The log of runs that failed because of the program; of a run of given data it holds nothing of the data."""

from dmf_core.events import FaultRecord
from dmf_core.jobs.job import Job


def fault_of_job(where: str, job: Job, traceback: str) -> FaultRecord:
    """`traceback`: what `traceback_of` gave, whose last line begins with the class of the error."""
    error = traceback.strip().rpartition("\n")[2].partition(":")[0]
    spec = "" if job.spec.needs_inputs else job.spec.to_json()
    return FaultRecord(where, error, job.public_name, spec, traceback.rstrip())
