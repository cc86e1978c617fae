"""The kinds of files that a run can be taken away as. A new kind is one function and one line in KINDS."""

from collections.abc import Callable
from dataclasses import dataclass

from ui.export.completed import completed_array, completed_table, completed_with_names, completes
from ui.export.gif import gif
from ui.export.mp4 import missing, mp4
from ui.export.notebook import notebook
from ui.export.numbers import array_bytes, as_json, bundle, csv, npz, table_bytes
from ui.export.page import page, page_bytes, plotly_page
from ui.export.pictures import pdf, png, svg
from ui.export.script import script
from ui.export.source import Source, Tell


@dataclass(frozen=True)
class Export:
    """A kind of file that a run can be exported as."""

    group: str
    label: str
    suffix: str
    mime: str
    make: Callable[[Source, Tell], bytes]
    slow: bool = False  # made off the page, with progress
    size: Callable[[Source], int] | None = None  # bytes, where they are known without making it
    bound: str = "about"  # what the size is: about, up to
    missing: Callable[[], str] = lambda: ""  # why it cannot be made on this server
    applies: Callable[[Source], bool] = lambda _: True  # whether this run has such a thing
    about: str = ""  # what the file holds


BYTES = "application/octet-stream"
COMPLETED = "Completed, in the unit of your data"
PLAYS = "Page that plays without a server"
AGAIN = "Script that makes it again"
VIEW = "the view that was on the screen"
ENTRIES = "every entry of W at the end, the given ones included, in the unit of your data"
KINDS = (
    Export("Picture", "PNG", ".png", "image/png", png, about=f"{VIEW}, in pixels"),
    Export("Picture", "SVG", ".svg", "image/svg+xml", svg, about=f"{VIEW}, as lines that can be enlarged and edited"),
    Export("Picture", "PDF", ".pdf", "application/pdf", pdf, about=f"{VIEW}, for print"),
    Export("Film", "GIF", ".gif", "image/gif", gif, slow=True, about="the whole run as a moving picture"),
    Export("Film", "MP4", ".mp4", "video/mp4", mp4, slow=True, missing=missing, about="the same film for slides"),
    Export(PLAYS, "Player", ".html", "text/html", page, size=page_bytes, bound="up to", about="the player; opens in any browser"),
    Export(PLAYS, "Plotly", ".plotly.html", "text/html", plotly_page, about="the curves as an interactive chart"),
    Export(
        "Data", "CSV", ".csv", "text/csv", csv, size=table_bytes, about="one line for each recorded moment: time, errors, norms"
    ),
    Export("Data", "NPZ", ".npz", "application/zip", npz, size=array_bytes, about="every recorded array, for numpy.load"),
    Export("Data", "JSON", ".json", "application/json", as_json, size=table_bytes, about="settings, result, units and measures"),
    Export(
        COMPLETED, "CSV, named", ".completed.csv", "text/csv", completed_table, applies=completes, about=f"{ENTRIES}, with names"
    ),
    Export(COMPLETED, "NPY", ".completed.npy", BYTES, completed_array, applies=completes, about=f"{ENTRIES}, for numpy.load"),
    Export(
        COMPLETED,
        "NPZ, named",
        ".completed.npz",
        "application/zip",
        completed_with_names,
        applies=completes,
        about=f"{ENTRIES}, with names",
    ),
    Export(AGAIN, "Python", ".py", "text/x-python", script, about="makes the run again and compares its numbers"),
    Export(AGAIN, "Notebook", ".ipynb", "application/x-ipynb+json", notebook, about="the same for Jupyter, with a chart"),
    Export(
        "All of it",
        "Run that opens here again",
        ".zip",
        "application/zip",
        bundle,
        size=array_bytes,
        bound="up to",
        about="the run itself, with your data where it has some: DMF Lab opens it under Start from, and verifies it",
    ),
)
