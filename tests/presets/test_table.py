"""The table of presets as a whole: names, sentences, groups, digests."""

import re

import pytest

from dmf_core.errors import BadInput
from dmf_core.presets import GROUPS, PRESETS, preset_spec


def test_presets_of_the_issue_are_those_of_the_paper() -> None:
    for name, depth in (("arora-completion", 3), ("arora-completion-depth2", 2)):
        spec = preset_spec(name)
        assert (spec.problem.rows, spec.problem.columns, spec.problem.rank, spec.problem.observations) == (100, 100, 5, 2000)
        assert (spec.model.depth, spec.init.kind, spec.init.scale, spec.stop.loss) == (depth, "gaussian", 1e-3, 1e-6)


def test_preset_names_are_unique_and_every_one_has_a_sentence() -> None:
    assert all(name == preset.name for name, preset in PRESETS.items())
    assert all(preset.sentence.endswith(".") and preset.title for preset in PRESETS.values())
    assert not [name for name, preset in PRESETS.items() if re.search(r"\d{4}|\d,\d{3}", preset.sentence)]  # thin spaces
    assert [preset.group for preset in PRESETS.values()] == sorted((p.group for p in PRESETS.values()), key=[*GROUPS].index)
    assert len({preset.spec().digest() for preset in PRESETS.values()}) == len(PRESETS)


def test_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="no preset nonsense; choose one of arora-completion"):
        preset_spec("nonsense")
