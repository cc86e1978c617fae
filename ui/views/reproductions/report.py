"""What a reproduction gave, as tables: each claim with its number, recorded and here; published values and ours."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from dmf_core.reproductions.framework.report import sentence
from dmf_core.reproductions.framework.reproduction import Certainty
from ui.figures import words
from ui.figures.typeset import typeset

SIGNS = {"<=": "≤", ">=": "≥", "==": "="}
NOTHING = '<span class="rp-none">–</span>'
Claim = Mapping[str, Any]


def claims_table(recorded: Sequence[Claim] | None, local: Sequence[Claim] | None) -> str:
    """Every claim with what is recorded and what this machine gave. Claims that fail stand first.

    Without a record the column is left out; `here` None: not run yet.
    """
    before = {claim["name"]: claim for claim in recorded or ()}
    now = {claim["name"]: claim for claim in local or ()}
    pairs = [(before.get(name), now.get(name)) for name in dict.fromkeys([*before, *now])]
    pairs.sort(key=lambda pair: all(claim is None or claim["holds"] for claim in pair))
    heads = ["claim", *(["recorded"] if recorded else []), "this machine", "holds if"]
    rows = "".join(_row(*pair, bool(recorded)) for pair in pairs)
    return (
        '<div class="rp-scroll"><table class="rp-claims"><thead><tr>'
        + "".join(f'<th scope="col">{head}</th>' for head in heads)
        + f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(before: Claim | None, local: Claim | None, recorded: bool) -> str:
    claim = before or local
    assert claim is not None
    cells = [("recorded", _value(before))] if recorded else []
    condition = f"{SIGNS[claim['relation']]} {words.number(claim['bound'], 4)}"
    source = f"<small>{escape(typeset(claim['source']))}</small>"
    cells += [("this machine", _value(local, before)), ("holds if", condition)]
    return f'<tr><th scope="row">{escape(typeset(sentence(claim)))}{source}</th>{_cells(cells)}</tr>'


def _value(claim: Claim | None, other: Claim | None = None) -> str:
    """The number with the mark of its verdict, and how far it is from the other one where that can be read."""
    if claim is None:
        return NOTHING
    mark, kind = ("✓", "ok") if claim["holds"] else ("△", "warn")
    number = "missing" if claim["value"] is None else words.number(claim["value"], 4)
    apart = "" if other is None else _apart(claim, other)
    return f'<span class="rp-{kind}">{mark}</span> {number}{f"<small>{apart}</small>" if apart else ""}'


def _apart(claim: Claim, other: Claim) -> str:
    if claim["holds"] != other["holds"]:
        return "another verdict"
    share = apart(claim, other)
    if share is None or share < 5e-4:
        return "" if share is not None else "another number"
    return f"{words.number(100 * share, 2)} % apart"


def apart(claim: Claim, other: Claim) -> float | None:
    """How far two numbers of a claim are apart, as a share of the larger one; None where one of them is missing."""
    a, b = claim["value"], other["value"]
    if a is None or b is None:
        return None
    return abs(a - b) / max(abs(a), abs(b)) if a != b else 0.0


def comparison(recorded: Sequence[Claim], local: Sequence[Claim]) -> str:
    """In one sentence how this machine's claims differ from the recorded ones."""
    now = {claim["name"]: claim for claim in local}
    pairs = [(claim, now[claim["name"]]) for claim in recorded if claim["name"] in now]
    verdicts = sum(a["holds"] != b["holds"] for a, b in pairs)
    shares = [share for a, b in pairs if (share := apart(a, b)) is not None]
    largest = max(shares, default=0.0)
    same = "Every verdict is the recorded one"
    if verdicts:
        same = "One verdict differs from the recorded one" if verdicts == 1 else f"{words.count(verdicts, 'verdict')} differ"
    numbers = "every number too, to all recorded digits" if largest < 1e-5 else ""
    numbers = numbers or f"numbers differ by {words.number(100 * largest, 2)} % at most"
    return f"{words.capital(same)}; {numbers}."


def published_table(values: Sequence[Mapping[str, Any]], range_is: str, local: Sequence[Mapping[str, Any]] = ()) -> str:
    """Published values, and ours as recorded and as measured here. What most have in common about their source is said once."""
    if not values:
        return ""
    known = [f"{each['certainty']} ({each['source']})" for each in values]
    usual = max(known, key=known.count)
    now = {each["what"]: each["ours"] for each in local}
    derived = all(each["certainty"] == Certainty.DERIVED.value for each in values)
    recorded = any(each["ours"] is not None for each in values)
    heads = [
        "value",
        "derived" if derived else "published",
        *(["recorded"] if recorded else []),
        *(["this machine"] if now else []),
    ]
    rows = []
    for each, how in zip(values, known, strict=True):
        source = "" if how == usual else f"<small>{escape(typeset(how))}</small>"
        cells = [(heads[1], words.number(each["value"], 4)), *([("recorded", _ours(each["ours"]))] if recorded else [])]
        cells += [("this machine", _ours(now.get(each["what"])))] if now else []
        rows.append(f'<tr><th scope="row">{escape(typeset(each["what"]))}{source}</th>{_cells(cells)}</tr>')
    others = "" if known.count(usual) == len(known) else ", unless said otherwise"
    subject = "Values are" if derived else "Published values are"
    ranges = f" Ours: {range_is}." if recorded or now else ""
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        f'<div class="rp-scroll"><table class="rp-claims"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        f"<p class='rp-note'>{escape(typeset(f'{subject} {usual}{others}.{ranges}'))}</p>"
    )


def _cells(cells: Iterable[tuple[str, str]]) -> str:
    """Each with the head of its column, which a phone writes above it."""
    return "".join(f'<td data-head="{head}">{content}</td>' for head, content in cells)


def _ours(ours: Mapping[str, Any] | None) -> str:
    if ours is None or ours["median"] is None:
        return NOTHING
    if ours["count"] == 1:
        return words.number(ours["median"], 4)
    median, low, high = (words.number(ours[name], 4) for name in ("median", "low", "high"))
    if low == high:  # closer than these digits tell
        return f"{median} (± {words.number((ours['high'] - ours['low']) / 2, 1)})" if ours["high"] > ours["low"] else median
    return f"{median} ({low} to {high})"
