"""Results that outlive their process: digest -> archive, with an index, shared by page, command line and workers."""

from dmf_core.store.location import store_directory
from dmf_core.store.program import program
from dmf_core.store.row import LASTING, Row, row_of
from dmf_core.store.store import Store, open_store, with_accuracy

__all__ = ["LASTING", "Row", "Store", "open_store", "program", "row_of", "store_directory", "with_accuracy"]
