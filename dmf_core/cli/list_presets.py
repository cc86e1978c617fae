"""`presets`: the named specs."""

import json
from dataclasses import asdict

from dmf_core.presets import PRESETS


def list_presets(as_json: bool) -> int:
    if as_json:
        print(json.dumps([asdict(preset) for preset in PRESETS.values()]))
        return 0
    width = max(map(len, PRESETS))
    for preset in PRESETS.values():
        print(f"{preset.name:<{width}}  {preset.title}: {preset.sentence}")
    return 0
