"""`python -m ui.views.gallery`: draws presets and ready maps whose runs have changed, or those named, in any case."""

import sys

from dmf_core.presets import PRESETS
from dmf_core.simulate import run
from dmf_core.store import open_store
from dmf_core.sweep import carry_out
from dmf_core.sweep.grid import grid
from dmf_core.sweep.plan import least_plan
from dmf_core.sweep.ready import READY
from ui.fields import NAMES
from ui.figures.map.card import card
from ui.figures.map.scene import MapScene, Other
from ui.figures.thumbnail import thumbnail
from ui.views.gallery import HERE, MAPS


def draw(names: list[str]) -> None:
    """Writes <name>.svg for each; removes those of presets that are gone."""
    for file in HERE.glob("*.svg"):
        if file.stem not in PRESETS:
            file.unlink()
    for name in [name for name in names if name in PRESETS] if names else list(PRESETS):
        spec, file = PRESETS[name].spec(), HERE / f"{name}.svg"
        if not names and file.exists() and spec.digest() in file.read_text(encoding="utf-8"):
            continue
        file.write_text(thumbnail(run(spec), spec, name), encoding="utf-8")
        print(f"{file.name}: {file.stat().st_size} bytes")


def draw_maps(names: list[str]) -> None:
    """The same for ready maps: all of their runs, from the store where they are there already."""
    for file in MAPS.glob("*.svg"):
        if file.stem not in READY:
            file.unlink()
    store = open_store()
    for name in [name for name in names if name in READY] if names else list(READY):
        question, file = READY[name].field(), MAPS / f"{name}.svg"
        planned = question.plan()
        if not names and file.exists() and planned.digest in file.read_text(encoding="utf-8"):
            continue
        rows = carry_out(planned, store)[0].rows
        layers, others = question.layers(), []
        if layers is not None:
            measured = [grid(planned, rows, question.measure, layers, layer) for layer in range(1, len(layers.values))]
            others = [Other(f"depth {depth}", each) for depth, each in zip(layers.values[1:], measured, strict=True)]
        if question.least:
            least = least_plan(planned)
            minimum = grid(least, carry_out(least, None)[0].rows, question.measure, layers)
            others.append(Other("minimum nuclear norm", minimum, dotted=True))
        scene = MapScene(question, grid(planned, rows, question.measure, layers), NAMES, others)
        file.write_text(card(scene, name, planned.digest), encoding="utf-8")
        print(f"{file.name}: {file.stat().st_size} bytes")
    if store is not None:
        store.close()


if __name__ == "__main__":
    draw(sys.argv[1:])
    draw_maps(sys.argv[1:])
