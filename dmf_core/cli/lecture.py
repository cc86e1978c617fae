"""`lecture check`: whether a scene script can be given. Scenes are what pages show, so the package ui does the work."""

from importlib import import_module
from typing import Protocol, cast

from dmf_core.errors import BadInput

CHECK = "ui.lecture.check"


class _Checks(Protocol):
    def command(self, file: str, as_json: bool) -> int: ...


def lecture(file: str, as_json: bool) -> int:
    """Checks a script; returns the exit status. Raises BadInput where it does not fit, or where the pages are not installed."""
    try:
        module = import_module(CHECK)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("ui", "streamlit", "plotly"):
            raise
        raise BadInput(
            f"A lecture is checked with the pages that show it, but {error.name} is not installed; "
            "call the command from the folder of DMF Lab, with everything in requirements.txt."
        ) from None
    return cast(_Checks, module).command(file, as_json)
