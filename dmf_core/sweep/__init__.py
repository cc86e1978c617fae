"""A field of runs: axes over settings, their cost, the runs themselves, and their table.

from dmf_core.spec import RunSpec
from dmf_core.sweep import sweep

table = sweep(RunSpec(), {"model.depth": "2,3,4", "seed": range(10)})
table.to_pandas().groupby("model.depth").reconstruction_error.median()
"""

from dmf_core.sweep.axes import Axis, parse_axis
from dmf_core.sweep.carried_out import carry_out, sweep
from dmf_core.sweep.plan import Plan, plan
from dmf_core.sweep.running import Sweep, Tally
from dmf_core.sweep.table import Table

__all__ = ["Axis", "Plan", "Sweep", "Table", "Tally", "carry_out", "parse_axis", "plan", "sweep"]
