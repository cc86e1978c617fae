"""Joins ES modules into one script: a component and a saved page are single files, in which no file can import another.

What is understood: `import { name, .. } from "./file.js";` at the start of a line, and `export` before a function, class,
const or let. All modules share one scope, so a name stands at the top of one module only. A module is joined once, after
all that it imports. Comments on lines of their own are left out; no line of a string may look like one.
"""

import re
from collections.abc import Iterator
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[^"]+)";\n', re.MULTILINE)
DECLARED = re.compile(r"^(export )?(?:default )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
AND_DECLARED = re.compile(r"^(export )?(?:const|let) .*?, ([A-Z][A-Z\d_]*) = ", re.MULTILINE)  # the second constant of a line
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
COMMENT = re.compile(r"^ *(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)  # on lines of its own


class BrokenModule(ValueError):
    """A module that cannot be joined; the message names it and says why."""


def joined(entry: Path) -> str:
    """The entry and all that it imports, as one script. Raises BrokenModule."""
    modules = list(_in_order(entry.resolve(), (), set()))
    _check(modules)
    return "\n".join(alone(path.read_text(encoding="utf-8")) for path in modules)


def alone(text: str) -> str:
    """A module without its imports, its comments (a quarter of the text) and without `export`, but for the default one."""
    return EXPORT.sub("", COMMENT.sub("", IMPORT.sub("", text)))


def imported(path: Path) -> dict[Path, list[str]]:
    """The names that a module takes from each other module."""
    imports: dict[Path, list[str]] = {}
    for names, place in IMPORT.findall(path.read_text(encoding="utf-8")):
        imports.setdefault((path.parent / place).resolve(), []).extend(name.strip() for name in names.split(",") if name.strip())
    return imports


def _in_order(path: Path, above: tuple[Path, ...], done: set[Path]) -> Iterator[Path]:
    """`above`: the modules whose imports led here."""
    if path in above:
        raise BrokenModule(f"{path.name} imports itself by way of {', '.join(module.name for module in above)}")
    if path in done:
        return
    if not path.is_file():
        raise BrokenModule(f"{above[-1].name if above else 'nothing'} imports {path.name}, which does not exist")
    for module in imported(path):
        yield from _in_order(module, (*above, path), done)
    done.add(path)
    yield path


def _check(modules: list[Path]) -> None:
    owners: dict[str, Path] = {}
    exports: dict[Path, set[str]] = {}
    for path in modules:
        text = path.read_text(encoding="utf-8")
        declared = [*DECLARED.findall(text), *AND_DECLARED.findall(text)]
        exports[path] = {name for exported, name in declared if exported}
        for _, name in declared:
            if name in owners:
                raise BrokenModule(f"{name} stands at the top of {owners[name].name} and of {path.name}")
            owners[name] = path
    for path in modules:
        for module, names in imported(path).items():
            missing = sorted(set(names) - exports[module])
            if missing:
                raise BrokenModule(f"{path.name} imports {', '.join(missing)}, which {module.name} does not export")
