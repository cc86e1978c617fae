"""The plugins that a run needs, as its manifest names them. Nothing is ever loaded because an archive names it."""

from typing import Any

from dmf_core.errors import BadInput
from dmf_core.registry import TABLES
from dmf_core.spec import RunSpec

LONGEST = 100  # characters of a name
MOST = 8  # plugins of a run, and kinds of a plugin


def named(spec: RunSpec) -> list[dict[str, Any]]:
    """The plugins of a run as the manifest lists them: name, sha256 and kinds."""
    return [{"name": plugin.name, "sha256": plugin.sha256, "kinds": kinds} for plugin, kinds in spec.plugins.items()]


def check_loaded(manifest: dict[str, Any], holder: str) -> None:
    """Raises BadInput with one sentence when a plugin that the manifest names is not here, or it names them wrongly."""
    for plugin in _listed(manifest, holder):
        for section, _, kind in (each.partition(".") for each in plugin["kinds"]):
            if kind not in TABLES.get(section, {}):
                name = plugin["name"]
                raise BadInput(
                    f"{holder} was made with the plugin {name} (sha256 {plugin['sha256'][:8]}), which is not loaded; "
                    f"use --plugin {name}, or start the dashboard with DMF_PLUGINS={name}."
                )


def other_versions(spec: RunSpec, manifest: dict[str, Any], holder: str = "The archive") -> list[str]:
    """A sentence for every plugin that is here with other bytes than the archive was made with."""
    loaded = {plugin.name: plugin.sha256 for plugin in spec.plugins}
    return [
        f"{holder} was made with another version of the plugin {each['name']} (sha256 {each['sha256'][:8]}, here {own[:8]})."
        for each in _listed(manifest, holder)
        if (own := loaded.get(each["name"], each["sha256"])) != each["sha256"]
    ]


def _listed(manifest: dict[str, Any], holder: str) -> list[dict[str, Any]]:
    plugins = manifest.get("plugins", [])
    if isinstance(plugins, list) and len(plugins) <= MOST and all(map(_well_formed, plugins)):
        return plugins
    raise BadInput(f"{holder} names its plugins in a way that does not fit its format; export the run again.")


def _well_formed(plugin: Any) -> bool:
    if not isinstance(plugin, dict) or set(plugin) != {"name", "sha256", "kinds"}:
        return False
    kinds = plugin["kinds"]
    texts = [plugin["name"], plugin["sha256"], *(kinds if isinstance(kinds, list) else [None])]
    return len(texts) <= 2 + MOST and all(isinstance(text, str) and text.isprintable() and len(text) <= LONGEST for text in texts)
