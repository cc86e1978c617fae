"""What Python and the scripts must agree on. `python -m ui.player.constants` writes js/constants.js; a test compares."""

import json
from pathlib import Path

from ui.figures.scene import comparison, discs, free_space, still
from ui.figures.theme import GAMMA, LIGHT, NAMED

FILE = Path(__file__).parent / "js" / "constants.js"
HEAD = "// @ts-check\n// What the scripts share with the pictures of Python. Written by `python -m ui.player.constants`.\n"


def constants() -> str:
    """The text of the module."""
    values = {
        "TOKEN_NAMES": list(LIGHT.tokens),
        "MODES_COLOURED": NAMED,
        "GAMMA": GAMMA,
        "OVERLAID": {
            "letters": comparison.LETTERS,
            "dashes": comparison.DASHES,
            "modes": comparison.OVERLAID_MODES,
            "width": comparison.OVERLAID_WIDTH,
            "disc": comparison.OVERLAID_DISC,
        },
        "TALL": comparison.TALL,
        "NARROW_HIGH": free_space.PLOTS["narrow"].height,
        "OTHER_MODES": {"points": still.THIN, "flat": still.FLAT},
        "DISCS": {"radius": discs.RADIUS, "apart": discs.APART, "step": discs.STEP, "low": discs.LOW},
    }
    declared = (f"export const {name} = {json.dumps(value, indent=2)};" for name, value in values.items())
    return "\n".join([HEAD, *declared]) + "\n"


if __name__ == "__main__":
    FILE.write_text(constants(), encoding="utf-8")
