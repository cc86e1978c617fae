"""Where the lines of a map are named: each at a place of its own, so that no name lies over another."""

from dataclasses import dataclass
from math import hypot

from ui.figures.map.scene import Line, MapScene

PLACES = (0.5, 0.75, 0.25, 0.9, 0.1)  # of the way along a line, the best first
APART = 0.4  # of the height of a map, which is about twice as wide: the longest name is half as long as that in each direction


@dataclass(frozen=True)
class LineName:
    """The name of a line at one of its points."""

    text: str
    line: Line
    at: int  # the point, of the line
    side: int  # 1: left of the line as it goes up, -1: right of it

    @property
    def along(self) -> tuple[float, float]:
        """The direction of the line there, upwards, in columns and rows."""
        before, after = self.line[max(0, self.at - 2)], self.line[min(len(self.line) - 1, self.at + 2)]
        low, high = sorted((before, after), key=lambda point: point[1])
        return high[0] - low[0], high[1] - low[1]


def line_names(scene: MapScene) -> list[LineName]:
    """Of the degrees of freedom, of the threshold, and of what else has its threshold in the map."""
    names: list[LineName] = []

    def add(text: str, line: Line, side: int) -> None:
        names.append(LineName(text, line, _place(scene, line, [each.line[each.at] for each in names]), side))

    if len(scene.freedom) > 1:
        add(scene.freedom_name, scene.freedom, 1)
    if scene.threshold_lines:
        add(scene.threshold_name, max(scene.threshold_lines, key=len), -1)
    for other in scene.others:
        if lines := scene.lines_of(other.grid):
            add(other.name, max(lines, key=len), -1)
    return names


def _place(scene: MapScene, line: Line, taken: list[tuple[float, float]]) -> int:
    """The first of the places that is apart from all names before; where none is, the one that is farthest from them."""
    rows, columns = scene.grid.shape

    def room(at: int) -> float:
        x, y = line[at]
        return min((hypot(2 * (x - a) / columns, (y - b) / rows) for a, b in taken), default=APART)

    places = [round(share * (len(line) - 1)) for share in PLACES]
    return next((at for at in places if room(at) >= APART), max(places, key=room))
