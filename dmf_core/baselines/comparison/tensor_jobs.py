"""The baselines of a tensor run as jobs: each is a generator of events like `simulate`, for the same queue and workers."""

from collections.abc import Generator, Mapping
from functools import partial

import numpy as np

from dmf_core.baselines.comparison.tensors import LABELS, BaselineRow, knowledge_of, row
from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End, Event, Outcome, Snapshot, Start, Trajectory

NONE = np.zeros(0)


def work_of(key: str) -> str:
    """The name under which a queue computes this row."""
    return f"{__name__}:{key}"


def inputs_of(key: str, inputs: Inputs, run: Trajectory) -> Inputs:
    """What the job of this row needs: for the run's own row also where it ended, in the place of given factors."""
    return Inputs(inputs.data, (run.end.end_to_end_last,)) if key == "run" and run.end is not None else inputs


def _events(key: str, spec: RunSpec, inputs: Inputs = Inputs()) -> Generator[Event, None, None]:
    W = inputs.factors[0] if key == "run" and inputs.factors else None
    made = row(key, spec, Inputs(inputs.data), W)
    yield Start(spec.digest(), (1, 1), NONE, NONE, None, (), NONE, 1.0)
    yield Snapshot(0, (), 0.0, 0.0, 0, 0, made.seconds, 0.0, NONE, _measures(made), np.zeros((1, 1), np.int8))
    yield End(Outcome.CONVERGED, made.message, made.seconds, 0, 0, 0, NONE)


run, memorizer, als, unfolding_norms, truth = (
    partial(_events, key) for key in ("run", "memorizer", "als", "unfolding_norms", "truth")
)


def row_of(key: str, spec: RunSpec, job: Trajectory) -> BaselineRow:
    """The row that a job has made of a run with this spec."""
    measures, end = job.snapshots[-1].measures, job.end
    assert end is not None
    most = measures["components at most"]
    return BaselineRow(
        key=key,
        label=LABELS[key],
        extra_information=knowledge_of(key, spec),
        observed_error=measures["observed_error"] or 0.0,
        unobserved_error=measures["unobserved_error"],
        reconstruction_error=measures["reconstruction_error"],
        unfolding_ranks=tuple(_family(measures, "unfolding ").values()),
        components=(int(measures["components at least"] or 0), None if most is None else int(most)),
        seconds=end.seconds,
        message=end.message,
        rounding=_family(measures, "rounding "),
    )


def _measures(made: BaselineRow) -> dict[str, float | None]:
    least, most = made.components
    errors = {name: getattr(made, name) for name in ("observed_error", "unobserved_error", "reconstruction_error")}
    ranks = {f"unfolding {mode}": value for mode, value in enumerate(made.unfolding_ranks)}
    rounding = {f"rounding {name}": value for name, value in made.rounding.items()}
    return {**errors, **ranks, **rounding, "components at least": least, "components at most": most}


def _family(measures: Mapping[str, float | None], prefix: str) -> dict[str, float]:
    return {name.removeprefix(prefix): value or 0.0 for name, value in measures.items() if name.startswith(prefix)}
