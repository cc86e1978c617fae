"""What is kept of ended runs, and how large it is."""

import gc
import pickle
import tracemalloc

import pytest

from dmf_core.jobs import Job, size_of
from dmf_core.jobs.result_cache import ResultCache
from dmf_core.simulate import run
from dmf_core.spec import RunSpec

SMALL = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 2, "problem.observations": 400}


@pytest.fixture(scope="module")
def trajectory():
    return run(RunSpec().replaced(SMALL))


def job_of(seed, trajectory):
    job = Job(RunSpec().replaced({"seed": seed}))
    job.update(trajectory=trajectory)
    return job


def test_size_of_a_trajectory_is_what_it_takes_in_memory(trajectory):
    data = pickle.dumps(trajectory, protocol=5)
    gc.collect()
    tracemalloc.start()
    copy = pickle.loads(data)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size_of(copy) == pytest.approx(taken, rel=0.2)
    assert size_of(None) == 0


def test_kept_jobs_are_bounded_by_bytes_and_the_least_recently_used_goes(trajectory):
    size = size_of(trajectory)
    cache = ResultCache(limit_bytes=3 * size, limit_count=100)
    first, _, *rest = jobs = [job_of(seed, trajectory) for seed in range(4)]
    for job in jobs[:3]:
        cache.add(job)
    assert cache.bytes == 3 * size
    cache.get(first.digest)
    cache.add(rest[-1])
    assert [cache.get(job.digest) is job for job in jobs] == [True, False, True, True]
    assert cache.bytes == 3 * size


def test_kept_jobs_are_bounded_by_count(trajectory):
    cache = ResultCache(limit_bytes=1 << 40, limit_count=2)
    for seed in range(5):
        cache.add(job_of(seed, trajectory))
    assert len(cache) == 2


def test_job_larger_than_everything_is_not_kept_and_drives_nobody_out(trajectory):
    cache = ResultCache(limit_bytes=size_of(trajectory) - 1, limit_count=2)
    empty = job_of(1, None)
    cache.add(empty)
    cache.add(job_of(2, trajectory))
    assert cache.get(empty.digest) is empty
    assert len(cache) == 1


def test_newer_job_of_the_same_digest_replaces_the_older_one(trajectory):
    cache = ResultCache(limit_bytes=1 << 40, limit_count=2)
    old, new = job_of(1, None), job_of(1, trajectory)
    cache.add(old)
    cache.add(new)
    assert cache.get(new.digest) is new
    assert cache.bytes == size_of(trajectory)


def test_queue_runs_again_what_it_could_not_keep(make_lab):
    lab = make_lab(keep_count=1)
    for seed in (1, 2, 2, 1):
        lab.queue.submit(lab.spec(seed)).wait(60)
    assert (lab.runs(lab.spec(1)), lab.runs(lab.spec(2))) == (2, 1)
