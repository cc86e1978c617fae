"""Many gradient flows of equal shape at once: the method of `chebyshev`, each run with its own step size and end.

A gradient of a 30 x 30 problem costs as much in calls as in arithmetic; together, 32 runs share the calls. Runs that need the
same kind of step now are advanced together, so every run takes the steps that it would take alone, but for rounding and for
stages: in a stabilized step all take as many as the one that needs most, which are at most a few more.
"""

from dmf_core.integrators.batched.field import suits
from dmf_core.integrators.batched.flow import BatchedFlow
from dmf_core.integrators.batched.points import Moved, Point
from dmf_core.integrators.escape import MOST_PARTS

__all__ = ["MOST_PARTS", "BatchedFlow", "Moved", "Point", "suits"]
