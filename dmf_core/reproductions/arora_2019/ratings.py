"""Arora et al. 2019, figure 3, its half about ratings, on a file that the user gives."""

from functools import cached_property
from itertools import pairwise

import numpy as np

from dmf_core.formatting import whole, with_article
from dmf_core.inputs import Inputs, digest_of
from dmf_core.prepare import with_inputs
from dmf_core.reproductions.arora_2019.grid import NOTEBOOK, PAPER
from dmf_core.reproductions.framework.reproduction import (
    Certainty,
    Claim,
    Key,
    Line,
    Panel,
    Published,
    Reproduction,
    Results,
    Run,
    Spread,
    spread,
    worst,
)
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

RATE = 0.1  # flow time of one iteration: the learning rate that the saturation of the published curve of depth 1 implies
LENGTHS = {1: 200_000, 2: 40_000, 3: 50_000}  # iterations on the horizontal axes
TRAINED = 10  # one known rating in so many trains, the rest is held out: 10 000 of 100 000
OBSERVATIONS = 10_000  # for which the lengths are; with fewer of them every gradient is larger
SHOWN = 10  # singular values
ERROR = "unobserved_error"
SOURCE = "Arora et al. 2019, figure 3"


class AroraRatings(Reproduction):
    """Singular values and held-out error at depths 1, 2, 3."""

    name = "arora-figure-3"
    title = "Ratings: the deeper, the more sharply the singular values part"
    paper = PAPER
    published = (
        Published("error-1", "depth 1: smallest error over the ratings held out", 13.73, NOTEBOOK, Certainty.PRINTED),
        Published("error-2", "depth 2: smallest error over the ratings held out", 1.450, NOTEBOOK, Certainty.PRINTED),
        Published("error-3", "depth 3: smallest error over the ratings held out", 1.398, NOTEBOOK, Certainty.PRINTED),
        Published("first-1", "depth 1: largest singular value at the end", 68, NOTEBOOK, Certainty.FIGURE),
        Published("first-2", "depth 2: largest singular value at the end", 3350, NOTEBOOK, Certainty.FIGURE),
        Published("first-3", "depth 3: largest singular value at the end", 3770, NOTEBOOK, Certainty.FIGURE),
        Published("jump", "depth 3: iteration of its jump", 8000, NOTEBOOK, Certainty.FIGURE),
    )

    def __init__(self, ratings: np.ndarray) -> None:  # [rows, columns], NaN where unknown
        self._ratings = ratings

    @cached_property
    def data(self) -> str:  # type: ignore[override]
        return digest_of(self._ratings)

    @cached_property
    def _known(self) -> int:
        return int((~np.isnan(self._ratings)).sum())

    @cached_property
    def _observations(self) -> int:
        return max(1, self._known // TRAINED)

    @property
    def about(self) -> str:  # type: ignore[override]
        rows, columns = self._ratings.shape
        return (
            f"{whole(self._observations)} of the {whole(self._known)} given ratings of {with_article(f'{rows} x {columns}')} "
            "matrix train, as they are; the rest is held out. Full hidden width, factors that start at multiples of the identity "
            "of scale 1e-3, the gradient flow over the time of 200 000, 40 000 and 50 000 iterations of learning rate 0.1. "
            "The rate is inferred from the notebook's figure, and the scale is that of the other half. The published "
            "values are those of MovieLens 100K."
        )

    def runs(self, quick: bool) -> dict[Key, Run]:
        inputs = Inputs(data=self._ratings)
        return {depth: Run(with_inputs(self._spec(depth), inputs), inputs) for depth in ((1, 2) if quick else LENGTHS)}

    def claims(self, results: Results) -> list[Claim]:
        errors = [_least_error(results.of(depth)) for depth in results.keys(int)]
        tops = [_largest(results.of(depth)) for depth in (1, 2)]
        return [
            Claim(
                "error-falls-with-depth",
                "The smallest error over the ratings held out falls by at least 1 % with every step in depth.",
                worst(after / before for before, after in pairwise(errors)),
                "<=",
                0.99,
                f"{SOURCE}: by 89 % and by 4 %",
            ),
            Claim(
                "no-mode-at-depth-1",
                "Depth 1: the largest singular value stays below a tenth of that at depth 2.",
                tops[0] / tops[1],
                "<=",
                0.1,
                f"{SOURCE}: 68 against 3350",
            ),
        ]

    def ours(self, results: Results) -> dict[str, Spread]:
        spreads = {f"error-{depth}": spread([_least_error(results.of(depth))]) for depth in results.keys(int)}
        spreads |= {f"first-{depth}": spread([_largest(results.of(depth))]) for depth in results.keys(int)}
        return spreads | {"jump": spread([self._jump(results.of(3))])}

    def panels(self, results: Results) -> list[Panel]:
        runs = [(depth, run) for depth in results.keys(int) if (run := results.of(depth)) is not None]
        panels = []
        for depth, run in runs:
            x, sigma = self._iterations(run), run.singular_values
            lines = [Line(f"singular value {r + 1}", x, sigma[:, r], colour=r) for r in range(min(SHOWN, sigma.shape[1]))]
            panels.append(Panel(f"Depth {depth}", "iteration", "singular value", lines))
        errors = [
            Line(f"depth {depth}", self._iterations(run), error, colour=depth)
            for depth, run in runs
            if (error := run.measured(ERROR)) is not None
        ]
        return [*panels, Panel("Ratings held out", "iteration", "mean squared error", errors)] if errors else panels

    def _spec(self, depth: int) -> RunSpec:
        return RunSpec().replaced(
            {
                "problem.kind": "observed_data",
                "problem.observations": self._observations,
                "model.depth": depth,
                "init.kind": "identity",
                "stop.loss": None,
                "stop.time": self._time * LENGTHS[depth],
                "stop.seconds": 1800.0,
                "device": "cpu",
            }
        )

    @property
    def _time(self) -> float:
        """Flow time of one iteration, where as many ratings train as in the paper; else in proportion to their number."""
        return RATE * self._observations / OBSERVATIONS

    def _iterations(self, run: Trajectory) -> np.ndarray:  # [T]
        return run.column("t") / self._time

    def _jump(self, run: Trajectory | None) -> float:
        """The iteration at which the largest singular value passes half of its last value."""
        if run is None:
            return np.nan
        sigma = run.singular_values[:, 0]
        return float(self._iterations(run)[np.argmax(sigma > sigma[-1] / 2)])


def _least_error(run: Trajectory | None) -> float:
    errors = run.measured(ERROR) if run else None
    return np.nan if errors is None else float(errors.min())


def _largest(run: Trajectory | None) -> float:
    return np.nan if run is None else float(run.singular_values[-1, 0])
