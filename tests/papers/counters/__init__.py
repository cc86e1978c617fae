"""Counter-settings: for each claim of a reproduction, runs on which it must not hold.

One module per reproduction, named as it with underscores, with `COUNTERS: dict[str, Counter]`, one for each claim.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module

from dmf_core.reproductions.framework.reproduction import Key, Run
from dmf_core.trajectory import Trajectory

Runs = Mapping[Key, Run]
Where = Callable[[Key], bool]


@dataclass(frozen=True)
class Counter:
    """Runs that take the place of those of the reproduction, and what is changed in their results.

    The runs are really run, then judged by the reproduction's own `claims`, with its other runs as they are. `full`: for a
    claim that only the full form has; then nothing is run but these, so they are all that the claim needs.
    """

    runs: Callable[[Runs], dict[Key, Run]]
    alter: Callable[[Key, Trajectory], Trajectory] | None = None  # better none: only where no setting breaks an identity
    full: bool = False


def counters(name: str) -> dict[str, Counter]:
    """Those of a reproduction, by the name of the claim. Raises ModuleNotFoundError where there is no module."""
    by_claim: dict[str, Counter] = import_module(f"tests.papers.counters.{name.replace('-', '_')}").COUNTERS
    return by_claim


def with_settings(changes: Mapping[str, object], where: Where = lambda key: True) -> Callable[[Runs], dict[Key, Run]]:
    """The runs under these keys with settings of their spec replaced, e.g. {"init.scale": 1.0}."""

    def changed(runs: Runs) -> dict[Key, Run]:
        return {key: replace(run, spec=run.spec.replaced(changes)) for key, run in runs.items() if where(key)}

    return changed


def in_place_of(replacement: Callable[[Key], Key], where: Where = lambda key: True) -> Callable[[Runs], dict[Key, Run]]:
    """The runs under these keys are those of other keys: a claim about a difference sees the same run twice."""

    def changed(runs: Runs) -> dict[Key, Run]:
        return {key: runs[replacement(key)] for key in runs if where(key)}

    return changed


def unchanged(runs: Runs) -> dict[Key, Run]:
    """None: for a counter that only alters results."""
    return {}


def scaled_measure(name: str, factor: float, where: Where = lambda key: True) -> Callable[[Key, Trajectory], Trajectory]:
    """For `alter`: one measure times a factor at every snapshot."""

    def altered(key: Key, run: Trajectory) -> Trajectory:
        if not where(key):
            return run
        snapshots = [
            replace(each, measures=each.measures | {name: _times(each.measures[name], factor)}) for each in run.snapshots
        ]
        return replace(run, snapshots=tuple(snapshots))

    return altered


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
