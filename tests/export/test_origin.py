"""The digest of an exported file finds its run again, and a file that lies about it is refused."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from dmf_core.errors import BadInput
from ui.export import EXPORTS, Source, nothing
from ui.export.origin import origin
from ui.export.page import page
from ui.player import HERE, STYLES

KNOWN = [export for export in EXPORTS if export.suffix in (".png", ".svg", ".gif", ".html", ".json")]


@pytest.mark.parametrize("export", KNOWN, ids=lambda export: export.suffix)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_exported_file_gives_back_its_spec(export, theme: str, source: Source) -> None:
    content = export.make(dataclasses.replace(source, theme=theme), nothing)
    assert origin(f"some{export.suffix}", content) == source.spec


def test_ordinary_image_has_no_origin() -> None:
    stream = io.BytesIO()
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(stream, "PNG")
    assert origin("a.png", stream.getvalue()) is None


@pytest.mark.parametrize("name", ["a.png", "a.gif", "a.svg", "a.html", "a.json", "a", ""])
@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"{", b"[]", b'{"spec": 1}', b"GIF89a\xff\xff", b"\xff" * 100])
def test_broken_file_has_no_origin(name: str, content: bytes) -> None:
    assert origin(name, content) is None


def test_changed_spec_is_refused(source: Source) -> None:
    other = source.spec.replaced({"seed": 8})
    about = PngImagePlugin.PngInfo()
    description = f"run 0000 0000 · seed 7 · DMF Lab 0.1.0; digest {source.spec.digest()}; view {{}}; spec {other.to_json()}"
    about.add_itxt("Description", description)
    stream = io.BytesIO()
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(stream, "PNG", pnginfo=about)
    with pytest.raises(BadInput, match="export it again"):
        origin("a.png", stream.getvalue())


def test_page_has_every_style_of_the_player(source: Source) -> None:
    text = page(source, nothing).decode()
    assert all((HERE / name).read_text(encoding="utf-8") in text for name in STYLES)
