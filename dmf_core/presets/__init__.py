"""Named specs as data. No import of torch, so that listing them is instant."""

from functools import cache
from typing import TYPE_CHECKING

from dmf_core.errors import BadInput
from dmf_core.presets.table import GROUPS, PRESETS, Preset

if TYPE_CHECKING:
    from dmf_core.spec import RunSpec

__all__ = ["GROUPS", "PRESETS", "Preset", "preset_sentence", "preset_spec"]


@cache
def preset_spec(name: str) -> "RunSpec":
    """The spec of a preset. Raises BadInput."""
    if name not in PRESETS:
        raise BadInput(f"There is no preset {name[:60]}; choose one of {', '.join(PRESETS)}.")
    return PRESETS[name].spec()


def preset_sentence(spec: "RunSpec") -> str:
    """The sentence of the preset that is exactly this spec; "" where none is. It is about the end of the run."""
    return _sentences().get(spec.digest(), "")


@cache
def _sentences() -> dict[str, str]:
    return {preset.spec().digest(): preset.sentence for preset in PRESETS.values()}
