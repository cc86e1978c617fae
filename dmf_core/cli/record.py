"""`reproduce --record`: figures run afresh, in full and in their quick form, and their results written into the program."""

import argparse
import resource
import time

from dmf_core.cli.exit_status import INTERRUPTED
from dmf_core.cli.reproduce import carry_out
from dmf_core.errors import BadInput
from dmf_core.jobs import WholeRuns
from dmf_core.jobs.executors.choice import worker_count
from dmf_core.reproductions import REPRODUCTIONS, reproduction
from dmf_core.reproductions.framework.record import Effort, record, write
from dmf_core.reproductions.framework.reproduction import Reproduction, Results
from dmf_core.reproductions.framework.shelf import Shelf

NOTHING = Shelf(None)  # a record is always of runs computed now


def record_figures(options: argparse.Namespace) -> int:
    """Runs, writes, prints a line for each. Returns the exit status: 1 when a claim of one fails."""
    if not options.record:
        raise BadInput("--all belongs to --record; without it, name one figure.")
    refused = [flag for flag, given in (("--quick", options.quick), ("--keep", options.keep), ("--data", options.data)) if given]
    if refused:
        raise BadInput(f"--record makes the full form afresh; leave out {refused[0]}.")
    if options.all == bool(options.name):
        raise BadInput("--record needs the name of a figure or --all, and not both.")
    status = 0
    for figure in REPRODUCTIONS.values() if options.all else [reproduction(options.name)]:
        begun, used = time.monotonic(), _processor_seconds()
        full = _results(figure, quick=False)
        if full is None:
            return INTERRUPTED
        results, troubles = full
        claims = figure.claims(results)  # some are measured only now
        effort = Effort(time.monotonic() - begun, _processor_seconds() - used, worker_count())
        quick = _results(figure, quick=True)
        if quick is None:
            return INTERRUPTED
        try:
            file = write(figure, record(figure, results, quick[0], effort, troubles))
        except OSError as error:
            raise BadInput(f"The record of {figure.name} cannot be written ({error.strerror}).") from None
        held = sum(claim.holds for claim in claims)
        print(f"{figure.name}: {held} of {len(claims)} claims hold; {effort.seconds:.1f} s; written to {file}.", flush=True)
        status = status if held == len(claims) else 1
    return status


def _results(figure: Reproduction, quick: bool) -> tuple[Results, tuple[str, ...]] | None:
    """What came out, and sentences about runs that failed; None where it was interrupted."""
    runs = figure.runs(quick)
    batch = WholeRuns(runs, NOTHING)
    if not carry_out(batch, worker_count()):
        return None
    return Results(runs, batch.trajectories, quick), batch.tally.troubles


def _processor_seconds() -> float:
    """Of this process and of all workers that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
