"""What a mask means, in sentences and numbers that follow from it."""

import math

import numpy as np

from dmf_core.theory.recoverable import Reading, Verdict
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.observations.graph import unseen_lines

THIN = words.THIN
NOT_LOOKED = "The matrix is too large to look for entries that are free for other reasons."


def title(found: Reading) -> str:
    """The page's title: what matters most about this mask."""
    lost, unseen = int(found.lost.sum()), int((~found.mask).sum())
    if not unseen:
        return "Every entry is observed"
    if not lost:
        return "No unseen entry is free" if found.count(Verdict.HELD) == unseen else "No component is cut off"
    least = "at least " if found.count(Verdict.UNKNOWN) else ""
    how_many = "any" if lost == unseen else f"{least}{words.whole(lost)}"
    return f"No method can recover {how_many} of the {words.whole(unseen)} unseen entries"


def warning(found: Reading) -> tuple[str, str]:
    """("lost" or "held" or "unknown", what rank and observations leave open and why)."""
    lost, unseen = int(found.lost.sum()), int((~found.mask).sum())
    matrices = f"rank-{found.rank} matrices"
    if not unseen:
        return "held", "All entries are observed; there is nothing to recover."
    if lost:
        reasons = words.listed([reason for reason in _reasons(found) if reason])
        enough = found.observations >= found.freedom
        count = f" {_more(found)}, which is necessary and not sufficient." if enough else f" {_fewer(found)}."
        return "lost", (
            f"Infinitely many {matrices} agree with everything that is observed and differ on these entries. "
            f"{words.capital(reasons)}.{count}{f' {NOT_LOOKED}' if found.count(Verdict.UNKNOWN) else ''}"
        )
    if found.count(Verdict.UNKNOWN):
        return "unknown", (
            "No unseen entry lies between two components or in a row or column with fewer observations than the rank. "
            f"{NOT_LOOKED}"
        )
    if found.rank == 1:
        return "held", (
            "Each unseen entry has one value left: at rank 1 it follows from others along a path of observed entries, where "
            "these are not zero. That an answer is there does not mean that training finds it."
        )
    return "held", (
        f"No unseen entry is free: for almost every truth of rank {found.rank} only finitely many values of each agree with the "
        "observations, and no other one near the true value. More than one can be left, and training need not find the true one."
    )


def decided(found: Reading) -> str:
    """What free means, and how sure the numbers are."""
    if found.mask.all():
        return ""
    meant = "Free is an entry that takes infinitely many values at this rank, for almost every truth."
    if not found.error_chance:
        return meant
    return (
        f"{meant} Decided by exact elimination modulo two primes at random factors, or proved; wrong with a chance below "
        f"{words.power(10.0 ** math.ceil(math.log10(found.error_chance)), 1)}."
    )


def _more(found: Reading) -> str:
    return (
        f"The {words.whole(found.observations)} observations are at least the {words.whole(found.freedom)} of r{THIN}(m + n − r)"
    )


def _fewer(found: Reading) -> str:
    return (
        f"The {words.whole(found.observations)} observations are fewer than the {words.whole(found.freedom)} of "
        f"r{THIN}(m + n − r), so some had to be"
    )


def _reasons(found: Reading) -> list[str]:
    apart, few, loose = (found.count(each) for each in (Verdict.APART, Verdict.FEW, Verdict.LOOSE))
    alone = unseen_lines(found.components)
    where = "lie between two components" + (f", counting {alone} without observations" if alone else "")
    return [
        f"{words.whole(apart)} {where}" if apart else "",
        f"{words.whole(few)} lie in a row or column with fewer than {words.count(found.rank, 'observation')}" if few else "",
        f"{words.whole(loose)} are free because the observations around them are too few or badly placed" if loose else "",
    ]


def table(found: Reading) -> str:
    """The numbers, each with what it says."""
    mask, r = found.mask, found.rank
    m, n = mask.shape
    total, tied = mask.size, len(found.components.tied)
    rows, columns = int(mask.sum(axis=1).min()), int(mask.sum(axis=0).min())
    alone = unseen_lines(found.components)
    lines = [
        ("Observed entries", f"{words.whole(found.observations)} of {words.whole(total)}", ""),
        (
            f"r{THIN}(m + n − r) = {r}{THIN}({m} + {n} − {r})",
            words.whole(found.freedom),
            "more observations than that" if found.observations > found.freedom else "no more observations than that",
        ),
        ("Fewest in a row", words.whole(rows), f"fewer than the rank, {r}" if rows < r else f"the rank is {r}"),
        ("Fewest in a column", words.whole(columns), f"fewer than the rank, {r}" if columns < r else f"the rank is {r}"),
        ("Components", words.whole(tied), f"and {alone} without observations" if alone else ""),
        ("Unseen, between components", words.whole(found.count(Verdict.APART)), _any(found, Verdict.APART)),
        ("Unseen, fewer than r in row or column", words.whole(found.count(Verdict.FEW)), _any(found, Verdict.FEW)),
        ("Unseen, free for other reasons", _known(found, Verdict.LOOSE), _any(found, Verdict.LOOSE)),
        ("Unseen, finitely many values left", _known(found, Verdict.HELD), ""),
    ]
    body = "".join(
        f'<tr><th scope="row">{name}</th><td>{value}</td><td class="nr-word">{said}</td></tr>' for name, value, said in lines
    )
    return f'<table class="nr-table"><tbody>{body}</tbody></table>'


def _any(found: Reading, verdict: Verdict) -> str:
    return "△ no method can recover them" if found.count(verdict) else ""


def _known(found: Reading, verdict: Verdict) -> str:
    return "not looked for" if found.count(Verdict.UNKNOWN) else words.whole(found.count(verdict))


def split(run: Trajectory, found: Reading) -> str:
    """How far the run is off where entries are free and where not; each with the size of a typical entry there."""
    if run.end is None:
        return ""
    off = run.end.end_to_end_last.astype(np.float64) - run.start.ground_truth
    others = ~found.mask & ~found.lost
    parts = [
        f"{noun} by {_size(off[where])}, where a typical entry is {_size(run.start.ground_truth[where])}"
        for where, noun in ((others, f"the {words.whole(int(others.sum()))} other unseen entries"), (found.lost, _free(found)))
        if where.any()
    ]
    if not parts:
        return ""
    if not found.lost.any():
        parts[0] = parts[0].replace("other unseen", "unseen")
    return f"This run misses {'; and '.join(parts)} (root mean square)."


def _free(found: Reading) -> str:
    return f"the {words.whole(int(found.lost.sum()))} that no method can recover"


def _size(values: np.ndarray) -> str:
    return words.number(float(np.sqrt(np.mean(np.square(values, dtype=np.float64)))), 2)
