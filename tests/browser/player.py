"""The player of a page, as tests read it and press its keys."""

from collections.abc import Callable
from typing import Any

Visit = Callable[..., Any]
PLAYER = "[data-testid=player]"
# What moves by itself inside of a selector, or would after a change: names of elements.
MOVING = """(selector) => {
    const name = (each) => `${each.tagName} ${each.dataset.testid || each.className}`;
    const moves = (each) => ["", "::before", "::after"].some((part) => {
        const style = getComputedStyle(each, part || null);
        return /[1-9]/.test(style.transitionDuration) && style.transitionProperty !== "none"; });
    const root = document.querySelector(selector);
    return [...root.querySelectorAll("*")].filter(moves).map(name).concat(
        document.getAnimations().map(({ effect }) => name(effect.target))); }"""


def dataset(page: Any, selector: str = PLAYER) -> dict[str, str]:
    """The data attributes of the player."""
    attributes: dict[str, str] = page.eval_on_selector(selector, "root => ({...root.dataset})")
    return attributes


def frame(page: Any) -> int:
    return int(dataset(page)["frame"])


def wait_until(page: Any, condition: str, selector: str = PLAYER) -> None:
    """Until a condition on the data attributes `d` holds."""
    page.wait_for_function(f"() => {{ const d = document.querySelector('{selector}')?.dataset; return d && ({condition}) }}")


def begun(page: Any) -> None:
    """Presses Run where the page asks first: on a busy machine it announces as long what is short on an idle one."""
    asks = "document.querySelector('[data-notice=empty] .dmf-notice .dmf-buttons button')"
    wait_until(page, f"d.notice === 'empty' ? {asks} : d.notice")
    page.evaluate(f"{asks}?.click()")  # at once: the page may find out meanwhile that it need not ask


def press_keys(page: Any, *keys: str, selector: str = PLAYER) -> None:
    page.focus(selector)
    for key in keys:
        page.keyboard.press(key)


def player(page: Any, expression: str) -> Any:
    """A value of the player, `p`."""
    return page.evaluate(f"(() => {{ const p = document.querySelector('{PLAYER}').player; return {expression} }})()")
