"""How many observed entries suffice for which rank: the sentences of maps of observations by rank."""

import numpy as np

from ui.figures import words
from ui.figures.map.phrases import named, small_is_good
from ui.figures.map.places import context
from ui.figures.map.scene import OBSERVED, MapScene
from ui.figures.map.thresholds import RANK, below, limit, ranks_by_observations, round_column


def suffice(scene: MapScene) -> str:
    """ "At depth 3, 2 000 observed entries suffice up to rank 11": of observations by rank only."""
    if not ranks_by_observations(scene):
        return ""
    best = round_column(scene)
    if best is None:
        where = context(scene)
        return f"{where}no cell is recovered" if not below(scene).any() else ""
    column, row = best
    grid = scene.grid
    across = named(OBSERVED, grid.value_across(column), scene.labels)
    assert grid.up is not None
    rank = named(RANK, grid.value_up(row), scene.labels)
    most = "every rank tried, up to " if row == grid.shape[0] - 1 else "up to "
    return f"{context(scene)}{across} suffice {'for ' if most != 'up to ' else ''}{most}{rank}"


def half_as_many(scene: MapScene) -> str:
    """The same with half of the observations, where that is a column."""
    best = round_column(scene) if scene.field.threshold is not None and ranks_by_observations(scene) else None
    if best is None:
        return ""
    values = scene.grid.across.values
    half = scene.grid.value_across(best[0]) / 2
    column = next((i for i, each in enumerate(values) if each == half), None)
    if column is None or not scene.grid.measured[0, column]:
        return ""
    row = limit(scene, column)
    if row is None:
        return "With half as many not even the lowest rank is recovered."
    return f"With half as many, up to {named(RANK, scene.grid.value_up(row), scene.labels)}."


def for_others(scene: MapScene) -> str:
    """How far the same observations suffice for what stands beside the map."""
    best = round_column(scene) if scene.field.threshold is not None and ranks_by_observations(scene) else None
    if best is None:
        return ""
    parts = []
    for other in scene.others:
        if not other.grid.measured[:, best[0]].all():
            continue
        row = limit(scene, best[0], other.grid)
        name = f"the {other.name}" if other.dotted else other.name
        reach = "no rank" if row is None else f"up to {named(RANK, scene.grid.value_up(row), scene.labels)}"
        parts.append(f"for {name} {reach}")
    return f"The same number suffices {words.listed(parts)}." if parts else ""


def per_degree_of_freedom(scene: MapScene) -> str:
    """The fewest observations for each degree of freedom with which a measured cell is recovered."""
    if scene.field.threshold is None or not small_is_good(scene.field.measure) or not scene.freedom:
        return ""
    ratios = []
    for row, column in np.argwhere(below(scene)):
        problem = scene.grid.specs(int(row), int(column))[0].problem
        if problem.count and problem.freedom:
            ratios.append(problem.count / problem.freedom)
    if not ratios:
        return ""
    least = np.floor(min(ratios) * 100) / 100
    return f"No measured cell is recovered with fewer than {words.number(least, 3)} observed entries per degree of freedom."
