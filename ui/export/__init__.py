"""Everything a run can be taken away as. A new kind is one function and one line in `kinds`."""

from ui.export.everything import everything
from ui.export.kinds import KINDS, Export
from ui.export.source import Source, Tell, file_name, nothing

ALL = Export("All of it", "Everything in one .zip", ".everything.zip", "application/zip", everything, slow=True)
EXPORTS = (*KINDS, ALL)

__all__ = ["EXPORTS", "Export", "Source", "Tell", "file_name", "nothing"]
