"""The discs at the cursor: where they stand when they would cover each other. Pixels; the page generates its own from here."""

from collections.abc import Sequence

RADIUS = 9.0
APART = 16.5  # nearer than that, the second disc is moved to the left
STEP = 17.0  # so far
MOST = 4  # discs in one row
LOW = 10.0  # above the lower end of the plot: lower discs are left out, but for that of the selected mode


def fanned(places: Sequence[tuple[int, float]], apart: float = APART, most: int = MOST) -> list[tuple[int, float, int]]:
    """(mode, height) -> (mode, height, steps to the left); a mode that finds no room is left out."""
    placed: list[tuple[int, float, int]] = []
    for mode, height in places:
        used_steps = {step for _, other, step in placed if abs(other - height) < apart}
        step = next((step for step in range(most) if step not in used_steps), None)
        if step is not None:
            placed.append((mode, height, step))
    return placed


def spread(rows: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]], radius: float) -> list[float | None]:
    """Of discs at (x, y) the places across where they cover none of those taken and none of each other; None: left of 0."""
    placed, centres = list(taken), list[float | None]()
    for x, y in rows:
        at = x
        while any((at - px) ** 2 + (y - py) ** 2 < (2 * radius) ** 2 for px, py in placed):
            at -= 2 * radius
        centres.append(at if at >= 0 else None)
        if at >= 0:
            placed.append((at, y))
    return centres
