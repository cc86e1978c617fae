"""The table of integrators: one file and one line for each."""

from typing import Annotated

from pydantic import Field

from dmf_core.integrators.adam import Adam
from dmf_core.integrators.gradient_descent import GradientDescent
from dmf_core.integrators.gradient_flow import GradientFlow
from dmf_core.integrators.group_rmsprop import GroupRMSprop
from dmf_core.integrators.implicit_flow import ImplicitFlow
from dmf_core.integrators.momentum import Momentum

INTEGRATORS = {
    "gradient_flow": GradientFlow,
    "implicit_flow": ImplicitFlow,
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "group_rmsprop": GroupRMSprop,
    "adam": Adam,
}
AnyIntegrator = Annotated[
    GradientFlow | ImplicitFlow | GradientDescent | Momentum | GroupRMSprop | Adam, Field(discriminator="kind")
]
