"""The table of reproductions: one file and one line for each published figure."""

from dmf_core.errors import BadInput
from dmf_core.reproductions.arora_figure_1 import AroraFigure1
from dmf_core.reproductions.arora_figure_2 import AroraFigure2
from dmf_core.reproductions.arora_figure_3 import AroraFigure3
from dmf_core.reproductions.arora_optimizer import AroraOptimizer
from dmf_core.reproductions.arora_sensing import AroraSensing
from dmf_core.reproductions.cao_stages import CaoStages
from dmf_core.reproductions.chou import Chou
from dmf_core.reproductions.gunasekar import Gunasekar
from dmf_core.reproductions.razin_cohen import RazinCohenFigure
from dmf_core.reproductions.reproduction import Reproduction
from dmf_core.reproductions.wang_chou import WangChou

_ALL: tuple[Reproduction, ...] = (
    AroraFigure1(),
    AroraFigure2(),
    AroraFigure3(),
    AroraSensing(),
    AroraOptimizer(),
    RazinCohenFigure(),
    Gunasekar(),
    CaoStages(),
    Chou(),
    WangChou(),
)
REPRODUCTIONS = {figure.name: figure for figure in _ALL}


def reproduction(name: str) -> Reproduction:
    """The reproduction of this name. Raises BadInput."""
    if name not in REPRODUCTIONS:
        raise BadInput(f"There is no reproduction {name[:60]}; choose one of {', '.join(REPRODUCTIONS)}.")
    return REPRODUCTIONS[name]
