"""Numbers as people read them: thin spaces between thousands, true minus signs, powers of ten."""

import math

from dmf_core.formatting import MINUS as MINUS
from dmf_core.formatting import THIN as THIN
from dmf_core.formatting import whole as whole

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power(value: float) -> str:
    """10⁻³ or 3·10⁻⁴; plain from 0.1 to 999."""
    if value == 0 or 0.1 <= abs(value) < 1000:
        return f"{value:g}".replace("-", MINUS)
    exponent = math.floor(math.log10(abs(value)) + 1e-9)
    mantissa = value / 10.0**exponent
    ten = "10" + str(exponent).translate(SUPERSCRIPT)
    return ten if math.isclose(mantissa, 1) else f"{mantissa:.3g}·{ten}".replace("-", MINUS)


def percent(share: float) -> str:
    """42 %, and one digit more below 10 %."""
    return f"{100 * share:.0f}{THIN}%" if share >= 0.0995 else f"{100 * share:.1f}{THIN}%"


def size(count: int) -> str:
    """Bytes as people read them: 540 kB, 1.2 MB."""
    if count < 999_500:
        return f"{max(1, round(count / 1000))}{THIN}kB"
    return f"{count / 1e6:.1f}{THIN}MB" if count < 99.5e6 else f"{count / 1e6:.0f}{THIN}MB"
