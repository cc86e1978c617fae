"""What depth does to CP completion: sharpness, incubation, error and spurious components. After Hariz et al. 2022."""

from collections.abc import Sequence

import numpy as np

from dmf_core.reproductions.framework.reproduction import (
    Claim,
    Key,
    Line,
    Panel,
    Reproduction,
    Results,
    Run,
    banded,
)
from dmf_core.reproductions.hariz_2022.cases import DEPTHS, FEW, MANY, MIDDLE, RANK, cases, run_of
from dmf_core.reproductions.hariz_2022.claims import claims_of
from dmf_core.reproductions.hariz_2022.readings import (
    MOMENTS,
    Group,
    Reading,
    cases_of,
    depths_of,
    error,
    first,
    over_draws,
    rise,
    spurious,
    spurious_on_the_way,
    width,
)


class HarizDeepCP(Reproduction):
    """Deep CP: all depths in one figure."""

    name = "hariz-deep-cp"
    title = "Deeper CP factorizations wait longer, and then mostly switch on more suddenly"
    paper = "After Hariz, Kadri, Ayache, Moakher and Artieres 2022, arXiv 2207.08942"
    about = (
        "A 10 x 10 x 10 tensor of CP rank 3 from some of its 1000 entries, by ten components; K layers in every mode. Only "
        "the abstract of the paper could be read: it says that deeper ones estimate better. Model, sizes, starts and measures "
        "are ours. A component is spurious if it is not one of the three largest and its norm is above 1 % of the largest. "
        "The full form takes about a minute of one core.\n\n"
        "Small start: balanced components of norm 1e-3. In every draw deeper ones wait longer; in most, not in all, they then "
        "switch on more suddenly for the time that they waited. The rise itself in flow time, the error and the number of "
        "spurious components fall with depth in some draws and not in others: no claim is made.\n\n"
        "Large start: every depth from the same W, ten components of norm 3 at right angles to each other; 400 entries, down "
        "to a training error of 1e-6. There deeper ones keep fewer spurious components and err less. A reason, derived for "
        "layers that do not mix components: the more layers, the faster a large component outgrows a small one. This start "
        "was chosen on ten draws and is judged on ten others. In our trials around it the medians fell too with norm 1 or 10, "
        "and with 500 or 600 entries. The number did not fall with 300 entries, with noise, or while the training error was "
        "above 1e-4: most draws then keep all seven at every depth.\n\n"
        "Normal start: entries of standard deviation 0.1 in every layer. The median error falls, in part because a deeper "
        "start is then a smaller one; the number of spurious components fell in ten draws and not in ten others. From normal "
        "entries that give W the same size at every depth there was no clear fall; with 30 or 50 components and a small start "
        "it rose."
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        return {case: run_of(case) for case in cases(quick)}

    def claims(self, results: Results) -> list[Claim]:
        return claims_of(results)

    def panels(self, results: Results) -> list[Panel]:
        small: list[Group] = [(MANY, "small"), (FEW, "small")]
        normal: list[Group] = [(MIDDLE, "normal")]
        large: list[Group] = [(MIDDLE, "large")]
        count = "above 1 %, beyond the rank"
        return [
            *(_components(results, depth) for depth in depths_of(results)),
            _by_depth(results, "Sharpness", "time from 10 to 90 % / time to 50 %", width, small, y_log=True),
            _by_depth(results, "Rise, small start: no claim", "time from 10 to 90 %", rise, small, y_log=True),
            _by_depth(results, "Incubation", "time until the first is half grown", first, small, y_log=True),
            _by_depth(results, "Spurious components, large start", count, spurious, large),
            _on_the_way(results),
            _by_depth(results, "Error, large start", "|W - M| / |M|", error, large, y_log=True),
            _by_depth(results, "Error, small start: no claim", "|W - M| / |M|", error, small, y_log=True),
            _by_depth(results, "Spurious, small start: no claim", count, spurious, small),
            _by_depth(results, "Error, normal start", "|W - M| / |M|", error, normal, y_log=True),
            _by_depth(results, "Spurious, normal start: no claim", count, spurious, normal),
        ]


def _components(results: Results, depth: int) -> Panel:
    lines = []
    run = results.of(cases_of(results, MANY, depth)[0])
    if run is not None:
        for place in range(RANK + 1):
            lines.append(Line(f"norm {place + 1}", run.column("t"), run.singular_values[:, place], colour=place))
    return Panel(f"One draw, {MANY} entries, K = {depth}", "flow time t", "norm of a component", lines)


def _on_the_way(results: Results) -> Panel:
    lines = []
    for colour, depth in enumerate(DEPTHS):
        runs = results.everywhere(cases_of(results, MIDDLE, depth, "large"))
        if runs:
            y = np.mean([spurious_on_the_way(run) for run in runs], axis=0)
            lines.append(Line(f"K = {depth}", MOMENTS, y, colour=colour))
    title = "On the way, large start"
    return Panel(title, "training error", "spurious components, mean", lines, x_log=True, x_falls=True)


def _by_depth(
    results: Results,
    title: str,
    y_label: str,
    reading: Reading,
    groups: Sequence[Group],
    y_log: bool = False,
) -> Panel:
    lines = []
    for colour, (observations, start) in enumerate(groups):
        depths = [depth for depth in depths_of(results) if cases_of(results, observations, depth, start)]
        if depths:
            spreads = [over_draws(results, reading, observations, depth, start) for depth in depths]
            lines.append(banded(f"{observations} entries", depths, spreads, colour))
    return Panel(title, "layers K", y_label, lines, y_log=y_log)
