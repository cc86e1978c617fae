"""The stamp of a picture leads back to its run: "run f381 a698" is the beginning of a digest."""

import re

from dmf_core.errors import BadInput
from dmf_core.presets import PRESETS, preset_spec
from dmf_core.spec import RunSpec
from ui.services import queue

SHORTEST = 8  # digits; what a stamp prints


def spec_of(stamp: str) -> RunSpec:
    """The settings of the run with this stamp, among the presets and the runs that this server remembers. Raises BadInput."""
    digits = re.sub(r"\s|run|·", "", stamp.lower())
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", digits):
        raise BadInput(f"{stamp[:40]} is no run number; give the {SHORTEST} digits after the word run, such as f381 a698.")
    specs = [preset_spec(name) for name in PRESETS] + queue().specs()
    match = next((spec for spec in specs if spec.digest().startswith(digits)), None)
    if match is None:
        raise BadInput(
            f"No run {digits[:4]} {digits[4:8]} is remembered here; open its picture (PNG, SVG, GIF), page or bundle instead, "
            "which hold its settings."
        )
    if match.needs_inputs:
        raise BadInput(f"The run {digits[:4]} {digits[4:8]} belongs to given data; open its bundle (.zip), which holds them.")
    return match
