"""The picture of the exponents of growth."""

from collections.abc import Callable, Sequence

import numpy as np

from dmf_core.reproductions.depth_law.exponents import Interval
from dmf_core.reproductions.depth_law.runs import Kind, draws, exponent, kinds, layer, walked
from dmf_core.reproductions.framework.reproduction import Line, Panel, Results, Spread, banded

GROUPS: dict[str, Callable[[Kind], bool]] = {
    "Matrices": lambda kind: kind.order == 2,
    "CP tensors of order 3": lambda kind: kind.order == 3 and kind.components == 1,
    "CP tensors of order 4": lambda kind: kind.order == 4,
    "Order 3, six components at once": lambda kind: kind.components > 1,
}


def panels(results: Results) -> list[Panel]:
    """Speed over driving force against the size, then the exponents against the number of factors."""
    present = kinds(results)
    groups = {title: [kind for kind in present if belongs(kind) and not kind.normal] for title, belongs in GROUPS.items()}
    growing = [_growing(results, title, members) for title, members in groups.items() if members]
    single = [kind for kind in present if kind.components == 1 and not kind.normal]
    normal = [kind for kind in present if kind.normal]
    return [
        *growing,
        _against_factors(results, normal, "From normal factors", exponent, lambda P: 2 - 2 / P, "2 - 2/P, balanced"),
        _against_factors(results, single, "Exponent of the size", exponent, lambda P: 2 - 2 / P, "2 - 2/P"),
        _against_factors(results, single, "Exponent of one layer", layer, lambda P: P - 1, "P - 1"),
    ]


def _growing(results: Results, title: str, members: Sequence[Kind]) -> Panel:
    lines = []
    for colour, kind in enumerate(members):
        first = next(iter(draws(results, kind)))
        if results.of(first) is None:
            continue
        growth = walked(results, first)
        phase = growth.growing
        size, speed = growth.size[phase], (growth.speed(growth.size) / growth.pull)[phase]
        what = f"depth {kind.depth}" if kind.order == 2 else f"K = {kind.depth}"
        lines.append(Line(f"{what}: {exponent(results, kind).mean:.3f}", size, speed, colour=colour))
        ends = np.array([size.min(), size.max()])
        label = f"derived {kind.exponent:.3f}"
        lines.append(Line(label, ends, kind.factors * ends**kind.exponent, role="predicted", colour=colour))
    return Panel(title, "size s", "(ds/dt) / gamma", lines, x_log=True, y_log=True)


def _against_factors(
    results: Results,
    members: Sequence[Kind],
    title: str,
    measured: Callable[[Results, Kind], Interval],
    derived: Callable[[np.ndarray], np.ndarray],
    formula: str,
) -> Panel:
    lines = []
    families = {"matrices": 2, "CP order 3": 3, "CP order 4": 4}
    for colour, (name, order) in enumerate(families.items()):
        exponents = [(kind.factors, measured(results, kind)) for kind in members if kind.order == order]
        if exponents:
            spreads = [Spread(at.mean, at.mean - at.half, at.mean + at.half, 0) for _, at in exponents]
            lines.append(banded(name, [P for P, _ in exponents], spreads, colour))
    P = np.linspace(2, max(kind.factors for kind in members), 60)
    return Panel(title, "factors P in a component", "exponent", [*lines, Line(formula, P, derived(P), role="predicted")])
