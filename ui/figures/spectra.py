"""The spectra of a run and what they are called: of a matrix its singular values, of a tensor several."""

from dataclasses import dataclass, replace

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Snapshot, Trajectory


@dataclass(frozen=True)
class Naming:
    """How sentences and axes name a spectrum."""

    head: str  # Singular values of W
    noun: str  # mode 3 is growing
    symbol: str


def naming(key: str) -> Naming:
    """The names of a spectrum, by its key in dmf_core."""
    kind, _, number = key.partition("_")
    if key == "component_norms":
        return Naming("Component norms", "component", "s")
    if key == "entries":
        return Naming("Sizes of the largest entries of W", "entry", "|w|")
    if kind == "unfolding":
        return Naming(f"Singular values of unfolding {number}", "value", "σ")
    if kind == "cut":
        return Naming(f"Singular values of cut {number}", "value", "σ")
    if kind == "group":
        return Naming(f"Singular values of axes {number.replace('_', ' and ')}", "value", "σ")
    return Naming("Singular values of W", "mode", "σ")


def seen_as(run: Trajectory, key: str) -> Trajectory:
    """The run with this spectrum in the place of its main one; an unknown key changes nothing."""
    if key not in run.spectra[1:]:
        return run
    main, true = run.start.main_spectrum, run.start.true_singular_values
    known = {name: values for name, values in run.start.true_spectra.items() if name != key}
    start = replace(
        run.start,
        main_spectrum=key,
        true_singular_values=run.start.true_spectra.get(key),
        true_spectra=known if true is None else known | {main: true},
    )
    return replace(run, start=start, snapshots=tuple(_swapped(each, main, key) for each in run.snapshots))


def pictured(run: Trajectory, spec: RunSpec) -> Trajectory:
    """The run with the spectrum that pictures show first in the place of its main one."""
    return seen_as(run, spec.model.pictured)


def _swapped(snapshot: Snapshot, main: str, key: str) -> Snapshot:
    others = {name: values for name, values in snapshot.spectra.items() if name != key}
    return replace(snapshot, singular_values=snapshot.spectra[key], spectra=others | {main: snapshot.singular_values})
