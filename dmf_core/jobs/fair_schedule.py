"""Which job is next, round robin: every watcher has one turn, however many jobs it submits."""

from collections.abc import Iterator

from dmf_core.jobs.job import Job

Asker = str | None  # a watcher; None stands for all who asked without one, as the command line does


class FairSchedule:
    """Queued jobs in fair order. Not thread-safe: the queue holds its lock."""

    def __init__(self) -> None:
        self._turns: dict[Asker, list[Job]] = {}  # the circle, first is next; no empty lists

    def __len__(self) -> int:
        return len(set(self._jobs()))

    def ask(self, asker: Asker, job: Job) -> None:
        """A watcher requests a job, which replaces his older request. Without a watcher all requests stay."""
        if asker is None:
            jobs = self._turns.setdefault(None, [])
            if job not in jobs:
                jobs.append(job)
        else:
            self._turns[asker] = [job]

    def forget(self, asker: Asker, job: Job) -> None:
        """Drops this watcher's request for the job."""
        jobs = self._turns.get(asker, [])
        if job in jobs:
            jobs.remove(job)
        if not jobs:
            self._turns.pop(asker, None)

    def take(self) -> Job | None:
        """Removes and returns the next job; the watcher that is served goes to the end of the line."""
        if not self._turns:
            return None
        served, jobs = next(iter(self._turns.items()))
        job = jobs[0]
        for asker in list(self._turns):
            self.forget(asker, job)
        if served in self._turns:
            self._turns[served] = self._turns.pop(served)
        return job

    def put_back(self, job: Job, askers: set[Asker]) -> None:
        """The first job again: it had its turn but could not begin."""
        rest, self._turns = self._turns, {}
        for asker in askers:
            self._turns[asker] = [job] + [other for other in rest.pop(asker, []) if asker is None]
        self._turns |= rest

    def order(self) -> list[Job]:
        """All jobs, next one first."""
        order: dict[Job, None] = {}
        depth = max((len(jobs) for jobs in self._turns.values()), default=0)
        for turn in range(depth):
            order |= {jobs[turn]: None for jobs in self._turns.values() if turn < len(jobs)}
        return list(order)

    def _jobs(self) -> Iterator[Job]:
        for jobs in self._turns.values():
            yield from jobs
