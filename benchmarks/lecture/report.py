"""Rows of the table: what, measured, limit, whether it holds."""

from collections.abc import Sequence


class Report:
    """Printed line by line; `rows` for JSON."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        print("| what | measured | at most | holds |\n| --- | --- | --- | --- |")

    def add(self, what: str, value: float, limit: float, unit: str) -> None:
        holds = value <= limit
        self.rows.append({"what": what, "measured": round(value, 4), "limit": limit, "unit": unit, "holds": holds})
        print(f"| {what} | {value:.3g} {unit} | {limit:g} {unit} | {'yes' if holds else 'NO'} |", flush=True)

    def broken(self, part: str, error: Exception) -> None:
        """A part that could not be measured to its end."""
        words = f"{part} broke off: {type(error).__name__} {str(error).partition(chr(10))[0]}".strip()
        self.rows.append({"what": words, "measured": None, "limit": None, "unit": "", "holds": False})
        print(f"| {words} | | | NO |", flush=True)

    @property
    def holds(self) -> bool:
        return all(row["holds"] for row in self.rows)


def p95(values: Sequence[float]) -> float:
    """The 95th percentile, one of the values."""
    return sorted(values)[int(0.95 * (len(values) - 1))]
