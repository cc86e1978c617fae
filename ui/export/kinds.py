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


BYTES = "application/octet-stream"
COMPLETED = "Completed, in the unit of your data"
KINDS = (
    Export("Picture", "PNG", ".png", "image/png", png),
    Export("Picture", "SVG", ".svg", "image/svg+xml", svg),
    Export("Picture", "PDF", ".pdf", "application/pdf", pdf),
    Export("Film", "GIF", ".gif", "image/gif", gif, slow=True),
    Export("Film", "MP4", ".mp4", "video/mp4", mp4, slow=True, missing=missing),
    Export("Page that plays without a server", "Player", ".html", "text/html", page, size=page_bytes, bound="up to"),
    Export("Page that plays without a server", "Plotly", ".plotly.html", "text/html", plotly_page),
    Export("Data", "CSV", ".csv", "text/csv", csv, size=table_bytes),
    Export("Data", "NPZ", ".npz", "application/zip", npz, size=array_bytes),
    Export("Data", "JSON", ".json", "application/json", as_json, size=table_bytes),
    Export(COMPLETED, "CSV, named", ".completed.csv", "text/csv", completed_table, applies=completes),
    Export(
        "Completed, in the unit of your data",
        "NPY",
        ".completed.npy",
        "application/octet-stream",
        completed_array,
        applies=completes,
    ),
    Export(
        "Completed, in the unit of your data",
        "NPZ, named",
        ".completed.npz",
        "application/zip",
        completed_with_names,
        applies=completes,
    ),
    Export("Script that makes it again", "Python", ".py", "text/x-python", script),
    Export("Script that makes it again", "Notebook", ".ipynb", "application/x-ipynb+json", notebook),
    Export("All of it", "Run that opens here again", ".zip", "application/zip", bundle, size=array_bytes, bound="up to"),
)
