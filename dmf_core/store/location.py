"""Where the store of runs lies: the folder that DMF_STORE names, else one in the user's cache."""

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

VARIABLE = "DMF_STORE"
OFF = "off"  # nothing is written: runs stay in the memory of their process


def store_directory(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of the store; None when it is switched off."""
    text = environment.get(VARIABLE, "").strip()
    if text.lower() == OFF:
        return None
    return Path(text).expanduser() if text else Path(platformdirs.user_cache_dir("dmf-lab", appauthor=False)) / "store"
