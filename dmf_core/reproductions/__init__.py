"""The table of reproductions: one file and one line for each published figure."""

from collections.abc import Callable

import numpy as np

from dmf_core.errors import BadInput
from dmf_core.reproductions.arora_2019.figure_1 import AroraFigure1
from dmf_core.reproductions.arora_2019.figure_2 import AroraFigure2
from dmf_core.reproductions.arora_2019.figure_3 import AroraFigure3
from dmf_core.reproductions.arora_2019.optimizer import AroraOptimizer
from dmf_core.reproductions.arora_2019.ratings import AroraRatings
from dmf_core.reproductions.arora_2019.sensing import AroraSensing
from dmf_core.reproductions.cao_2022.figure import CaoStages
from dmf_core.reproductions.chou_2020.figure import Chou
from dmf_core.reproductions.depth_law.figure import DepthLaw
from dmf_core.reproductions.framework.reproduction import Reproduction
from dmf_core.reproductions.gunasekar_2017.figure import Gunasekar
from dmf_core.reproductions.hariz_2022.figure import HarizDeepCP
from dmf_core.reproductions.milanesi_2021.figure import MilanesiTensorTrain, MilanesiTucker
from dmf_core.reproductions.razin_2021.figure import Razin2021Dynamics
from dmf_core.reproductions.razin_cohen_2020.figure import RazinCohenFigure
from dmf_core.reproductions.razin_cohen_2020.tensor import RazinCohenTensor
from dmf_core.reproductions.wang_chou.figure import WangChou

_ALL: tuple[Reproduction, ...] = (
    AroraFigure1(),
    AroraFigure2(),
    AroraFigure3(),
    AroraSensing(),
    AroraOptimizer(),
    RazinCohenFigure(),
    RazinCohenTensor(),
    Razin2021Dynamics(),
    Gunasekar(),
    CaoStages(),
    Chou(),
    WangChou(),
    DepthLaw(),
    HarizDeepCP(),
    MilanesiTucker(),
    MilanesiTensorTrain(),
)
REPRODUCTIONS = {figure.name: figure for figure in _ALL}

WITH_DATA: dict[str, Callable[[np.ndarray], Reproduction]] = {AroraRatings.name: AroraRatings}  # on a matrix of the user's


def reproduction(name: str, data: np.ndarray | None = None) -> Reproduction:
    """The reproduction of this name; with data [rows, columns], NaN where unknown, its half about those. Raises BadInput."""
    if name not in REPRODUCTIONS:
        raise BadInput(f"There is no reproduction {name[:60]}; choose one of {', '.join(REPRODUCTIONS)}.")
    if data is None:
        return REPRODUCTIONS[name]
    if name not in WITH_DATA:
        raise BadInput(f"{name} takes no data; leave out --data, or choose one of {', '.join(WITH_DATA)}.")
    return WITH_DATA[name](data)
