"""One small matrix, one list of ratings and one tensor, which the tests write in many ways."""

import numpy as np
import pandas as pd

RNG = np.random.default_rng(0)
MATRIX = np.round(RNG.normal(size=(8, 5)), 3)
WHOLE = RNG.integers(1, 6, size=(8, 5))
FRAME = pd.DataFrame(MATRIX, columns=list("abcde"))
ENTRIES = [(u, i, int(RNG.integers(1, 11)) / 2) for u in range(1, 13) for i in range(1, 9) if RNG.random() < 0.7]
LIST = np.full((12, 8), np.nan)
for u, i, v in ENTRIES:
    LIST[u - 1, i - 1] = v


def lines(form: str, head: str = "") -> bytes:
    """The entries, one a line; `form` has the fields u, i and v."""
    return (head + "".join(form.format(u=u, i=i, v=v) + "\n" for u, i, v in ENTRIES)).encode()


TENSOR = [(i, j, k, float(i * j + k)) for i in range(1, 4) for j in range(1, 5) for k in range(1, 3) if (i + j + k) % 3]
