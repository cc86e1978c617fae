"""Observations: where the observed entries sit, and what no method can recover from them."""

from ui.observations import observations
from ui.sidebar import settings

observations(*settings())
