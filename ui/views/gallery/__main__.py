"""`python -m ui.views.gallery`: draws the picture of every preset whose run has changed; names given: those, in any case."""

import sys

from dmf_core.presets import PRESETS
from dmf_core.simulate import run
from ui.figures.thumbnail import thumbnail
from ui.views.gallery import HERE


def draw(names: list[str]) -> None:
    """Writes <name>.svg for each; removes those of presets that are gone."""
    for file in HERE.glob("*.svg"):
        if file.stem not in PRESETS:
            file.unlink()
    for name in names or list(PRESETS):
        spec, file = PRESETS[name].spec(), HERE / f"{name}.svg"
        if not names and file.exists() and spec.digest() in file.read_text(encoding="utf-8"):
            continue
        file.write_text(thumbnail(run(spec), spec, name), encoding="utf-8")
        print(f"{file.name}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    draw(sys.argv[1:])
