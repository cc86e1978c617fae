"""Observations: where the observed entries sit, and what no method can recover from them."""

from ui.controls.sidebar import settings
from ui.views.observations import observations

observations(*settings())
