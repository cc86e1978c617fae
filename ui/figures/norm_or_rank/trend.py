"""What the grid shows, in sentences read off its numbers."""

from collections.abc import Sequence
from itertools import pairwise

from dmf_core.baselines.comparison import Cell
from dmf_core.baselines.comparison.comparison import SAME
from ui.figures import words

FOLLOWED = (("entropy_rank", "effective rank (entropy)"), ("nuclear_norm", "nuclear norm"), ("frobenius_norm", "Frobenius norm"))


def trend(cells: Sequence[Cell], minimum: float | None) -> str:
    """How rank and norms move with the scale at the smallest depth and with the depth at the smallest scale."""
    done = [cell for cell in cells if cell.done]
    if len(done) < 2:
        return ""
    depth, scale = min(cell.depth for cell in done), min(cell.scale for cell in done)
    by_scale = sorted((cell for cell in done if cell.depth == depth), key=lambda cell: -cell.scale)
    by_depth = sorted((cell for cell in done if cell.scale == scale), key=lambda cell: cell.depth)
    sentences = [
        _moves(by_scale, f"At depth {depth}, as the initial scale shrinks from {_scale(by_scale[0])} to {_scale(by_scale[-1])},"),
        _moves(by_depth, f"At scale {words.power(scale)}, from depth {by_depth[0].depth} to {by_depth[-1].depth},"),
        _above(done, minimum),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _scale(cell: Cell) -> str:
    return words.power(cell.scale)


def _moves(cells: Sequence[Cell], opening: str) -> str:
    if len(cells) < 2:
        return ""
    parts = []
    for key, name in FOLLOWED:
        values = [cell.measures[key] or 0.0 for cell in cells]
        parts.append(f"the {name} {_way(values)} from {words.number(values[0], 4)} to {words.number(values[-1], 4)}")
    return f"{opening} {words.listed(parts)}."


def _way(values: Sequence[float]) -> str:
    """falls or rises where every step does; else only where it ends counts."""
    small = SAME * max(abs(value) for value in values)
    if all(after < before + small for before, after in pairwise(values)) and values[-1] < values[0] - small:
        return "falls"
    if all(after > before - small for before, after in pairwise(values)) and values[-1] > values[0] + small:
        return "rises"
    return "goes, not steadily,"


def _above(cells: Sequence[Cell], minimum: float | None) -> str:
    least = min((cell.measures["nuclear_norm"] or 0.0) for cell in cells)
    if not minimum or least <= (1 + SAME) * minimum:
        return ""
    runs = words.count(len(cells), "run")
    above = words.number(100 * (least / minimum - 1), 2)
    return f"All {runs} have more nuclear norm than the minimum, by {above}{words.THIN}% at least."
