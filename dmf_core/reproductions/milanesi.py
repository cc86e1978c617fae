"""Deep Tucker and deep tensor trains: the ranks that completion finds, and how suddenly. After Milanesi et al. 2021."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from dmf_core.reproductions.reproduction import (
    Claim,
    Key,
    Line,
    Panel,
    Reproduction,
    Results,
    Run,
    Spread,
    banded,
    spread,
    worst,
)
from dmf_core.reproductions.sharpness import entry_std, numerical_rank, switches
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

SHAPE, RANK, OBSERVATIONS = (15, 15, 15), 3, 1012  # 30 % of 3375
START = 1e-4  # root mean square entry of W; that of the truth is 1
DEPTHS, SEEDS, QUICK_SEEDS = (1, 2, 3), 10, 2
THRESHOLD, ENOUGH = 0.01, 0.8
AFTER = 1.5  # a drawn run ends at so many times the last switch
SHARP = "ours: the abstract of Milanesi et al. 2021 names depth, and no measure of it"
SOURCE = "Milanesi et al. 2021, abstract; settings, threshold and share are ours"


@dataclass(frozen=True)
class Case:
    """One run."""

    depth: int
    seed: int


class Milanesi(Reproduction):
    """One of both models. Abstract: the subclasses say which."""

    paper = "After Milanesi, Kadri, Ayache and Artieres 2021, arXiv 2105.01346"
    kind: ClassVar[Literal["tucker", "tensor_train"]]
    noun: ClassVar[str]  # of its ranks

    @property
    @abstractmethod
    def ranks(self) -> int:
        """How many ranks it has."""

    def runs(self, quick: bool) -> dict[Key, Run]:
        depths, seeds = ((1, 2), QUICK_SEEDS) if quick else (DEPTHS, SEEDS)
        return {Case(depth, seed): Run(_spec(self.kind, depth, seed)) for depth in depths for seed in range(seeds)}

    def claims(self, results: Results) -> list[Claim]:
        found = [
            Claim(
                "recovered",
                f"Depth 2: all {self.ranks} {self.noun} are exactly {RANK}, counted above 1 % of the largest singular value, in "
                "at least 8 of 10 draws: share of the draws.",
                float(np.mean([_recovered(results.of(case)) for case in _cases(results, 2)])),
                ">=",
                ENOUGH,
                SOURCE,
            )
        ]
        for depth in _depths(results)[1:]:
            found.append(
                Claim(
                    f"sharper-{depth}",
                    f"Depth {depth} against depth 1: the singular values rise from 10 % to 90 % in a smaller share of the time "
                    "until they are half grown, in every draw: largest ratio.",
                    worst(_width(results, Case(depth, case.seed)) / _width(results, case) for case in _cases(results, 1)),
                    "<=",
                    1.0,
                    SHARP,
                )
            )
        return found

    def panels(self, results: Results) -> list[Panel]:
        depths = _depths(results)
        return [
            *(_spectrum(results, depth) for depth in depths if depth < 3),
            _by_depth(results, "Sharpness", "time from 10 to 90 % / time to 50 %", _width),
            _by_depth(results, "The first value beyond the rank", "share of the largest singular value", _beyond),
            _by_depth(results, "Reconstruction error", "|W - M| / |M|", _error),
        ]


class MilanesiTucker(Milanesi):
    """Multilinear rank."""

    name = "milanesi-tucker"
    title = "Deep Tucker finds the multilinear rank, more suddenly with depth"
    kind = "tucker"
    noun = "ranks of the unfoldings"
    ranks = len(SHAPE)
    about = (
        "A 15 x 15 x 15 tensor of multilinear rank (3, 3, 3) from 30 % of its entries, by Tucker factorizations whose core and "
        "matrices have full size, so that nothing but training limits the rank. Depth K puts K matrices in every mode. "
        "Only the abstract could be read: sizes, starts and depths are ours. Every factor entry is normal, with the "
        "standard deviation that gives W entries of 1e-4 at every depth. The full form takes about half a minute."
    )


class MilanesiTensorTrain(Milanesi):
    """Ranks of the cuts."""

    name = "milanesi-tensor-train"
    title = "Deep tensor trains find the ranks of the cuts, more suddenly with depth"
    kind = "tensor_train"
    noun = "ranks of the cuts"
    ranks = len(SHAPE) - 1
    about = (
        "A 15 x 15 x 15 tensor with tensor-train ranks (3, 3) from 30 % of its entries, by trains of full width, so that nothing "
        "but training limits the rank. Depth K puts K - 1 square matrices in every cut. Only the abstract could be read: "
        "sizes, starts and depths are ours. Every factor entry is normal, with the standard deviation that gives W "
        "entries of 1e-4 at every depth. The full form takes about half a minute."
    )


def _spec(kind: str, depth: int, seed: int) -> RunSpec:
    spec = RunSpec().replaced(
        {
            "problem.kind": "tensor_completion",
            "problem.shape": SHAPE,
            "problem.truth": kind,
            "problem.rank": RANK,
            "problem.observations": OBSERVATIONS,
            "model.kind": kind,
            "model.depth": depth,
            "seed": seed,
            "dtype": "float64",
            "device": "cpu",
        }
    )
    return spec.replaced({"init.scale": entry_std(spec.model, SHAPE, START)})


def _cases(results: Results, depth: int) -> list[Case]:
    return [key for key in results.runs if isinstance(key, Case) and key.depth == depth]


def _depths(results: Results) -> list[int]:
    return sorted({key.depth for key in results.runs if isinstance(key, Case)})


def _recovered(run: Trajectory | None) -> float:
    if run is None:
        return np.nan
    return float(all(numerical_rank(run.spectrum(name)[-1], THRESHOLD) == RANK for name in run.spectra))


def _width(results: Results, case: Case) -> float:
    """The median over the first values of every spectrum."""
    run = results.of(case)
    if run is None:
        return np.nan
    return float(np.median([each.width for name in run.spectra for each in switches(run, name, RANK)]))


def _beyond(results: Results, case: Case) -> float:
    run = results.of(case)
    return worst(run.spectrum(name)[-1, RANK] / run.spectrum(name)[-1, 0] for name in run.spectra) if run else np.nan


def _error(results: Results, case: Case) -> float:
    return results.last(case, "reconstruction_error")


def _spectrum(results: Results, depth: int) -> Panel:
    """The first draw at this depth: RANK + 1 singular values of the main spectrum."""
    lines = []
    run = results.of(Case(depth, 0))
    if run is not None:
        t = run.column("t")
        near = t < AFTER * max(each.high for each in switches(run, run.spectra[0], RANK))
        for place in range(RANK + 1):
            lines.append(Line(f"value {place + 1}", t[near], run.singular_values[near, place], colour=place))
    return Panel(f"One draw at depth {depth}", "flow time t", "singular value", lines)


def _by_depth(results: Results, title: str, y_label: str, reading: Callable[[Results, Case], float]) -> Panel:
    depths = _depths(results)
    spreads: list[Spread] = [spread(reading(results, case) for case in _cases(results, depth)) for depth in depths]
    count = spreads[0].count
    line = banded(f"{count} draws", depths, spreads, 0)
    return Panel(title, "depth", y_label, [line], y_log=True)
