"""Our components on a page of Streamlit, which mounts them when their scripts have come, and again with other data."""

from tests.browser.conftest import settled
from tests.browser.player import press_keys, wait_until
from tests.browser.test_app import PAINTED, PLAYER, PLOTLY, run_of, wait_for_another_run
from tests.browser.test_faults import CONNECTION, QUICK, STATE

# Scripts of components have come when `arrive` is called.
LATE = """
const make = URL.createObjectURL;
const arrived = new Promise((arrive) => Object.assign(window, { arrived: () => arrived, arrive }));
URL.createObjectURL = (blob) =>
  make(blob.type === "text/javascript" ? new Blob(["await window.arrived();", blob], { type: blob.type }) : blob);
"""


def test_components_hear_everything_although_other_data_came_before_their_scripts(app, unopened) -> None:
    """Streamlit then mounts them twice, and ends the first of the two afterwards."""
    page = unopened
    page.add_init_script(LATE)
    page.goto(f"{app}/?{QUICK}")
    page.wait_for_selector(PLAYER)
    settled(page)
    page.get_by_test_id("stSidebar").get_by_role("radio", name="4", exact=True).click()
    page.wait_for_function("location.search.includes('model.depth=4')")
    settled(page)
    page.evaluate("arrive()")
    page.wait_for_selector(PAINTED)
    page.wait_for_selector(PLOTLY)
    wait_until(page, "d.frame !== '0'")  # it plays
    press_keys(page, "p")
    wait_until(page, "d.projector")
    page.keyboard.press("Escape")
    page.evaluate(f"{CONNECTION}.setAttribute('{STATE}', 'PINGING_SERVER')")
    page.get_by_text("the run on this page still plays").wait_for()
    page.evaluate(f"{CONNECTION}.setAttribute('{STATE}', 'CONNECTED')")
    before = run_of(page)
    page.get_by_role("slider", name="Rank of the truth").press("ArrowRight")
    wait_for_another_run(page, before)


def test_player_ends_when_its_page_is_left(app, visit) -> None:
    page = visit(f"{app}/?{QUICK}")
    page.wait_for_selector(PAINTED)
    press_keys(page, "Home")
    page.evaluate(f"(window.left = document.querySelector('{PLAYER}').player).clock.speed = 1e-3")
    page.keyboard.press("Space")
    wait_until(page, "d.state === 'playing'")
    page.get_by_role("link", name="About").click()
    page.wait_for_function("!left.clock.playing")
    assert page.evaluate("left.clock.f < left.clock.end")
