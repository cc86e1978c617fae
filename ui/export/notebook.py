"""The same as the script, as a Jupyter notebook with a figure. Written by hand: nbformat 4 is only JSON."""

import json
from typing import Any

from ui.export.script import parts
from ui.export.source import Source, Tell
from ui.figures.static import stamp
from ui.figures.words import capital

FIGURE = """import matplotlib.pyplot as plt

figure, axes = plt.subplots(figsize=(8, 4))
axes.plot(run.column("t"), run.singular_values[:, :12])
for true in (run.start.true_singular_values if run.start.true_singular_values is not None else [])[:12]:
    axes.axhline(true, color="black", linewidth=0.8, linestyle=(0, (5, 4)), alpha=0.6)
axes.set(xlabel="t", ylabel="singular values of W")
"""


def notebook(source: Source, _: Tell) -> bytes:
    """A notebook (nbformat 4.5) that makes the run again and checks its numbers."""
    head, *code = parts(source)
    words = head.strip().strip('"').strip().partition("\n")[2].strip()
    intro = f"# {capital(stamp(source.spec))}\n\nMakes this run again and checks its numbers.\n\n{words}"
    cells = [_cell(0, "markdown", intro)]
    cells += [_cell(number, "code", text) for number, text in enumerate([*code, FIGURE], start=1)]
    body = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(body, indent=1, ensure_ascii=False).encode()


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": text.strip().splitlines(keepends=True)}
