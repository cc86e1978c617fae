"""The course in a real browser: answers and what the browser keeps, keys, and on a phone words and player together."""

from tests.browser.conftest import settled
from tests.browser.player import player

PLAYER = '[data-testid="player"]'
PAINTED = f'{PLAYER}:not([data-frames="0"]):not([data-state="growing"])'
FEEDBACK = ".dmf-feedback"
NOW = ".dmf-contents [aria-current]"
VISIBLE = """(selector) => { const box = document.querySelector(selector).getBoundingClientRect();
  return box.height > 20 && box.top >= 0 && box.bottom <= innerHeight + 1 }"""
SCROLLED = f"""(selector) => {{  // as long as the page still grows, again and again
  document.querySelector(selector).scrollIntoView({{ block: "end" }});
  return ({VISIBLE})(selector) }}"""
STRIP_WORDS = """(() => {  // [left, top, right, bottom] of the words of the upper strip, at each frame
  const boxes = [];
  for (let f = 0; f < Number(p.root.dataset.frames); f += 1) {
    const taken = [];
    p.strips.strips[0].draw(f, p.strips.x(f), taken);
    boxes.push(...taken);
  }
  return boxes;
})()"""


def chapter_is(page, number: int) -> None:
    """Waits until the contents and the last thing on the page show this chapter: n and b mean the one of their buttons."""
    page.wait_for_selector(f'{NOW}[data-go="{number}"]', state="attached")
    page.locator(".st-key-lesson-back").get_by_text(f"← {number - 1} ·" if number > 1 else "← Chapter 1").wait_for()


def test_answers_get_feedback_are_kept_and_can_be_forgotten(app, visit) -> None:
    page = visit(f"{app}/?tour=4", 1280, 720)  # as the former tour had it
    page.wait_for_url("**/learn?chapter=4")
    page.wait_for_selector(PAINTED)
    assert page.evaluate(VISIBLE, ".dmf-play") and page.evaluate(VISIBLE, ".dmf-curves")  # above the fold
    page.get_by_text("They grow longer").click()
    page.locator(FEEDBACK).get_by_text("Not quite.").wait_for()
    page.get_by_text("the births move closer together").click()
    page.locator(FEEDBACK).get_by_text("from 4/3 to 1").wait_for()
    before = page.get_attribute(PLAYER, "data-run")
    page.locator(".st-key-lesson-control").get_by_text("2", exact=True).click()
    page.wait_for_selector(f'{PAINTED}:not([data-run="{before}"])')
    page.wait_for_url("**/learn?chapter=4&model.depth=2")
    label = page.locator(".st-key-lesson-next p")
    shades = label.evaluate("each => [getComputedStyle(each).color, getComputedStyle(each.closest('button')).backgroundColor]")
    assert shades == ["rgb(255, 255, 255)", "rgb(27, 31, 36)"]  # readable
    page.keyboard.press("n")
    chapter_is(page, 5)
    page.keyboard.press("b")
    chapter_is(page, 4)
    page.goto(f"{app}/learn")  # a new session, which knows only what the browser has kept
    chapter_is(page, 4)
    page.locator('.dmf-contents [data-go="4"] .dmf-done').wait_for()
    page.locator(FEEDBACK).get_by_text("from 4/3 to 1").wait_for()
    page.get_by_role("button", name="Start again").click()
    chapter_is(page, 1)
    page.locator(".dmf-done").first.wait_for(state="detached")
    page.locator('.dmf-contents [data-go="2"]').click()
    chapter_is(page, 2)
    page.get_by_label("Your number").fill("844")
    page.get_by_role("button", name="Check").click()
    page.locator(FEEDBACK).get_by_text("The modes are born at").wait_for()


def test_phone_shows_the_paragraph_and_the_player_together(app, visit) -> None:
    page = visit(f"{app}/learn?chapter=3", 390, 844, has_touch=True)
    page.wait_for_selector(PAINTED)
    page.locator(".lesson-three p").nth(2).wait_for()
    for width, height in ((390, 844), (844, 390)):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        for paragraph in (".lesson-three p:nth-child(2)", ".dmf-question label:nth-of-type(2)"):
            page.wait_for_function(SCROLLED, arg=paragraph)
            assert all(page.evaluate(VISIBLE, part) for part in (".dmf-curves", ".dmf-strips", ".dmf-play")), (width, paragraph)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        strip, room = player(page, "[p.strips.strips[0].bottom, p.strips.root.parentElement.clientHeight]")
        assert 40 < strip <= room, (width, strip, room)  # its curves end where it can be seen
        words = player(page, STRIP_WORDS)
        assert len(words) > 9
        assert [box for box in words if box[1] < 0 or box[3] > room] == [], (width, room)
        touched = (
            ".dmf-question label, .st-key-lesson-control button, .st-key-lesson-footer button, .dmf-transport button[data-do]"
        )
        heights = page.eval_on_selector_all(
            touched, "all => all.map(each => each.getBoundingClientRect().height).filter(h => h > 0)"
        )
        assert len(heights) > 10 and min(heights) >= 43.9, (width, heights)


def test_way_to_the_next_chapter_is_above_the_fold(app, visit) -> None:
    page = visit(f"{app}/learn?chapter=3")
    page.locator(".lesson-three p").nth(2).wait_for()
    settled(page)
    footer = page.locator(".st-key-lesson-footer").bounding_box()
    words = page.locator(".lesson-three").bounding_box()
    assert words["y"] + words["height"] <= footer["y"]
    buttons = [each.bounding_box() for each in page.locator(".st-key-lesson-footer button").all()]
    assert max(each["y"] + each["height"] for each in buttons) <= 900
