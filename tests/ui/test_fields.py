"""Settings are referred to by path; what is read stands in one table."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.integrators import INTEGRATORS
from dmf_core.models import MODELS
from dmf_core.problems import PROBLEMS
from dmf_core.spec import RunSpec, Save, Stop, example
from tests.ui.sliders import move, sliders
from tests.ui.views.explore.test_page import opened, spec_of
from ui.fields import FIELDS, INSTEAD, Field, field, in_fold, in_labels, label
from ui.session.course.chapters import CHAPTERS
from ui.views.learn.lesson import filled_in

pytestmark = pytest.mark.usefixtures("queue_ends")

PAGE_FILES = Path(__file__).parents[2] / "pages"


@pytest.fixture
def renamed(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Field]]:
    """Every setting under another label."""
    for table in (FIELDS, INSTEAD):
        for n, (path, each) in enumerate(table.items()):
            monkeypatch.setitem(table, path, replace(each, label=f"Name {n} of {path.rpartition('.')[2][:5]}!", name=""))
    return iter([FIELDS])


def labels(app: AppTest) -> set[str]:
    """Of every widget on the page."""
    kinds = ("number_input", "selectbox", "checkbox", "text_input", "button_group", "multiselect")
    return {each.label for kind in kinds for each in app.get(kind)} | set(sliders(app))


def test_every_setting_of_every_kind_has_a_label() -> None:
    sections = [("problem", PROBLEMS), ("model", MODELS), ("integrator", INTEGRATORS)]
    paths = {f"{section}.{name}" for section, table in sections for each in table.values() for name in each.model_fields}
    paths |= {f"stop.{name}" for name in Stop.model_fields} | {f"save.{name}" for name in Save.model_fields}
    paths |= {f"init.{name}" for name in RunSpec().init.model_fields_set | set(type(RunSpec().init).model_fields)}
    assert sorted(paths - FIELDS.keys()) == []


def test_no_two_settings_have_the_same_label() -> None:
    names = [each.label for each in FIELDS.values()]
    assert len(set(names)) == len(names)


def test_setting_that_the_table_lacks_is_called_by_its_last_name() -> None:
    assert label("model.power_of_two") == "Power of two"


def test_label_follows_what_a_setting_means_in_the_run() -> None:
    sparse = example("problem", "matrix_sensing").replaced({"problem.truth": "sparse"})
    assert field("problem.rank", sparse).label == "Nonzero entries of the truth"
    assert field("problem.rank", RunSpec()).label == "Rank of the truth"


def test_model_is_in_the_fold_of_matrices_only() -> None:
    assert in_fold("model.kind", RunSpec())
    assert not in_fold("model.kind", example("problem", "tensor_completion"))
    assert not in_fold("problem.mask", RunSpec())


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("problem.rows is empty; it must be a whole number.", "Rows is empty; it must be a whole number."),
        ("m.csv: problem.rank is 9. Nothing was changed.", "m.csv: Rank of the truth is 9. Nothing was changed."),
        ("Too large; set problem.symmetric to true.", "Too large; set “Symmetric truth” to true."),
        ("model.json: it is no archive.", "model.json: it is no archive."),
        ("See data/problem.rows.csv or problem.rows.csv.", "See data/problem.rows.csv or problem.rows.csv."),
        (
            "model.kind is deep_matrix, but problem.kind is tensor_completion; choose tensor_train.",
            "Model is product of matrices, but “Problem” is tensor completion; choose tensor train.",
        ),
        ("across=deep_matrix,tensor_train: deep_matrix.csv has no my_sensor.",) * 2,
        ("lock names model.deep, which is no setting.", "lock names model.deep, which is no setting."),
    ],
)
def test_sentence_names_settings_by_their_labels(sentence: str, read: str) -> None:
    assert in_labels(sentence, RunSpec()) == read


def test_empty_field_is_named_by_its_label_on_the_page() -> None:
    app = opened()
    app.session_state["Advanced"] = True
    app.run().number_input(key="problem.rows").set_value(None).run()
    assert app.warning[0].value.startswith("Rows is empty; it must be")
    assert "problem." not in app.warning[0].value


def test_everything_works_under_other_labels(renamed: object) -> None:
    """Widgets, the fold, locks, the link popover, the course and Compare: nothing refers to a label."""
    app = opened()
    app.session_state["Advanced"] = app.session_state["Link"] = True
    app.run()
    assert not app.exception
    usual = {"Depth", "Rank of the truth", "Observed entries", "Initial scale", "Seed", "Rows", "Noise", "Tolerance"}
    assert not labels(app) & usual
    move(app, "problem.rank", 3)
    app.number_input(key="problem.rows").set_value(50).run()
    app.number_input(key="seed").set_value(11).run()
    app.session_state["model.depth"] = 2
    app.run()
    assert not app.exception
    assert (spec_of(app).problem.rank, spec_of(app).problem.rows, spec_of(app).seed) == (3, 50, 11)
    locked = opened(**{"model.depth": "4", "lock": "model.depth"})
    assert f"**{field('model.depth').label}**  \n4" in [each.value for each in locked.markdown]
    app.switch_page(str(PAGE_FILES / "compare.py")).run()
    assert not app.exception
    factor = app.selectbox(key="Change one factor")
    assert field("model.depth").label in factor.options
    assert filled_in("Set {setting} to 2", CHAPTERS[3], None) == f"Set {field('model.depth').label} to 2"
