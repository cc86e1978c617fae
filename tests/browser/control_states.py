"""Every kind of control on a page while it is pointed at, pressed, focused or disabled: which words have too little contrast.

Chromium is told to draw all of them in that state at once; the marks that React Aria sets for a pointer are set, too. axe takes
a second for each state of each control, this some hundredths for a page.
"""

from typing import Any

from playwright.sync_api import Error

LEAST = 4.5  # WCAG 1.4.3
LEAST_DISABLED = 3.0  # of a control that does nothing now: WCAG asks for none
CONTROLS = "button, a[href], [role=radio], [role=tab], [role=option], [role=switch], select, summary, label, input"
STATES: dict[str, tuple[list[str], list[str]]] = {  # pseudo-classes, attributes of React Aria
    "hovered": (["hover"], ["data-hovered"]),
    "focused": (["focus", "focus-visible", "focus-within"], ["data-focused", "data-focus-visible"]),
    "pressed": (["hover", "active", "focus"], ["data-hovered", "data-pressed"]),
    "disabled": ([], []),
}
SHARED = """
const shown = (control) => {
  const box = control.getBoundingClientRect();
  return box.width > 3 && box.height > 3 && control.checkVisibility({ visibilityProperty: true });
};
const words = (control) => {
  if (control.matches("input:not([type=radio], [type=checkbox], [type=range], [type=file])")) return control.value && control;
  const filled = (node) => node.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
  const node = document.createTreeWalker(control, NodeFilter.SHOW_TEXT, filled).nextNode();
  return node && node.parentElement.getBoundingClientRect().width > 2 && node.parentElement;
};
"""
MARK = """(controls) => { SHARED
  const kinds = new Set();
  for (const control of document.querySelectorAll(controls)) {
    const { tagName, className, disabled, dataset: { testid, selected, do: does } } = control, text = words(control);
    const ground = text && getComputedStyle(text).color + getComputedStyle(control).backgroundColor;
    const kind = [tagName, className, disabled, testid, selected, does, ground, control.getAttribute("aria-checked")].join();
    if (!text || !shown(control) || kinds.has(kind)) continue;
    kinds.add(kind);
    control.dataset.kind = kinds.size;
  }
  document.head.insertAdjacentHTML("beforeend",
    "<style data-kind>*, *::before, *::after { transition: none !important; animation: none !important }</style>");
  return kinds.size;
}""".replace("SHARED", SHARED)
ENTER = """([attributes, off]) => {
  for (const control of document.querySelectorAll("[data-kind]:not(style)")) {
    for (const name of attributes) control.setAttribute(name, "true");
    if (off && "disabled" in control && !control.disabled) control.disabled = control.dataset.off = true;
  }
}"""
LEAVE = """(attributes) => {
  for (const control of document.querySelectorAll("[data-kind]:not(style)")) {
    for (const name of attributes) control.removeAttribute(name);
    if (control.dataset.off) control.disabled = false;
    delete control.dataset.off;
  }
}"""
FORGET = """() => {
  for (const each of document.querySelectorAll("[data-kind]")) each.matches("style") ? each.remove() : delete each.dataset.kind;
}"""
PALE = """(least) => { SHARED
  const parsed = (text) => {
    const [r, g, b, alpha = 1] = (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
    return [...[r, g, b].map((v) => text.startsWith("color(srgb") ? 255 * v : v), alpha];
  };
  const over = (top, alpha, below) => [0, 1, 2].map((i) => alpha * top[i] + (1 - alpha) * below[i]);
  const light = (rgb) => rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + [0.2126, 0.7152, 0.0722][i] * v, 0);
  return [...document.querySelectorAll("[data-kind]:not(style)")].flatMap((control) => {
    const text = words(control), chain = [];
    for (let each = text; each; each = each.parentElement) chain.unshift(each);
    let ground = [255, 255, 255], opacity = 1;
    for (const each of chain) {
      const style = getComputedStyle(each), fill = parsed(style.backgroundColor);
      if (style.backgroundImage !== "none") return [];
      ground = over(fill, fill[3], ground);
      opacity *= Number(style.opacity);
    }
    const ink = parsed(getComputedStyle(text).color);
    const [a, b] = [light(over(ink, ink[3] * opacity, ground)), light(ground)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05), limit = control.disabled ? least.disabled : least.usual;
    return ratio < limit ? [`${(text.value || text.textContent).trim().slice(0, 40)}: contrast ${ratio.toFixed(2)}`] : [];
  });
}""".replace("SHARED", SHARED)


def pale(page: Any) -> tuple[int, list[str]]:
    """How many kinds of controls with words are on the page, and which of them are too pale, in which state."""
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    count = page.evaluate(MARK, CONTROLS)
    faults = []
    for state, (pseudo, attributes) in STATES.items():
        _force(session, pseudo)
        page.evaluate(ENTER, [attributes, state == "disabled"])
        faults += [f"{state}, {each}" for each in page.evaluate(PALE, {"usual": LEAST, "disabled": LEAST_DISABLED})]
        page.evaluate(LEAVE, attributes)
    _force(session, [])
    page.evaluate(FORGET)
    session.detach()
    return count, faults


def _force(session: Any, pseudo: list[str]) -> None:
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    for node in session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-kind]:not(style)"})["nodeIds"]:
        try:
            session.send("CSS.forcePseudoState", {"nodeId": node, "forcedPseudoClasses": pseudo})
        except Error as error:  # a rerun of the page has just put another element in its place
            if "Could not find node" not in str(error):
                raise
