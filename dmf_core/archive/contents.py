"""The table of everything that a spec determines of a run, and how each array is compared with that of another run.

A field of a trajectory that has no rule here is an error, not something that is left out: `rule_of` raises KeyError,
and tests/archive/test_contents.py goes through all fields.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from dmf_core.archive.members import (
    BOUNDS,
    CHECK,
    COLUMNS,
    INSIGHT,
    bounds_name,
    check_name,
    growth_name,
    insight_name,
    spectrum_name,
    true_spectrum_name,
)
from dmf_core.trajectory import Trajectory


class Part(Enum):
    """Where an array comes from, which decides when its bits must be equal."""

    START = "start"  # sampled from the seed
    PATH = "path"  # one row a snapshot, kept by the integrator
    MEASURED = "measured"  # one row a snapshot, computed from W
    THEORY = "theory"  # one row a snapshot, computed after the run
    END = "end"

    @property
    def rows(self) -> bool:
        """True for arrays with one row a snapshot."""
        return self in (Part.PATH, Part.MEASURED, Part.THEORY)


class Unit(Enum):
    """What rounding in the format of the run is relative to. See `rounding.floor`."""

    EXACT = "exact"  # whole numbers, truth values, letters
    ITSELF = "itself"
    LARGEST = "largest"  # of its row: an entry of W, a singular value
    SQUARES = "squares"  # a mean square of differences of larger numbers
    GREY = "grey"  # a picture: whole grey levels


@dataclass(frozen=True)
class Rule:
    """How one array is compared. `late`: the relative difference allowed where two accurate runs have parted, see `bands`."""

    part: Part
    unit: Unit
    late: float | None = None  # None: equal, or compared in another way


SPECTRUM = Rule(Part.MEASURED, Unit.LARGEST, 0.01)
SQUARES = Rule(Part.MEASURED, Unit.SQUARES, 0.1)
NORM = Rule(Part.MEASURED, Unit.ITSELF, 0.02)
SAMPLED = Rule(Part.START, Unit.LARGEST)
SPEED = Rule(Part.THEORY, Unit.LARGEST)

RULES: dict[str, Rule] = {
    "index": Rule(Part.PATH, Unit.EXACT),
    "position": Rule(Part.PATH, Unit.ITSELF, 0.05),
    "t": Rule(Part.PATH, Unit.ITSELF),
    "iteration": Rule(Part.PATH, Unit.EXACT, 0.3),
    "gradients": Rule(Part.PATH, Unit.EXACT, 0.3),
    "loss": Rule(Part.PATH, Unit.SQUARES, 0.1),
    "singular_values": SPECTRUM,
    "pictures": Rule(Part.MEASURED, Unit.GREY, 0.03),
    "observed_error": SQUARES,
    "unobserved_error": SQUARES,
    "mean_squared_error": SQUARES,
    "reconstruction_error": Rule(Part.MEASURED, Unit.LARGEST, 0.02),
    "entropy_rank": NORM,
    "ratio_rank": NORM,
    "nuclear_norm": NORM,
    "frobenius_norm": NORM,
    "spectral_norm": NORM,
    "schatten": NORM,
    "mean_unfolding_nuclear": NORM,
    "determinant": Rule(Part.MEASURED, Unit.ITSELF, 0.1),
    "hidden_entry": Rule(Part.MEASURED, Unit.LARGEST, 0.02),
    "balancedness_drift": Rule(Part.MEASURED, Unit.LARGEST, 0.5),
    "ground_truth": SAMPLED,
    "observed_mask": Rule(Part.START, Unit.EXACT),
    "end_to_end_first": SAMPLED,
    "picture_limit": Rule(Part.START, Unit.ITSELF),
    "true_singular_values": SAMPLED,
    "insight_births": Rule(Part.START, Unit.ITSELF),
    "end_to_end_last": Rule(Part.END, Unit.LARGEST, 0.01),
    "counts": Rule(Part.END, Unit.EXACT, 0.3),
    "message": Rule(Part.END, Unit.EXACT),
    **{insight_name(key): SPEED for key in INSIGHT if key != "births"},
    **{bounds_name(key): SPEED for key in BOUNDS},
    **{check_name(key): SPEED for key in CHECK},
}
GROWTH = Rule(Part.END, Unit.ITSELF, 0.02)
FAMILIES = {  # by how their names begin
    "factors_first_": SAMPLED,
    "true_spectrum_": SAMPLED,
    "spectrum_": SPECTRUM,
    "growth_": GROWTH,
}
NOT_COMPARED = {  # what an archive holds beyond that, and what protects it
    "seconds": "wall clock; `contradictions` holds it against itself",
    "data": "the spec names it by its digest; how it was read (data.json) has only the hash of the manifest",
    "given_factors_": "the spec names them by their digest",
}


def rule_of(name: str) -> Rule:
    """The rule of an array. Raises KeyError when the table does not have it."""
    family = next((start for start in FAMILIES if name.startswith(start)), None)
    return RULES[name] if family is None else FAMILIES[family]


def contents(trajectory: Trajectory) -> dict[str, np.ndarray]:
    """Every array that the spec determines, by its name in RULES. Single numbers are arrays of length 1."""
    return {**dict(_snapshots(trajectory)), **dict(_theory(trajectory)), **dict(_start(trajectory)), **dict(_end(trajectory))}


def _snapshots(trajectory: Trajectory) -> Iterator[tuple[str, np.ndarray]]:
    yield from ((name, trajectory.column(name)) for name in COLUMNS if name not in NOT_COMPARED)
    yield "singular_values", trajectory.singular_values
    yield "pictures", trajectory.pictures
    yield from ((spectrum_name(key), trajectory.spectrum(key)) for key in trajectory.snapshots[0].spectra)
    for key in trajectory.snapshots[0].measures:
        values = [each.measures[key] for each in trajectory.snapshots]
        if any(value is not None for value in values):
            yield key, np.array([np.nan if value is None else value for value in values])


def _theory(trajectory: Trajectory) -> Iterator[tuple[str, np.ndarray]]:
    insight = trajectory.insight
    if insight is None or insight.missing:
        return
    yield from ((insight_name(key), getattr(insight, key)) for key in INSIGHT)
    if insight.bounds is not None:
        yield from ((bounds_name(key), getattr(insight.bounds, key)) for key in BOUNDS)
    if insight.check is not None:
        yield from ((check_name(key), getattr(insight.check, key)) for key in CHECK)


def _start(trajectory: Trajectory) -> Iterator[tuple[str, np.ndarray]]:
    start = trajectory.start
    yield "ground_truth", start.ground_truth
    yield "observed_mask", start.observed_mask
    yield "end_to_end_first", start.end_to_end_first
    yield "picture_limit", np.array([start.picture_limit])
    yield from ((f"factors_first_{j}", factor) for j, factor in enumerate(start.factors_first, start=1))
    yield from ((true_spectrum_name(key), values) for key, values in start.true_spectra.items())
    if start.true_singular_values is not None:
        yield "true_singular_values", start.true_singular_values


def _end(trajectory: Trajectory) -> Iterator[tuple[str, np.ndarray]]:
    end = trajectory.end
    if end is None:
        return
    yield "end_to_end_last", end.end_to_end_last
    yield from ((growth_name(key), times) for key, times in end.growth.items())
    yield "counts", np.array([end.gradients, end.accepted, end.rejected])
    yield "message", np.frombuffer(end.message.encode(), np.uint8)
