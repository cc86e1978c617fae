"""The settings of a run that can be moved before the eyes of a room, each with its limits: all that the sidebar has.

Wall clock, number format, device and the number of snapshots are no part of what is taught; what is painted or comes with a file
needs a page of its own.
"""

from functools import lru_cache
from typing import Any

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.problems import PROBLEMS
from dmf_core.settings import Settings
from dmf_core.spec import RunSpec, kinds
from ui.fields import field
from ui.session.fitting import fitting
from ui.session.options import alike, as_text, numbers, option, schemas
from ui.words import power

AT_HAND = ("model.depth", "init.scale")  # in a row of their own; the others are in the panel
FIRST = (*AT_HAND, "problem.rank", "problem.observations", "seed")
SECTIONS = ("problem", "model", "init", "integrator", "stop")
LEFT_OUT = ("stop.seconds", "init.factors", "problem.mask", "problem.data")
DEPTHS, SCALES = tuple(range(1, limits.MAX_DEPTH + 1)), (1.0, 0.1, 0.01, 0.001, 0.0001)  # to choose from; and the run's
SEED: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": limits.MAX_SEED}
LivePart = dict[str, Any]


@lru_cache(maxsize=64)
def live_settings(spec: RunSpec) -> tuple[LivePart, ...]:
    """Path, label, value of each setting, and its choices as [value, text], or its limits. As JSON holds them."""
    paths = [f"{section}.{name}" for section in SECTIONS for name in ("kind", *_properties(spec, section))]
    known = [path for path in dict.fromkeys((*FIRST, *paths)) if path == "seed" or path in paths]
    return tuple(part for path in known if (part := _part(spec, path)) is not None)


def moved(spec: RunSpec, path: str, value: Any) -> RunSpec:
    """The run with one setting changed, and what has to follow it. Raises BadInput."""
    part = next((each for each in live_settings(spec) if each["path"] == path), None)
    if part is None:
        raise BadInput(f"{path[:60]} cannot be moved in this scene; the panel Settings lists what can.")
    if part["kind"] == "list" and isinstance(value, str):
        counts = numbers(value)
        value = counts[0] if len(counts) == 1 else list(counts) or (value.strip() or None)
    if sentence := _complaint(part, value):
        raise BadInput(f"{part['label']} is {str(value)[:60] or 'empty'}; it must be {sentence}.")
    return spec.replaced(fitting(spec, {path: value}))


def _complaint(part: LivePart, value: Any) -> str:
    """What the value must be; "" where it is."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match part["kind"]:
        case "choice" if part["path"] == "init.scale":
            return "" if number else "a number"  # another one than those at hand is for the spec to judge
        case "choice":
            fits = any(choice == value and isinstance(choice, type(value)) for choice, _ in part["choices"])
            return "" if fits else "one of those in the list"
        case "switch":
            return "" if isinstance(value, bool) else "on or off"
        case "list":
            lists = isinstance(value, list) or (number and isinstance(value, int))
            return "" if lists or value is None else "whole numbers with commas between them"
    if value is None:
        return "" if part["empty"] else "a number"
    if not number or not part["low"] <= value <= part["high"] or (part["whole"] and not isinstance(value, int)):
        return f"a {'whole ' if part['whole'] else ''}number from {part['low']:g} to {part['high']:g}"
    return ""


def differences(script: RunSpec, spec: RunSpec) -> dict[str, Any]:
    """The changes that make this run from that of the script."""
    before, after = script.model_dump(mode="json"), spec.model_dump(mode="json")
    changes: dict[str, Any] = {}
    for section, values in after.items():
        if not isinstance(values, dict):
            changes |= {} if values == before[section] else {section: values}
            continue
        another = values.get("kind") != before[section].get("kind")  # then nothing is taken over unseen
        changes |= {
            f"{section}.{name}": value
            for name, value in values.items()
            if name not in before[section] or value != before[section][name] or another
        }
    return changes


def changed_words(script: RunSpec, spec: RunSpec) -> str:
    """What is not as the script has it, for everybody to read; "" where all is."""
    parts = {part["path"]: part for part in live_settings(script)}
    words = [
        f"{part['label'][0].lower()}{part['label'][1:]} {_shown(part)}"
        for part in live_settings(spec)
        if part["path"] in parts and part["value"] != parts[part["path"]]["value"]
    ]
    return f"Changed by hand: {', '.join(words)}." if words else ""


def _part(spec: RunSpec, path: str) -> LivePart | None:
    """None where there is nothing to choose."""
    section, _, name = path.partition(".")
    value: Any = spec.seed if path == "seed" else getattr(getattr(spec, section), name, None)
    schema = SEED if path == "seed" else _schema_of(spec, section, name)
    if path in LEFT_OUT or schema is None or field(path).control == "none":
        return None
    part: LivePart = {"path": path, "label": field(path, spec).label, "hand": path in AT_HAND, "value": value}
    if path in AT_HAND:
        usual: tuple[float, ...] = DEPTHS if path == "model.depth" else SCALES
        choices = sorted({*usual, value}, reverse=path == "init.scale")
        return part | {"kind": "choice", "choices": [[each, power(each)] for each in choices]}
    if "enum" in schema:
        options = _options(spec, path, schema["enum"])
        choice = {"kind": "choice", "choices": [[each, option(path, each)] for each in options]}
        return part | choice if len(options) > 1 else None
    if schema.get("type") == "boolean":
        return part | {"kind": "switch"}
    members = schema.get("anyOf", [schema])
    if any(each.get("type") == "array" for each in members):
        return part | {"kind": "list", "value": as_text(value)}
    number = next((each for each in members if each.get("type") in ("integer", "number")), None)
    return None if number is None else part | _range(number, any(each.get("type") == "null" for each in members))


def _range(number: dict[str, Any], empty: bool) -> LivePart:
    """The limits of a number; `empty`: it may have no value."""
    low = number.get("minimum", number.get("exclusiveMinimum", 0))
    return {"kind": "number", "low": low, "high": number["maximum"], "whole": number["type"] == "integer", "empty": empty}


def _options(spec: RunSpec, path: str, options: list[str]) -> list[str]:
    """What this run can change to without data of a person and without painting."""
    options = alike(spec, path, options)
    if path == "problem.kind":
        return [kind for kind in options if not PROBLEMS[kind].needs_data]
    return [
        each for each in options if path != "problem.pattern" or each != "drawn" or each == getattr(spec.problem, "pattern", "")
    ]


def _properties(spec: RunSpec, section: str) -> dict[str, Any]:
    settings: type[Settings] = type(getattr(spec, section))
    return {name: each for name, each in schemas(settings).items() if name != "kind"}


def _schema_of(spec: RunSpec, section: str, name: str) -> dict[str, Any] | None:
    if name == "kind":
        return {"enum": list(kinds(section))} if kinds(section) else None
    return _properties(spec, section).get(name)


def _shown(part: LivePart) -> str:
    value = part["value"]
    if part["kind"] == "choice":
        return next((text for choice, text in part["choices"] if choice == value), str(value))
    if part["kind"] == "switch":
        return "on" if value else "off"
    return "empty" if value is None or value == "" else value if isinstance(value, str) else power(value)
