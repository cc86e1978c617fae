"""Kinds that users add: Python files, and installed packages, whose classes register themselves.

A plugin is a file that is executed: it can do whatever its author can. Nothing but the command line, the environment
variable DMF_PLUGINS and what is installed names plugins; no archive and no link ever does.
"""

import hashlib
import importlib
import importlib.util
import os
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from dmf_core.errors import BadInput
from dmf_core.registry.table import TABLES
from dmf_core.settings import Settings

VARIABLE = "DMF_PLUGINS"  # files, separated as in PATH; worker processes load the same
GROUP = "dmf_lab.plugins"  # of entry points of installed packages


@dataclass(frozen=True)
class Plugin:
    """A file that was loaded."""

    name: str  # of the file, for people
    sha256: str  # of its bytes
    module: str
    path: str


_loaded: dict[str, Plugin] = {}  # by module
_packages: set[str] = set()  # that entry points name
_lock = threading.RLock()


def load_all(paths: Iterable[str] = ()) -> None:
    """Loads these files, those that DMF_PLUGINS names, and installed plugins, each once. Raises BadInput with a sentence."""
    named = [path for path in os.environ.get(VARIABLE, "").split(os.pathsep) if path]
    for path in dict.fromkeys([*named, *paths]):
        load(path)
    for entry in entry_points(group=GROUP):
        _load_installed(entry.module, entry.name)


def load(path: str | Path) -> Plugin:
    """Executes a file once; again only when its bytes are others. Raises BadInput, and then nothing is registered."""
    file = Path(path).expanduser().resolve()
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"The plugin {path} cannot be read: {error.strerror}; give the name of a Python file.") from None
    digest = hashlib.sha256(content).hexdigest()
    plugin = Plugin(file.name, digest, f"dmf_plugin_{file.stem}_{digest[:12]}", str(file))
    with _lock:
        if plugin.module not in _loaded:
            for old in [each for each in _loaded.values() if each.path == plugin.path]:
                unload(old)
            _execute(plugin, content)
    return plugin


def unload(plugin: Plugin) -> None:
    """Takes away the kinds of a plugin."""
    with _lock:
        for table in TABLES.values():
            for kind in [kind for kind, each in table.items() if each.__module__ == plugin.module]:
                table.remove(kind)
        sys.modules.pop(plugin.module, None)
        if _loaded.pop(plugin.module, None):
            _tell_workers()


def used_by(sections: Sequence[Settings]) -> dict[Plugin, list[str]]:
    """The plugins that these settings come from, each with its kinds as "model.mine"."""
    used: dict[Plugin, list[str]] = {}
    for section, table in TABLES.items():
        for settings in sections:
            plugin = _plugin_of(type(settings))
            kind = str(getattr(settings, "kind", ""))
            if plugin is not None and table.get(kind) is type(settings):
                used.setdefault(plugin, []).append(f"{section}.{kind}")
    return used


def check_shared(sections: Sequence[Settings]) -> None:
    """Raises BadInput when one of these kinds is a class of this process only, which worker processes cannot load."""
    for plugin, kinds in used_by(sections).items():
        if not plugin.path and plugin.module.partition(".")[0] not in _packages:
            section, _, kind = kinds[0].partition(".")
            raise BadInput(
                f"{section}.kind is {kind}, a class that was registered in this process only ({plugin.module}), so no worker "
                f"process knows it; put it into a file and load it with dmf_core.registry.plugins.load, --plugin or {VARIABLE}, "
                "or run it here with dmf_core.simulate.run."
            )


def _plugin_of(settings: type[Settings]) -> Plugin | None:
    """The plugin that a class comes from, or the file of a class that was registered by hand; None: from this program."""
    module = settings.__module__
    if module.partition(".")[0] == __name__.partition(".")[0]:
        return None
    if module not in _loaded:
        file = getattr(sys.modules.get(module), "__file__", None)
        content = Path(file).read_bytes() if file and Path(file).is_file() else module.encode()
        name = Path(file).name if file else module
        _loaded[module] = Plugin(name, hashlib.sha256(content).hexdigest(), module, "")
    return _loaded[module]


def _execute(plugin: Plugin, content: bytes) -> None:
    spec = importlib.util.spec_from_loader(plugin.module, loader=None, origin=plugin.path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    module.__file__ = plugin.path
    sys.modules[plugin.module] = module
    try:
        exec(compile(content, plugin.path, "exec"), module.__dict__)
    except BadInput as error:
        unload(plugin)
        raise BadInput(f"The plugin {plugin.name} cannot be loaded: {error}") from None
    except Exception as error:  # whatever a file of somebody else raises
        unload(plugin)
        why = f"{type(error).__name__}: {error}"
        raise BadInput(f"The plugin {plugin.name} cannot be loaded: {why}; correct the file.") from error
    if not any(each.__module__ == plugin.module for table in TABLES.values() for each in table.values()):
        unload(plugin)
        raise BadInput(f"The plugin {plugin.name} registers no class; put a decorator over one, see docs/plugins.md.")
    _loaded[plugin.module] = plugin
    _tell_workers()


def _tell_workers() -> None:
    """Processes that are started from now on load the same files."""
    files = os.pathsep.join(plugin.path for plugin in _loaded.values() if plugin.path)
    if files:
        os.environ[VARIABLE] = files
    else:
        os.environ.pop(VARIABLE, None)


def _load_installed(module: str, name: str) -> None:
    _packages.add(module.partition(".")[0])
    if module in sys.modules:
        return
    try:
        importlib.import_module(module)
    except Exception as error:  # whatever a package of somebody else raises
        raise BadInput(
            f"The installed plugin {name} ({module}) cannot be loaded: {type(error).__name__}: {error}; correct or uninstall it."
        ) from error
