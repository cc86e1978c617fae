"""The gallery in a real browser: by mouse and by keyboard, light and dark."""

import pytest

from dmf_core.presets import preset_spec

PLAYER = '[data-testid="player"]'

# On a busy machine a run is drawn while it grows, and stands at its end then.
PLAYS = """(player) => {
  const { state, frame, frames } = document.querySelector(player).dataset;
  return ["playing", "growing"].includes(state) || Number(frame) === Number(frames) - 1;
}"""


def opened(page, app):
    """From Explore, as a visitor goes."""
    page.get_by_role("link", name="Gallery").click()
    page.wait_for_selector("[data-testid=gallery] svg")
    return page.locator("[data-testid=gallery]")


@pytest.mark.parametrize("keyboard", [False, True])
def test_card_opens_its_preset_playing(app, visit, keyboard: bool) -> None:
    page = visit(app)
    card = opened(page, app).get_by_role("button", name="Too few entries")
    if keyboard:
        card.focus()
        page.keyboard.press("Enter")
    else:
        page.locator('[data-preset="too-few"]').click(force=True)  # the button lies over its picture
    page.wait_for_selector(f'{PLAYER}[data-run="{preset_spec("too-few").digest()}"]:not([data-frames="0"])')
    page.wait_for_function(PLAYS, arg=PLAYER)
    page.wait_for_function("location.search.includes('problem.observations=500')")
    assert page.get_by_label("Start from").first.input_value() == "Too few entries"


def test_tab_reaches_the_next_card(app, visit) -> None:
    page = visit(app)
    opened(page, app).get_by_role("button", name="Five modes from a fifth of the entries").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.open") == "arora-completion-depth2"


def test_pictures_take_the_colours_of_the_theme(app, visit) -> None:
    colours = []
    for scheme in ("light", "dark"):
        page = visit(app, color_scheme=scheme)
        curve = opened(page, app).locator('[data-preset="five-modes"] .m1').first
        colours.append(curve.evaluate("(line) => getComputedStyle(line).stroke"))
    assert colours == ["rgb(0, 101, 166)", "rgb(79, 168, 224)"]
