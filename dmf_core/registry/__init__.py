"""Tables of kinds, and the plugins that add to them."""

from dmf_core.registry.table import TABLES, Table, kind_of, name_of, title_of

__all__ = ["TABLES", "Table", "kind_of", "name_of", "title_of"]
