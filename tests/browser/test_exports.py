"""Exports through the page, in a real Chromium: saved, opened by something else, and opened here again."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

playwright = pytest.importorskip("playwright.sync_api")

from tests.archive.forgery import array_in, forged, npy  # noqa: E402 (skipped without a browser)

PLAYER = '[data-testid="player"]'
DRAWN = f'{PLAYER}:not([data-frames="0"]):not([data-state="growing"])'
SMALL = "problem.rows=30&problem.columns=30&problem.rank=2&problem.observations=500&seed=5"
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
    with page.expect_download(timeout=30_000) as download:
        page.get_by_role("button", name=label).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def exporting(page: Any) -> Any:
    page.wait_for_selector(DRAWN)
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="PNG").wait_for()
    return page


def dropped(page: Any, file: Path) -> None:
    page.wait_for_selector(DRAWN)
    place = page.locator("input[type=file]")
    for _ in range(3):  # a rerun just after the first picture may close the menu again
        page.get_by_label("Start from").first.click()
        page.get_by_text("Your own matrix, or an archive").click()
        try:
            place.wait_for(state="attached", timeout=5000)
            break
        except playwright.TimeoutError:
            continue
    place.set_input_files(file)


def test_every_quick_kind_is_saved_and_opens(app, visit, tmp_path: Path) -> None:
    page = exporting(visit(f"{app}/?{SMALL}"))
    for label, opens in QUICK.items():
        assert opens(saved(page, label, tmp_path).read_bytes()), label


def test_exported_picture_opens_its_run_again(app, visit, tmp_path: Path) -> None:
    page = exporting(visit(f"{app}/?{SMALL}"))
    run = page.get_attribute(PLAYER, "data-run")
    file = saved(page, "PNG", tmp_path)
    other = visit(app)
    dropped(other, file)
    other.wait_for_selector(f'{PLAYER}[data-run="{run}"]', timeout=30_000)
    assert other.get_by_text("read from the exported file").is_visible()


def test_exported_bundle_opens_again_and_is_verified(app, visit, tmp_path: Path) -> None:
    page = exporting(visit(f"{app}/?{SMALL}"))
    run = page.get_attribute(PLAYER, "data-run")
    file = saved(page, "Everything in one .zip", tmp_path)
    assert "manifest.json" in zipfile.ZipFile(file).namelist()
    other = visit(app)
    dropped(other, file)
    other.wait_for_selector(f'{PLAYER}[data-run="{run}"]', timeout=30_000)
    other.get_by_role("button", name="Verify · about").click()
    other.get_by_text("Equal: run again, it gives the same bits").wait_for(timeout=30_000)


def test_changed_bundle_is_called_different_with_numbers(app, visit, tmp_path: Path) -> None:
    page = exporting(visit(f"{app}/?{SMALL}"))
    content = saved(page, "Everything in one .zip", tmp_path).read_bytes()

    def change(members: dict[str, bytes]) -> None:
        members["arrays/pictures.npy"] = npy(np.roll(array_in(members, "pictures"), 1, axis=1))

    (tmp_path / "changed.zip").write_bytes(forged(content, change))
    other = visit(app)
    dropped(other, tmp_path / "changed.zip")
    other.get_by_text("An archived run of").wait_for(timeout=30_000)
    other.get_by_role("button", name="Verify · about").click()
    other.get_by_text("Different: run again, pictures differs by").wait_for(timeout=30_000)


def test_film_shows_progress_and_can_be_cancelled(app, visit) -> None:
    page = exporting(visit(f"{app}/?{SMALL}"))
    page.get_by_role("button", name="MP4").click()
    page.get_by_text("MP4: ").wait_for(timeout=20_000)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Stopped.").wait_for(timeout=20_000)


def test_film_is_made_and_saved(app, visit, tmp_path: Path) -> None:
    page = exporting(visit(f"{app}/?{SMALL}"))
    page.get_by_role("button", name="GIF").click()
    page.get_by_role("button", name="Save the GIF").wait_for(timeout=60_000)
    assert Image.open(saved(page, "Save the GIF", tmp_path)).n_frames == 120


@pytest.fixture
def alone(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens a file in a browser that is offline. No request but for the file itself, no complaint."""
    contexts, complaints = [], []

    def open_file(file: Path, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": 1400, "height": 900}, **options)
        context.set_offline(True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url != file.as_uri() and complaints.append(f"asked {request.url}"))
        page.goto(file.as_uri())
        page.wait_for_selector(DRAWN)
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert complaints == []


def test_saved_page_plays_scrubs_and_changes_colours_without_network(app, visit, alone, tmp_path: Path) -> None:
    source = exporting(visit(f"{app}/?{SMALL}"))
    run = source.get_attribute(PLAYER, "data-run")
    page = alone(saved(source, "Player", tmp_path), color_scheme="dark")
    assert page.get_attribute(PLAYER, "data-run") == run
    assert page.get_attribute(PLAYER, "data-theme") == "dark"
    assert page.get_attribute(PLAYER, "data-playing") == "1"  # a run plays once on opening
    page.wait_for_selector(f'{PLAYER}:not([data-frame="0"])', timeout=20_000)
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


def test_saved_page_fits_a_phone(app, visit, alone, tmp_path: Path) -> None:
    file = saved(exporting(visit(f"{app}/?{SMALL}")), "Player", tmp_path)
    page = alone(file)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
