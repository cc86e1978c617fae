"""What an export is made from: a run with its settings, and how it looked when it was asked for."""

from collections.abc import Callable
from dataclasses import dataclass

from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.plot_options import PlotOptions
from ui.figures.theme import THEMES
from ui.player.view import View

Tell = Callable[[float], None]  # called with the share that is done; raises to stop the export


@dataclass(frozen=True, eq=False)
class Source:
    """One run and one view of it."""

    run: Trajectory
    spec: RunSpec
    inputs: Inputs
    view: View
    theme: str = "light"

    @property
    def name(self) -> str:
        """Of the file, without its suffix."""
        return file_name(self.spec)

    @property
    def options(self) -> PlotOptions:
        return self.view.options(THEMES[self.theme])


def file_name(spec: RunSpec) -> str:
    return f"dmf-{spec.digest()[:8]}"


def nothing(_: float) -> None:
    """A progress callback that does nothing."""
