"""Which entries of a file are free, so that no method can know them: the sentence and a small picture of the mask."""

import base64
import io

import numpy as np

from dmf_core.theory.connectivity import components
from dmf_core.theory.unknowable import unknowable
from ui.figures.typeset import typeset

SIDE = 180  # pixels of the picture at most


def free_entries(array: np.ndarray) -> str:
    """HTML; says so too where counting finds no free entry."""
    known = ~np.isnan(array)
    if known.all():
        return "<p>Every entry is known; the run hides some to learn them again.</p>"
    counted = unknowable(known)
    sentence = (
        typeset(counted.sentence("entries that the file leaves unknown"))
        if counted.count
        else (
            "Counting finds no free entry: every row and column has a known entry, and chains of them tie all together. "
            "At a higher rank entries can be free; the run says so."
        )
    )
    if array.ndim > 2:
        return f"<p>{sentence}</p>"
    picture = f'<i style="mask-image:url({mask_picture(known)})"></i>'
    grey = ", never knowable ones grey" if counted.count else ""
    return (
        f'<div class="fl-mask"><span style="{_sides(known)}" aria-hidden="true">{picture}</span><p>{sentence}</p></div>'
        f'<p class="nr-proof">Known entries are filled{grey}; rows and columns are sorted by group and count.</p>'
    )


def _sides(known: np.ndarray) -> str:
    high, wide = known.shape
    longer = max(high, wide)
    return f"width:{max(6, round(SIDE * wide / longer))}px;height:{max(6, round(SIDE * high / longer))}px"


def mask_picture(known: np.ndarray) -> str:  # [rows, columns] bool
    """A PNG as a data address: known entries dark, those of other groups grey, the rest clear."""
    from PIL import Image

    parts = components(known)
    rows = np.lexsort((-known.sum(axis=1), parts.of_rows))
    columns = np.lexsort((-known.sum(axis=0), parts.of_columns))
    apart = parts.of_rows[rows][:, None] != parts.of_columns[columns][None, :]
    shade = np.where(known[np.ix_(rows, columns)], 255, np.where(apart, 70, 0)).astype(np.uint8)
    high, wide = shade.shape
    share = min(1.0, SIDE / max(high, wide))
    size = (max(1, round(wide * share)), max(1, round(high * share)))
    alpha = Image.fromarray(shade)
    alpha = alpha if share == 1 else alpha.resize(size, Image.Resampling.BOX)
    picture = Image.merge("LA", (Image.new("L", alpha.size, 0), alpha))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


def grey_picture(array: np.ndarray) -> str:  # [rows, columns], 0 to 1
    """The picture itself as a PNG in a data address."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(np.round(255 * np.clip(array, 0, 1)).astype(np.uint8)).save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
