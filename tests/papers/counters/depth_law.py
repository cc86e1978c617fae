"""Where the claims of `depth-law` fail: balanced ones from normal factors, the others from balanced or larger ones."""

from collections.abc import Callable
from dataclasses import replace

from dmf_core.reproductions.depth_law.runs import Draw, Kind
from dmf_core.reproductions.framework.reproduction import Key, Run

from . import Counter, Runs, with_settings


def _draws(runs: Runs) -> list[Draw]:
    return [key for key in runs if isinstance(key, Draw)]


def _from_others(normal: bool) -> Callable[[Runs], dict[Key, Run]]:
    """The runs of the balanced kinds are those of normal factors, draw by draw; or the other way round."""

    def changed(runs: Runs) -> dict[Key, Run]:
        exchanged: dict[Key, Run] = {}
        for kind in dict.fromkeys(draw.kind for draw in _draws(runs) if draw.kind.normal == normal):
            ours = [draw for draw in _draws(runs) if draw.kind == kind]
            others = [draw for draw in _draws(runs) if draw.kind == replace(kind, normal=not normal)]
            exchanged |= {draw: runs[other] for draw, other in zip(ours, others, strict=True)}
        return exchanged

    return changed


def _large(kind: Kind) -> Counter:
    """A start so large that the component does not outgrow the differences of its factors."""
    return Counter(with_settings({"init.scale": 0.7}, lambda key: isinstance(key, Draw) and key.kind == kind))


BALANCED = ("matrices", "cp", "deep-cp", "factor", "layer", "rises", "factors-alone")
COUNTERS = {
    **{name: Counter(_from_others(normal=False)) for name in BALANCED},
    "normal-matrices": _large(Kind(2, 3, normal=True)),
    "normal-cp": _large(Kind(3, 1, normal=True)),
    "normal-deep-cp": _large(Kind(3, 2, normal=True)),
    **{f"normal-{name}": Counter(_from_others(normal=True)) for name in ("below", "felt")},
}
