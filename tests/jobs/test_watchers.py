"""Who looks at which job."""

from dmf_core.jobs.job import Job
from dmf_core.jobs.watchers import Watchers
from dmf_core.spec import RunSpec


def job(seed: int) -> Job:
    return Job(RunSpec(seed=seed))


def test_job_is_left_when_the_last_who_asked_for_it_asks_for_another_one() -> None:
    watchers, first, second = Watchers(60.0), job(1), job(2)
    watchers.ask("one", first)
    watchers.ask("two", first)
    watchers.ask("one", second)
    assert not watchers.left(first)  # "two" still looks at it
    watchers.ask("two", second)
    assert watchers.left(first)
    watchers.ask("two", first)
    assert not watchers.left(first)


def test_job_without_a_watcher_is_never_left() -> None:
    watchers, first = Watchers(60.0), job(1)
    watchers.ask(None, first)
    watchers.ask("one", job(2))
    assert not watchers.left(first)
