"""Checked arrays and a checked result back into snapshots and an end."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from dmf_core.archive.members import (
    BOUNDS,
    CHECK,
    COLUMNS,
    INSIGHT,
    RESULT,
    bounds_name,
    check_name,
    insight_name,
    measure_name,
    spectrum_name,
)
from dmf_core.archive.result import UNFINISHED
from dmf_core.errors import BadInput
from dmf_core.measures import measures_of
from dmf_core.shapes import Shape
from dmf_core.trajectory import Bounds, Check, End, Insight, Outcome, Snapshot

MESSAGE_LETTERS = 2000  # characters of the sentence that says how a run ended; ours are a few hundred


def snapshots_of(arrays: dict[str, np.ndarray], measures: list[str], shape: Shape, spectra: list[str]) -> tuple[Snapshot, ...]:
    """The snapshots; a measure that this archive does not know is None throughout. `spectra`: all but the main one."""
    keys = [*measures, *(key for key in measures_of(shape) if key not in measures)]
    columns = {name: arrays[name].tolist() for name in COLUMNS}
    values = {key: arrays[measure_name(key)].tolist() for key in keys if measure_name(key) in arrays}
    return tuple(
        Snapshot(
            dropped=(),
            singular_values=arrays["singular_values"][i],
            measures={key: _number(values[key][i]) if key in values else None for key in keys},
            picture=arrays["pictures"][i],
            spectra={key: arrays[spectrum_name(key)][i] for key in spectra},
            **{name: column[i] for name, column in columns.items()},
        )
        for i in range(len(columns["t"]))
    )


def end_of(result: dict[str, Any], W: np.ndarray | None, growth: Mapping[str, np.ndarray]) -> End | None:
    """How the run ended, or None when it had not. `growth`: see `End`. Raises BadInput."""
    if result.get("outcome") == UNFINISHED and W is None:
        return None
    message, seconds = result.get("message"), result.get("seconds")
    counts = [result.get(name) for name in ("gradients", "accepted", "rejected")]
    known = result.get("outcome") in [outcome.value for outcome in Outcome]  # a list: it may be anything that JSON has
    fine = known and W is not None and isinstance(message, str) and len(message) <= MESSAGE_LETTERS and message.isprintable()
    fine = fine and type(seconds) is float and math.isfinite(seconds) and seconds >= 0
    if not fine or not all(type(count) is int and count >= 0 for count in counts):
        raise BadInput(f"The archive's {RESULT} does not say how the run ended; export the run again.")
    assert W is not None and isinstance(message, str) and isinstance(seconds, float)
    gradients, accepted, rejected = (int(count or 0) for count in counts)
    return End(Outcome(result["outcome"]), message, seconds, gradients, accepted, rejected, W, growth=growth)


def insight_of(arrays: dict[str, np.ndarray], depth: int) -> Insight | None:  # depth: the degree of the model
    """The theory of the run, or None when the archive was made without it. Raises BadInput when parts of it are missing."""
    recorded = {key: arrays[insight_name(key)] for key in INSIGHT if insight_name(key) in arrays}
    checked = {key: arrays[check_name(key)] for key in CHECK if check_name(key) in arrays}
    bounds = {key: arrays[bounds_name(key)] for key in BOUNDS if bounds_name(key) in arrays}
    if not recorded and not checked and not bounds:
        return None
    if len(recorded) < len(INSIGHT) or 0 < len(checked) < len(CHECK) or 0 < len(bounds) < len(BOUNDS):
        parts = ", ".join([*recorded, *checked, *bounds])
        raise BadInput(f"The archive holds only {parts} of the theory of its run; export the run again.")
    return Insight(
        depth=depth,
        sigma=recorded["sigma"],
        pull=recorded["pull"],
        measured=recorded["measured"],
        imbalance=recorded["imbalance"],
        off_flow=recorded["off_flow"],
        births=recorded["births"],
        bounds=Bounds(**bounds) if bounds else None,
        check=Check(**checked) if checked else None,
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
