"""Presets that differ only in where 500 of 1600 entries sit. Checked like all in tests/presets/."""

from random import Random
from typing import Any

import numpy as np

from dmf_core import painted_mask


def two_blocks(side: int, count: int, ties: int) -> dict[str, Any]:
    """The changes that make this the mask: two blocks of half the side, `ties` of the `count` entries between them.

    Drawn uniformly inside the blocks and between them, by the one generator that Python promises never to change.
    """
    random = Random(7)
    weights = np.array([[random.random() for _ in range(side)] for _ in range(side)])
    half = np.arange(side) < side // 2
    inside = half[:, None] == half[None, :]
    mask = np.zeros(side * side, dtype=bool)
    for region, size in ((inside, count - ties), (~inside, ties)):
        mask[np.argsort(np.where(region, weights, 2.0), axis=None)[:size]] = True
    return {"problem.pattern": "drawn", "problem.mask": painted_mask.to_text(mask.reshape(side, side))}


CONNECTIVITY: tuple[tuple[str, str, str, dict[str, Any]], ...] = (  # name, title, sentence, changes
    (
        "seen-anywhere",
        "500 entries, anywhere",
        "500 of the 1\u202f600 entries, drawn anywhere, are enough: the others are missed by less than 5 % of a typical entry.",
        {},
    ),
    (
        "seen-two-blocks",
        "500 entries in two blocks",
        "The same number in two blocks that share no row and no column: inside them all is found, across them nothing.",
        two_blocks(40, 500, ties=0),
    ),
    (
        "seen-one-tie",
        "Two blocks, one tie",
        "One entry ties the blocks into one component; at rank 2 four are needed, so across the blocks nothing is found.",
        two_blocks(40, 500, ties=1),
    ),
    (
        "seen-four-ties",
        "Two blocks, four ties",
        "Four ties leave no entry free to move at rank 2, yet training fits them with a third mode and misses the rest.",
        two_blocks(40, 500, ties=4),
    ),
    (
        "seen-forty-ties",
        "Two blocks, forty ties",
        "Forty of the 500 entries lie between the blocks: now training finds what is there too, within 12 % of a typical entry.",
        two_blocks(40, 500, ties=40),
    ),
    (
        "seen-band",
        "500 entries near the diagonal",
        "A band along the diagonal ties every row to every column: corners never seen are missed by a tenth of a typical entry.",
        {"problem.pattern": "banded"},
    ),
    (
        "seen-empty-row",
        "A row that is never seen",
        "The first row could be anything: W stays below 2 % of a typical entry there; the others are found within 5 %.",
        {"problem.pattern": "empty_row"},
    ),
)
