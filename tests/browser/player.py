"""The player of a page, as tests read it and press its keys."""

from collections.abc import Callable
from typing import Any

Visit = Callable[..., Any]
PLAYER = "[data-testid=player]"


def at(page: Any) -> dict[str, str]:
    """The data attributes of the player."""
    dataset: dict[str, str] = page.eval_on_selector(PLAYER, "root => ({...root.dataset})")
    return dataset


def frame(page: Any) -> int:
    return int(at(page)["frame"])


def wait(page: Any, condition: str) -> None:
    """Until a condition on the data attributes `d` holds."""
    page.wait_for_function(
        f"() => {{ const d = document.querySelector('{PLAYER}').dataset; return {condition} }}", timeout=60_000
    )


def press(page: Any, *keys: str) -> None:
    page.focus(PLAYER)
    for key in keys:
        page.keyboard.press(key)


def player(page: Any, expression: str) -> Any:
    """A value of the player, `p`."""
    return page.evaluate(f"(() => {{ const p = document.querySelector('{PLAYER}').player; return {expression} }})()")
