"""Everything that touches the internals of Streamlit: one file for each patch, with what it buys.

All are on with a version of Streamlit that they were tried with, and off with any other one or where DMF_PATCHES=off: the
dashboard then works, slower, with Streamlit's own message while no server answers. What is set by documented options stands
in .streamlit/config.toml.
"""

import logging
import os
from functools import cache

import streamlit

TRIED_WITH = frozenset({"1.67.0"})  # whoever adds a version has seen `python -m pytest tests/browser tests/ui` pass with it

log = logging.getLogger(__name__)


@cache
def enabled() -> bool:
    """True where the patches are on; where they are off, one line of the log gives the reason."""
    if os.environ.get("DMF_PATCHES", "").strip().lower() == "off":
        log.warning("DMF_PATCHES=off: Streamlit runs without the patches of DMF Lab; pages appear later.")
        return False
    if streamlit.__version__ not in TRIED_WITH:
        tried = ", ".join(sorted(TRIED_WITH))
        log.warning("The patches of DMF Lab are off: not tried with Streamlit %s, only with %s.", streamlit.__version__, tried)
        return False
    return True
