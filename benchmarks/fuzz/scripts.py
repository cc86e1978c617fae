"""Scene scripts: TOML that is broken, or that holds what no lecture has."""

import random
import re
from collections.abc import Callable

from benchmarks.fuzz import mutation
from dmf_core.errors import BadInput
from ui.lecture.script import read, ready

VALUE = re.compile(r"(?<== )[^\n]+")

LINK = """title = "T"
[[scene]]
heading = "A link"
link = "http://[::1]:8501/?version=4&model.depth=3&seed=2"
"""


def cases() -> Callable[[random.Random], None]:
    """What tries one script."""
    texts = [*ready().values(), LINK]

    def attempt(chance: random.Random) -> None:
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 3)):
            match chance.randrange(4):
                case 0:
                    values = [each.span() for each in VALUE.finditer(text)]
                    start, end = chance.choice(values) if values else (0, 0)
                    text = text[:start] + _toml(chance) + text[end:]
                case 1 if chance.random() < 0.05:
                    text += "\nx = " + "[" * mutation.DEEP
                case _:
                    text = mutation.of_text(chance, text)
        check(text)

    return attempt


def check(text: str) -> None:
    """A lecture, or a sentence."""
    try:
        script = read(text)
    except BadInput as error:
        assert str(error) and len(str(error)) < 3000, repr(str(error))
        return
    for scene in script.lecture.scene:
        assert not scene.spec.needs_inputs and not scene.spec.plugins


def _toml(chance: random.Random) -> str:
    odd = chance.choice(mutation.ODD_VALUES)
    texts = (
        '""',
        "1979-05-27T07:32:00Z",
        "nan",
        "-inf",
        "0x1F",
        "[[1]]",
        '{ "model.depth" = 3 }',
        '{ "seed" = -1 }',
        '"?version=1&seed=x"',
        '"""',
    )
    return (
        chance.choice(texts)
        if chance.random() < 0.5
        else str(odd).lower()
        if isinstance(odd, bool)
        else f'"{odd}"'
        if isinstance(odd, str)
        else str(odd)
    )
