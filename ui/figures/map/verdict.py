"""What a map says, in words made from its numbers: title, sentence, and a description for those who do not see it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dmf_core.sweep.grid import Grid
from ui.figures import words
from ui.figures.map.phrases import measured, named, small_is_good
from ui.figures.map.scene import OBSERVED, MapScene
from ui.words import whole

RISES = 1.5  # times the lowest value: so much higher at the end of the axis, a row has a window
RANK = "problem.rank"


@dataclass(frozen=True)
class Onset:
    """From this column on every measured cell of the row is below the threshold; None: not even the last one is."""

    row: int
    column: int | None


def title(scene: MapScene) -> str:
    """The verdict at a round value."""
    measure = words.capital(measured(scene.field.measure))
    if not scene.grid.measured.any():
        return f"{measure} over {_axes(scene)}"
    if scene.field.threshold is not None and small_is_good(scene.field.measure):
        return words.capital(_suffice(scene) or _window(scene) or _onsets(scene) or _spread(scene))
    return words.capital(_window(scene) or _spread(scene))


def sentence(scene: MapScene) -> str:
    """What else the numbers support, and how much of the map is measured."""
    grid = scene.grid
    if not grid.measured.any():
        return "Nothing is measured yet."
    parts = [_others(scene), _half(scene), _per_freedom(scene), _lowest_and_highest(scene), _trouble(scene)]
    done, all_of_it = int(grid.measured.sum()), int((~grid.refused).sum())
    if done < all_of_it:
        parts.append(f"So far {whole(done)} of the {whole(all_of_it)} cells are measured; the rest can change this.")
    return " ".join(part for part in parts if part)


def described(scene: MapScene) -> str:
    """The description for those who do not see the picture."""
    kind = "Curves" if scene.curves else "Map"
    return f"{kind} of the {measured(scene.field.measure)} over {_axes(scene)}. {title(scene)}. {sentence(scene)}"


def _axes(scene: MapScene) -> str:
    across = scene.x_title.lower()
    return across if scene.curves else f"{across} and {scene.y_title.lower()}"


def below(scene: MapScene, grid: Grid | None = None) -> np.ndarray:  # [rows, columns] bool
    """Measured, and the median is below the threshold; of another grid over the same axes where one is given."""
    assert scene.field.threshold is not None
    with np.errstate(invalid="ignore"):
        return np.asarray((grid or scene.grid).median < scene.field.threshold)


def _rising(values: tuple[object, ...]) -> bool:
    numbers = [each for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
    return len(numbers) == len(values) and all(a < b for a, b in itertools.pairwise(numbers))


def limit(scene: MapScene, column: int, grid: Grid | None = None) -> int | None:
    """The highest row up to which, from the lowest one on, every measured cell of this column is below; None: not even that."""
    ok, known = below(scene, grid)[:, column], (grid or scene.grid).measured[:, column]
    highest = None
    for row in np.flatnonzero(known):
        if not ok[row]:
            break
        highest = int(row)
    return highest if known[0] else None


def _context(scene: MapScene) -> str:
    """ "At depth 3, ": where the depth is no axis."""
    paths = {*scene.grid.across.paths, *(scene.grid.up.paths if scene.grid.up else ())}
    depth = scene.field.base.model.layers
    return f"at depth {depth}, " if depth is not None and "model.depth" not in paths else ""


def _suffice(scene: MapScene) -> str:
    """ "At depth 3, 2 000 observed entries suffice up to rank 11": of observations by rank only."""
    if not _ranks_by_observations(scene):
        return ""
    best = _chosen(scene)
    if best is None:
        where = _context(scene)
        return f"{where}no cell is recovered" if not below(scene).any() else ""
    column, row = best
    grid = scene.grid
    across = named(OBSERVED, grid.value_across(column), scene.labels)
    assert grid.up is not None
    rank = named(RANK, grid.value_up(row), scene.labels)
    most = "every rank tried, up to " if row == grid.shape[0] - 1 else "up to "
    return f"{_context(scene)}{across} suffice {'for ' if most != 'up to ' else ''}{most}{rank}"


def _ranks_by_observations(scene: MapScene) -> bool:
    grid = scene.grid
    return (
        grid.up is not None
        and (grid.across.name, grid.up.name) == (OBSERVED, RANK)
        and _rising(grid.across.values)
        and _rising(grid.up.values)
    )


def _chosen(scene: MapScene) -> tuple[int, int] | None:
    """(column, its highest row): the roundest number of observations whose limit is inside the map."""
    crossings = [(column, row) for column in range(scene.grid.shape[1]) if (row := limit(scene, column)) is not None]
    inside = [(column, row) for column, row in crossings if row < scene.grid.shape[0] - 1] or crossings
    if not inside:
        return None
    middle = 0.65 * scene.grid.shape[1]
    return min(inside, key=lambda each: (_digits(scene.grid.value_across(each[0])), abs(each[0] - middle)))


def _digits(number: object) -> int:
    """How many digits a number has that are not zeros at its end."""
    return len(str(number).rstrip("0")) if isinstance(number, int) else 9


def _half(scene: MapScene) -> str:
    """The same with half of the observations, where that is a column."""
    best = _chosen(scene) if scene.field.threshold is not None and _ranks_by_observations(scene) else None
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


def _others(scene: MapScene) -> str:
    """How far the same observations suffice for what stands beside the map."""
    best = _chosen(scene) if scene.field.threshold is not None and _ranks_by_observations(scene) else None
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


def _per_freedom(scene: MapScene) -> str:
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


def onsets(scene: MapScene) -> Iterator[Onset]:
    """Of every row with at least two measured cells."""
    ok, known = below(scene), scene.grid.measured
    for row in range(scene.grid.shape[0]):
        columns = np.flatnonzero(known[row])
        if len(columns) < 2:
            continue
        bad = np.flatnonzero(~ok[row, columns])
        first = 0 if not len(bad) else int(bad[-1]) + 1
        yield Onset(row, int(columns[first]) if first < len(columns) else None)


def _onsets(scene: MapScene) -> str:
    """From which value of a rising axis on each row is below the threshold: the earliest and the latest row."""
    grid = scene.grid
    if not _rising(grid.across.values):
        return ""
    all_onsets = list(onsets(scene))
    reached = sorted((each for each in all_onsets if each.column is not None), key=lambda each: (each.column or 0, each.row))
    if not reached:
        return (
            f"{_context(scene)}no row of the map ends below {_threshold(scene)}" if all_onsets and not below(scene).any() else ""
        )
    first, last = reached[0], reached[-1]
    text = f"{_row(scene, first.row)}the median is below {_threshold(scene)} from {_column(scene, first.column)} on"
    if scene.curves:
        return text
    never = [each for each in all_onsets if each.column is None]
    if never:
        return f"{text}, {_row(scene, never[0].row, False)} it is not at the end of the axis"
    if last.column != first.column:
        return f"{text}, {_row(scene, last.row, False)} only from {_column(scene, last.column)} on"
    return text


def _window(scene: MapScene) -> str:
    """Where a row is lowest inside and rises again by `RISES`: the row in which the rise is largest."""
    grid, best, ratio = scene.grid, None, RISES
    if not _rising(grid.across.values):
        return ""
    for row in range(grid.shape[0]):
        columns = np.flatnonzero(grid.measured[row])
        if len(columns) < 3:
            continue
        values = grid.median[row, columns]
        at = int(np.argmin(values))
        if 0 < at < len(columns) - 1 and values[at] > 0 and values[0] > RISES * values[at] and values[-1] > ratio * values[at]:
            best, ratio = (row, int(columns[at]), int(columns[-1])), values[-1] / values[at]
    if best is None:
        return ""
    row, at, last = best
    low, high = (words.number(float(grid.median[row, each]), 2) for each in (at, last))
    measure = measured(scene.field.measure)
    return f"{_row(scene, row)}the {measure} is lowest at {_column(scene, at)}, {low}, and {high} at {_column(scene, last)}"


def _spread(scene: MapScene) -> str:
    values = scene.grid.median[scene.grid.measured]
    low, high = words.number(float(values.min()), 2), words.number(float(values.max()), 2)
    measure = measured(scene.field.measure)
    return f"{measure} between {low} and {high}" if low != high else f"{measure} {low} everywhere"


def _lowest_and_highest(scene: MapScene) -> str:
    if scene.field.threshold is not None and _ranks_by_observations(scene):
        return ""
    median = scene.grid.median
    places = [np.unravel_index(int(pick(median)), median.shape) for pick in (np.nanargmin, np.nanargmax)]
    values = [f"{words.number(float(median[place]), 2)} ({scene.at(int(place[0]), int(place[1]))})" for place in places]
    return f"The lowest median is {values[0]}, the highest {values[1]}."


def _trouble(scene: MapScene) -> str:
    failed = int(scene.grid.failed.sum())
    refused = int(scene.grid.refused.sum())
    whose = "its cell carries" if failed == 1 else "their cells carry"
    parts = [f"{words.capital(words.count(failed, 'run'))} did not end as asked; {whose} a mark."] if failed else []
    if refused:
        parts.append(f"{words.capital(words.count(refused, 'cell'))} cannot be: the settings there do not fit each other.")
    return " ".join(parts)


def _threshold(scene: MapScene) -> str:
    assert scene.field.threshold is not None
    return words.number(scene.field.threshold)


def _row(scene: MapScene, row: int, comma: bool = True) -> str:
    """ "At depth 3, "; nothing where there is one row."""
    grid = scene.grid
    if grid.up is None:
        return _context(scene)
    return f"at {named(grid.up.name, grid.value_up(row), scene.labels)}{', ' if comma else ''}"


def _column(scene: MapScene, column: int | None) -> str:
    assert column is not None
    return named(scene.grid.across.name, scene.grid.value_across(column), scene.labels)


def cell_value(grid: Grid, row: int, column: int) -> str:
    """0.017 (0.013 to 0.025, n = 5)."""
    count = int(grid.count[row, column])
    if not count:
        return "no value"
    middle, low, high = (float(each[row, column]) for each in (grid.median, grid.lowest, grid.highest))
    spread = f"{words.number(low)} to {words.number(high)}, " if count > 1 else ""
    return f"{words.number(middle)} ({spread}n = {count})"
