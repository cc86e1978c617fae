"""plotly.min.js of the installed package, without the kinds of charts that nothing here draws, served to the page.

Its modules are definitions that are evaluated when they are asked for, so those that `lib/core` does not reach are left out,
and the others are handed out in the order in which they need each other: the page evaluates some of them whenever it is idle.
Of a Plotly that is built otherwise nothing is served, a line is logged, and the charts stay the stills that they are at first.

Buys: the longest piece of work for the main thread takes 0.07 s instead of 0.78 s, all of its script 0.10 s instead of 0.79 s
(medians of eleven loads of either kind in turn, Chromium), and 1.1 MB are sent instead of 4.8 MB.
"""

import logging
import re
from functools import cache
from pathlib import Path

import plotly
from streamlit import runtime

PACKAGE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PATCHES = "the plotly.min.js of plotly 7.1"
DEFINED = re.compile(r"(?:(?<=;)|(?<=\}))var ([\w$]+)=(?:W|Ea)\(")
REGISTERED = re.compile(r"[\w$]+\.register\(\[(?:[\w$]+\(\),?)+\]\);")  # every kind of chart but the scatter of the core
CALLED = re.compile(r"([\w$]+)\(\)")
ENDED = re.compile(r"return ([\w$]+)\(\);\}\)\(\);")
log = logging.getLogger(__name__)


@cache
def plotly_pieces() -> str:
    """A script that sets window.PlotlyParts: `steps`, functions to be called in this order, and `all`, which gives Plotly.

    Empty where the installed file is not built as expected.
    """
    source = PACKAGE.read_text(encoding="utf-8")
    marks, ended = [match.start() for match in DEFINED.finditer(source)], ENDED.search(source)
    if ended is None or len(marks) < 100 or "window.Plotly = Plotly" not in source:
        log.warning("The installed Plotly is not %s: charts stay stills, without hover and zoom.", PATCHES)
        return ""
    chunks = [source[start:end] for start, end in zip(marks, [*marks[1:], ended.start()], strict=True)]
    chunks[-1] = REGISTERED.sub("", chunks[-1])
    names = [_name(chunk) for chunk in chunks]
    order = _needed(chunks, names)
    needed = set(order)
    # Some definitions are followed by other code at the top level; these are always kept.
    needed_chunks = [chunk for i, chunk in enumerate(chunks) if i in needed or not chunk.rstrip().endswith("});")]
    steps = ",".join(names[i] for i in order if chunks[i].startswith(f"var {names[i]}=W("))
    end = source[ended.start() :].replace(ended[0], f"return {{steps:[{steps}],all:{ended[1]}}};}})();", 1)
    return source[: marks[0]] + "".join(needed_chunks) + end.replace("window.Plotly = Plotly", "window.PlotlyParts = Plotly")


def _name(chunk: str) -> str:
    match = DEFINED.match(" ;" + chunk, 2)
    assert match is not None
    return match[1]


def _needed(chunks: list[str], names: list[str]) -> list[int]:
    """What the last definition reaches, each after all that it reaches itself."""
    index = {name: i for i, name in enumerate(names)}
    order: list[int] = []
    visited: set[int] = set()
    waiting: list[tuple[int, bool]] = [(len(chunks) - 1, False)]
    while waiting:
        i, done = waiting.pop()
        if done:
            order.append(i)
        elif i not in visited:
            visited.add(i)
            waiting.append((i, True))
            waiting += [(index[name], False) for name in CALLED.findall(chunks[i]) if name in index]
    return order


def plotly_address() -> str:
    """Where browsers find it, as long as the server runs; empty where there is no server or no such script.

    It lies in Streamlit's storage itself: files of a session are gone while one of its reruns is given up for the next, as when
    a slider is dragged. That storage is not documented; nothing of it is changed, so this stays on where the patches are off.
    A Streamlit without it has charts that stay stills.
    """
    script = _script()
    if not script or not runtime.exists():
        return ""
    try:
        from streamlit.runtime.media_file_storage import MediaFileKind

        storage = runtime.get_instance().media_file_mgr._storage
        return storage.get_url(storage.load_and_get_id(script, "text/javascript", MediaFileKind.MEDIA))
    except (AttributeError, ImportError, TypeError):
        log.warning("This Streamlit stores no files: charts stay stills, without hover and zoom.")
        return ""


@cache
def _script() -> bytes:
    return plotly_pieces().encode()
