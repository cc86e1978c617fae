"""A short Python script that computes a map again with dmf_core, and prints the median of every cell."""

import json
from string import Template

from dmf_core import __version__
from dmf_core.sweep import Plan
from dmf_core.sweep.field import MapQuestion
from dmf_core.trajectory import Outcome

TEXT = '''"""map $name: computes this map again and prints the median of every cell.

Needs the package dmf_core of DMF Lab $version:  PYTHONPATH=folder-of-dmf-lab python $file.py
What is in the store of this machine already is taken from there; DMF_WORKERS says how many processes compute.
"""

from dmf_core.spec import RunSpec
from dmf_core.sweep import sweep

SPEC = r"""
$spec
"""
AXES = $axes

if __name__ == "__main__":
    table = sweep(RunSpec.from_json(SPEC), AXES)
    runs = table.to_pandas()
    runs = runs[runs["outcome"].isin($done)]  # those that did what they were asked for, as on the map
    cells = runs.groupby($groups, sort=False, dropna=False)["$measure"]
    print(cells.agg(["median", "min", "max", "count"]).to_string())
'''


def map_script(settings: MapQuestion, plan: Plan) -> bytes:
    """The text of the script."""
    axes = {",".join(axis.paths): list(axis.values) for axis in settings.axes()}
    groups = [path for axis in settings.axes()[:-1] for path in axis.paths]  # the seeds come last
    name = f"{plan.digest[:4]} {plan.digest[4:8]}"
    values = {
        "name": name,
        "version": __version__,
        "file": f"dmf-map-{plan.digest[:8]}",
        "spec": settings.base.to_json(),
        "axes": repr(axes),
        "groups": json.dumps(groups),
        "measure": settings.measure,
        "done": repr([each.value for each in Outcome if each.done]),
    }
    return Template(TEXT).substitute(values).encode()
