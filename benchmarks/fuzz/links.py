"""Links: parameters that are misspelt, of the wrong kind, too long, twice, or of a version that never was."""

import random
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from benchmarks.fuzz import mutation
from dmf_core.cost import estimate
from dmf_core.errors import BadInput
from dmf_core.presets import PRESETS, preset_spec
from ui.session import share


def cases() -> Callable[[random.Random], None]:
    """What tries one link."""
    links = [share.parameters(preset_spec(name)) for name in PRESETS]
    names = sorted(
        {name for link in links for name in link} | {"version", "lock", "tour", "view", "view.frame", "view.axis", "problem.data"}
    )
    values = sorted({value for link in links for value in link.values()})

    def attempt(chance: random.Random) -> None:
        parameters = dict(chance.choice(links))
        for _ in range(chance.randint(1, 6)):
            name = chance.choice(names) if chance.random() < 0.8 else mutation.of_text(chance, chance.choice(names))
            match chance.randrange(4):
                case 0:
                    parameters.pop(name, None)
                case 1:
                    parameters[name] = chance.choice(values)
                case 2:
                    parameters[name] = str(chance.choice(mutation.ODD_VALUES))
                case _:
                    parameters[name] = mutation.of_text(chance, parameters.get(name, "1"))
        query = urlencode(
            {name.encode("utf-8", "replace"): value.encode("utf-8", "replace") for name, value in parameters.items()}
        )
        if chance.random() < 0.2:
            query = mutation.of_text(chance, query)
        try:
            check(dict(parse_qsl(query, keep_blank_values=True, max_num_fields=200)))
        except ValueError as error:
            assert "max number of fields" in str(error).lower(), error

    return attempt


def check(parameters: dict[str, str]) -> None:
    """A run that can be priced, or None, and sentences."""
    result = share.read(parameters, chapters=8)
    assert all(sentence and "\n" not in sentence.strip() and len(sentence) < 1500 for sentence in result.sentences), (
        result.sentences
    )
    if result.spec is None:
        return
    reread = share.read(share.parameters(result.spec, result.view, result.locked), chapters=8)
    assert reread.spec is not None and reread.spec.digest() == result.spec.digest()
    if result.spec.shape is not None:
        try:
            estimate(result.spec, result.spec.shape)
        except BadInput:
            return
