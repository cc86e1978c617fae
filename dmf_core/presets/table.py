"""The table of presets. Every sentence is checked by tests/presets or tests/command_line/test_presets.py."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Preset:
    """A spec with a name, as changes of the default one."""

    name: str
    title: str
    sentence: str  # one true sentence
    changes: dict[str, Any]  # by path, as in --set


def _size(rows: int, columns: int, rank: int, observations: int) -> dict[str, Any]:
    sizes = {"rows": rows, "columns": columns, "rank": rank, "observations": observations}
    return {f"problem.{name}": value for name, value in sizes.items()}


_ARORA = _size(100, 100, 5, 2000) | {
    "init.kind": "gaussian",
    "init.scale": 1e-3,
    "integrator.kind": "gradient_flow",
    "stop.loss": 1e-6,
}
_SMALL = _size(60, 60, 5, 1500) | {"model.depth": 3, "init.kind": "balanced", "init.scale": 1e-3, "stop.loss": 1e-4, "seed": 7}

_ALL = (
    Preset("arora-completion", "x", "y", _ARORA | {"model.depth": 3}),
    Preset("arora-completion-depth2", "x", "y", _ARORA | {"model.depth": 2}),
    Preset("arora-sensing", "x", "y", _ARORA | {"problem.kind": "matrix_sensing", "model.depth": 3}),
    Preset("five-modes", "x", "y", _SMALL),
    Preset("too-few", "x", "y", _SMALL | {"problem.observations": 500}),
    Preset("large-start", "x", "y", _SMALL | {"init.scale": 1.0}),
    Preset("depth-1", "x", "y", _SMALL | {"model.depth": 1}),
    Preset("rectangular", "x", "y", _SMALL | _size(40, 120, 3, 1600)),
    Preset("noise", "x", "y", _SMALL | {"problem.noise": 0.3, "stop.loss": 1e-2}),
    Preset("step-too-large", "x", "y", _SMALL | {"integrator.kind": "gradient_descent", "integrator.learning_rate": 100.0}),
)
PRESETS = {preset.name: preset for preset in _ALL}
