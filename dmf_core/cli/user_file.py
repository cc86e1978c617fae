"""The user's file of a command, read as its flags say."""

import argparse

from dmf_core import limits
from dmf_core.cli.files import content_of
from dmf_core.data import Reading, options_from_text, read


def reading_of(path: str, arguments: argparse.Namespace) -> Reading:
    """The reading of this file. Raises BadInput."""
    options = options_from_text(
        kind=arguments.data_kind,
        columns=arguments.data_columns,
        header=arguments.data_header,
        index=arguments.data_index,
        separator=arguments.data_separator,
        decimal=arguments.data_decimal,
        unknown=arguments.data_unknown,
        duplicates=arguments.data_duplicates,
        largest=arguments.data_largest,
        part=arguments.data_part,
        image_side=arguments.image_side,
    )
    return read(content_of(path, limits.UPLOAD_BYTES), path, options)
