"""The graph of the observations as SVG: rows left, columns right, an edge for every observed entry, or blocks."""

import numpy as np

from dmf_core.theory.connectivity import Component, Components
from dmf_core.theory.recoverable import Reading
from ui.figures import words

WIDTH, HEIGHT = 440, 420  # pixels
TOP, BASE = 36, 396  # heights between which rows and columns stand
LEFT, RIGHT = 96, 344  # of the two sides
EDGES, SIDE = 400, 40  # drawn one by one up to so many edges, and rows or columns
NAMED = 8  # components with a block of their own
GAP, NARROW = 10, 3  # pixels between blocks; twice as many where more than so many numbers stand below each other
CLOSE = 13  # pixels: numbers nearer than this would touch


def single(reading: Reading) -> bool:
    """True when every entry can be drawn as an edge of its own."""
    return reading.observations <= EDGES and max(reading.mask.shape) <= SIDE


def graph(reading: Reading) -> str:
    """An <svg> with the graph in words for those who do not see it."""
    parts = _edges(reading) if single(reading) else _blocks(reading)
    sentence = f"Graph of the observations: {tied_in_words(reading.components)}."
    heads = _text(LEFT, 16, "Rows", "head", "middle") + _text(RIGHT, 16, "Columns", "head", "middle")
    return (
        f'<svg class="ob-graph" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{sentence}">{heads}{"".join(parts)}</svg>'
    )


def tied_in_words(parts: Components) -> str:
    """Two components: 20 rows and 20 columns with 250 entries, and ..; one row without observations."""
    tied = parts.tied
    sizes = [f"{_sizes(part)} with {words.whole(part.entries)} entries" for part in tied[:NAMED]]
    more = [words.count(len(tied) - NAMED, "smaller one")] if len(tied) > NAMED else []
    sentence = f"{words.count(len(tied), 'component')}: {words.listed([*sizes, *more])}"
    alone = unseen_lines(parts)
    return f"{sentence}; {alone} without observations" if alone else sentence


def unseen_lines(parts: Components) -> str:
    """One row and two columns: those of which nothing is seen; empty when there are none."""
    rows = sum(len(part.rows) for part in parts.each if not part.entries)
    columns = sum(len(part.columns) for part in parts.each if not part.entries)
    counts = [words.count(count, noun) for count, noun in ((rows, "row"), (columns, "column")) if count]
    return words.listed(counts) if counts else ""


def _sizes(part: Component) -> str:
    return f"{words.count(len(part.rows), 'row')} and {words.count(len(part.columns), 'column')}"


def colour(component: Component, place: int) -> str:
    """The class that colours a component: its number, as modes have; nothing seen has no colour."""
    return "alone" if not component.entries else f"c{place + 1}" if place < 6 else "rest"


def _edges(reading: Reading) -> list[str]:
    parts = reading.components
    y = [np.empty(side) for side in reading.mask.shape]
    orders = [np.argsort(of, kind="stable") for of in (parts.of_rows, parts.of_columns)]
    for heights, order in zip(y, orders, strict=True):
        heights[order] = np.linspace(TOP, BASE, len(order)) if len(order) > 1 else (TOP + BASE) / 2
    marks = [
        f'<line class="ob-{colour(parts.each[k := parts.of_rows[i]], k)}" x1="{LEFT}" y1="{y[0][i]:.1f}" '
        f'x2="{RIGHT}" y2="{y[1][j]:.1f}"/>'
        for i, j in np.argwhere(reading.mask)
    ]
    for x, anchor, heights, of in ((LEFT, "end", y[0], parts.of_rows), (RIGHT, "start", y[1], parts.of_columns)):
        step = max(1, int(np.ceil(CLOSE / (BASE - TOP) * max(1, len(heights) - 1))))
        for at, (height, k) in enumerate(zip(heights, of, strict=True)):
            marks.append(f'<circle class="ob-{colour(parts.each[k], k)}" cx="{x}" cy="{height:.1f}" r="3.5"/>')
            rank = round((height - TOP) / (BASE - TOP) * max(1, len(heights) - 1))
            if rank % step == 0:
                marks.append(_text(x + (-10 if anchor == "end" else 10), height + 4, str(at + 1), "tick", anchor))
    marks += [_disc(LEFT - 56, float(y[0][part.rows].mean()), k + 1) for k, part in enumerate(parts.tied[:NAMED])]
    return marks


def _blocks(reading: Reading) -> list[str]:
    """Each component as a bar of its rows, a bar of its columns, and the band of its entries between them."""
    parts = reading.components
    named_blocks, smaller = parts.tied[:NAMED], parts.tied[NAMED:]
    alone = [part for part in parts.each if not part.entries]
    groups = [(colour(part, k), [part], k + 1, "") for k, part in enumerate(named_blocks)]
    groups += [("rest", list(smaller), 0, f"{words.count(len(smaller), 'smaller component')}, ")] if smaller else []
    groups += [("alone", alone, 0, "nothing seen")] if alone else []
    gap = GAP if len(groups) <= NARROW else 2 * GAP
    marks, free = [], BASE - TOP - gap * (len(groups) - 1)
    at = [float(TOP), float(TOP)]
    for kind, group, number, words_of_block in groups:
        rows, columns, entries = (sum(sizes) for sizes in zip(*map(_size, group), strict=True))
        height = [free * share / total for share, total in zip((rows, columns), reading.mask.shape, strict=True)]
        ends = [(start, start + max(length, 1.5)) for start, length in zip(at, height, strict=True)]
        (a, b), (c, d) = ends
        if entries and number:
            marks.append(f'<path class="ob-{kind} ob-band" d="M{LEFT} {a:.1f}L{RIGHT} {c:.1f}V{d:.1f}L{LEFT} {b:.1f}Z"/>')
        for x, (top, base), size in ((LEFT, ends[0], rows), (RIGHT, ends[1], columns)):
            if size:
                marks.append(f'<rect class="ob-{kind}" x="{x - 5}" y="{top:.1f}" width="10" height="{base - top:.1f}"/>')
                anchor, away = ("end", -12) if x == LEFT else ("start", 12)
                marks.append(_text(x + away, (top + base) / 2 + 4, words.whole(size), "tick", anchor))
        middle = (a + b + c + d) / 4
        if number:
            marks.append(_disc((LEFT + RIGHT) / 2, middle - (9 if b - a > 44 else 0), number))
            marks += [_text((LEFT + RIGHT) / 2, middle + 20, f"{words.whole(entries)} entries", "word", "middle")] * (b - a > 44)
        else:
            words_of_block += f"{words.whole(entries)} entries" if entries else ""
            marks.append(_text((LEFT + RIGHT) / 2, middle + 4, words_of_block, "word", "middle"))
        at = [start + length + gap for start, length in zip(at, height, strict=True)]
    return marks


def _size(part: Component) -> tuple[int, int, int]:
    return len(part.rows), len(part.columns), part.entries


def _disc(x: float, y: float, number: int) -> str:
    kind = f"c{number}" if number <= 6 else "rest"
    return f'<circle class="ob-disc ob-{kind}" cx="{x:.1f}" cy="{y:.1f}" r="10"/>' + _text(
        x, y + 4, str(number), "number", "middle"
    )


def _text(x: float, y: float, text: str, kind: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="ob-{kind}" text-anchor="{anchor}">{text}</text>'
