"""axe-core on every page and every view, light and dark. Its script comes with the package: nothing is fetched."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from dmf_core.reproductions import REPRODUCTIONS
from tests.browser.conftest import ROOT, settled
from tests.browser.control_states import pale
from tests.browser.targets import small, small_on_a_phone
from tests.browser.visitors import patient

CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}  # what the colours of the dark can change
LEAST_CHECKED = 20  # rules that must have looked at something: else the page was not there
LEAST_CONTROLS = 2  # kinds of controls with words, on any page: the chosen name of the menu and the others
OPENED = ("learn?chapter=3", f"reproductions?figure={next(iter(REPRODUCTIONS))}")  # pages that show more than as they begin
TINY = "button[kind] { min-width: 0 !important; min-height: 0 !important; width: 20px; height: 20px; padding: 0 }"
LEAST_TARGETS = 10  # on any page: the names of the menu, and its own
UNREADABLE = ":is(button, a):hover, :is(button, a):hover * { color: light-dark(#BBBBBB, #444444) !important }"


def addresses(page, app: str) -> list[str]:
    """Those of the menu, and of the views that Explore and Gallery link to."""
    addresses: list[str] = []
    for first in (app, f"{app}/gallery"):
        page.goto(first)
        page.get_by_test_id("stTopNavLink").first.wait_for()
        page.locator(".st-key-views a").nth(1).wait_for()
        addresses += page.eval_on_selector_all(
            "[data-testid=stTopNavLink], .st-key-views a", "links => links.map(link => link.href)"
        )
    return sorted({address.split("?")[0] for address in addresses})


def serious(address: str, response: dict[str, Any]) -> list[str]:
    return [
        f"{address} {each['id']}: {each['help']}: {'; '.join(node['html'][:160] for node in each['nodes'][:3])}"
        for each in response["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def test_page_has_no_serious_violation(app, chromium) -> None:
    page = patient(chromium.new_page(viewport={"width": 1400, "height": 900}, color_scheme="light"))
    pages = addresses(page, app)
    assert len(pages) == len(list((ROOT / "pages").glob("*.py")))
    violations = []
    for address in pages:
        page.goto(address)
        page.get_by_role("heading").first.wait_for()
        settled(page, "light")
        response = Axe().run(page).response
        assert len(response["passes"]) > LEAST_CHECKED, address
        violations += serious(address, response) + pale_controls(page, address)
        page.emulate_media(color_scheme="dark")
        settled(page, "dark")
        dark = Axe().run(page, options=CONTRAST).response
        assert dark["passes"] or dark["violations"], address
        violations += serious(f"{address} in the dark", dark) + pale_controls(page, f"{address} in the dark")
        page.emulate_media(color_scheme="light")
        count, too_small = small_on_a_phone(page)
        assert count >= LEAST_TARGETS, address
        violations += [f"{address} at {each}" for each in too_small]
    for address in (f"{app}/{each}" for each in OPENED):
        page.goto(address)
        page.locator(".dmf-strip select:visible, .rp-all:visible").first.wait_for()
        settled(page)
        violations += [f"{address} at {each}" for each in small_on_a_phone(page)[1]]
    page.add_style_tag(content=TINY)
    assert small(page)[1]  # it can fail
    page.add_style_tag(content=UNREADABLE)
    assert any(each.startswith("hovered") for each in pale(page)[1])  # it can fail
    page.close()
    assert violations == []


def pale_controls(page, address: str) -> list[str]:
    """Words of controls that cannot be read while it is hovered, focused, pressed or disabled."""
    count, faults = pale(page)
    assert count >= LEAST_CONTROLS, address
    return [f"{address}, {each}" for each in faults]


CONTROLS = (  # of the page Explore, one of every kind
    "[data-testid=stSidebar] [role=radiogroup] button[data-selected]",
    "[data-testid=stSidebar] [role=radiogroup] button:not([data-selected])",
    "[data-testid=stSidebar] [data-testid=stBaseButton-primary]",
    ".st-key-actions button",
    ".dmf-shown [role=radio]:not([aria-checked=true])",
)
LEAST_CONTRAST = 3.0  # of a control that does nothing now: WCAG asks for none, and axe leaves it out
RATIO = """control => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, below) => [0, 1, 2].map((i) => (top[3] ?? 1) * top[i] + (1 - (top[3] ?? 1)) * below[i]);
  const light = (rgb) => rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + [0.2126, 0.7152, 0.0722][i] * v, 0);
  const text = control.querySelector("p") || control, chain = [];
  for (let each = text; each; each = each.parentElement) chain.unshift(each);
  let ground = [255, 255, 255], ink = null;
  for (const each of chain) {
    const style = getComputedStyle(each), opacity = Number(style.opacity);
    const fill = parse(style.backgroundColor);
    if (each.contains(control) || each === control) ground = over([...fill.slice(0, 3), (fill[3] ?? 1)], ground);
    const [r, g, b, alpha = 1] = parse(style.color);
    ink = over([r, g, b, alpha * opacity], ground);
  }
  const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}"""


def test_control_can_be_read_while_it_is_hovered_focused_pressed_or_disabled(app, chromium) -> None:
    page = patient(chromium.new_page(viewport={"width": 1280, "height": 720}, color_scheme="light"))
    page.goto(app)
    page.locator('[data-testid=player]:not([data-frames="0"])').wait_for()
    violations = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        settled(page, theme)
        for selector in CONTROLS:
            control = page.locator(selector).first
            control.hover()
            violations += contrast(page, selector, f"{theme}, hovered")
            page.mouse.down()
            violations += contrast(page, selector, f"{theme}, pressed")
            page.mouse.move(640, 700)  # let go elsewhere: nothing is chosen
            page.mouse.up()
            control.focus()
            violations += contrast(page, selector, f"{theme}, focused")
            control.evaluate("control => control.disabled = true")
            settled(page)
            if (ratio := control.evaluate(RATIO)) < LEAST_CONTRAST:
                violations.append(f"{selector}, {theme}, disabled: contrast {ratio:.2f}")
            control.evaluate("control => control.disabled = false")
    page.close()
    assert violations == []


def contrast(page, selector: str, state: str) -> list[str]:
    """What of this control has too little contrast in this state."""
    response = Axe().run(page, context=selector, options=CONTRAST).response
    assert response["passes"] or response["violations"] or response["incomplete"], f"{selector} was not there"
    return serious(f"{selector}, {state}", response)
