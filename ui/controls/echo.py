"""What a browser sends back of the values that the program shows in widgets and in the address: no old value counts as a choice.

A browser sends the values of all its widgets, and its address, with whatever it asks for. If it has not heard yet of a value
that the program has set, it sends the one before, which Streamlit calls a change: a poll of a run that grows would undo the
preset that was chosen a moment ago. So every place of a page has one more widget, out of sight, with a number that rises with
every value that is set. What a browser sends with a lower number than that of the value is not a choice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

MOST_DIGITS = 15  # of a number that a browser may send; a longer one is none of ours


@dataclass
class _Shown:
    """What a place has shown in one browser tab."""

    number: int = 0  # of values that were set
    set_as: dict[str, int] = field(default_factory=dict)  # by key of the widget: the number of the value that was set last
    values: dict[str, Any] = field(default_factory=dict)  # by key: what it shows


@dataclass(frozen=True)
class Echo:
    """Of one place of a page: its widgets come one after another, then `end`."""

    name: str

    def follow(self, key: str, value: Any) -> None:
        """Shows this value in the widget of this key, which comes next.

        Every widget in sight has the value as its default too: a rerun that follows at once takes the first one's messages back
        before the browser has them, and what was assigned here then reaches nobody.
        """
        shown = self._shown()
        shown.values[key] = value
        if st.session_state.get(key) != value:
            st.session_state[key] = value
            self.say(key)

    def say(self, name: str) -> None:
        """Notes that the browser is told something new of this name, which is the key of a widget or stands for an address."""
        shown = self._shown()
        shown.number += 1
        shown.set_as[name] = shown.number

    def heard(self, name: str) -> bool:
        """Whether the browser that asks now has heard what was said of this name last; True where it cannot be told."""
        sent = str(st.session_state.get(self._key, ""))
        known = len(sent) <= MOST_DIGITS and sent.isdecimal()
        return not known or int(sent) >= self._shown().set_as.get(name, 0)

    def chosen(self, key: str, take: Callable[[Any], None]) -> Callable[[], None]:
        """For `on_change` of the widget of this key: gives `take` what was chosen, and nothing else that a browser sends."""

        def choose() -> None:
            shown, value = self._shown(), st.session_state[key]
            if self.heard(key) and not (key in shown.values and shown.values[key] == value):
                shown.values[key] = value
                take(value)

        return choose

    def end(self) -> None:
        """The widget with the number: behind the others, so that who has it has theirs; and with a default, as they."""
        number = str(self._shown().number)
        if st.session_state.get(self._key) != number:
            st.session_state[self._key] = number
        st.text_input(self._key, number, key=self._key)

    @property
    def _key(self) -> str:
        return f"heard of {self.name}"

    def _shown(self) -> _Shown:
        shown: _Shown = st.session_state.setdefault(f"shown in {self.name}", _Shown())
        return shown


SIDEBAR = Echo("sidebar")
