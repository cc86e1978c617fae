"""How a sentence about a map names its axes, rows, columns and cells."""

from dmf_core.sweep.grid import Grid
from ui.figures import words
from ui.figures.map.phrases import axis_value, measured
from ui.figures.map.scene import MapScene


def axes_named(scene: MapScene) -> str:
    across = scene.x_title.lower()
    return across if scene.curves else f"{across} and {scene.y_title.lower()}"


def context(scene: MapScene) -> str:
    """ "At depth 3, ": where the depth is no axis."""
    paths = {*scene.grid.across.paths, *(scene.grid.up.paths if scene.grid.up else ())}
    depth = scene.field.base.model.layers
    return f"at depth {depth}, " if depth is not None and "model.depth" not in paths else ""


def at_row(scene: MapScene, row: int, comma: bool = True) -> str:
    """ "At depth 3, "; nothing where there is one row."""
    grid = scene.grid
    if grid.up is None:
        return context(scene)
    return f"at {axis_value(grid.up, grid.value_up(row), scene.labels)}{', ' if comma else ''}"


def at_column(scene: MapScene, column: int | None) -> str:
    assert column is not None
    return axis_value(scene.grid.across, scene.grid.value_across(column), scene.labels)


def threshold(scene: MapScene) -> str:
    assert scene.field.threshold is not None
    return words.number(scene.field.threshold)


def measure_shown(scene: MapScene) -> str:
    """distance to the truth, median and range, n = 5, log: what a curve of the map shows, and on which scale."""
    field, seeds = scene.field, scene.grid.seeds
    if scene.kind == "share":
        return f"share of {words.count(seeds, 'seed')} below {threshold(scene)}"
    shown = "worst seed" if scene.kind == "worst" else "median and range"
    of_seeds = f", {shown}, n = {seeds}" if seeds > 1 else ""
    return f"{measured(field.measure)}{of_seeds}, {'log' if scene.scale.log else 'linear'}"


def cell_value(grid: Grid, row: int, column: int) -> str:
    """0.017 (0.013 to 0.025, n = 5)."""
    count = int(grid.count[row, column])
    if not count:
        return "no value"
    middle, low, high = (float(each[row, column]) for each in (grid.median, grid.lowest, grid.highest))
    spread = f"{words.number(low)} to {words.number(high)}, " if count > 1 else ""
    return f"{words.number(middle)} ({spread}n = {count})"
