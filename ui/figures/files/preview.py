"""The first rows of a reading as a table, its values as bars, and the first lines of the file: HTML, names escaped."""

from html import escape

import numpy as np

from dmf_core.data import Reading
from ui.figures.words import number
from ui.words import THIN, whole

ROWS, COLUMNS = 7, 7  # of the corner that is shown
NAME = 24  # characters of a name
BARS = 12  # distinct values with a bar each; more are put into so many ranges
BAR_WIDTH, BAR_HEIGHT = 34, 60  # pixels, of one bar with its gap, and of the highest
MANY_UNKNOWN = 0.5  # share of unknown entries above which a list shows its fullest rows and columns


def corner(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Which rows and columns are shown: the first ones; of a sparse list those with the most entries, in their order."""
    matrix = first_slice(reading)
    known = ~np.isnan(matrix)
    if reading.account.kind != "list" or known.mean() >= 1 - MANY_UNKNOWN:
        return np.arange(min(ROWS, matrix.shape[0])), np.arange(min(COLUMNS, matrix.shape[1]))
    columns = np.sort(np.argsort(-known.sum(axis=0), kind="stable")[:COLUMNS])
    rows = np.sort(np.argsort(-known[:, columns].sum(axis=1), kind="stable")[:ROWS])
    return rows, columns


def first_slice(reading: Reading) -> np.ndarray:  # [rows, columns]
    """The matrix, or of a tensor the first of its slices along the first two sides that holds something known."""
    array = reading.array
    if array.ndim == 2:
        return array
    slices = array.reshape(*array.shape[:2], -1)
    return np.asarray(slices[:, :, _slice(reading)])


def _slice(reading: Reading) -> int:
    slices = reading.array.reshape(*reading.array.shape[:2], -1)
    return int(np.argmax((~np.isnan(slices)).any(axis=(0, 1))))


def table(reading: Reading, other: Reading | None = None) -> str:
    """The corner with the names of its rows and columns. Unknown entries are hatched, those that `other` reads apart framed."""
    matrix, account = first_slice(reading), reading.account
    rows, columns = corner(reading)
    differs = _differing(matrix, other)
    head = "".join(f'<th scope="col">{_name(account.column_names, k)}</th>' for k in columns)
    more_right = matrix.shape[1] > len(columns)
    body = []
    for i in rows:
        cells = "".join(_cell(matrix[i, j], bool(differs[i, j])) for j in columns)
        body.append(f'<tr><th scope="row">{_name(account.row_names, i)}</th>{cells}{_dots(more_right)}</tr>')
    if matrix.shape[0] > len(rows):
        body.append(f'<tr class="fl-more"><th aria-hidden="true">⋮</th><td colspan="{len(columns)}"></td></tr>')
    label = f"{len(rows)} of {whole(matrix.shape[0])} rows and {len(columns)} of {whole(matrix.shape[1])} columns"
    scroll = f'<div class="fl-scroll" tabindex="0" role="region" aria-label="{label}">'
    head_row = f"<thead><tr><td></td>{head}{_dots(more_right)}</tr></thead>"
    return f'{scroll}<table class="fl-table">{head_row}<tbody>{"".join(body)}</tbody></table></div>'


def caption(reading: Reading) -> str:
    """What the table is a part of, and what hatched cells are."""
    array = reading.array
    parts = []
    if array.ndim > 2:
        at = np.unravel_index(_slice(reading), array.shape[2:])
        parts.append(f"Slice (·, ·, {', '.join(str(int(k) + 1) for k in at)}) of {' × '.join(map(str, array.shape))}.")
    rows, columns = corner(reading)
    shown = first_slice(reading)
    if len(rows) < shown.shape[0] or len(columns) < shown.shape[1]:
        fullest = reading.account.kind == "list" and not np.array_equal(rows, np.arange(len(rows)))
        place = "with the most entries" if fullest else "at the beginning"
        parts.append(f"{len(rows)} rows and {len(columns)} columns {place}.")
    if np.isnan(array).any():
        parts.append("Hatched cells are unknown.")
    return " ".join(parts)


def bars(reading: Reading) -> str:
    """How often each value stands, or values of each range, as an SVG with its description."""
    values = reading.array[~np.isnan(reading.array)]
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) > BARS:
        counts, edges = np.histogram(values, bins=BARS)
        names = [number(float(edge), 2) if k % 2 == 0 else "" for k, edge in enumerate(edges[:-1])]
        sentence = f"{BARS} ranges from {number(float(edges[0]))} to {number(float(edges[-1]))}"
    else:
        names = [number(float(value)) for value in distinct]
        sentence = ", ".join(f"{name}: {whole(int(count))}" for name, count in zip(names, counts, strict=True))
    high, wide = int(counts.max()), BAR_WIDTH * len(names)
    parts = []
    for k, (name, count) in enumerate(zip(names, counts, strict=True)):
        height = max(1.0 if count else 0.0, BAR_HEIGHT * count / high)
        left, middle = BAR_WIDTH * k + 4, BAR_WIDTH * k + BAR_WIDTH / 2
        parts.append(f'<rect x="{left}" y="{BAR_HEIGHT - height:.1f}" width="{BAR_WIDTH - 8}" height="{height:.1f}"/>')
        parts.append(f'<text class="nr-tick" x="{middle}" y="{BAR_HEIGHT + 15}" text-anchor="middle">{name}</text>')
    return (
        f'<svg class="fl-bars" viewBox="0 0 {wide} {BAR_HEIGHT + 20}" width="{wide}" role="img" '
        f'aria-label="How often the values stand. {escape(sentence, quote=True)}">'
        f'<line class="nr-axis" x1="0" x2="{wide}" y1="{BAR_HEIGHT}" y2="{BAR_HEIGHT}"/>{"".join(parts)}</svg>'
    )


def lines(reading: Reading) -> str:
    """The first lines of the file as they were split, with what each column is; empty where it has no lines."""
    source, account = reading.source, reading.account
    if not source.lines:
        return ""
    roles = {name: role for role, name in account.fields.items()}
    width = max(map(len, source.lines))
    more = _dots(width < len(source.fields))
    heads = []
    for k, name in enumerate(source.fields[:width]):
        role = roles.get(name[:40], "index" if account.index and k == 0 else "")
        heads.append(f'<th scope="col">{role}</th>')
    top = f"<thead><tr><td></td>{''.join(heads)}{more}</tr></thead>" if account.fields or account.index else ""
    body = []
    for k, line in enumerate(source.lines):
        named = k < source.heads
        short_head = named and source.heads == 1 and len(line) == width - 1  # without a name for the first column
        fields = "".join(f"<td>{_bold(field, named)}</td>" for field in ("",) * short_head + line)
        body.append(f'<tr><th scope="row">{k + 1}</th>{fields}{more}</tr>')
    scroll = '<div class="fl-scroll" tabindex="0" role="region" aria-label="First rows of the file">'
    return f'{scroll}<table class="fl-table fl-lines">{top}<tbody>{"".join(body)}</tbody></table></div>'


def _differing(matrix: np.ndarray, other: Reading | None) -> np.ndarray:  # [rows, columns] bool
    if other is None:
        return np.zeros(matrix.shape, dtype=bool)
    against = first_slice(other)
    if against.shape != matrix.shape:
        return np.zeros(matrix.shape, dtype=bool)
    return np.asarray(~((matrix == against) | (np.isnan(matrix) & np.isnan(against))))


def _cell(value: float, framed: bool) -> str:
    classes = [*(["fl-unknown"] if np.isnan(value) else []), *(["fl-framed"] if framed else [])]
    mark = f' class="{" ".join(classes)}"' if classes else ""
    text = '<span class="nr-hidden">unknown</span>' if np.isnan(value) else number(float(value), 4)
    return f"<td{mark}>{text}</td>"


def _name(names: tuple[str, ...] | None, k: int) -> str:
    return escape(_short(names[k])) if names is not None and names[k].strip() else str(k + 1)


def _bold(field: str, named: bool) -> str:
    text = escape(_short(field))
    return f"<b>{text}</b>" if named else text


def _short(text: str) -> str:
    return text if len(text) <= NAME else text[: NAME - 1] + "…"


def _dots(more: bool) -> str:
    return '<td class="fl-more" aria-hidden="true">…</td>' if more else ""


def title(reading: Reading) -> str:
    """What the file is and how much of it is known: List of entries, 312 user × 486 item, 28 % known."""
    account, array = reading.account, reading.array
    share = 100 * account.known / array.size
    known = f"{share:.0f}" if share >= 9.5 or account.known == array.size else f"{share:.2g}"
    row, column = account.fields.get("row", ""), account.fields.get("column", "")
    named = account.kind == "list" and row and column and not row.startswith("column ")
    rows, columns = (whole(side) for side in array.shape[:2])
    size = " × ".join(map(whole, array.shape))
    if named:
        size = f"{rows} {escape(_short(row))} × {columns} {escape(_short(column))}"
    kind = {"table": "Table", "list": "List of entries", "tensor": "Tensor", "picture": "Picture"}[account.kind]
    return f"{kind}, {size}, {known}{THIN}% known"
