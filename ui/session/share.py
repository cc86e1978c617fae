"""A link and what it holds: the whole run with its version, the view, locked controls; in old links a chapter. Pure.

`?version=1&model.depth=4&seed=3&view.frame=40&lock=model.depth`: the paths of `--set`, and only what differs from the
defaults of that version (ui/session/past), so that a link is short enough for a QR code and keeps its meaning.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from pydantic import ValidationError

from dmf_core.spec import VERSION, RunSpec, explained, parse_value
from dmf_core.validation import one_line
from ui.player.view import View
from ui.session.past import KINDED, Past, flat, pasts
from ui.session.past.repair import repaired

MOST_SENTENCES = 4  # about an address; more are counted
SHORT = 8  # digits of the sha256 of a plugin
LONGEST = 60  # characters of a name or value that are repeated
DIGEST = re.compile("[0-9a-f]{64}")  # of a person's data; one of digits only is still no number
FIRST_VERSION = 1  # its first addresses named no version


@dataclass(frozen=True)
class Link:
    """What an address holds, as far as it can be shown, and a sentence for every part that cannot."""

    spec: RunSpec | None  # None: the address says nothing about the run
    view: View = View()
    locked: tuple[str, ...] = ()  # paths that are shown as text
    chapter: int | None = None  # of the former tour, which is now the course of the page Learn
    sentences: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """All `sentences` as one text; empty when everything was understood."""
        if not self.sentences:
            return ""
        more = len(self.sentences) - MOST_SENTENCES
        rest = [f"{more} more parts of it could not be used."] if more > 0 else []
        return " ".join(["About this address:", *self.sentences[:MOST_SENTENCES], *rest, "Everything else in it was used."])


def parameters(spec: RunSpec, view: View = View(), locked: tuple[str, ...] = ()) -> dict[str, str]:
    """The parameters of the address of this run and view: the inverse of `read`."""
    past, values = pasts()[VERSION], flat(spec.model_dump(mode="json", exclude={"version"}))
    usual = past.values({path: value for path, value in values.items() if path.endswith(".kind")})
    differing: dict[str, Any] = {"version": VERSION}
    usual |= {f"{section}.kind": past.defaults[f"{section}.kind"] for section in KINDED}  # a kind must be named
    differing |= {path: value for path, value in values.items() if path not in usual or usual[path] != value}
    differing |= {f"view.{name}": value for name, value in view.model_dump(mode="json").items() if past.view.get(name) != value}
    text = {path: _text(value) for path, value in differing.items()}
    if spec.plugins:
        text["plugin"] = ",".join(f"{plugin.name}:{plugin.sha256[:SHORT]}" for plugin in spec.plugins)
    return text | ({"lock": ",".join(locked)} if locked else {})


def address(url: str, texts: Mapping[str, str]) -> str:
    """The whole address; `url` is that of the page as the browser sees it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") + "/", urlencode(texts, safe=",:"), ""))


def read(texts: Mapping[str, str], versions: Mapping[int, Past] | None = None, chapters: int = 0) -> Link:
    """What these parameters hold. A part that does not fit is left out, with a sentence; the rest is used."""
    versions = versions or pasts()
    sentences: list[str] = []
    version = _version(texts.get("version"), versions, sentences)
    past = versions[version]
    given = _given(texts, past, sentences)
    spec = None
    if given or "version" in texts:
        usual = past.values({path: value for path, value in given.items() if path.endswith(".kind")})
        values = {past.renamed.get(path, path): value for path, value in usual.items()} | given
        sentences += [sentence for path, sentence in past.changed.items() if path in values]
        spec = repaired(values, given, sentences)
    sentences += _plugins(texts.get("plugin", ""), spec)
    view = _view(texts, past, sentences)
    locked = tuple(path for path in texts.get("lock", "").split(",") if path)
    known = flat((spec or RunSpec()).model_dump(mode="json"))
    sentences += [
        f"lock names {_short(path)}, which is no setting of this run; it has no effect." for path in locked if path not in known
    ]
    chapter = _chapter(texts.get("tour"), chapters, sentences)
    return Link(spec, view, tuple(path for path in locked if path in known), chapter, tuple(map(one_line, sentences)))


def _version(text: str | None, versions: Mapping[int, Past], sentences: list[str]) -> int:
    newest = max(versions)
    if text is None:
        return FIRST_VERSION
    version = parse_value(text)
    if isinstance(version, int) and version in versions:
        return version
    if isinstance(version, int) and version > newest:
        sentences.append(
            f"The link was made by version {version} of the settings, but this program understands versions up to {newest}; "
            "update DMF Lab, or check the values that the controls show."
        )
    else:
        sentences.append(f"version is {_short(text)}; it must be a whole number from {min(versions)} to {newest}.")
    return newest


def _given(texts: Mapping[str, str], past: Past, sentences: list[str]) -> dict[str, Any]:
    """The values of the run, under their present names, with a sentence for names that were never settings."""
    given: dict[str, Any] = {}
    sections = {path.partition(".")[0] for path in past.defaults if "." in path}
    for path, text in texts.items():
        section, _, name = path.partition(".")
        if path in ("version", "lock", "tour", "view", "plugin") or section == "view":
            continue
        if len(path) <= LONGEST and ((section in sections and name) or (path in past.defaults and not name)):
            given[past.renamed.get(path, path)] = text if DIGEST.fullmatch(text) else parse_value(text)
        else:
            sentences.append(f"There is no setting {_short(path)}; remove it or correct its name.")
    return given


def _plugins(text: str, spec: RunSpec | None) -> list[str]:
    """A sentence for every plugin that the link names and that is not here, or has other bytes; none is loaded because of it."""
    loaded = {} if spec is None else {plugin.name: plugin.sha256[:SHORT] for plugin in spec.plugins}
    sentences = []
    for name, _, sha256 in (each.rpartition(":") for each in text.split(",")[:MOST_SENTENCES] if each):
        if name not in loaded:
            sentences.append(
                f"It was made with the plugin {_short(name)} (sha256 {_short(sha256)}), which is not used here; "
                f"start the dashboard with DMF_PLUGINS={_short(name)}."
            )
        elif loaded[name] != sha256:
            sentences.append(
                f"It was made with another version of the plugin {name} (sha256 {_short(sha256)}, here {loaded[name]})."
            )
    return sentences


def _view(texts: Mapping[str, str], past: Past, sentences: list[str]) -> View:
    given = {path.removeprefix("view."): parse_value(text) for path, text in texts.items() if path.startswith("view.")}
    if (short := texts.get("view")) == "projector":
        given.setdefault("projector", True)
    elif short is not None:
        sentences.append(f"view is {_short(short)}; the only short form is view=projector, all else is view.frame=40 and so on.")
    view = View.model_validate({name: value for name, value in past.view.items() if name in View.model_fields})
    for name, value in given.items():
        try:
            view = View.model_validate(view.model_dump() | {name: value})
        except ValidationError as error:
            fault = explained(error, View)
            sentences.append(fault.sentence.replace(fault.path, f"view.{fault.path}", 1))
    return view


def _chapter(text: str | None, chapters: int, sentences: list[str]) -> int | None:
    if text is None:
        return None
    chapter = parse_value(text)
    if isinstance(chapter, int) and not isinstance(chapter, bool) and 1 <= chapter <= chapters:
        return chapter
    sentences.append(f"tour is {_short(text)}; it must be a chapter from 1 to {chapters}.")
    return None


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
