"""What a mask means, in sentences and numbers that follow from it."""

import math

import numpy as np

from dmf_core.theory.recoverable import Reading, Verdict
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.observations.graph import unseen_lines

THIN = words.THIN
NOT_LOOKED = "The matrix is too large to look for entries that are free for other reasons."


def title(reading: Reading) -> str:
    """The page's title: what matters most about this mask."""
    lost, unseen = int(reading.lost.sum()), int((~reading.mask).sum())
    if not unseen:
        return "Every entry is observed"
    if not lost:
        return "No unseen entry is free" if reading.count(Verdict.HELD) == unseen else "No component is cut off"
    least = "at least " if reading.count(Verdict.UNKNOWN) else ""
    how_many = "any" if lost == unseen else f"{least}{words.whole(lost)}"
    return f"No method can recover {how_many} of the {words.whole(unseen)} unseen entries"


def warning(reading: Reading) -> tuple[str, str]:
    """("lost" or "held" or "unknown", what rank and observations leave open and why)."""
    lost, unseen = int(reading.lost.sum()), int((~reading.mask).sum())
    matrices = f"rank-{reading.rank} matrices"
    if not unseen:
        return "held", "All entries are observed; there is nothing to recover."
    if lost:
        reasons = words.listed([reason for reason in _reasons(reading) if reason])
        enough = reading.observations >= reading.freedom
        count = f" {_more(reading)}, which is necessary and not sufficient." if enough else f" {_fewer(reading)}."
        return "lost", (
            f"Infinitely many {matrices} agree with everything that is observed and differ on these entries. "
            f"{words.capital(reasons)}.{count}{f' {NOT_LOOKED}' if reading.count(Verdict.UNKNOWN) else ''}"
        )
    if reading.count(Verdict.UNKNOWN):
        return "unknown", (
            "No unseen entry lies between two components or in a row or column with fewer observations than the rank. "
            f"{NOT_LOOKED}"
        )
    if reading.rank == 1:
        return "held", (
            "Each unseen entry has one value left: at rank 1 it follows from others along a path of observed entries, where "
            "these are not zero. That an answer is there does not mean that training finds it."
        )
    return "held", (
        "Close to the truth, the observations fix every hidden entry: for almost every truth of rank "
        f"{reading.rank} no other value near the true one agrees with them. Further away finitely many others can be left, and "
        "training need not find the true one."
    )


def decided(reading: Reading) -> str:
    """What free means, and how sure the numbers are."""
    if reading.mask.all():
        return ""
    meaning = "Free is an entry that takes infinitely many values at this rank, for almost every truth."
    if not reading.error_chance:
        return meaning
    return (
        f"{meaning} Decided by exact elimination modulo two primes at random factors, or proved; wrong with a chance below "
        f"{words.power(10.0 ** math.ceil(math.log10(reading.error_chance)), 1)}."
    )


def _more(reading: Reading) -> str:
    count, freedom = words.whole(reading.observations), words.whole(reading.freedom)
    return f"The {count} observations are at least the {freedom} of r{THIN}(m + n − r)"


def _fewer(reading: Reading) -> str:
    return (
        f"The {words.whole(reading.observations)} observations are fewer than the {words.whole(reading.freedom)} of "
        f"r{THIN}(m + n − r), so some had to be"
    )


def _reasons(reading: Reading) -> list[str]:
    apart, few, loose = (reading.count(each) for each in (Verdict.APART, Verdict.FEW, Verdict.LOOSE))
    alone = unseen_lines(reading.components)
    where = "lie between two components" + (f", counting {alone} without observations" if alone else "")
    return [
        f"{words.whole(apart)} {where}" if apart else "",
        f"{words.whole(few)} lie in a row or column with fewer than {words.count(reading.rank, 'observation')}" if few else "",
        f"{words.whole(loose)} are free because the observations around them are too few or badly placed" if loose else "",
    ]


def table(reading: Reading) -> str:
    """The numbers, each with what it says."""
    mask, r = reading.mask, reading.rank
    m, n = mask.shape
    total, tied = mask.size, len(reading.components.tied)
    rows, columns = int(mask.sum(axis=1).min()), int(mask.sum(axis=0).min())
    alone = unseen_lines(reading.components)
    lines = [
        ("Observed entries", f"{words.whole(reading.observations)} of {words.whole(total)}", ""),
        (
            f"r{THIN}(m + n − r) = {r}{THIN}({m} + {n} − {r})",
            words.whole(reading.freedom),
            "more observations than that" if reading.observations > reading.freedom else "no more observations than that",
        ),
        ("Fewest in a row", words.whole(rows), f"fewer than the rank, {r}" if rows < r else f"the rank is {r}"),
        ("Fewest in a column", words.whole(columns), f"fewer than the rank, {r}" if columns < r else f"the rank is {r}"),
        ("Components", words.whole(tied), f"and {alone} without observations" if alone else ""),
        ("Unseen, between components", words.whole(reading.count(Verdict.APART)), _any(reading, Verdict.APART)),
        ("Unseen, fewer than r in row or column", words.whole(reading.count(Verdict.FEW)), _any(reading, Verdict.FEW)),
        ("Unseen, free for other reasons", _known(reading, Verdict.LOOSE), _any(reading, Verdict.LOOSE)),
        ("Unseen, finitely many values left", _known(reading, Verdict.HELD), ""),
    ]
    body = "".join(
        f'<tr><th scope="row">{name}</th><td>{value}</td><td class="nr-word">{words_of_line}</td></tr>'
        for name, value, words_of_line in lines
    )
    return f'<table class="nr-table"><tbody>{body}</tbody></table>'


def _any(reading: Reading, verdict: Verdict) -> str:
    return "△ no method can recover them" if reading.count(verdict) else ""


def _known(reading: Reading, verdict: Verdict) -> str:
    return "not looked for" if reading.count(Verdict.UNKNOWN) else words.whole(reading.count(verdict))


def split(run: Trajectory, reading: Reading) -> str:
    """How far the run is off where entries are free and where not; each with the size of a typical entry there."""
    if run.end is None:
        return ""
    off = run.end.end_to_end_last.astype(np.float64) - run.start.ground_truth
    others = ~reading.mask & ~reading.lost
    parts = [
        f"{noun} by {_size(off[where])}, where a typical entry is {_size(run.start.ground_truth[where])}"
        for where, noun in (
            (others, f"the {words.whole(int(others.sum()))} other unseen entries"),
            (reading.lost, _free(reading)),
        )
        if where.any()
    ]
    if not parts:
        return ""
    if not reading.lost.any():
        parts[0] = parts[0].replace("other unseen", "unseen")
    return f"This run misses {'; and '.join(parts)} (root mean square)."


def _free(reading: Reading) -> str:
    return f"the {words.whole(int(reading.lost.sum()))} that no method can recover"


def _size(values: np.ndarray) -> str:
    return words.number(float(np.sqrt(np.mean(np.square(values, dtype=np.float64)))), 2)
