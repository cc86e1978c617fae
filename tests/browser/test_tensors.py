"""The Tensors page in a real browser: spectra, parts, a link, a phone, a tensor of the visitor's own."""

import io

import numpy as np

from tests.browser.conftest import upload
from tests.browser.player import MOVING

PLAYER = '[data-testid="player"]'


def settled(page):
    page.wait_for_selector(f'{PLAYER}:is([data-state="paused"], [data-state="playing"])')


def test_page_shows_several_spectra_and_parts(app, visit) -> None:
    page = visit(f"{app}/tensors", reduced_motion="reduce")
    settled(page)
    page.wait_for_function(f"({MOVING})('body').length === 0")  # of Streamlit's own parts too
    which = page.get_by_label("Spectrum shown")
    names = which.locator("option").all_inner_texts()
    assert names[0] == "Component norms over time"
    assert len(names) == 4
    title = page.get_by_test_id("player-title").inner_text()
    assert "component" in title
    which.select_option("unfolding_2")
    page.wait_for_function("document.querySelector('[data-testid=player-title]').textContent.includes('value')")
    image = "document.querySelector('.dmf-matrix canvas').toDataURL()"
    before = page.evaluate(image)
    page.get_by_label("Slice").fill("7")
    page.wait_for_function(f"{image} !== {before!r}")
    assert page.locator(".dmf-cut output").inner_text() == "(·, ·, 8)"
    page.get_by_label("Part of the tensor").select_option("unfolding-3")
    assert page.get_by_label("Slice").is_hidden()


def test_link_of_a_tensor_opens_the_same_run(app, visit) -> None:
    address = (
        f"{app}/tensors?version=1&problem.kind=tensor_completion&problem.shape=6,6,6&problem.observations=120&model.kind=tucker"
    )
    page = visit(address, reduced_motion="reduce")
    settled(page)
    run = page.locator(PLAYER).get_attribute("data-run")
    other_page = visit(page.url, reduced_motion="reduce")
    settled(other_page)
    assert other_page.locator(PLAYER).get_attribute("data-run") == run
    assert other_page.get_by_label("Sides").input_value() == "6, 6, 6"


def own_tensor() -> np.ndarray:  # [4, 5, 6], rank 1, every third entry unknown
    tensor = np.einsum("i,j,k->ijk", np.arange(1.0, 5), np.arange(1.0, 6), np.arange(1.0, 7)) / 10
    tensor.reshape(-1)[::3] = np.nan
    return tensor


def test_own_tensor_is_run_from_npy_and_from_a_list(app, visit) -> None:
    """NPY on the page of matrices leads to that of tensors; there the same entries as lines are the same tensor."""
    content = io.BytesIO()
    np.save(content, own_tensor())
    page = visit(app, reduced_motion="reduce")
    settled(page)
    upload(page, {"name": "own.npy", "mimeType": "application/octet-stream", "buffer": content.getvalue()})
    page.wait_for_url("**/tensors?**")
    page.get_by_text("80 of 120 entries are known").first.wait_for()
    settled(page)
    assert "component" in page.get_by_test_id("player-title").inner_text()
    first = page.locator(PLAYER).get_attribute("data-run")
    places = np.argwhere(~np.isnan(own_tensor())) + 1
    lines = [f"{i} {j} {k} {own_tensor()[i - 1, j - 1, k - 1]}" for i, j, k in places[:79]]  # one less
    page.locator("input[type=file]").set_input_files(
        {"name": "own.txt", "mimeType": "text/plain", "buffer": "\n".join(["i j k value", *lines]).encode()}
    )
    page.get_by_text("79 of 120 entries are known").first.wait_for()
    page.wait_for_selector(f'{PLAYER}:not([data-run="{first}"]):is([data-state="paused"], [data-state="playing"])')
    assert page.locator(".dmf-cut output").inner_text() == "(·, ·, 1)"


def test_page_fits_a_phone(app, visit) -> None:
    page = visit(f"{app}/tensors", width=390, height=844, reduced_motion="reduce")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
