"""The distance between two losses or speeds, over the whole range of floats."""

from math import log

import pytest

from dmf_core.recording.sampling import log_ratio


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (2.0, 8.0, log(4)),
        (8.0, 2.0, log(4)),
        (0.0, 1.0, 0.0),
        (1.0, 0.0, 0.0),
        (1e-300, 1e100, 400 * log(10)),  # the quotient is 0 in float64
        (1e100, 1e-300, 400 * log(10)),  # and here infinite
    ],
)
def test_log_ratio_holds_over_the_range_of_floats(a: float, b: float, expected: float) -> None:
    assert log_ratio(a, b) == pytest.approx(expected, rel=1e-14)
