"""Our components, each of which ends when it leaves the page and not before.

Streamlit mounts a component when its script has come, and again with other data. Where those come before the script it mounts the
component twice, and then ends the first of the two, which for us is the same. Buys: without it the player of a page that was run
again while it opened stood still, without Plotly and without word of a lost connection (seen on a busy machine, and always where
the scripts are held back that long).
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

MOUNT, ONCE = "export default function mount(", "function mount("
LASTING = """
export default (page) => {
  const end = mount(page);
  return end && (() => page.parentElement.isConnected || end());
};
"""


def component(name: str, html: str, css: str, js: str, isolate_styles: bool = False) -> Callable[..., Any]:
    """As `st.components.v2.component`. `js`: exports `function mount` by default, which may return what ends it."""
    assert js.count(MOUNT) == 1, f"the script of {name} does not export mount"
    lasting = js.replace(MOUNT, ONCE) + LASTING
    made: Callable[..., Any] = st.components.v2.component(name, html=html, css=css, js=lasting, isolate_styles=isolate_styles)
    return made
