"""The data of a run as the player shows them: how they were read, and the names of the rows and columns of its picture."""

from typing import Any

from dmf_core.trajectory import picture_index
from ui.figures.files.flags import in_controls

NAME = 40  # characters


def given_data(account: dict[str, Any] | None) -> dict[str, Any] | None:
    """{sentence, rows, columns}; names as given, of the rows and columns that the picture has. None without an account.

    Never part of a payload: those are shared between visitors, and these names belong to one of them.
    """
    if account is None:
        return None
    sentence = in_controls(" ".join([account["sentence"], *account["notes"]]))
    names = account["names"]
    sides = account["shape"] if len(account["shape"]) == 2 else ()
    shown = {side_name: _shown(names[side_name], side) for side_name, side in zip(("rows", "columns"), sides, strict=False)}
    return {"sentence": sentence, "rows": shown.get("rows"), "columns": shown.get("columns")}


def _shown(names: list[str] | None, side: int) -> list[str] | None:
    return None if names is None else [names[k][:NAME] for k in picture_index(side)]
