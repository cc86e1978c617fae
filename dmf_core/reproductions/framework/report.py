"""A reproduction with its results as one JSON object, the same for the command line and the page."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from dmf_core.reproductions.framework.reproduction import Claim, Line, Panel, Reproduction, Results, Spread


def report(figure: Reproduction, results: Results) -> dict[str, Any]:
    """name, title, paper, about, quick, claims, published, range, panels. None where a number does not exist.

    range: what the three numbers of ours are.
    """
    return {
        "name": figure.name,
        "title": figure.title,
        "paper": figure.paper,
        "about": figure.about,
        "quick": results.quick,
        "claims": claims_json(figure.claims(results)),
        "published": published_with_ours(figure, figure.ours(results)),
        "range": figure.range_is,
        "panels": [_panel(panel) for panel in figure.panels(results)],
    }


def published_with_ours(figure: Reproduction, ours: Mapping[str, Spread]) -> list[dict[str, Any]]:
    """Every published value, with ours where there is one."""
    return [
        {
            "what": each.what,
            "value": each.value,
            "source": each.source,
            "certainty": each.certainty.value,
            "ours": None if each.key not in ours else {k: _finite(v) for k, v in vars(ours[each.key]).items()},
        }
        for each in figure.published
    ]


def claims_json(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """Each claim with its number and verdict."""
    return [_claim(claim) for claim in claims]


def sentence(claim: Mapping[str, Any]) -> str:
    """A claim of `claims_json` as it is shown: its statement and the remark."""
    return f"{claim['statement']} {claim['remark']}".rstrip()


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "name": claim.name,
        "statement": claim.statement,
        "remark": claim.remark,
        "value": _finite(claim.value),
        "relation": claim.relation,
        "bound": claim.bound,
        "holds": claim.holds,
        "source": claim.source,
    }


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "title": panel.title,
        "x_label": panel.x_label,
        "y_label": panel.y_label,
        "x_log": panel.x_log,
        "y_log": panel.y_log,
        "x_falls": panel.x_falls,
        "lines": [_line(line) for line in panel.lines],
    }


def panels_of(reported: Mapping[str, Any]) -> list[Panel]:
    """The panels of a report, to be drawn: the inverse of what `report` makes of them."""
    return [_panel_of(panel) for panel in reported["panels"]]


def _panel_of(panel: Mapping[str, Any]) -> Panel:
    named = {key: panel[key] for key in ("title", "x_label", "y_label", "x_log", "y_log", "x_falls")}
    return Panel(lines=[_line_of(line) for line in panel["lines"]], **named)


def _line_of(line: Mapping[str, Any]) -> Line:
    columns = {key: _array(line[key]) for key in ("x", "y", "low", "high") if key in line}
    return Line(line["label"], role=line["role"], colour=line["colour"], **columns)


def _array(values: Sequence[float | None]) -> np.ndarray:
    return np.array([math.nan if value is None else value for value in values], dtype=float)


def _line(line: Line) -> dict[str, Any]:
    bands = {name: _numbers(array) for name, array in (("low", line.low), ("high", line.high)) if array is not None}
    return {"label": line.label, "role": line.role, "colour": line.colour, "x": _numbers(line.x), "y": _numbers(line.y), **bands}


def _numbers(array: np.ndarray) -> list[float | None]:
    return [_finite(value) for value in array.tolist()]


def _finite(value: float) -> float | None:
    """The value with None for NaN and infinity, which JSON does not have."""
    return value if math.isfinite(value) else None
