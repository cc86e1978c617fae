"""Where the parts of the player are: on screens of every size, on a phone and on a projector."""

from typing import Any

import pytest

from tests.browser.player import PLAYER, Visit, dataset, frame, player, press_keys, wait_until


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 768), (1440, 900), (1920, 1080), (390, 844)])
def test_picture_and_what_moves_it_are_above_the_fold(app: str, visit: Visit, width: int, height: int) -> None:
    page = visit(app, width, height)
    wait_until(page, "d.frames !== '0'")
    parts = [".dmf-title", ".dmf-judged", ".dmf-curves", ".dmf-spectrum", ".dmf-track", ".dmf-transport"]
    parts += [".dmf-matrix canvas"] if width >= 1280 else []
    lowest = page.evaluate("(parts) => parts.map((part) => document.querySelector(part).getBoundingClientRect().bottom)", parts)
    assert {part: bottom for part, bottom in zip(parts, lowest, strict=True) if bottom > height} == {}
    if height == 768:  # with the theory, whose words are longest, the line with the run too
        page.wait_for_function(f"document.querySelector('{PLAYER}').player.run.over?.text")
        page.keyboard.press("y")
        wait_until(page, "d.theory === 'on'")
        page.wait_for_function("document.querySelector('.dmf-theory').offsetHeight > 40")
        page.wait_for_function("document.querySelector('.dmf-foot').getBoundingClientRect().bottom <= innerHeight")


def test_last_line_of_a_tensor_is_above_the_fold_with_its_theory(app: str, visit: Visit) -> None:
    page = visit(f"{app}/tensors", 1440, 860)
    wait_until(page, "d.frames !== '0'")
    page.wait_for_function("document.querySelector('.dmf-foot').getBoundingClientRect().bottom <= innerHeight")
    page.wait_for_function(f"document.querySelector('{PLAYER}').player.run.over?.text")
    page.keyboard.press("y")
    wait_until(page, "d.theory === 'on'")
    page.wait_for_function("document.querySelector('.dmf-theory').offsetHeight > 40")
    for width, height in ((1440, 860), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("document.querySelector('.dmf-foot').getBoundingClientRect().bottom <= innerHeight")


@pytest.mark.parametrize("width", [390, 768, 1100, 1400])
def test_page_never_scrolls_sideways(stage: str, visit: Visit, width: int) -> None:
    page = visit(stage, width=width, height=844)
    widest = "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"
    assert page.evaluate(widest) <= width


def test_play_is_within_the_first_500_pixels_of_a_phone(stage: str, visit: Visit) -> None:
    page = visit(stage, width=390, height=844)
    box = page.locator(".dmf-play").bounding_box()
    assert box["y"] + box["height"] / 2 < 500
    assert box["height"] >= 44


def test_projector_fills_the_window_and_takes_keys_from_anywhere(page: Any) -> None:
    press_keys(page, "Shift+ArrowRight", "p")
    wait_until(page, "d.projector === 'wide'")
    box = page.locator(PLAYER).bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1400, 900)
    assert page.locator(".dmf-numbers dt").all_inner_texts()[0] == "Error, observed"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("End")
    assert frame(page) == int(dataset(page)["frames"]) - 1
    page.keyboard.press("?")
    page.get_by_role("button", name="Events").click()
    assert page.evaluate(SMALLEST) >= 17
    for _ in range(3):  # the keys, the events, the projector
        page.keyboard.press("Escape")
    assert dataset(page)["projector"] == ""


def test_projector_can_be_asked_for_in_the_address(stage: str, visit: Visit) -> None:
    page = visit(f"{stage}/?view=projector", width=1280, height=720)
    assert dataset(page)["projector"] == "wide"
    assert page.evaluate("[...document.querySelectorAll('.dmf, .dmf-page')].every((e) => e.scrollHeight <= 720)")


def test_keys_leave_text_fields_alone(page: Any) -> None:
    press_keys(page, "p")
    wait_until(page, "d.projector === 'wide'")
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), { id: 'name' }))")
    page.focus("#name")
    page.keyboard.type("aflp 12")
    assert page.input_value("#name") == "aflp 12"
    assert player(page, "[p.hidden, p.log, p.axisName, p.projector]") == [False, False, "time", True]


# The smallest text on the sheet, in pixels: HTML as it is computed, and what the canvases are told to write.
SMALLEST = f"""() => {{
  const root = document.querySelector('{PLAYER}');
  const texts = [...root.querySelectorAll('*')].filter((e) => e.checkVisibility() && !e.closest('.dmf-spoken, svg')
    && ([...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.tagName === 'SELECT'));
  const zoom = (e) => (e.closest('.dmf-plot') ? root.player.zoom : 1); // a chart is enlarged as a whole
  return Math.min(12 * root.player.zoom, ...texts.map((e) => parseFloat(getComputedStyle(e).fontSize) * zoom(e)));
}}"""
