"""Reads the words of a run back and holds every one against the arrays. Shares no code with what wrote them."""

import re
from collections.abc import Callable, Iterator

import numpy as np

from dmf_core.trajectory import Trajectory

THIN = "\u202f"
PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
COUNTS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
NUMBER = r"(-?\d[\d\u202f]*(?:\.\d+)?(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|unknown)"
COUNT = r"(no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d[\d\u202f]*)"
NOUN = r"(?:modes?|components?|values?|entry|entries)"
BEST = {"Recovered": 0.1, "Partly recovered": 0.5, "Not recovered": 1.05}  # the largest share that a headline allows
EDGE = 1e-3  # beside a threshold: W is kept in the format of the run
Check = Callable[["Facts", re.Match[str]], bool]


def read(text: str) -> float:
    """A number as it is printed."""
    text = text.replace(THIN, "")
    if text == "unknown":
        return np.nan
    mantissa, _, power = (
        text.partition("·") if "·" in text else ("1", "", text) if re.match(r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]", text) else (text, "", "")
    )
    return float(mantissa.translate(PLAIN)) * (10.0 ** int(power[2:].translate(PLAIN)) if power else 1.0)


def counted(text: str) -> int:
    return COUNTS.index(text.lower()) if text.lower() in COUNTS else int(text.replace(THIN, ""))


def _all_or_both(text: str) -> int:
    """How many "All three" and "Both" are; never "All two"."""
    count = 2 if text == "Both" else counted(text.removeprefix("All "))
    return count if (count == 2) == (text == "Both") else -1


def near(text: str, value: float, relative: float = 0.06) -> bool:
    """Two digits are printed: 5 %, and rounding of W."""
    number = read(text)
    return abs(number - value) <= relative * abs(value) + 1e-5 or (np.isnan(number) and not np.isfinite(value))


class Facts:
    """What the arrays say. `whole`: the same run with many snapshots."""

    def __init__(self, run: Trajectory, whole: Trajectory, noise: float, given: bool) -> None:
        self.run, self.whole, self.noise, self.given = run, whole, noise, given
        truth, mask = run.start.ground_truth.astype(float), run.start.observed_mask
        last = run.end if run.end is not None else whole.end
        assert last is not None
        W = last.end_to_end_last.astype(float)
        self.mask, self.truth = mask, truth
        self.done = run.end is not None and run.end.outcome.done
        self.outcome = "" if run.end is None else run.end.outcome.value
        hidden = np.isfinite(truth) & ~mask
        self.hidden = int(hidden.sum()) if mask.any() else 0
        self.error = self.share = np.nan
        with np.errstate(all="ignore"):
            if self.hidden:
                self.error = float(np.sqrt(np.mean((W - truth)[hidden] ** 2)))
                size = float(np.sqrt(np.mean(truth[hidden] ** 2)))
                self.share = self.error / size if size else np.inf
            elif not mask.any():
                self.share = float(np.linalg.norm(W - truth) / np.linalg.norm(truth))
        self.sizes = np.asarray(run.snapshots[-1].singular_values)
        self.observed = float(np.sqrt(run.snapshots[-1].measures["observed_error"] or 0.0))
        observed = truth[mask] if mask.any() else truth
        first = run.snapshots[0].measures
        zeros = float(np.sqrt(np.mean(observed**2)))
        if not mask.any() and abs((first["reconstruction_error"] or 0.0) - 1) <= 0.05:
            zeros = float(np.sqrt(first["observed_error"] or 0.0))
        self.fit = self.observed / zeros if zeros else (np.inf if self.observed else 0.0)
        self.learned = int((self.sizes > 0.05 * self.sizes[0]).sum())
        values = run.start.true_singular_values
        self.true_rank = None if values is None or not values[0] > 0 else int((values > 1e-5 * values[0]).sum())

    def births(self) -> list[tuple[float, int]]:
        """Times and modes at which the values of the run with many snapshots first pass half of their last value."""
        t, values = self.whole.column("t"), self.whole.singular_values
        births = []
        for mode in range(self.learned):
            up = np.flatnonzero((values[:-1, mode] < values[-1, mode] / 2) & (values[1:, mode] >= values[-1, mode] / 2))
            if len(up) and values[0, mode] < values[-1, mode] / 2:
                i = int(up[0])
                births.append((float(np.interp(values[-1, mode] / 2, values[i : i + 2, mode], t[i : i + 2])), mode))
        return sorted(births)

    def leaps(self) -> bool:
        """Whether a value rises by more than half between two snapshots."""
        recorded = self.run.end is not None and bool(self.run.end.growth)
        values = self.run.singular_values[:, : self.learned]
        return recorded or bool((np.diff(values, axis=0) > values[-1] / 2).any())

    def slack(self) -> float:
        """How far apart, relative, the snapshots around a birth lie at most."""
        t = self.whole.column("t")
        gaps = [
            float(t[min(i + 1, len(t) - 1)] - t[max(i - 1, 0)]) / when
            for when, _ in self.births()
            if (i := int(np.searchsorted(t, when)))
        ]
        return max(gaps, default=0.0)


def complaints(run: Trajectory, facts: Facts, headline: tuple[str, str], sentences: list[str], title: str) -> Iterator[str]:
    """Every word that the arrays do not bear out."""
    yield from _headline(facts, *headline)
    for sentence in sentences:
        if not any((match := re.fullmatch(pattern, sentence)) and check(facts, match) for pattern, check in PATTERNS):
            yield sentence
    count_and_noun = re.search(rf"{COUNT} {NOUN} (born|at the end)$", title)
    if count_and_noun and facts.done and counted(count_and_noun[1]) != facts.learned:
        yield title
    if "learned" in title:
        yield title


def _headline(facts: Facts, mark: str, words: str) -> Iterator[str]:
    if facts.run.end is None:
        if words:
            yield f"{words}, while it grows"
        return
    share, fair = facts.share, False
    if words in BEST:
        low = max([0.0, *(bound for bound in BEST.values() if bound < BEST[words])])
        fair = facts.done and low - EDGE <= share <= BEST[words] + EDGE
    elif words == "Worse than zeros":
        fair = facts.done and not share <= 1.05 - EDGE
    elif words == "Nothing to judge by":
        fair = facts.done and np.isnan(share) and not facts.hidden
    elif words.startswith("Not finished"):
        early = facts.outcome in ("time", "iterations") and facts.fit > 0.1 - EDGE and facts.observed > 1.5 * facts.noise - EDGE
        fair = not facts.done or early
    if not fair or (mark == "✓") != (words == "Recovered"):
        yield f"{mark} {words}, share {share:.3g}, fit {facts.fit:.3g}, {facts.outcome}"
    unfitted = facts.fit > 0.1 + EDGE and facts.observed > 1.5 * facts.noise + EDGE
    if unfitted and words in BEST and words != "Recovered" and facts.outcome in ("time", "iterations"):
        yield f"{words}, but it was stopped at a fit of {facts.fit:.3g}"


def _typical(facts: Facts, match: re.Match[str]) -> bool:
    if not near(match["error"], facts.error):
        return False
    rest, share = match["rest"], facts.share
    if number := re.fullmatch(rf"{NUMBER}\u202f% of a typical entry", rest):
        return near(number[1], 100 * share) and share < 0.96
    if number := re.fullmatch(rf"{NUMBER} times a typical entry; zeros would do better", rest):
        return near(number[1], share) and share > 1.04
    if rest == "about the size of a typical entry; zeros would do as well":
        return 0.94 < share < 1.06
    return rest == "though the true entries there are all zero" and not np.isfinite(share)


def _rank(facts: Facts, match: re.Match[str]) -> bool:
    rest = len(facts.sizes) - facts.learned
    names = match.groupdict()
    if int((names["rest"] or "1").replace(THIN, "")) != rest:
        return False
    level = read(names["level"]) / 100
    rows = facts.run.singular_values[-1:] if names["verb"] == "ended" else facts.run.singular_values
    if not rows[:, facts.learned :].max() < level * facts.sizes[0] * (1 + 1e-9):
        return False
    rank = names["rank"]
    return (rank is None or (int(rank) == facts.learned and level <= 0.01)) and _truth(
        facts, names["truth"] or "", facts.learned, level
    )


def _truth(facts: Facts, words: str, count: int, level: float = 0.05) -> bool:
    if not words:
        return True
    if facts.given:
        above = re.fullmatch(r"; the data have ([\d\u202f]+) above that share( too)?", words)
        values = facts.run.start.true_singular_values
        return bool(above) and values is not None and _data(above, int((values > level * values[0]).sum()), count)
    if words == ", as the truth has":
        return facts.done and facts.true_rank == count and facts.share <= 0.1 + EDGE
    if match := re.fullmatch(r"; the truth has (?:rank )?(\d+)( too)?", words):
        return facts.true_rank == int(match[1]) and bool(match[2]) == (facts.true_rank == count)
    return words.startswith("; the truth is another") and facts.true_rank == count and facts.share > 0.5 - EDGE


def _data(match: re.Match[str], expected: int, learned: int) -> bool:
    return counted(match[1]) == expected and bool(match[2]) == (expected == learned)


def _births(facts: Facts, match: re.Match[str]) -> bool:
    names = match.groupdict()
    small = facts.run.singular_values[0, 0] < 0.05 * facts.sizes[0]
    if bool(names["small"]) != small or bool(names["so_far"]) == facts.done:
        return False
    times = [read(each) for each in re.findall(NUMBER, names["times"])]
    if not facts.done:  # of modes that have settled: each is one of the crossings
        return counted(names["count"]) <= facts.learned
    expected = [when for when, _ in facts.births()]
    relative = 0.02 + facts.slack()
    if counted(names["count"]) != len(expected):
        return False
    if names["manner"] == "one after another, ":
        values, t = facts.whole.singular_values, facts.whole.column("t")
        pairs = zip(facts.births(), facts.births()[1:], strict=False)
        if any(
            (np.interp(a, t, values[:, mode]) > 0.35 * values[-1, mode] and facts.slack() < 0.02) or not b > a
            for (a, _), (b, mode) in pairs
        ):
            return False
    if names["manner"] == "nearly together, " and not expected[-1] - expected[0] <= (0.06 + relative) * expected[-1]:
        return False
    ends = expected if len(times) == len(expected) else [expected[0], expected[-1]] if len(times) == 2 else expected[:1]
    return all(abs(a - b) <= relative * b for a, b in zip(times, ends, strict=True))


def _ranks(facts: Facts, match: re.Match[str]) -> bool:
    run = facts.run
    names = sorted(run.spectra, key=lambda name: (not name.startswith("unfolding"), name))
    ends = [run.spectrum(name)[-1] for name in names]
    ranks = [int((values > 0.01 * values[0]).sum()) for values in ends]
    if [int(each) for each in re.findall(r"\d+", match["ranks"])] != ranks:
        return False
    words = match["truth"] or ""
    true = [
        run.start.true_singular_values if name == run.start.main_spectrum else run.start.true_spectra.get(name) for name in names
    ]
    known = [int((values > (0.01 if facts.given else 1e-5) * values[0]).sum()) for values in true if values is not None]
    if facts.given:
        given = re.fullmatch(r"; the data have ([\d\u202f(), ]+?)( too)?", words)
        named = [int(each) for each in re.findall(r"\d+", given[1])] if given else None
        return not words or (named == known and bool(given and given[2]) == (known == ranks))
    if words.startswith("; the truth has"):
        return [int(each) for each in re.findall(r"\d+", words)] == known != ranks
    if words == ", the same as of the truth":
        return known == ranks and not facts.share > 0.5 + EDGE
    return not words or (known == ranks and facts.share > 0.5 - EDGE)


def _components(facts: Facts, match: re.Match[str]) -> bool:
    names = match.groupdict()
    if counted(names["count"]) != facts.learned or not _truth(facts, names["truth"] or "", facts.learned):
        return False
    level = names.get("level")
    return level is None or facts.sizes[facts.learned :].max(initial=0.0) <= read(level) / 100 * facts.sizes[0] * (1 + 1e-9)


def _few(facts: Facts, match: re.Match[str]) -> bool:
    rank, (rows, columns) = int(match[1]), facts.mask.shape
    return (
        not facts.given
        and facts.true_rank == rank
        and facts.mask.sum() < rank * (rows + columns - rank)
        and not facts.share <= 0.1 - EDGE
    )


def _at(facts: Facts, match: re.Match[str]) -> bool:
    outcomes = {"Cancelled": "cancelled", "Diverged": "diverged", "Out of time": "budget", "Failed": "failed", "So far,": ""}
    return facts.outcome == outcomes[match[1]] and near(match[2], facts.run.snapshots[-1].t, 0.006)


SHARE = r"\u202f% of the largest"
TRUTH = r"(?P<truth>[,;] [^.]*)?"
OPENING = r"(?P<small>From a start near zero, )?(?P<so_far>[Ss]o far )?"
PATTERNS: list[tuple[str, Check]] = [
    (rf"(Cancelled|Diverged|Out of time|Failed|So far,) at t = {NUMBER}[.:]", _at),
    (rf"Unseen entries: typical error (?P<error>{NUMBER}), (?P<rest>.*)\.", lambda f, m: not f.given and _typical(f, m)),
    (
        rf"The (?P<count>[\d\u202f]+) held-out entries: typical error (?P<error>{NUMBER}), (?P<rest>.*)\.",
        lambda f, m: f.given and counted(m["count"]) == f.hidden and _typical(f, m),
    ),
    (
        rf"Distance to the truth: {NUMBER}\u202f% of its size \(Frobenius norm\), from ([\d\u202f]+) measurements"
        r"(; zeros would do better)?\.",
        lambda f, m: (
            near(m[1], 100 * f.share) and not f.mask.any() and (not f.share <= 1.05 - EDGE if m[3] else f.share < 1.05 + EDGE)
        ),
    ),
    (
        rf"All ([\d\u202f]+) (entries are observed|known entries are used; none is kept for testing)\. "
        rf"Observed entries: typical error {NUMBER}\.",
        lambda f, m: (
            f.hidden == 0 and counted(m[1]) == f.mask.sum() and near(m[3], f.observed) and f.given == m[2].startswith("known")
        ),
    ),
    (
        rf"The (hidden entry has no true value|unseen entries have no true values)\. Observed entries: typical error {NUMBER}\.",
        lambda f, m: f.hidden == 0 and near(m[2], f.observed) and (m[1][0] == "h") == ((~f.mask).sum() == 1),
    ),
    (
        rf"The observations themselves are missed by {NUMBER}\u202f% of their typical size\.",
        lambda f, m: near(m[1], 100 * f.fit) and f.fit > 0.1 - EDGE,
    ),
    (r"The observations themselves are not matched\.", lambda f, m: not np.isfinite(f.fit)),
    (
        r"(?:Unseen entries|The [\d\u202f]+ held-out entries): the error is no longer a finite number\.",
        lambda f, m: not np.isfinite(f.error),
    ),
    (
        rf"{OPENING}(?P<count>(?i:{COUNT})) {NOUN} (?:was|were) born,? (?P<manner>one after another, |nearly "
        rf"together, )?(?:at|between) t = (?P<times>.*)\.",
        _births,
    ),
    (
        rf"((?i:{COUNT})) {NOUN} grew; the snapshots lie too far apart to say when\.",
        lambda f, m: counted(m[1]) <= f.learned and f.leaps(),
    ),
    (
        rf"The other (?:(?P<rest>[\d\u202f]+) singular values|singular value) (?P<verb>stayed|ended) below "
        rf"(?P<level>{NUMBER}){SHARE}"
        rf"(?:, so W has rank (?P<rank>\d+))?{TRUTH}\.",
        _rank,
    ),
    (
        rf"(?P<count>All \d+|Both) singular values ended above 5{SHARE}{TRUTH}\.",
        lambda f, m: f.learned == len(f.sizes) == _all_or_both(m["count"]) and _truth(f, m["truth"] or "", f.learned),
    ),
    (
        r"The (?:multilinear rank of W is|tensor-train ranks of W are|"
        r"ranks of W in its tree \(single axes, then groups of axes\) are) "
        rf"\(?(?P<ranks>[\d, ]+)\)?, counting singular values "
        rf"above 1{SHARE}{TRUTH}\.",
        _ranks,
    ),
    (
        rf"All other components ended below (?P<level>{NUMBER}){SHARE}, so W has (?P<count>{COUNT}) components?{TRUTH}\.",
        _components,
    ),
    (rf"W has only (?P<count>one) component{TRUTH}\.", lambda f, m: len(f.sizes) == 1 and _components(f, m)),
    (
        rf"(?P<all>All {COUNT}|Both) recorded components ended above 5{SHARE}{TRUTH}\.",
        lambda f, m: f.learned == len(f.sizes) == _all_or_both(m["all"]) and _truth(f, m["truth"] or "", f.learned),
    ),
    (rf"(?P<count>(?i:{COUNT})) components? ended above 5{SHARE}{TRUTH}\.", _components),
    (r"With so few entries, many rank-(\d+) matrices fit; the data cannot choose\.", _few),
]
