"""Every target on a page that a finger can hit: which are smaller than 44 by 44 pixels.

The hit area of a control is measured, not its box: points on the two lines through its centre are asked which element they hit.
Links inside running text are left out, as in WCAG 2.5.8, and so is what is disabled.
"""

from typing import Any

LEAST = 44  # pixels, see the design, section 2
ROUNDING = 1  # pixel: boxes end between pixels
SIZES = ((390, 844), (844, 390))  # a phone upright and on its side
TARGETS = (
    "button, a[href], select, summary, textarea, input:not([type=hidden], [type=file]), "
    "[role=radio], [role=tab], [role=option], [role=switch], [role=slider], [role=menuitem], [role=button]"
)
SMALL = """([targets, least]) => {
  const WHOLE = `label:has(input:is([type=checkbox], [type=radio])), [data-testid=stNumberInputContainer]`;
  const TEXT = "p, li, dd, td, label, small";
  const UNSEEN = { visibilityProperty: true, opacityProperty: true };
  const spotOf = (each) => each.matches("input") && each.closest(WHOLE) || each;
  const inText = (each) => each.matches("a, button") && each.parentElement.matches(TEXT)
    && [...each.parentElement.childNodes].some((node) => node !== each && node.textContent.trim().length > 1);
  const shown = (box) => box.width > 2 && box.height > 2 && box.right > 3 && box.left < innerWidth - 3;
  const hits = (spot, x, y) => spot.contains(document.elementFromPoint(x, y));
  const extent = (spot, x, y, dx, dy) => {
    let far = 0;
    while (far < least && hits(spot, x + dx * (far + 1), y + dy * (far + 1))) far += 1;
    return far;
  };
  const nameOf = (each) => {
    const words = each.getAttribute("aria-label") || each.textContent.trim() || each.value || each.name || "";
    const key = each.closest("[class*=st-key-]")?.className.match(/st-key-[\\w-]+/)?.[0];
    return `${each.tagName.toLowerCase()} ${words.slice(0, 40)} (${key || each.closest("[data-testid]")?.dataset.testid})`;
  };
  const faults = [];
  let count = 0;
  for (const each of document.querySelectorAll(targets)) {
    const spot = spotOf(each);
    if (!shown(spot.getBoundingClientRect()) || !spot.checkVisibility(UNSEEN)) continue;
    if (each.matches(":disabled, [tabindex='-1']:not([role=radio], [role=tab], [role=option])") || inText(each)) continue;
    spot.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const { left, top, width, height } = spot.getBoundingClientRect(), x = left + width / 2, y = top + height / 2;
    if (!hits(spot, x, y)) continue; // another element covers it: not to be hit at all
    count += 1;
    const wide = Math.max(width, 1 + extent(spot, x, y, -1, 0) + extent(spot, x, y, 1, 0));
    const high = 1 + extent(spot, x, y, 0, -1) + extent(spot, x, y, 0, 1);
    if (wide >= least && high >= least) continue;
    const half = least / 2, around = [[-half, 0], [half, 0], [0, -half], [0, half]].map(([dx, dy]) => [x + dx, y + dy]);
    const others = around.filter(([a, b]) => !hits(spot, a, b)).map(([a, b]) => document.elementFromPoint(a, b));
    const neighbours = others.map((other) => other ? `${other.tagName.toLowerCase()}.${other.getAttribute("class")}` : "-");
    faults.push(`${nameOf(each)}: ${Math.round(wide)} x ${Math.round(high)}, beside ${neighbours.join(" and ")}`);
  }
  return [count, faults];
}"""
TURNED = """(width) => {  // the page has this width, for fingers, and the menu that belongs to it
  const menu = width > 768 ? "stTopNavLink" : "stExpandSidebarButton";
  return matchMedia("(pointer: coarse)").matches && innerWidth === width && document.querySelector(`[data-testid=${menu}]`);
}"""
OPENED = """() => {  // the sidebar has come to rest
  const close = document.querySelector("[data-testid=stSidebarCollapseButton] button");
  const moving = document.getAnimations().some((each) => each.playState === "running");
  return close?.checkVisibility() && close.getBoundingClientRect().left > 0 && !moving;
}"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def small(page: Any) -> tuple[int, list[str]]:
    """How many targets can be hit on the page, and which of them are too small. Scrolls the page."""
    count, faults = page.evaluate(SMALL, [TARGETS, LEAST - ROUNDING])
    return count, faults


def small_on_a_phone(page: Any) -> tuple[int, list[str]]:
    """As `small`, at both sizes of a phone with a touch screen, at the last with its sidebar too; the page gets its size back."""
    before = page.viewport_size
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    total, faults = 0, []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(TURNED, arg=width)
        page.evaluate(FRAMES)
        count, here = small(page)
        total += count
        faults += [f"{width} x {height}, {each}" for each in here]
    if (expand := page.get_by_test_id("stExpandSidebarButton")).is_visible():
        expand.click()
        page.wait_for_function(OPENED)
        count, here = small(page)
        total += count
        faults += [f"with the sidebar, {each}" for each in here]
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    session.detach()
    page.set_viewport_size(before)
    return total, faults
