"""The table of integrators: one file and one line for each."""

from typing import Annotated, TypeAlias

from dmf_core.integrators.adam import Adam
from dmf_core.integrators.gradient_descent import GradientDescent
from dmf_core.integrators.gradient_flow import GradientFlow
from dmf_core.integrators.group_rmsprop import GroupRMSprop
from dmf_core.integrators.implicit_flow import ImplicitFlow
from dmf_core.integrators.momentum import Momentum
from dmf_core.interfaces import Integrator
from dmf_core.registry import Table

INTEGRATORS: Table[Integrator] = Table(
    "integrator",
    Integrator,
    GradientFlow,
    ImplicitFlow,
    GradientDescent,
    Momentum,
    GroupRMSprop,
    Adam,
    says=("continuous",),
)
AnyIntegrator: TypeAlias = Annotated[Integrator, INTEGRATORS]
register = INTEGRATORS.register  # a decorator for a class of one's own


def usual_integrator() -> str:
    """The first kind in the table, which takes problems of any size."""
    return next(iter(INTEGRATORS))
