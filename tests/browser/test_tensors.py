"""The Tensors page in a real browser: spectra, parts, a link, a phone."""

PLAYER = '[data-testid="player"]'


def settled(page):
    page.wait_for_selector(f'{PLAYER}:is([data-state="paused"], [data-state="playing"])', timeout=30_000)


def test_page_shows_several_spectra_and_parts(app, visit) -> None:
    page = visit(f"{app}/tensors", reduced_motion="reduce")
    settled(page)
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
    other = visit(page.url, reduced_motion="reduce")
    settled(other)
    assert other.locator(PLAYER).get_attribute("data-run") == run
    assert other.get_by_label("Sides").input_value() == "6, 6, 6"


def test_page_fits_a_phone(app, visit) -> None:
    page = visit(f"{app}/tensors", width=390, height=844, reduced_motion="reduce")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
