"""`run`: from spec, preset, settings and files to a result, and to an archive."""

import argparse
import json
import sys

from dmf_core import archive, limits
from dmf_core.cli.completed import check_completed, write_completed
from dmf_core.cli.files import Output, content_of
from dmf_core.cli.follow import assess, follow
from dmf_core.cli.requested import data_of, spec_of
from dmf_core.cli.words import as_json, summary
from dmf_core.data import read_factors
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.jobs.events import SIMULATE, Remote
from dmf_core.jobs.executors.choice import executor_for, scheduler_address
from dmf_core.prepare import typical_entry, with_sample
from dmf_core.recording.resolution import unresolved_stop
from dmf_core.spec import RunSpec
from dmf_core.store import Store, store_directory
from dmf_core.trajectory import Outcome, Trajectory


def run(options: argparse.Namespace) -> int:
    """Runs, writes, prints. Returns the exit status."""
    given = data_of(options)
    factors = read_factors(content_of(options.factors, limits.UPLOAD_BYTES)) if options.factors else None
    inputs = Inputs(given.array, factors, given.account.as_json(None)) if given else Inputs(factors=factors)
    spec = spec_of(options, inputs)
    inputs = with_sample(spec, inputs)
    if doubt := unresolved_stop(spec, typical_entry(spec, inputs) or 1.0):
        print(doubt, file=sys.stderr)
    if options.completed:
        check_completed(options.completed, inputs)
    store = _store() if options.pin else None
    output = Output(options.out) if options.out else None
    try:
        trajectory = _computed(spec, inputs, options.scheduler)
        trouble = _write(output, archive.write(trajectory, spec, inputs)) if output else None
    finally:
        if output:
            output.close()
    if options.completed and trajectory.end is not None:
        write_completed(options.completed, trajectory, spec, inputs)
    trouble = trouble or (None if store is None else _pin(store, trajectory, spec, inputs))
    if options.json:
        print(json.dumps(as_json(trajectory, spec, inputs), allow_nan=False))
    else:
        print(summary(trajectory, spec, given.words if given else None))
        if output and not trouble:
            print(f"Written to {output.path} ({output.path.stat().st_size / 2**20:.1f} MB).")
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    return _status(trajectory)


def _computed(spec: RunSpec, inputs: Inputs, scheduler: str | None) -> Trajectory:
    """The run with its accuracy, from this process or from the cluster."""
    if scheduler_address(scheduler) is None:
        return assess(follow(spec, inputs), spec, inputs)
    with Remote(executor_for(1, SIMULATE, scheduler)) as remote:
        return assess(follow(spec, inputs, remote.events), spec, inputs, remote.accuracy)


def _store() -> Store:
    """The store in which runs are pinned. Raises BadInput where DMF_STORE is off."""
    directory = store_directory()
    if directory is None:
        raise BadInput("DMF_STORE is off, so no run can be pinned; name a folder with DMF_STORE=DIR.")
    return Store(directory)


def _pin(store: Store, run: Trajectory, spec: RunSpec, inputs: Inputs) -> str | None:
    """Stores the run, with its data where it has some. Returns None, or a sentence about why that failed."""
    try:
        if store.put(run, spec, inputs, pin=True):
            print(f"Run {spec.digest()[:8]} is pinned in {store.directory}.", file=sys.stderr)
            return None
        return store.trouble or "The run did not end by itself, so it is not stored; let it run to its end."
    finally:
        store.close()


def _write(output: Output, content: bytes) -> str | None:
    """Writes the archive. Returns None, or a sentence about why that failed."""
    try:
        output.write(content)
    except OSError as error:
        return f"The run is done, but {output.path} could not be written: {error.strerror}; make room or choose another --out."
    return None


def _status(trajectory: Trajectory) -> int:
    assert trajectory.end is not None  # a run always ends
    if trajectory.end.outcome is Outcome.CANCELLED:
        return 130
    return 0 if trajectory.end.outcome.done else 1
