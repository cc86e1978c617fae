"""The whole application in a real Chromium: what only the page and the browser together can show."""

from pathlib import Path

import pytest
from matplotlib.cbook import get_sample_data

from tests.browser.conftest import settled, upload

PLAYER = '[data-testid="player"]'
PAINTED = f'{PLAYER}:not([data-frames="0"]):not([data-state="growing"])'


def run_of(page) -> str:
    return page.get_attribute(PLAYER, "data-run")


def wait_for_another_run(page, before: str) -> None:
    page.wait_for_selector(f'{PAINTED}:not([data-run="{before}"])')


PLOTLY = '.dmf-strips .dmf-plot[data-renderer="plotly"]'
# How the charts of the next run are drawn when it comes, whether its player is the one before or, without patches, a new one.
NOTE_RENDERERS = f"""(before) => new MutationObserver(() => {{
  const player = document.querySelector('{PLAYER}');
  if (!window.renderers && player && player.dataset.run && player.dataset.run !== before)
    window.renderers = [...player.querySelectorAll('.dmf-plot')].map((plot) => plot.dataset.renderer);
}}).observe(document.body, {{subtree: true, childList: true, attributes: true, attributeFilter: ['data-run']}})"""


def test_slider_release_shows_the_still_of_the_new_run_and_then_plotly(app, visit) -> None:
    page = visit(f"{app}/?problem.rows=40&problem.columns=40&problem.rank=2&problem.observations=700")
    page.wait_for_selector(PLOTLY)
    before = run_of(page)
    page.evaluate(NOTE_RENDERERS, before)
    slider = page.get_by_role("slider", name="Rank of the truth")
    slider.focus()
    slider.press("ArrowRight")
    wait_for_another_run(page, before)
    assert page.wait_for_function("window.renderers").json_value() == ["still", "still"]
    page.wait_for_selector(PLOTLY)
    page.wait_for_function("location.search.includes('problem.rank=3')")


def test_photograph_is_completed_from_its_upload(app, visit) -> None:
    page = visit(app)
    page.wait_for_selector(PAINTED)
    before = run_of(page)
    upload(page, get_sample_data("grace_hopper.jpg", asfileobj=False))
    wait_for_another_run(page, before)
    assert page.get_by_text("30\u202f% of the 8\u202f500 known entries are used").is_visible()


@pytest.mark.parametrize(
    ("name", "content"), [("ragged.csv", b"1,2,3\n4,5\n"), ("bomb.npy", b"\x93NUMPY\x01\x00\xff\xff{"), ("no.zip", b"PK\x03\x04")]
)
def test_bad_upload_gets_a_sentence_and_changes_nothing(app, visit, tmp_path: Path, name: str, content: bytes) -> None:
    page = visit(app)
    page.wait_for_selector(PAINTED)
    before = run_of(page)
    (tmp_path / name).write_bytes(content)
    upload(page, tmp_path / name)
    page.get_by_text("Nothing was changed.").wait_for()
    assert run_of(page) == before


def test_file_with_two_readings_is_asked_about_and_names_show_on_the_matrix(app, visit) -> None:
    page = visit(app)
    page.wait_for_selector(PAINTED)
    lines = "1 1 5\n1 2 3\n1 3 4\n2 1 4\n2 2 2\n2 3 1\n"
    upload(page, {"name": "m.txt", "mimeType": "text/plain", "buffer": lines.encode()})
    page.get_by_role("button", name="Choose a reading").wait_for()
    page.locator(PLAYER).wait_for(state="detached")  # nothing runs, and no picture stands there as if it did
    page.get_by_role("button", name="Entries of a 2 × 3 matrix").click()
    page.wait_for_selector(PAINTED)
    before = run_of(page)
    table = "city,spring,summer\nBergen,1.5,2\nMilan,3,\nNaples,4,5.5\n"
    page.locator("input[type=file]").set_input_files({"name": "t.csv", "mimeType": "text/csv", "buffer": table.encode()})
    page.get_by_text("Data: Read as a table of 3 rows and 2 columns").wait_for(state="attached")
    wait_for_another_run(page, before)
    page.locator(".dmf-matrix canvas").hover(position={"x": 5, "y": 5})
    page.locator(".dmf-tip", has_text="row 1 Bergen").wait_for()
    assert "column 1 spring" in page.locator(".dmf-tip").inner_text()


def test_upload_of_two_gigabytes_is_refused_with_a_sentence(app, visit, tmp_path: Path) -> None:
    page = visit(app)
    page.wait_for_selector(PAINTED)
    before = run_of(page)
    file = tmp_path / "large.csv"
    with file.open("wb") as empty:
        empty.truncate(2 << 30)  # takes no space on the disk
    upload(page, file)
    page.get_by_text("200.0MB or smaller").wait_for()
    assert run_of(page) == before


def test_long_run_grows_and_can_be_cancelled_and_kept(app, visit) -> None:
    slow = "problem.rows=60&problem.columns=60&problem.observations=1500&integrator.kind=gradient_descent"
    page = visit(f"{app}/?{slow}&integrator.learning_rate=0.002&stop.loss=1e-12")
    page.get_by_role("button", name="Run · about").first.click()
    page.wait_for_selector(f'{PLAYER}[data-state="growing"]:not([data-frames="0"])')
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Everything up to here is valid.").wait_for()
    assert int(page.get_attribute(PLAYER, "data-frames")) > 0
    assert page.get_attribute(PLAYER, "data-state") in ("paused", "playing")


def test_phone_has_no_sideways_scroll(app, visit) -> None:
    page = visit(app, 390, 844)
    page.wait_for_selector(PAINTED)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert page.locator('[data-do="play"]').bounding_box()["y"] < 500


def test_projector_has_depth_and_scale_at_hand_and_is_there_for_pages_without_a_player(app, visit) -> None:
    page = visit(f"{app}/?view=projector", 1280, 720)
    page.wait_for_selector(PAINTED)
    settled(page)
    depth = page.locator(".st-key-model-depth").get_by_text("4", exact=True)
    assert depth.is_visible() and page.get_by_role("slider", name="Initial scale").is_visible()
    assert not page.get_by_role("slider", name="Rank of the truth").is_visible()
    before = page.get_attribute(PLAYER, "data-run")
    depth.click()
    page.wait_for_function(f"document.querySelector('{PLAYER}').dataset.run !== '{before}'")
    assert page.get_attribute(PLAYER, "data-projector") == "wide"
    page.goto(f"{app}/compare?view=projector")  # a page that writes an address of its own
    page.locator(".dmf-projected[data-ready]").wait_for(state="attached")
    page.get_by_test_id("stHeader").wait_for(state="hidden")
    page.keyboard.press("Escape")
    page.get_by_test_id("stHeader").wait_for()
    page.keyboard.press("p")
    page.get_by_test_id("stHeader").wait_for(state="hidden")
