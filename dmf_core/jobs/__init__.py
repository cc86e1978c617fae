"""Runs in worker processes: submit a spec, get a Job to look at. Needs neither a browser nor Streamlit."""

from dmf_core.jobs.job import Job, State, View, digest_of_work
from dmf_core.jobs.kept import size_of
from dmf_core.jobs.queue import JobQueue

__all__ = ["Job", "JobQueue", "State", "View", "digest_of_work", "size_of"]
