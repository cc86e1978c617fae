"""Still pictures: another reader opens them, equal views give equal bytes, every part of the view is seen."""

import dataclasses
import io
import re
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from ui.export import Source, nothing
from ui.export.pictures import pdf, png, svg
from ui.figures.matrix_view import matrix_view
from ui.figures.theme import DARK, LIGHT, rgb
from ui.player.view import View

VIEWS = [
    {"axis": "iterations"},
    {"axis": "error"},
    {"axis": "seconds"},
    {"axis": "events"},
    {"log_time": True},
    {"log_values": True},
    {"matrix": "residual"},
    {"matrix": "truth"},
    {"matrix": "observed"},
    {"matrix": "K", "theory": True},
    {"mode": 3},  # at frame 8 mode 1 grows, so it is marked anyhow
    {"future": False},
    {"frame": 5},
    {"upper_strip": "norms"},
    {"lower_strip": "loss"},
    {"theory": True},
]


def with_view(source: Source, **changes: object) -> Source:
    return dataclasses.replace(source, view=View.model_validate(source.view.model_dump() | changes))


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


@pytest.mark.parametrize("make", [png, svg, pdf])
def test_picture_bytes_are_equal_for_the_same_view(make, source: Source) -> None:
    assert make(source, nothing) == make(source, nothing)


@pytest.mark.parametrize("changes", VIEWS, ids=str)
def test_every_part_of_the_view_changes_the_picture(changes: dict[str, object], source: Source) -> None:
    assert (pixels(png(with_view(source, **changes), nothing)) != pixels(png(source, nothing))).any()


@pytest.mark.parametrize("changes", VIEWS, ids=str)
def test_every_view_of_given_data_is_drawn(changes: dict[str, object], own: Source) -> None:
    assert pixels(png(with_view(own, **changes), nothing)).shape == (775, 1400, 3)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_picture_has_page_and_modes_in_the_colours_of_the_theme(theme, source: Source) -> None:
    colours = pixels(png(dataclasses.replace(source, theme=theme.name, view=View()), nothing)).reshape(-1, 3)
    assert (colours == rgb(theme.page)).all(axis=1).mean() > 0.5
    for colour in theme.lines[:3]:
        assert (colours == rgb(colour)).all(axis=1).sum() > 300


def test_picture_of_k_says_what_theorem_3_says_of_its_diagonal(source: Source) -> None:
    """K_rr = N sigma_r^(2 - 2/N): the source is Arora et al. 2019, the closed form knows nothing of our sum."""
    options = with_view(source, matrix="K", theory=True).options
    shown = matrix_view(source.run, source.spec, options)
    sigma = source.run.snapshots[8].singular_values
    percents = [float(row[r].removeprefix("<")) for r, row in enumerate(shown.marks(8))]
    expected = [100 * (value / sigma[0]) ** (2 - 2 / 3) for value in sigma[: len(percents)]]
    assert percents == pytest.approx(expected, rel=0.06, abs=0.01)  # two digits are written, and none below 0.01 %
    without = with_view(source, matrix="K", theory=False).options
    assert matrix_view(source.run, source.spec, without).head == "W"  # as in the player: without the theory there is no K


def test_hidden_future_is_not_drawn(source: Source) -> None:
    """Right of the cursor, the rows of the curves hold dashes of the truth and their names only: no colour of a mode."""
    hidden = pixels(png(with_view(source, future=False, frame=3), nothing))
    shown = pixels(png(with_view(source, frame=3), nothing))
    colourful = [np.ptp(image[110:470, 400:700].astype(int), axis=2).max() for image in (hidden, shown)]
    assert colourful[0] < 20 < colourful[1]


def test_svg_is_xml_with_the_stamp_and_asks_for_nothing(source: Source) -> None:
    text = svg(source, nothing).decode()
    ElementTree.fromstring(text)
    assert source.spec.digest() in text
    assert not re.search(r'(href|src)="(?!#|data:)', text)
    assert not re.search(r"20\d\d-\d\d-\d\d", text)


def test_pdf_names_the_run_and_no_date(source: Source) -> None:
    content = pdf(source, nothing)
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert source.spec.digest().encode() in content.replace(b"\x00", b"")
    assert b"CreationDate" not in content
    assert b"ModDate" not in content
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    texts = [zlib.decompress(each) for each in streams if each[:1] == b"x"]
    assert any(b" re" in each or b" l\n" in each for each in texts)


def test_png_keeps_the_view_in_its_metadata(source: Source) -> None:
    description = Image.open(io.BytesIO(png(source, nothing))).info["Description"]
    view = re.search(r"; view (\{.*?\}); spec", description)
    assert view is not None
    assert View.model_validate_json(view[1]) == source.view
