"""The gallery: its pictures are those of the presets' runs, and a card opens its preset."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.presets import GROUPS, PRESETS, preset_spec
from dmf_core.simulate import run
from dmf_core.sweep.ready import READY
from ui.figures.thumbnail import HEIGHT, thumbnail
from ui.session.state import Session
from ui.views.gallery import HERE, MAPS, map_picture, markup, picture

ROOT = Path(__file__).parents[4]


pytestmark = pytest.mark.usefixtures("queue_ends")


@pytest.mark.parametrize("name", PRESETS)
def test_picture_is_of_the_presets_own_run(name: str) -> None:
    svg = ElementTree.fromstring(picture(name))
    assert svg.get("data-digest") == preset_spec(name).digest(), "draw it again: python -m ui.views.gallery"
    assert len(picture(name)) < 8000
    words = svg.get("aria-label", "")
    assert words.startswith(("Singular values", "Component norms", "Sizes of the largest entries", "A photograph"))
    assert " over time" in words or "as observed and as completed" in words
    assert len(words) > 80  # the run in words follows


def test_there_is_a_picture_for_every_preset_and_no_other() -> None:
    assert {file.stem for file in HERE.glob("*.svg")} == set(PRESETS)


@pytest.mark.parametrize("name", READY)
def test_picture_is_of_the_ready_map_itself(name: str) -> None:
    svg = ElementTree.fromstring(map_picture(name))
    assert svg.get("data-digest") == READY[name].field().plan().digest, "draw it again: python -m ui.views.gallery"
    assert len(map_picture(name)) < 16_000
    assert "the rest can change this" not in svg.get("aria-label", "")  # all of its cells are measured


def test_there_is_a_picture_for_every_ready_map_and_no_other() -> None:
    assert {file.stem for file in MAPS.glob("*.svg")} == set(READY)


def test_kept_picture_is_what_the_run_gives_today() -> None:
    def points(text: str) -> list[list[float]]:
        return [[float(n) for n in re.split("[ ,]", line)] for line in re.findall(r'<polyline[^>]* points="([^"]+)"', text)]

    spec = preset_spec("rectangular")
    stored, fresh = points(picture("rectangular")), points(thumbnail(run(spec), spec, "rectangular"))
    assert len(stored) == len(fresh)
    for old, new in zip(stored, fresh, strict=True):  # another machine rounds differently: one pixel
        assert old[-1] == pytest.approx(new[-1], abs=1)
        assert min(new[1::2]) == pytest.approx(min(old[1::2]), abs=1)
        assert max(new[1::2]) <= HEIGHT


def test_every_preset_has_a_card_that_is_a_button_in_its_group() -> None:
    cards = markup()
    assert re.findall('data-open="([^"]+)"', cards) == [*PRESETS, *(f"map {name}" for name in READY), "own"]
    assert [title for title in re.findall("<h2>([^<]+)</h2>", cards)] == [*GROUPS.values(), "Maps", "Your data"]


def test_page_shows_the_gallery_and_no_exception() -> None:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.switch_page("pages/gallery.py").run()
    assert not app.exception
    assert app.title[0].value == "Gallery"


def test_card_starts_its_preset_and_ends_a_lecture_lock() -> None:
    session = Session(preset_spec("noise").replaced({"model.depth": 5}), locked=("model.depth",), message="something was wrong")
    session.start_from("too-few")
    assert (session.spec, session.preset, session.locked, session.message) == (preset_spec("too-few"), "too-few", (), "")
