"""Exports through the page, in a real Chromium: saved, opened by something else, and opened here again."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

playwright = pytest.importorskip("playwright.sync_api")

from dmf_core.spec import RunSpec  # noqa: E402 (skipped without a browser)
from tests.archive.forgery import array_in, forged, npy  # noqa: E402
from tests.browser.conftest import upload  # noqa: E402
from tests.browser.visitors import patient, visiting  # noqa: E402
from ui.player.view import View  # noqa: E402

PLAYER = '[data-testid="player"]'
PAINTED = f'{PLAYER}:not([data-frames="0"]):not([data-state="growing"])'
SMALL = "problem.rows=30&problem.columns=30&problem.rank=2&problem.observations=500&seed=5"
TENSOR = "problem.kind=tensor_completion&problem.shape=5,6,7&problem.rank=2&problem.observations=150&init.scale=0.03"
BUNDLE, PAGE = "Run that opens here again", "Player"
QUICK = {
    "PNG": lambda content: Image.open(io.BytesIO(content)).size == (1400, 775),
    "SVG": lambda content: b"</svg>" in content,
    "PDF": lambda content: content.startswith(b"%PDF-"),
    "Plotly": lambda content: b"Plotly.newPlot" in content,
    "CSV": lambda content: content.startswith(b"t,iteration"),
    "NPZ": lambda content: "singular_values" in np.load(io.BytesIO(content)),
    "JSON": lambda content: "spec" in json.loads(content),
    "Python": lambda content: bool(compile(content, "again.py", "exec")),
    "Notebook": lambda content: json.loads(content)["nbformat"] == 4,
}


def saved(page: Any, label: str, folder: Path) -> Path:
    """The file behind a button of the open popover."""
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def exporting(page: Any) -> Any:
    page.wait_for_selector(PAINTED)
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="PNG").wait_for()
    return page


def view_of(picture: Path) -> View:
    """The view that a picture was made in."""
    return View.model_validate_json(re.search(r"; view (\{.*?\}); spec", Image.open(picture).info["Description"])[1])


def dropped(page: Any, file: Path) -> None:
    page.wait_for_selector(PAINTED)
    upload(page, file)


def test_picture_taken_in_mid_play_shows_the_view_of_that_moment(app, visit, tmp_path: Path) -> None:
    page = visit(f"{app}/?{SMALL}&view.frame=0")
    page.wait_for_selector(f'{PAINTED}[data-frame="0"]')
    page.focus(PLAYER)
    for key in ("Space", "-", "t"):  # it plays slowly, and the matrix is the truth
        page.keyboard.press(key)
    page.wait_for_selector(f'{PLAYER}[data-playing="1"]:not([data-frame="0"])')
    exporting(page)
    page.wait_for_selector('.dmf-play[aria-label="Play"]')  # it stands still at the moment that is meant
    frame = int(page.get_attribute(PLAYER, "data-frame"))
    view = taken(page, lambda view: view.frame == frame, tmp_path)
    assert (view.matrix, view.frame) == ("truth", frame)
    assert view.frame > 0


def test_picture_of_a_tensor_has_the_spectrum_and_the_strips_of_the_page(app, visit, tmp_path: Path) -> None:
    page = visit(f"{app}/tensors?version=1&{TENSOR}&view.frame=5")
    page.wait_for_selector(f'{PAINTED}[data-frame="5"]')
    page.locator(".dmf-which select").select_option("unfolding_2")
    page.get_by_label("Upper strip").select_option("loss")
    exporting(page)
    view = taken(page, lambda view: view.upper_strip == "loss", tmp_path)
    assert (view.spectrum, view.upper_strip, view.lower_strip, view.frame) == ("unfolding_2", "loss", "", 5)


def taken(page: Any, fits: Callable[[View], bool], folder: Path) -> View:
    """The view of the first picture that fits: the player reports its view a moment after the last change."""
    for _ in range(30):
        view = view_of(saved(page, "PNG", folder))
        if fits(view):
            break
    return view


@pytest.fixture(scope="module")
def run() -> str:
    """The digest of the run whose exports these are."""
    small = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 2, "problem.observations": 500, "seed": 5}
    return RunSpec().replaced(small).digest()


@pytest.fixture(scope="module")
def files(app: str, chromium: Any, run: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every quick export of one run, saved through the page, by its label."""
    with visiting(chromium) as visit:
        page = exporting(visit(f"{app}/?{SMALL}"))
        assert page.get_attribute(PLAYER, "data-run") == run
        return {label: saved(page, label, tmp_path_factory.mktemp("files")) for label in (*QUICK, BUNDLE, PAGE)}


def test_every_quick_kind_is_saved_and_opens(files: dict[str, Path]) -> None:
    for label, opens in QUICK.items():
        assert opens(files[label].read_bytes()), label


def test_exported_picture_opens_its_run_again(app, visit, files: dict[str, Path], run: str) -> None:
    other_page = visit(app)
    dropped(other_page, files["PNG"])
    other_page.wait_for_selector(f'{PLAYER}[data-run="{run}"]')
    assert other_page.get_by_text("read from the exported file").is_visible()


def test_exported_bundle_opens_again_and_is_verified(app, visit, files: dict[str, Path], run: str) -> None:
    assert "manifest.json" in zipfile.ZipFile(files[BUNDLE]).namelist()
    other_page = visit(app)
    dropped(other_page, files[BUNDLE])
    other_page.wait_for_selector(f'{PLAYER}[data-run="{run}"]')
    other_page.get_by_role("button", name="Verify · about").click()
    other_page.get_by_text("Equal: run again, it gives the same bits").wait_for()


def test_changed_bundle_is_called_different_with_numbers(app, visit, files: dict[str, Path], tmp_path: Path) -> None:

    def change(members: dict[str, bytes]) -> None:
        members["arrays/pictures.npy"] = npy(np.roll(array_in(members, "pictures"), 1, axis=1))

    (tmp_path / "changed.zip").write_bytes(forged(files[BUNDLE].read_bytes(), change))
    other_page = visit(app)
    dropped(other_page, tmp_path / "changed.zip")
    other_page.get_by_text("An archived run of").wait_for()
    other_page.get_by_role("button", name="Verify · about").click()
    other_page.get_by_text("Different: run again, pictures differs by").wait_for()


def test_film_shows_progress_and_can_be_cancelled_and_another_is_saved(app, visit, tmp_path: Path) -> None:
    page = exporting(visit(f"{app}/?{SMALL}"))
    page.get_by_role("button", name="MP4").click()
    page.get_by_text("MP4: ").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Stopped.").wait_for()
    page.get_by_role("button", name="GIF").click()
    page.get_by_role("button", name="Save the GIF").wait_for()
    assert Image.open(saved(page, "Save the GIF", tmp_path)).n_frames == 120


@pytest.fixture
def alone(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens a file in a browser that is offline. No request but for the file itself, no complaint."""
    contexts, complaints = [], []

    def open_file(file: Path, **options: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1400, "height": 900}} | options)
        context.set_offline(True)
        contexts.append(context)
        page = patient(context.new_page())
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url != file.as_uri() and complaints.append(f"asked {request.url}"))
        page.goto(file.as_uri())
        page.wait_for_selector(PAINTED)
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert complaints == []


def test_saved_page_plays_scrubs_and_changes_colours_without_network(alone, files: dict[str, Path], run: str) -> None:
    page = alone(files[PAGE], color_scheme="dark")
    assert page.get_attribute(PLAYER, "data-run") == run
    assert page.get_attribute(PLAYER, "data-theme") == "dark"
    match = re.search(r'"view": \{"frame": (\d+)', files[PAGE].read_text(encoding="utf-8"))
    assert match is not None
    moment = int(match[1])  # where Export stopped the player
    assert page.get_attribute(PLAYER, "data-playing") == "0"
    assert int(page.get_attribute(PLAYER, "data-frame")) == moment
    page.locator('[data-do="play"]').click()
    page.wait_for_selector(f'{PLAYER}:not([data-frame="{moment}"])')
    page.locator('[data-do="play"]').click()
    page.wait_for_selector(f'{PLAYER}[data-playing="0"]')
    page.locator('[data-do="last"]').click()
    last = int(page.get_attribute(PLAYER, "data-frames")) - 1
    assert int(page.get_attribute(PLAYER, "data-frame")) == last
    box = page.locator(".dmf-curves canvas").bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + 60)
    assert int(page.get_attribute(PLAYER, "data-frame")) < last
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Light colours").click()
    assert page.get_attribute(PLAYER, "data-theme") == "light"


def test_saved_page_fits_a_phone(alone, files: dict[str, Path]) -> None:
    page = alone(files[PAGE], viewport={"width": 390, "height": 844})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
