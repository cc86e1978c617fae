"""Where the claims of `razin-cohen` fail: mostly where the determinant has the other sign, which bounds |w11|."""

from dataclasses import replace

from dmf_core.reproductions.razin_cohen_2020.cases import CORNERS, STDS, Case
from dmf_core.reproductions.razin_cohen_2020.claims import COST

from . import Counter, Key, Where, in_place_of, scaled_measure, unchanged, with_settings


def _case(key: Key) -> Case:
    assert isinstance(key, Case)
    return key


def _plain(depth: int | None = None, sign: int = 0, problem: str = "2x2") -> Where:
    def so(key: Key) -> bool:
        case = _case(key)
        return case.balanced and depth in (None, case.depth) and sign in (0, case.sign) and case.what == problem

    return so


def _other_sign(key: Key) -> Key:
    case = _case(key)
    return replace(case, sign=-case.sign, std=STDS[case.depth][0], what="2x2")


def _other_depth(key: Key) -> Key:
    depth = {2: 3, 3: 2}[_case(key).depth]
    return replace(_case(key), depth=depth, std=STDS[depth][0], what="2x2")


def _other_corner(key: Key) -> Key:
    other = {CORNERS[0]: CORNERS[1], CORNERS[1]: CORNERS[0]}
    return replace(_case(key), corner=other[_case(key).corner])


def _negative(depth: int) -> Counter:
    return Counter(in_place_of(_other_sign, _plain(depth, sign=1)))


def _costly(depth: int) -> Counter:
    """The published method, for more steps than are allowed: it is far from done then."""
    descent = {"integrator.kind": "gradient_descent", "integrator.learning_rate": 6e-3, "stop.iterations": COST + 1}
    return Counter(with_settings(descent, _plain(depth, sign=1)))


def _same_start(key: Key) -> Key:
    return replace(_case(key), std=STDS[_case(key).depth][0])


COUNTERS = {
    "w11-depth-3": _negative(3),
    "w11-depth-4": _negative(4),
    "cost-depth-3": _costly(3),
    "cost-depth-4": _costly(4),
    "sign-kept": Counter(in_place_of(_other_depth, _plain(3, sign=1))),  # depth 2 changes it
    "bound": Counter(unchanged, scaled_measure("hidden_entry", 0.9)),  # true of every matrix: no run breaks it
    "other-sign": Counter(in_place_of(_other_sign, _plain(sign=-1))),
    "other-sign-level": Counter(in_place_of(_same_start, _plain(sign=-1))),
    "depth-2-flips": Counter(in_place_of(_other_depth, _plain(2, sign=1))),  # depth 3 keeps the sign
    "depth-2-ends": Counter(in_place_of(_other_depth, _plain(2, sign=1))),
    **dict.fromkeys(("entropy-rank", "ratio-rank"), _negative(3)),
    **dict.fromkeys(("nuclear-norm", "frobenius-norm", "spectral-norm", "schatten"), _negative(3)),
    "larger-side": Counter(in_place_of(_other_sign, _plain(problem="d x d"))),
    "corner-bound": Counter(in_place_of(_other_corner, _plain(problem="corner"))),
    "corner-scale": Counter(in_place_of(_other_corner, _plain(problem="corner"))),
}
