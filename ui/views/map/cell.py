"""One cell of a map: its numbers, its curves, and the buttons that open or compare it."""

import itertools
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from dmf_core import limits
from dmf_core.cost import Cost, about, in_words
from dmf_core.jobs import State
from dmf_core.prepare import shape_of, typical_entry
from dmf_core.spec import RunSpec
from dmf_core.sweep import Plan
from ui.fields import in_labels
from ui.figures import words
from ui.figures.map.phrases import measured, small_is_good
from ui.figures.map.scene import MapScene
from ui.figures.thumbnail import thumbnail
from ui.markup import markup
from ui.services import priced, queue
from ui.session.map_state import MapState
from ui.session.navigation import compare_runs, open_in_explore
from ui.session.opened_cell import remember_cell
from ui.views.map.work import MapWork, cell_watcher, specs_at, specs_of
from ui.watching import button
from ui.words import whole

WAIT_SECONDS = 0.3  # seconds to wait for the curves of a cell: most are computed by then


def select_cell(state: MapState, plan: Plan, place: tuple[int, int]) -> None:
    """Makes this the cell at the cursor, and computes the run of its first seed where that is short."""
    state.cell = place
    spec = next(iter(specs_at(state, plan)), None)
    if spec is None:
        return
    if queue().find(spec.digest()) is None and _cost(state, spec).longest <= limits.RUN_WITHOUT_ASKING_SECONDS:
        queue().submit(spec, state.inputs, cell_watcher(state)).wait(WAIT_SECONDS)


def open_cell(state: MapState, plan: Plan, place: tuple[int, int]) -> None:
    """Leads to the run of its first seed in Explore, where it is computed in full; the way back leads to this cell."""
    state.cell = place
    specs = specs_of(state, plan, place)
    state.hint = "" if specs else "The settings of this cell do not fit each other; choose another one."
    if not specs:
        return
    row = state.known.get(specs[0].digest())
    if row is not None:
        remember_cell(row)
    open_in_explore(specs[0], state.inputs)


def compare(state: MapState, plan: Plan, place: tuple[int, int]) -> None:
    """Marks a first cell, or takes its mark away. Another one of its row or column leads to both in Compare."""
    first, axes = state.marked, state.field.typed()
    state.hint = ""
    if not specs_of(state, plan, place):
        state.hint = "The settings of this cell do not fit each other; choose another one."
        return
    if first is None or first == place:
        state.marked = place if first is None else None
        return
    if first[0] != place[0] and first[1] != place[1]:
        state.hint = "Compared runs differ in one setting: choose a cell of the row or column of the marked one."
        return
    along = axes[0] if first[0] == place[0] else axes[1]
    at = [each[1] if along is axes[0] else each[0] for each in (first, place)]
    state.marked = None
    compare_runs(specs_of(state, plan, first)[0], along.name, [along.values[i] for i in at], state.inputs)


def area(state: MapState, first: tuple[int, int], last: tuple[int, int]) -> None:
    """A map of these cells alone, with about twice as many values of each axis."""
    axes = state.field.typed()
    spans = [sorted((first[1], last[1])), sorted((first[0], last[0]))]
    texts = [refined(axis.paths, axis.values[low : high + 1]) for axis, (low, high) in zip(axes, spans, strict=False)]
    state.change(across=texts[0], up=texts[1] if len(texts) > 1 else "")


def refined(paths: tuple[str, ...], values: tuple[Any, ...]) -> str:
    """An axis over the same values with those between them, as it is typed; words and lists stay as they are."""
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in values)
    if numbers and len(values) > 1:
        log = min(values) > 0 and max(values) / min(values) >= 50
        middle = [float(np.sqrt(a * b)) if log else (a + b) / 2 for a, b in itertools.pairwise(values)]
        whole_numbers = all(isinstance(each, int) for each in values)
        between = [round(each) if whole_numbers else float(f"{each:.6g}") for each in middle]
        values = tuple(sorted({*values, *between}))
    texts = [f"{each:g}" if isinstance(each, float) else str(each).replace(" ", "") for each in values]
    return f"{','.join(paths)}={','.join(texts)}"


def readout(state: MapState, plan: Plan, work: MapWork, scene: MapScene) -> None:
    """The numbers of the cell at the cursor, its curves, and the buttons."""
    if state.cell is None or state.cell not in scene.grid.cells:
        markup(
            '<div class="nr map-read"><p class="nr-proof">Move over the map: the numbers of a cell stand here.</p></div>', "read"
        )
        return
    row, column = state.cell
    specs = scene.grid.specs(row, column)
    head = words.capital(scene.at(row, column))
    lines = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in _numbers(state, scene))
    markup(
        f'<div class="nr map-read"><p class="nr-proof">the cell at the cursor</p><h2>{escape(head)}</h2>{_verdict(state, scene)}'
        f"<dl>{lines}</dl>{_curves(state, specs, work)}</div>",
        "read",
    )
    if not specs:
        return
    with st.container(horizontal=True):
        button("Open in Explore", "open cell", lambda: open_cell(state, plan, (row, column)))
        button(_compare_label(state.marked, (row, column)), "compare cell", lambda: compare(state, plan, (row, column)))
    st.caption("A cell opened runs again in full, with the same run number.")


def _compare_label(marked: tuple[int, int] | None, cell: tuple[int, int]) -> str:
    if marked is None:
        return "Add to Compare"
    return "Take the mark away" if marked == cell else "Compare both"


def _verdict(state: MapState, scene: MapScene) -> str:
    row, column = state.cell or (0, 0)
    grid, level = scene.grid, state.field.threshold
    count, failed = int(grid.count[row, column]), int(grid.failed[row, column])
    if grid.refused[row, column]:
        why = next((each.refused for each in grid.cells[row, column] if each.refused), "")
        return f'<p class="map-err">✕ {escape(words.typeset(why))}</p>'
    if failed and not count:
        return f'<p class="map-err">✕ {escape(_reason(state, scene))}</p>'
    verdict = ""
    if count and level is not None:
        below = int((grid.values[row, column] < level).sum())
        good = small_is_good(state.field.measure)
        mark = ("ok", "✓") if good and 2 * below > count else ("warn", "△") if good else ("plain", "")
        name = "Recovered" if state.field.measure == "reconstruction_error" else f"Below {words.number(level)}"
        extra = f" (below {words.number(level)})" if state.field.measure == "reconstruction_error" else ""
        verdict = f'<p class="map-{mark[0]}">{mark[1]} {name} in {below} of {count} seeds{extra}</p>'
    if failed:
        verdict += f'<p class="map-warn">△ {escape(_reason(state, scene))}</p>'
    return verdict


def _reason(state: MapState, scene: MapScene) -> str:
    """Why the first run failed that did."""
    assert state.cell is not None
    rows = (state.known.get(cell.digest) for cell in scene.grid.cells[state.cell])
    reason = next((row.message for row in rows if row is not None and not row.outcome.done), "")
    return in_labels(words.typeset(reason), state.field.base)


def _numbers(state: MapState, scene: MapScene) -> list[tuple[str, str]]:
    assert state.cell is not None
    grid, (row, column) = scene.grid, state.cell
    rows = [known_row for cell in grid.cells[row, column] if (known_row := state.known.get(cell.digest)) is not None]
    if not rows:
        return [("Runs", f"0 of {grid.seeds}")]
    lines = [("Runs", f"{len(rows)} of {grid.seeds}")]
    if grid.count[row, column]:
        name = words.capital(measured(state.field.measure))
        low, high = (words.number(float(each[row, column])) for each in (grid.lowest, grid.highest))
        lines.insert(0, (f"{name}, median", words.number(float(grid.median[row, column]))))
        lines.insert(1, ("Lowest and highest seed", f"{low} – {high}"))
    specs = grid.specs(row, column)
    problem = specs[0].problem if specs else None
    if problem is not None and problem.count and problem.freedom:
        ratio = f"{whole(problem.count)} / {whole(problem.freedom)} = {problem.count / problem.freedom:.2f}"
        lines.append(("Observed per degree of freedom", ratio))
    if any(each.births for each in rows):
        lines.append(("Modes born, median", words.number(float(np.median([len(each.births) for each in rows])))))
    lines.append((f"Time for {words.count(len(rows), 'run')}", in_words(sum(each.seconds for each in rows))))
    return lines


def _curves(state: MapState, specs: list[RunSpec], work: MapWork) -> str:
    """The curves of the first seed, once they are there."""
    if not specs:
        return ""
    head = f"<h3>Over time, seed {specs[0].seed}</h3>"
    job = work.job
    if job is not None and job.state is State.DONE and job.trajectory is not None:
        return head + thumbnail(job.trajectory, specs[0], "")
    if job is not None and not job.state.ended:
        return f'{head}<p class="nr-proof">Its curves are being computed.</p>'
    cost = _cost(state, specs[0])
    if cost.longest > limits.RUN_WITHOUT_ASKING_SECONDS:
        return f'{head}<p class="nr-proof">Its curves take {about(cost)}: open it in Explore.</p>'
    return ""


def _cost(state: MapState, spec: RunSpec) -> Cost:
    return priced(spec, shape_of(spec, state.inputs), typical_entry(spec, state.inputs))
