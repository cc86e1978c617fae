"""Deep Tucker and deep tensor trains: the ranks that completion finds, and how suddenly. After Milanesi et al. 2021."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

import numpy as np

from dmf_core.reproductions.framework.reproduction import (
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
from dmf_core.reproductions.framework.sharpness import entry_std
from dmf_core.reproductions.milanesi_2021.readings import (
    FITS,
    LOOSE,
    RANK,
    STRICT,
    Case,
    beyond,
    cases,
    depths_of,
    error,
    failures,
    last_switch,
    sentence_of,
    share,
    width,
    width_ratios,
)
from dmf_core.spec import RunSpec

SHAPE, OBSERVATIONS = (15, 15, 15), 1012  # 30 % of 3375
START = 1e-4  # root mean square entry of W; that of the truth is 1
DEPTHS, SEEDS, QUICK_SEEDS = (1, 2, 3), range(30), (8, 9)  # the quick form has two of the draws
AFTER = 1.5  # the picture of a run ends at so many times the last switch
SHARP = "ours: the abstract of Milanesi et al. 2021 names depth, and no measure of it"
SOURCE = "measured by us; Milanesi et al. 2021, abstract, name no numbers"
MUCH = 0.7  # of the time that depth 1 takes; measured 0.19 to 0.41


class Milanesi(Reproduction):
    """One of both models. Abstract: the subclasses say which."""

    paper = "After Milanesi, Kadri, Ayache and Artieres 2021, arXiv 2105.01346"
    kind: ClassVar[Literal["tucker", "tensor_train"]]
    noun: ClassVar[str]  # of its ranks
    enough: ClassVar[Mapping[float, Mapping[int, float]]]  # threshold -> depth -> share of the draws
    gain: ClassVar[float | None] = None  # of that share from depth 1 to 2, by the strict count; None: none is claimed

    @property
    @abstractmethod
    def ranks(self) -> int:
        """The number of ranks that a tensor of this format has."""

    def runs(self, quick: bool) -> dict[Key, Run]:
        seeds = QUICK_SEEDS if quick else SEEDS
        return {Case(depth, seed): Run(spec_of(self.kind, depth, seed)) for depth in DEPTHS for seed in seeds}

    def claims(self, results: Results) -> list[Claim]:
        claims = [
            self._recovered(results, depth, threshold)
            for threshold, by_depth in self.enough.items()
            for depth in depths_of(results)
            if depth in by_depth
        ]
        if self.gain is not None:
            claims.append(
                Claim(
                    "strict-gain",
                    f"Counted above {100 * STRICT:g} %, the share of the recovered draws is larger at depth 2 than at depth 1 by "
                    f"{self.gain:g} at least.",
                    share(results, 2, STRICT) - share(results, 1, STRICT),
                    ">=",
                    self.gain,
                    SOURCE,
                )
            )
        return [*claims, *(claim for depth in depths_of(results)[1:] for claim in _sharper(results, depth))]

    def _recovered(self, results: Results, depth: int, threshold: float) -> Claim:
        """Bounds allow twice the failures of thirty draws, and where there were none, three."""
        enough = self.enough[threshold][depth]
        return Claim(
            f"{'strict' if threshold == STRICT else 'recovered'}-{depth}",
            f"Depth {depth}: all {self.ranks} {self.noun} are exactly {RANK}, counted above {100 * threshold:g} % of the largest "
            f"singular value, with a relative error below {FITS:g}: share of {len(cases(results, depth))} draws.",
            share(results, depth, threshold),
            ">=",
            enough,
            SOURCE,
            remark=sentence_of(failures(results, depth, threshold)),
        )

    def panels(self, results: Results) -> list[Panel]:
        depths = depths_of(results)
        failed = [case for depth in depths for case in failures(results, depth, LOOSE) if depth > 1]
        return [
            *(_spectrum(results, cases(results, depth)[0]) for depth in depths if depth < 3),
            *(_spectrum(results, case, ", not recovered") for case in failed[:1]),
            _shares(results, self.enough),
            _beyond(results),
            _by_depth(results, "Sharpness", "time from 10 to 90 % / time to 50 %", width),
            _by_depth(results, "Reconstruction error", "|W - M| / |M|", error),
        ]


class MilanesiTucker(Milanesi):
    """Multilinear rank."""

    name = "milanesi-tucker"
    title = "Deep Tucker finds the multilinear rank in most draws, more suddenly with depth"
    kind = "tucker"
    noun = "ranks of the unfoldings"
    ranks = len(SHAPE)
    enough: ClassVar = {LOOSE: {1: 0.9, 2: 0.8, 3: 0.8}, STRICT: {1: 0.9, 2: 0.73, 3: 0.8}}
    about = (
        "A 15 x 15 x 15 tensor of multilinear rank (3, 3, 3) from 30 % of its entries, by Tucker factorizations whose core and "
        "matrices have full size, so that nothing but training limits the rank. Depth K puts K matrices in every mode. "
        "Only the abstract could be read: sizes, starts and depths are ours. Every factor entry is normal, with the "
        "standard deviation that gives W entries of 1e-4 at every depth. In some draws the deeper ones fit the observed entries "
        "with another tensor, far from the true one; smaller errors of the solver end there as well. Depth 1 has no such draw. "
        "The full form takes about half a minute."
    )


class MilanesiTensorTrain(Milanesi):
    """Ranks of the cuts."""

    name = "milanesi-tensor-train"
    title = "Deep tensor trains find the ranks of the cuts, more suddenly with depth"
    kind = "tensor_train"
    noun = "ranks of the cuts"
    ranks = len(SHAPE) - 1
    enough: ClassVar = {LOOSE: {1: 0.53, 2: 0.9, 3: 0.9}, STRICT: {2: 0.8, 3: 0.9}}
    gain = 0.4
    about = (
        "A 15 x 15 x 15 tensor with tensor-train ranks (3, 3) from 30 % of its entries, by trains of full width, so that nothing "
        "but training limits the rank. Depth K puts K - 1 square matrices in every cut. Only the abstract could be read: "
        "sizes, starts and depths are ours. Every factor entry is normal, with the standard deviation that gives W "
        "entries of 1e-4 at every depth. Depth 1 leaves singular values beyond the rank of up to some percent, so that its count "
        "depends on the threshold; deeper ones leave a few thousandths. "
        "The full form takes about half a minute."
    )


def spec_of(kind: str, depth: int, seed: int, start: float = START) -> RunSpec:
    """start: the root mean square entry of the first W."""
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
    return spec.replaced({"init.scale": entry_std(spec.model, SHAPE, start)})


def _sharper(results: Results, depth: int) -> list[Claim]:
    text = (
        f"Depth {depth} against depth 1: the singular values rise from 10 % to 90 % in a smaller share of the time until they "
        "are half grown"
    )
    ratios = width_ratios(results, depth)
    return [
        Claim(f"sharper-{depth}", f"{text}, in every draw: largest ratio.", worst(ratios), "<=", 1.0, SHARP),
        Claim(
            f"much-sharper-{depth}",
            f"{text}, at most {MUCH:g} times as large in most draws: median ratio.",
            float(np.median(ratios)) if ratios else np.nan,
            "<=",
            MUCH,
            SHARP,
        ),
    ]


def _spectrum(results: Results, case: Case, how: str = "") -> Panel:
    """RANK + 1 singular values of the main spectrum."""
    lines = []
    run = results.of(case)
    if run is not None:
        t = run.column("t")
        near = t < AFTER * last_switch(run)
        for place in range(RANK + 1):
            lines.append(Line(f"value {place + 1}", t[near], run.singular_values[near, place], colour=place))
    return Panel(f"Draw {case.seed} at depth {case.depth}{how}", "flow time t", "singular value", lines)


def _shares(results: Results, thresholds: Mapping[float, object]) -> Panel:
    depths = depths_of(results)
    x = np.array(depths, dtype=float)
    lines = [
        Line(f"above {100 * threshold:g} %", x, np.array([share(results, depth, threshold) for depth in depths]), colour=colour)
        for colour, threshold in enumerate(thresholds)
    ]
    return Panel("Draws with exact ranks", "depth", "share of the draws", lines)


def _beyond(results: Results) -> Panel:
    """Every draw: those above a threshold have failed by it."""
    lines = []
    for colour, depth in enumerate(depths_of(results)):
        y = np.sort([beyond(results, case) for case in cases(results, depth)])
        lines.append(Line(f"depth {depth}", np.arange(1.0, len(y) + 1), y, colour=colour))
    ends = np.array([1.0, len(cases(results, depths_of(results)[0]))])
    lines += [Line(f"{100 * each:g} %", ends, np.full(2, each), role="predicted", colour=3) for each in (LOOSE, STRICT)]
    text = "share of the largest singular value"
    return Panel("The first value beyond the rank", "draws, from the least to the largest", text, lines, y_log=True)


def _by_depth(results: Results, title: str, y_label: str, reading: Callable[[Results, Case], float]) -> Panel:
    depths = depths_of(results)
    spreads: list[Spread] = [spread(reading(results, case) for case in cases(results, depth)) for depth in depths]
    count = spreads[0].count
    line = banded(f"{count} draws", depths, spreads, 0)
    return Panel(title, "depth", y_label, [line], y_log=True)
