"""`data`: how a file is read. Runs nothing."""

import argparse
import json

from dmf_core.cli.user_file import reading_of


def tell(arguments: argparse.Namespace) -> int:
    """Prints the account of a file. Raises BadInput; Ambiguous with both readings where two are likely."""
    account = reading_of(arguments.file, arguments).account.as_json()
    if arguments.json:
        print(json.dumps(account, allow_nan=False))
        return 0
    print("\n".join([account["sentence"], *account["notes"]]))
    for axis, names in account["names"].items():
        if names:
            print(f"Names of the first {axis}: {', '.join(names)}.")
    return 0
