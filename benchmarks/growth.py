"""How does the cost of a gradient grow with the side and the depth, against the floor of its matrix products?

    python -m benchmarks.growth [--most 2000] [--rows benchmarks/growth.json] [--draw benchmarks/growth.svg]

Completion of n x n with a fifth of the entries observed, all widths n, float32, one thread. A gradient at depth N is 3 (N - 1)
products of n x n matrices; the floor is so many times the seconds of one such product by torch, alone. Processor time, the best
of several turns. About two minutes on an idle core.

--rows: a JSON file that gets the rows as they are measured. Sides that it has are not measured again, so an interrupted
measurement goes on, and --draw draws from what it has.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import torch

from dmf_core.inputs import Inputs
from dmf_core.interfaces import VectorField
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.problems.matrix_completion import MatrixCompletion

SIDES = (20, 50, 100, 200, 500, 1000, 2000)
DEPTHS = (2, 3, 4, 6, 8)
SHARE = 0.2  # of the entries that are observed
TURN_SECONDS = 0.05  # small products are repeated within a turn for so long
TURNS = 5


def seconds_of(action: Callable[[], object]) -> float:
    """Processor seconds, the best of several turns; of one turn where that takes a second."""
    began = time.process_time()
    action()
    once = time.process_time() - began
    if once > 1:
        return once
    times = max(1, int(TURN_SECONDS / max(once, 1e-6)))
    best = once
    for _ in range(TURNS):
        began = time.process_time()
        for _ in range(times):
            action()
        best = min(best, (time.process_time() - began) / times)
    return best


def product_seconds(side: int) -> float:
    A, B, C = (torch.randn(side, side) for _ in range(3))
    return seconds_of(lambda: torch.mm(A, B, out=C))


def gradient_seconds(side: int, depth: int) -> float:
    settings = MatrixCompletion(rows=side, columns=side, rank=2, observations=int(SHARE * side * side))
    problem = settings.build(0, torch.float32, torch.device("cpu"), Inputs())
    field = VectorField(problem, DeepMatrix(depth=depth))
    x = 0.1 * torch.randn(sum(field.sizes))
    out = torch.empty_like(x)
    return seconds_of(lambda: field(x, out))


def draw(rows: list[dict[str, float]], path: Path) -> None:
    """Seconds of a gradient over the side, one curve for each depth; the floors dashed."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.add_subplot(xscale="log", yscale="log", xlabel="side n of W", ylabel="seconds of a gradient, one thread")
    for depth in DEPTHS:
        mine = [row for row in rows if row["depth"] == depth]
        sides = [row["side"] for row in mine]
        (line,) = axes.plot(sides, [row["seconds"] for row in mine], marker="o", markersize=3, label=f"depth {depth}")
        axes.plot(sides, [row["floor"] for row in mine], linestyle="--", linewidth=0.8, color=line.get_color())
    shown = sorted({int(row["side"]) for row in rows})
    axes.set_xticks(shown, [str(side) for side in shown])
    axes.set_xticks([], minor=True)
    axes.set_title("A gradient, and the floor of its 3 (N − 1) matrix products (dashed)", fontsize=9)
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3, which="both", linewidth=0.4)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=SIDES[-1], help="the largest side")
    parser.add_argument("--rows", type=Path, help="where rows are kept as JSON")
    parser.add_argument("--draw", type=Path, help="where to draw it, as SVG or PNG")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rows: list[dict[str, float]] = []
    if arguments.rows and arguments.rows.exists():
        rows = json.loads(arguments.rows.read_text())
    measured = {int(row["side"]) for row in rows}
    for side in (each for each in SIDES if each <= arguments.most and each not in measured):
        product = product_seconds(side)
        for depth in DEPTHS:
            seconds, floor = gradient_seconds(side, depth), 3 * (depth - 1) * product
            rows.append({"side": side, "depth": depth, "seconds": seconds, "floor": floor})
        own = [f"{row['depth']}: {row['seconds'] / row['floor']:.2f}" for row in rows if row["side"] == side]
        print(
            f"{side:5} a side: product {1e6 * product:.1f} us; gradient over its floor at depths {DEPTHS}: {', '.join(own)}",
            flush=True,
        )
        if arguments.rows:
            arguments.rows.write_text("[\n" + ",\n".join(f"  {json.dumps(row)}" for row in rows) + "\n]\n")
    if arguments.draw:
        draw(rows, arguments.draw)
    print(json.dumps({"benchmark": "growth", "rows": rows}))


if __name__ == "__main__":
    main()
