"""What finished runs on this machine teach about estimates of cost: by how much they were off, in memory only."""

import math
import statistics
from collections import defaultdict, deque
from dataclasses import replace
from threading import Lock

from dmf_core.cost import Cost
from dmf_core.spec import RunSpec

REMEMBERED = 40  # runs of one kind
NEAREST = 5  # of them, by estimated seconds, count
PRIOR = 1.0  # how many runs the estimate itself is worth
UNSURE, SURE = 4.0, 2.0  # a run may take so many times its estimate: before any run of its kind, and after NEAREST of them
SHORTEST = 0.05  # seconds; below, starting costs more than running

Kind = tuple[str, str, int]


class Experience:
    """Learns from finished runs. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: set[str] = set()
        self._runs: dict[Kind, deque[tuple[float, float]]] = defaultdict(lambda: deque(maxlen=REMEMBERED))

    def learn(self, spec: RunSpec, estimated: Cost, seconds: float) -> None:
        """A run that came to its end took so many seconds; `estimated` is what `estimate` says of it. Once a run."""
        digest = spec.digest()
        with self._lock:
            if digest in self._seen:
                return
            self._seen.add(digest)
            ratio = math.log(max(seconds, SHORTEST) / max(estimated.seconds, SHORTEST))
            self._runs[_kind(spec)].append((math.log(max(estimated.seconds, SHORTEST)), ratio))

    def corrected(self, spec: RunSpec, estimated: Cost) -> Cost:
        """The estimate as runs of its kind and nearest to it in length were off; `most`: what it may take."""
        at = math.log(max(estimated.seconds, SHORTEST))
        with self._lock:
            near = sorted(self._runs[_kind(spec)], key=lambda run: abs(run[0] - at))[:NEAREST]
        if not near:
            return replace(estimated, most=UNSURE * estimated.seconds)
        share = len(near) / (len(near) + PRIOR)
        seconds = estimated.seconds * math.exp(share * statistics.median(ratio for _, ratio in near))
        spread = UNSURE ** (1 - len(near) / NEAREST) * SURE ** (len(near) / NEAREST)
        return replace(estimated, seconds=seconds, most=spread * seconds)


def _kind(spec: RunSpec) -> Kind:
    return spec.integrator.kind, spec.model.kind, spec.model.layers or 1
