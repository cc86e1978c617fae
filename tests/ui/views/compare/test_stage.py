"""Which runs of a comparison start by themselves."""

from types import SimpleNamespace

from dmf_core.cost import Cost
from ui.views.compare.stage import held


def test_runs_that_may_take_long_together_wait_although_each_is_short() -> None:
    short, uncertain = Cost(1, 0.6, 1, 0.7), Cost(1, 0.6, 1, 1.5)  # gradients, seconds, bytes, seconds that it may take
    state = SimpleNamespace(requested=frozenset())
    assert not held(state, dict.fromkeys("abcd", short))
    waiting = held(state, dict.fromkeys("abcd", uncertain))
    assert set(waiting) == {"c", "d"}  # two may take 2.7 s: 1.2, and half of 1.8 and of 1.3; three 3.9
    state.requested = frozenset("abcd")
    assert not held(state, dict.fromkeys("abcd", uncertain))
