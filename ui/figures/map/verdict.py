"""What a map says, in words made from its numbers: title, sentence, and a description for those who do not see it."""

import numpy as np

from ui.figures import words
from ui.figures.map.phrases import measured, small_is_good
from ui.figures.map.places import at_column, at_row, axes_named, context, threshold
from ui.figures.map.scene import MapScene
from ui.figures.map.sufficiency import for_others, half_as_many, per_degree_of_freedom, suffice
from ui.figures.map.thresholds import below, onsets, ranks_by_observations, rising
from ui.words import whole

RISES = 1.5  # times the lowest value: so much higher at the end of the axis, a row has a window


def title(scene: MapScene) -> str:
    """The verdict at a round value."""
    measure = words.capital(measured(scene.field.measure))
    if not scene.grid.measured.any():
        return f"{measure} over {axes_named(scene)}"
    if scene.field.threshold is not None and small_is_good(scene.field.measure):
        return words.capital(suffice(scene) or _window(scene) or _onsets(scene) or _spread(scene))
    return words.capital(_window(scene) or _spread(scene))


def sentence(scene: MapScene) -> str:
    """What else the numbers support, and how much of the map is measured."""
    grid = scene.grid
    if not grid.measured.any():
        over = (grid.known + grid.seeds * grid.refused >= grid.seeds).all()
        return _trouble(scene) or ("No run of the map has this number." if over else "Nothing is measured yet.")
    parts = [for_others(scene), half_as_many(scene), per_degree_of_freedom(scene)]
    if not any(parts) or scene.field.threshold is None or not ranks_by_observations(scene):
        parts.append(_lowest_and_highest(scene))
    parts.append(_trouble(scene))
    done, all_of_it = int(grid.measured.sum()), int((~grid.refused).sum())
    if done < all_of_it:
        parts.append(f"So far {whole(done)} of the {whole(all_of_it)} cells are measured; the rest can change this.")
    return " ".join(part for part in parts if part)


def described(scene: MapScene) -> str:
    """The description for those who do not see the picture."""
    kind = "Curves" if scene.curves else "Map"
    return f"{kind} of the {measured(scene.field.measure)} over {axes_named(scene)}. {title(scene)}. {sentence(scene)}"


def _onsets(scene: MapScene) -> str:
    """From which value of a rising axis on each row is below the threshold: the earliest and the latest row."""
    grid = scene.grid
    if not rising(grid.across.values):
        return ""
    all_onsets = list(onsets(scene))
    reached = sorted((each for each in all_onsets if each.column is not None), key=lambda each: (each.column or 0, each.row))
    if not reached:
        return f"{context(scene)}no row of the map ends below {threshold(scene)}" if all_onsets and not below(scene).any() else ""
    first, last = reached[0], reached[-1]
    text = f"{at_row(scene, first.row)}the median is below {threshold(scene)} from {at_column(scene, first.column)} on"
    if scene.curves:
        return text
    never = [each for each in all_onsets if each.column is None]
    if never:
        return f"{text}, {at_row(scene, never[0].row, False)} not even at the end of the axis"
    if last.column != first.column:
        return f"{text}, {at_row(scene, last.row, False)} only from {at_column(scene, last.column)} on"
    return text


def _window(scene: MapScene) -> str:
    """Where a row is lowest inside and rises again by `RISES`: the row in which the rise is largest."""
    grid, best, ratio = scene.grid, None, RISES
    if not rising(grid.across.values):
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
    return f"{at_row(scene, row)}the {measure} is lowest at {at_column(scene, at)}, {low}, and {high} at {at_column(scene, last)}"


def _spread(scene: MapScene) -> str:
    values = scene.grid.median[scene.grid.measured]
    low, high = words.number(float(values.min()), 2), words.number(float(values.max()), 2)
    measure = measured(scene.field.measure)
    return f"{measure} between {low} and {high}" if low != high else f"{measure} {low} everywhere"


def _lowest_and_highest(scene: MapScene) -> str:
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
