"""`lecture check`, `lecture handout` and `lecture token`. Scenes are what pages show, so the package ui does the work."""

import argparse
from importlib import import_module
from typing import Protocol, cast

from dmf_core.errors import BadInput

CHECK = "ui.lecture.check"
HANDOUT = "ui.lecture.write_handout"
OPENED = "ui.lecture.opened"


class _Checks(Protocol):
    def command(self, file: str, as_json: bool) -> int: ...


class _Opened(Protocol):
    def print_token(self) -> int: ...


class _Writes(Protocol):
    def command(self, file: str, out: str | None, room: str | None, pdf: bool) -> int: ...


def lecture(options: argparse.Namespace) -> int:
    """Returns the exit status. Raises BadInput where the script does not fit, or where the pages are not installed."""
    if options.action == "handout":
        return cast(_Writes, _module(HANDOUT)).command(options.file, options.out, options.room, options.pdf)
    if options.action == "token":
        return cast(_Opened, _module(OPENED)).print_token()
    return cast(_Checks, _module(CHECK)).command(options.file, options.json)


def _module(name: str) -> object:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("ui", "streamlit", "plotly"):
            raise
        raise BadInput(
            f"A lecture is prepared with the pages that show it, but {error.name} is not installed; "
            "call the command from the folder of DMF Lab, with everything in requirements.txt."
        ) from None
