"""The table of reproductions: one file and one line for each published figure."""

from dmf_core.errors import BadInput
from dmf_core.reproductions.razin_cohen import RazinCohenFigure
from dmf_core.reproductions.reproduction import Reproduction

REPRODUCTIONS: dict[str, Reproduction] = {figure.name: figure for figure in (RazinCohenFigure(),)}


def reproduction(name: str) -> Reproduction:
    """The reproduction of this name. Raises BadInput."""
    if name not in REPRODUCTIONS:
        raise BadInput(f"There is no reproduction {name[:60]}; choose one of {', '.join(REPRODUCTIONS)}.")
    return REPRODUCTIONS[name]
