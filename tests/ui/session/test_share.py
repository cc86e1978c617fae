"""The link: everything survives it, old ones keep their meaning, nonsense is said and takes nothing else with it."""

import dataclasses
import json
import math
from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dmf_core import limits
from dmf_core.models import MODELS
from dmf_core.problems import makes_tensors
from dmf_core.spec import VERSION, RunSpec, kinds
from ui.player.view import Strip, View
from ui.session.past import HERE, Past, pasts, present
from ui.session.share import address, parameters, read

SIDES = some.integers(limits.MIN_SIDE, 300)
POSITIVE = some.floats(1e-9, 10, allow_subnormal=False)


@some.composite
def specs(draw: Any) -> RunSpec:
    """Runs of every kind, with values from the whole of their ranges."""
    problem = draw(some.sampled_from([*kinds("problem")]))
    integrator = draw(some.sampled_from([*kinds("integrator")]))
    changes: dict[str, Any] = {"problem.kind": problem, "integrator.kind": integrator}
    tensor = makes_tensors(problem)
    if problem in ("observed_data", "observed_tensor"):
        changes |= {
            "problem.observations": draw(some.none() | some.integers(1, 9999)),
            "problem.data": draw(some.none() | DIGESTS),
        }
    elif problem == "razin_cohen":
        changes |= {"problem.side": draw(some.integers(2, limits.MAX_SMALL_SIDE)), "problem.w22": draw(some.floats(-1, 1))}
    elif problem == "commuting_sensing":
        side = draw(some.integers(2, limits.MAX_SMALL_SIDE))
        changes |= {"problem.side": side, "problem.rank": draw(some.integers(1, side))}
        changes["problem.measurements"] = draw(some.integers(1, side))
    elif tensor:
        shape = draw(some.lists(some.integers(2, 6), min_size=3, max_size=limits.MAX_ORDER))
        changes |= {"problem.shape": shape, "problem.rank": 1, "problem.norm": draw(some.none() | some.floats(1e-6, 1e6))}
        changes["problem.observations"] = draw(some.integers(1, min(math.prod(shape), 1000)))  # sensing tensors must fit
    else:
        rows = draw(SIDES)
        columns = draw(SIDES | some.just(rows))
        changes |= {"problem.rows": rows, "problem.columns": columns}
        changes["problem.rank"] = draw(some.integers(1, min(rows, columns)))
        changes |= {
            "problem.observations": draw(some.integers(1, min(rows * columns, 1000))),
            "problem.noise": draw(some.floats(0, 100)),
        }
    if integrator.endswith("flow"):
        changes["integrator.tolerance"] = draw(some.floats(limits.MIN_TOLERANCE, limits.MAX_TOLERANCE))
    else:
        changes["integrator.learning_rate"] = draw(POSITIVE)
    square = problem in ("matrix_completion", "matrix_sensing") and changes["problem.rows"] == changes["problem.columns"]
    fitting = [kind for kind, each in MODELS.items() if each.tensor == tensor and (square or not each.needs)]
    model = draw(some.sampled_from(fitting))
    changes |= {"model.kind": model, **MODELS[model].needs}
    fields = {"depth": some.integers(1, limits.MAX_DEPTH), "width": some.none() | SIDES, "rank": some.none() | some.just(1)}
    changes |= {f"model.{name}": draw(values) for name, values in fields.items() if name in MODELS[model].model_fields}
    changes |= {
        "init.kind": draw(some.sampled_from([*MODELS[model].starts])),
        "init.scale": draw(POSITIVE),
    }
    changes |= {"stop.loss": draw(some.none() | POSITIVE), "stop.time": draw(some.none() | POSITIVE)}
    changes |= {"seed": draw(some.integers(0, limits.MAX_SEED)), "dtype": draw(some.sampled_from(["float32", "float64"]))}
    return RunSpec().replaced(changes)


DIGESTS = some.text("0123456789abcdef", min_size=64, max_size=64) | some.text("0123456789e", min_size=64, max_size=64)
PATHS = some.lists(some.sampled_from(["model.kind", "seed", "init.scale"]), unique=True)
VIEWS = some.builds(
    View,
    frame=some.none() | some.integers(0, limits.MAX_SNAPSHOTS - 1),
    axis=some.sampled_from(["time", "iterations", "error", "seconds", "events"]),
    log_time=some.booleans(),
    log_values=some.booleans(),
    matrix=some.sampled_from(["W", "residual", "truth", "observed", "K"]),
    mode=some.none() | some.integers(0, limits.MAX_SIDE),
    future=some.booleans(),
    projector=some.booleans(),
    theory=some.booleans(),
    upper_strip=some.sampled_from(get_args(Strip)),
    lower_strip=some.sampled_from(get_args(Strip)),
)


@settings(deadline=None, max_examples=200)
@given(
    specs(),
    VIEWS,
    some.lists(some.sampled_from(["model.kind", "seed", "init.scale"]), unique=True),
    some.none() | some.integers(1, 8),
)
def test_link_gives_back_run_view_locks_and_chapter(spec: RunSpec, view: View, locked: list[str], chapter: int | None) -> None:
    former = {} if chapter is None else {"tour": str(chapter)}  # no longer written, still read
    link = address("http://lab.example:8600/dmf/?old=1#part", parameters(spec, view, tuple(locked)) | former)
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("http", "lab.example:8600", "/dmf/", "")
    opened = read(dict(parse_qsl(parts.query, keep_blank_values=True)), chapters=8)
    assert (opened.spec, opened.view, opened.locked, opened.chapter, opened.sentences) == (spec, view, tuple(locked), chapter, ())


def test_link_of_a_usual_run_is_short_enough_to_read() -> None:
    link = address("http://localhost:8501/", parameters(RunSpec().replaced({"model.depth": 2, "seed": 3}), View(frame=40)))
    assert link == "http://localhost:8501/?version=1&model.depth=2&seed=3&view.frame=40"


def test_link_below_a_path_ends_in_a_slash_so_that_no_proxy_redirects_it() -> None:
    assert address("https://lab.example/dmf", {"version": "1"}) == "https://lab.example/dmf/?version=1"


def test_frozen_defaults_of_this_version_are_those_of_the_program() -> None:
    frozen = json.loads((HERE / f"{VERSION}.json").read_text())
    assert {key: frozen[key] for key in present()} == present(), (
        "a default or a kind has changed: raise dmf_core.spec.VERSION and give ui/session/past the next file; "
        "something was added: add its line to this version's file"
    )


def test_kinds_of_a_link_mean_what_they_mean_on_the_command_line() -> None:
    for name in ("matrix_sensing", "observed_data"):
        assert read({"problem.kind": name}).spec == RunSpec().replaced({"problem.kind": name})
    for name in ("implicit_flow", "gradient_descent", "adam"):
        assert read({"integrator.kind": name}).spec == RunSpec().replaced({"integrator.kind": name})


# A made-up version 0: another default, another name, a setting that is gone, a start whose meaning has changed.
OLD = dataclasses.replace(
    pasts()[1],
    defaults={**pasts()[1].defaults, "stop.loss": 1e-3, "stop.patience": 50},
    by_kind={
        **pasts()[1].by_kind,
        "problem.matrix_completion": {
            **{path: value for path, value in pasts()[1].by_kind["problem.matrix_completion"].items() if path != "problem.noise"},
            "problem.sigma": 0.5,
        },
        "init.orthogonal": {**pasts()[1].by_kind["init.orthogonal"], "init.scale": 0.02},
    },
    renamed={"problem.sigma": "problem.noise"},
    changed={"integrator.method": "Before version 1 the flow was solved by another method; births may differ by 1 %."},
)
VERSIONS: dict[int, Past] = {0: OLD, 1: pasts()[1]}


def test_link_of_an_older_version_keeps_its_defaults_and_names() -> None:
    link = read({"version": "0", "model.depth": "2"}, VERSIONS)
    assert link.spec == RunSpec().replaced({"model.depth": 2, "stop.loss": 1e-3, "problem.noise": 0.5})
    named = read({"version": "0", "problem.sigma": "0.25", "init.kind": "orthogonal"}, VERSIONS).spec
    assert named is not None
    assert named.problem.noise == 0.25  # type: ignore[union-attr]
    assert named.init.scale == 0.02


def test_link_of_an_older_version_says_what_changed_and_only_that() -> None:
    link = read({"version": "0", "model.depth": "2", "stop.patience": "9"}, VERSIONS)
    assert link.sentences == (
        "Before version 1 the flow was solved by another method; births may differ by 1 %.",
        "There is no setting stop.patience; remove it or correct its name.",
    )
    unaffected = read({"version": "0", "integrator.kind": "adam"}, VERSIONS)
    assert unaffected.sentences == ()


def test_link_of_a_newer_version_is_used_as_far_as_it_is_understood() -> None:
    link = read({"version": "7", "model.depth": "4", "model.sparsity": "0.5", "view.angle": "3", "view.frame": "12"})
    assert link.spec == RunSpec().replaced({"model.depth": 4})
    assert link.view == View(frame=12)
    assert [sentence.split(";")[0] for sentence in link.sentences] == [
        "The link was made by version 7 of the settings, but this program understands versions up to 1",
        "There is no setting model.sparsity",
        "There is no setting view.angle",
    ]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"model.depth": "99"}, "model.depth is 99; it must be at most 8."),
        ({"problem.noise": "NaN"}, "problem.noise is nan; it must be a number from 0 to "),
        (
            {"problem.kind": "puzzle"},
            "problem.kind is puzzle; it must be one of matrix_completion, ",
        ),
        ({"integrator.kind": "[1]"}, "integrator.kind is [1]; it must be one of"),
        ({"problem.observations": "10001"}, "problem.observations is 10001, but a 100 x 100 matrix has only 10000 entries"),
        ({"seed.part": "1"}, "There is no setting seed.part;"),
        ({"problem": "1"}, "There is no setting problem;"),
        ({"utm_source": "mail"}, "There is no setting utm_source;"),
        ({"stop." + "x" * 5000: "1"}, "There is no setting stop.xxx"),
        ({"version": "new"}, "version is new; it must be a whole number from 1 to 1."),
        ({"view.frame": "-3"}, "view.frame is -3; it must be at least 0."),
        ({"view.frame": "x"}, "view.frame is x; it must be a whole number of at least 0 and less than 2000, or empty."),
        ({"view.axis": "moon"}, "view.axis is moon; it must be time, iterations, error"),
        ({"view.upper_strip": "moon"}, "view.upper_strip is moon; it must be "),
        ({"view": "cinema"}, "view is cinema; the only short form is view=projector"),
        ({"lock": "model.deep"}, "lock names model.deep, which is no setting of this run;"),
        ({"tour": "9"}, "tour is 9; it must be a chapter from 1 to 8."),
    ],
)
def test_wrong_part_gets_one_sentence_and_the_rest_is_used(parameters: dict[str, str], words: str) -> None:
    link = read({"version": "1", "init.scale": "0.01", "view.mode": "2"} | parameters, chapters=8)
    assert len(link.sentences) == 1
    assert link.sentences[0].startswith(words)
    assert link.spec == RunSpec().replaced({"init.scale": 0.01})
    assert link.view == View(mode=2)
    assert len(link.message) < 400


SMALL = {"problem.rows": 20, "problem.columns": 20, "problem.observations": 200, "problem.rank": 2}


def test_values_that_fit_only_together_survive_a_wrong_one_beside_them() -> None:
    link = read(
        {"problem.rows": "20", "problem.columns": "20", "problem.observations": "200", "problem.rank": "2", "model.depth": "99"}
    )
    assert link.spec == RunSpec().replaced(
        {"problem.rows": 20, "problem.columns": 20, "problem.observations": 200, "problem.rank": 2}
    )
    assert len(link.sentences) == 1


def test_model_may_refuse_a_size_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin's sentence need not begin with the path of the setting: the setting to do without is tried, not read out of it."""
    monkeypatch.setattr(MODELS["cp"], "incompatibility", lambda self, shape: "Seven is too many." if self.rank == 7 else "")
    link = read({"version": "1", "seed": "4", "problem.kind": "tensor_completion", "model.rank": "7", "model.depth": "2"})
    assert link.sentences == ("Seven is too many.",)
    assert link.spec is not None and (link.spec.seed, link.spec.model.rank, link.spec.model.depth) == (4, None, 2)


def test_many_wrong_parts_are_counted_after_the_fourth() -> None:
    link = read({f"word{i}": "x" for i in range(30)})
    assert "26 more parts of it could not be used." in link.message
    assert len(link.message) < 600


def test_address_without_a_run_leaves_the_choice_to_the_page() -> None:
    link = read({"view": "projector"})
    assert link.spec is None
    assert link.view == View(projector=True)


OTHERS = ["integrator.learning_rate", "version", "view", "view.frame", "lock", "tour"]


@settings(deadline=None, max_examples=150)
@given(
    some.dictionaries(
        some.sampled_from([*present()["defaults"], "integrator.learning_rate", "version", "view", "view.frame", "lock", "tour"])
        | some.text(),
        some.sampled_from(["", "0", "-1", "1e999", "null", "{}", "[", "true", "adam", "observed_data"]) | some.text(),
        max_size=8,
    )
)
def test_any_address_is_answered(address: dict[str, str]) -> None:
    link = read(address, chapters=8)
    assert all(sentence.strip() for sentence in link.sentences)
    if link.spec is not None:
        assert read(parameters(link.spec, link.view)).spec == link.spec


@pytest.mark.parametrize("name", ["model.kindmodel.kind", "model.x.kind", "stop.kind", "problem.kind.kind"])
def test_name_that_looks_like_a_kind_is_said_and_takes_nothing_else_with_it(name: str) -> None:
    link = read({"version": "1", "seed": "4", name: "x"})
    assert link.spec is not None and link.spec.seed == 4 and len(link.sentences) == 1 and name in link.sentences[0]


@pytest.mark.parametrize("text", ["a\nb", "\u202ex", "\x00"])
def test_sentence_about_a_link_is_one_line_of_what_can_be_seen(text: str) -> None:
    link = read({"version": "1", "seed": text, f"problem.{text}": "1", "view": text})
    assert len(link.sentences) == 3 and not any(
        mark in sentence for mark in text if mark not in "abx" for sentence in link.sentences
    )
