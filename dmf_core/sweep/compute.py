"""The runs of one batch, in a worker: from specs to rows, or to whole runs."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from dmf_core import archive
from dmf_core.baselines.comparison import baseline
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.simulate import simulate
from dmf_core.spec import RunSpec
from dmf_core.store import Row, row_of
from dmf_core.sweep.batches import FEWEST_TOGETHER, kind_of
from dmf_core.sweep.together import followed, together
from dmf_core.trajectory import Builder, Event, Outcome

ARCHIVES = "dmf_core.sweep.compute:archives"


@dataclass(frozen=True, eq=False)
class Computed:
    """A run of a batch."""

    row: Row
    content: bytes = b""  # its archive, where it is wanted


Work = Callable[[RunSpec, Inputs], Generator[Event, None, None]]
Answers = Generator[Computed | None, None, None]  # None: a sign of life, at least twice a second


def numbers(specs: Sequence[RunSpec], inputs: Inputs) -> Answers:
    """How each run ended, its final measures and births. Alike runs are integrated together where that is faster."""
    groups: dict[str, list[RunSpec]] = {}
    for spec in specs:
        groups.setdefault(kind_of(spec), []).append(spec)
    for group in groups.values():
        if len(group) < FEWEST_TOGETHER or not together(group[0]):
            for spec in group:
                yield from _alone(spec, inputs, False)
            continue
        for rows, alone in followed(group, inputs):
            yield None
            for row in rows:
                yield Computed(row)
            for spec in alone:
                yield from _alone(spec, inputs, False)


def archives(specs: Sequence[RunSpec], inputs: Inputs) -> Answers:
    """As `numbers`, and every run as an archive."""
    for spec in specs:
        yield from _alone(spec, inputs, True)


def least(specs: Sequence[RunSpec], inputs: Inputs) -> Answers:
    """The minimum nuclear norm of the observations of each run."""
    for spec in specs:
        yield from _alone(spec, inputs, False, baseline)


def _alone(spec: RunSpec, inputs: Inputs, whole: bool, work: Work = simulate) -> Answers:
    """One run by itself. An exception becomes its row."""
    builder = Builder()
    try:
        for event in work(spec, inputs):
            builder.add(event)
            yield None
    except BadInput as error:
        yield Computed(failed(spec, str(error)))
        return
    run = builder.trajectory()
    assert run is not None  # every run yields its start and a first snapshot
    yield Computed(row_of(run, spec), archive.write(run, spec, inputs) if whole else b"")


def failed(spec: RunSpec, why: str) -> Row:
    """The row of a run that came to no end of its own."""
    return Row(spec.digest(), spec.model_dump(mode="json"), Outcome.FAILED, why, 0.0, 0, {}, {})
