"""Readers of the user's own data: bytes and a file name in, an array with NaN where unknown and its account out."""

from dmf_core.data.containers import packed_text
from dmf_core.data.factors import read_factors
from dmf_core.data.options import ReadOptions, options_from_text
from dmf_core.data.read import form_of, read
from dmf_core.data.reading import Account, Ambiguous, Choice, Reading, Source, shortened
from dmf_core.data.roles import choosable
from dmf_core.data.sheets import sheets_of

__all__ = [
    "Account",
    "Ambiguous",
    "Choice",
    "ReadOptions",
    "Reading",
    "Source",
    "choosable",
    "form_of",
    "options_from_text",
    "packed_text",
    "read",
    "read_factors",
    "sheets_of",
    "shortened",
]
