"""The stills of a view that is not the usual one: a link to another axis has its curves before Plotly is there."""

from typing import Any

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.plot_options import PlotOptions
from ui.figures.scene.scene import scene
from ui.figures.scene.still import LOWER, UPPER, curves_still, strip_still
from ui.figures.scene.strips import STRIPS, chosen


def view_still(run: Trajectory, spec: RunSpec, options: PlotOptions) -> dict[str, Any] | None:
    """The charts as `options` show them, and what the page knows them by; None for the view that every payload has."""
    shown = scene(run, spec, options.spectrum)
    kinds = chosen(shown.columns, options.strips, options.theory)
    axis, heights = shown.axis(options.axis, options.log_time), shown.heights(options.log_values)
    if axis.key == "time" and not options.log_values and kinds == chosen(shown.columns, ("", ""), theory=False):
        return None
    strips = zip((shown.strip(kind) if kind in STRIPS else None for kind in kinds), (UPPER, LOWER), strict=True)
    return {
        "run": run.start.digest,
        "frames": len(run.snapshots),
        "axis": axis.key,
        "log": options.log_values,
        "spectrum": options.spectrum,
        "curves": curves_still(shown, axis, heights),
        "kinds": kinds,
        "strips": ["" if strip is None else strip_still(strip, axis, high) for strip, high in strips],
    }
