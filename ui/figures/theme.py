"""The colours of DESIGN.md, section 4, for pictures that are drawn on the server."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

GAMMA = 0.85  # of |v|, as in the player
HALF = 255  # steps from zero to either end of the matrix's scale
NAMED = 12  # modes beyond are "rest"
COLOURED = 6  # modes with a colour of their own; then the colours come again, dashed


@dataclass(frozen=True)
class Theme:
    """Light or dark. `lines` and `texts` are of modes 1 to 6, then again, dashed."""

    name: str
    page: str
    ink: str
    ink2: str
    ink3: str
    axis: str
    rule: str
    rest: str
    lines: tuple[str, ...]
    texts: tuple[str, ...]
    ok: str
    warn: str
    error: str
    negative: str
    zero: str
    positive: str
    future: float  # opacity of what is still to come
    well: str
    focus: str
    link: str

    def line(self, mode: int) -> str:  # mode from 1
        return self.lines[(mode - 1) % len(self.lines)] if mode <= NAMED else self.rest

    def text(self, mode: int) -> str:
        return self.texts[(mode - 1) % len(self.texts)] if mode <= NAMED else self.ink3

    def mark(self, mark: str) -> str:
        """The colour of a verdict, by its mark."""
        return {"✓": self.ok, "△": self.warn, "✕": self.error}.get(mark, self.ink2)

    @cached_property
    def tokens(self) -> dict[str, str]:
        """Every colour by the name that style sheets and figures know it by."""
        named = {"bg": self.page, "ctl": self.axis, "err": self.error, "line-rest": self.rest, "text-rest": self.ink3}
        same = ("well", "ink", "ink2", "ink3", "rule", "focus", "link", "ok", "warn", "negative", "zero", "positive")
        named |= {name: getattr(self, name) for name in same}
        named |= {f"line{i}": colour for i, colour in enumerate(self.lines, start=1)}
        return named | {f"text{i}": colour for i, colour in enumerate(self.texts, start=1)}

    def scale(self) -> np.ndarray:  # [2 * HALF + 1, 3] uint8
        """The colours of the matrix from -1 to 1; zero melts into the page."""
        share = _shares()[:, None]
        ends = np.where(share < 0, rgb(self.negative), rgb(self.positive))
        mixed = rgb(self.zero) + (ends - rgb(self.zero)) * np.abs(share) ** GAMMA
        return np.asarray(np.round(mixed), dtype=np.uint8)


def grey_scale(black: float, white: float) -> np.ndarray:  # [2 * HALF + 1, 3] uint8
    """The greys of a picture from -1 to 1, in both themes; values outside of black and white are one of the two."""
    grey = np.clip((_shares() - black) / (white - black), 0, 1)
    return np.repeat(np.round(255 * grey).astype(np.uint8)[:, None], 3, axis=1)


def _shares() -> np.ndarray:  # [2 * HALF + 1]
    return np.linspace(-1, 1, 2 * HALF + 1)


LIGHT = Theme(
    name="light",
    page="#FFFFFF",
    ink="#1B1F24",
    ink2="#474E56",
    ink3="#666E77",
    axis="#7F868D",
    rule="#E4E4DF",
    rest="#868D95",
    lines=("#0065A6", "#B84600", "#009E73", "#C266A2", "#C48700", "#3A9AD6"),
    texts=("#00609A", "#AD4A00", "#00704F", "#9A4475", "#805800", "#2270A3"),
    ok="#00704F",
    warn="#805300",
    error="#B3261E",
    negative="#08519C",
    zero="#FAFAF8",
    positive="#A63603",
    future=0.34,
    well="#F1F1ED",
    focus="#0072B2",
    link="#00609A",
)
DARK = Theme(
    name="dark",
    page="#14171A",
    ink="#ECEEF0",
    ink2="#B9C0C7",
    ink3="#959DA5",
    axis="#737B83",
    rule="#2C3137",
    rest="#7B848C",
    lines=("#4FA8E0", "#F27A35", "#1FB588", "#D889B6", "#E69F00", "#9AD3F5"),
    texts=("#4FA8E0", "#F5894A", "#2DBE92", "#DE95BE", "#E6A91F", "#9AD3F5"),
    ok="#45C79C",
    warn="#E3B04B",
    error="#FF8F85",
    negative="#5CB2F0",
    zero="#1C2024",
    positive="#FF964A",
    future=0.48,
    well="#22272C",
    focus="#6FBDEB",
    link="#6FBDEB",
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def style_sheet(root: str = ".dmf") -> str:
    """The tokens of both themes as custom properties: what style sheets and scripts take their colours from."""

    def rule(selector: str, theme: Theme) -> str:
        colours = " ".join(f"--{name}: {colour};" for name, colour in theme.tokens.items())
        return f"{selector} {{ {colours} --future: {theme.future}; }}"

    return "\n".join((rule(root, LIGHT), rule(f'{root}[data-theme="dark"]', DARK)))


def rgb(colour: str) -> np.ndarray:  # [3] float64, 0 .. 255
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)


def blended(colour: str, over: str, opacity: float) -> str:
    """The colour that a stroke of this opacity has on the page."""
    mixed = rgb(over) + (rgb(colour) - rgb(over)) * opacity
    return "#" + "".join(f"{round(each):02X}" for each in mixed)
