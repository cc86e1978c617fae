"""Runs in worker processes: submit a spec, get a Job to look at. Needs neither a browser nor Streamlit."""

from dmf_core.jobs.job import Job, State, View, digest_of_work
from dmf_core.jobs.queue import JobQueue
from dmf_core.jobs.result_cache import size_of
from dmf_core.jobs.session_queue import SessionQueue
from dmf_core.jobs.whole_runs import WholeRun, WholeRuns

__all__ = ["Job", "JobQueue", "SessionQueue", "State", "View", "WholeRun", "WholeRuns", "digest_of_work", "size_of"]
