"""Small random damage to bytes, texts and JSON values."""

import random
from typing import Any

ODD_VALUES = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2,
    1e308,
    -1e-308,
    10**30,
    10**400,
    0.5,
    "",
    "x",
    "NaN",
    "\ud800",
    "\x00",
    "𝔘" * 50,
    "9" * 400,
    [],
    [[]],
    {},
    {"": 0},
)
ODD_TEXTS = (
    "",
    "\x00",
    "\n",
    '"',
    "'",
    '"""',
    "[",
    "]",
    "[[",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "\\",
    "\\u",
    "é",
    "\u202e",
    "\ud800",
    "e999",
    "-",
    "inf",
    "nan",
    "../",
)
ODD_BYTES = (b"", b"\x00", b"\xff", b"PK\x03\x04", b"PK\x05\x06", b"\x93NUMPY", b"\x80\x04", b"{", b"\n")
DEEP = 3000  # nested lists


def of_bytes(chance: random.Random, content: bytes) -> bytes:
    """One to four changes, somewhere."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed) + 1)
        match chance.randrange(4):
            case 0 if changed:
                changed[place % len(changed)] = chance.randrange(256)
            case 1:
                del changed[place : place + chance.choice((1, 2, 8, 100, 10_000))]
            case 2:
                changed[place:place] = chance.choice(ODD_BYTES)
            case _:
                other = chance.randrange(len(changed) + 1)
                changed[place : place + 16] = changed[other : other + 16]
    return bytes(changed)


def of_text(chance: random.Random, text: str) -> str:
    """One to four changes: characters, words and lines go, come twice, or are exchanged for odd ones."""
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(text) + 1)
        length = chance.choice((0, 1, 1, 3, 10, 80))
        match chance.randrange(5):
            case 0:
                text = text[:place] + text[place + length :]
            case 1:
                text = text[:place] + chance.choice(ODD_TEXTS) * chance.choice((1, 1, 1, 40)) + text[place + length :]
            case 2:
                text = text[:place] + text[place : place + length] * 2 + text[place + length :]
            case 3:
                lines = text.split("\n")
                first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[first], lines[second] = lines[second], lines[first]
                text = "\n".join(lines)
            case _:
                words = text.split(" ")
                words[chance.randrange(len(words))] = str(chance.choice(ODD_VALUES))
                text = " ".join(words)
    return text


def of_value(chance: random.Random, value: Any) -> Any:
    """The value with one part of it exchanged, missing, twice, or put one level deeper."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        changed, name = dict(value), chance.choice(list(value))
        match chance.randrange(6):
            case 0:
                del changed[name]
            case 1:
                changed[of_text(chance, name)] = changed.pop(name)
            case _:
                changed[name] = of_value(chance, value[name])
        return changed
    if isinstance(value, list) and value and chance.random() < 0.7:
        items, place = list(value), chance.randrange(len(value))
        match chance.randrange(4):
            case 0:
                del items[place]
            case 1:
                items.insert(place, items[place])
            case _:
                items[place] = of_value(chance, items[place])
        return items
    if isinstance(value, str) and chance.random() < 0.4:
        return of_text(chance, value)
    if isinstance(value, int | float) and not isinstance(value, bool) and chance.random() < 0.4:
        return chance.choice(
            (-value, value + 1, value * 1e6, value / 3, float(value), int(value) if value == value and abs(value) < 1e300 else 0)
        )
    if chance.random() < 0.02:
        deep: Any = 0
        for _ in range(chance.choice((10, 200))):
            deep = [deep]
        return deep
    return chance.choice(ODD_VALUES)
