"""`data`: how a file is read. Runs nothing."""

import argparse
import json

from dmf_core.commands.given import reading_of


def tell(arguments: argparse.Namespace) -> int:
    """Prints the account of a file. Raises BadInput; Ambiguous with both readings where two are likely."""
    account = reading_of(arguments.file, arguments).account
    if arguments.json:
        print(json.dumps(account.as_json(), allow_nan=False))
        return 0
    print(account.sentence)
    for note in account.notes:
        print(note)
    for what, names in (("Rows", account.row_names), ("Columns", account.column_names)):
        if names:
            listed = ", ".join(names[:10])
            print(f"{what}: {listed}{', ...' if len(names) > 10 else ''}.")
    return 0
