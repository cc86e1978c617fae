"""A file dropped on the page: read as the command line reads it, seen, changed, asked about."""

import io
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from dmf_core.cli.arguments import parse
from dmf_core.cli.user_file import reading_of
from dmf_core.data import Reading, read
from dmf_core.presets import preset_spec
from dmf_core.spec import RunSpec
from ui.controls.files import view
from ui.controls.files.adopt import adopt, current, waits_for_choice
from ui.controls.files.choices import Control, chosen, controls
from ui.controls.files.view import command
from ui.controls.start import _take
from ui.controls.tensor import changed_text
from ui.figures.files.free_entries import free_entries
from ui.figures.files.preview import bars, caption, lines, table, title
from ui.session.state import OWN, Session
from ui.session.upload import Upload, changed, guessed, taken

CASES = Path(__file__).parents[2] / "data" / "cases"
TWO_READINGS = b"1 1 5\n1 2 3\n1 3 4\n2 1 4\n2 2 2\n2 3 1\n"


def case(name: str) -> Upload:
    return taken(name, (CASES / name).read_bytes())


def reading(upload: Upload) -> Reading:
    assert upload.reading is not None, upload.refusal
    return upload.reading


def control(upload: Upload, option: str) -> Control:
    return next(each for each in controls(upload) if each.option == option)


@pytest.mark.parametrize("name", ["08-rated-twice.tsv", "09-excel-de.csv", "17-matrix.npz", "45-two-blocks.csv"])
def test_upload_is_read_as_on_the_command_line(name: str) -> None:
    visitor = Session(RunSpec(), preset=OWN)
    content = (CASES / name).read_bytes()
    _take(visitor, name, content)
    expected = read(content, name)
    assert visitor.message == ""
    assert visitor.inputs.account == expected.account.as_json(None)
    upload = current(visitor)
    assert upload is not None and reading(upload).words == expected.words


def test_upload_that_can_be_read_in_two_ways_offers_both_and_changes_nothing() -> None:
    visitor = Session(RunSpec(), preset=OWN)
    _take(visitor, "m.txt", TWO_READINGS)
    assert waits_for_choice(visitor) and visitor.spec == RunSpec() and visitor.inputs.data is None
    upload = current(visitor)
    assert upload is not None
    assert [each.reading.array.shape for each in upload.candidates if each.reading] == [(6, 3), (2, 3)]
    adopt(visitor, changed(upload, dict(upload.candidates[1].choice.options)))
    assert not waits_for_choice(visitor) and visitor.spec.problem.kind == "observed_data"
    assert current(visitor) is not None and current(visitor).choices == {"kind": "list"}  # type: ignore[union-attr]
    again = guessed(visitor.upload)  # type: ignore[arg-type]
    assert len(again.candidates) == 2


def test_text_of_a_field_that_left_with_the_upload_changes_and_says_nothing() -> None:
    visitor = Session(preset_spec("three-components"), preset=OWN)
    stream = io.BytesIO()
    np.save(stream, np.random.default_rng(0).normal(size=(4, 5, 6)))
    _take(visitor, "own.npy", stream.getvalue())
    spec = visitor.spec
    assert spec.problem.kind == "observed_tensor"
    changed_text(visitor, "problem.shape", "10, 10, 10")
    assert visitor.message == "" and visitor.spec == spec


def test_refused_upload_changes_nothing_and_can_be_mended_by_a_choice() -> None:
    visitor = Session(RunSpec(), preset=OWN)
    _take(visitor, "words.csv", b"a,b,c\n1,2,3\nx,y,z\n4,5,6\n")
    upload = current(visitor)
    assert upload is not None and "'x'" in upload.refusal and visitor.spec == RunSpec()
    assert {each.option for each in controls(upload)} == {"kind", "header", "index", "separator", "decimal"}
    assert controls(taken("a.pkl", b"\x80\x04\x95")) == []


def test_controls_show_what_was_decided_and_mark_what_the_visitor_chose() -> None:
    upload = case("07-rating-last.csv")
    now = {each.option: each.shown(each.value) for each in controls(upload)}
    assert now["kind"] == "list of entries" and now["separator"] == "comma ,"
    assert (now["row"], now["column"], now["value"]) == ("user_id", "item_id", "rating")
    assert not any(each.yours for each in controls(upload))
    again = changed(upload, chosen(upload, "value", "3"))  # timestamps
    assert control(again, "value").shown(control(again, "value").value) == "timestamp" and control(again, "value").yours
    assert reading(again).array[0, 0] > 1e8
    table_now = changed(again, {"kind": "table"})  # the columns of a list mean nothing any more
    assert reading(table_now).account.kind == "table" and "columns" not in table_now.choices


def test_choosing_the_column_of_another_role_exchanges_the_two() -> None:
    before = case("07-rating-last.csv")
    column = control(before, "column").value
    swapped = changed(before, chosen(before, "row", column))
    assert control(swapped, "row").value == column and control(swapped, "column").value == control(before, "row").value
    np.testing.assert_array_equal(reading(swapped).array, reading(before).array.T)


def test_list_in_a_zip_file_is_read_and_not_opened_as_an_archive() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("ratings.txt", (CASES / "07-rating-last.csv").read_bytes())
    visitor = Session(RunSpec(), preset=OWN)
    _take(visitor, "ratings.zip", stream.getvalue())
    upload = current(visitor)
    assert upload is not None and visitor.message == ""
    np.testing.assert_array_equal(reading(upload).array, reading(case("07-rating-last.csv")).array)


@pytest.mark.parametrize(
    ("name", "option", "value", "known"),
    [
        ("04-zeros-missing.csv", "unknown", "0", 61),
        ("05-ml-latest-small.csv", "largest", "20", 20),
        ("08-rated-twice.tsv", "duplicates", "mean", 30),
        ("01-pandas-default.csv", "index", "no", 56),
        ("01-pandas-default.csv", "header", "no", 62),
    ],
)
def test_change_reads_the_file_again(name: str, option: str, value: str, known: int) -> None:
    before = case(name)
    after = changed(before, chosen(before, option, value))
    assert reading(after).account.known == known
    assert control(after, option).value == value
    assert reading(after).array.tobytes() != reading(before).array.tobytes()


def test_command_reads_as_the_page_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES)
    before = case("04-zeros-missing.csv")
    after = changed(changed(before, {"unknown": "-1,0"}), {"largest": "5"})
    words = command(after).split()
    arguments = parse(words[words.index("dmf_core") + 1 :])
    np.testing.assert_array_equal(reading_of(arguments.file, arguments).array, reading(after).array)


def test_another_reading_keeps_the_settings_of_the_run() -> None:
    visitor = Session(RunSpec(), preset=OWN)
    _take(visitor, "04-zeros-missing.csv", (CASES / "04-zeros-missing.csv").read_bytes())
    visitor.change({"model.depth": 2, "init.scale": 1e-2})
    upload = current(visitor)
    assert upload is not None
    adopt(visitor, changed(upload, {"unknown": "0"}))
    assert (visitor.spec.model.depth, visitor.spec.init.scale) == (2, 1e-2)
    known = int((~np.isnan(visitor.inputs.data)).sum())  # type: ignore[arg-type]
    assert visitor.spec.problem.observations == round(0.9 * known) < known  # type: ignore[union-attr]


class Cells(HTMLParser):
    """The cells of a preview by what they say."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.unknown = self.framed = 0
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        classes = (dict(attributes).get("class") or "").split()
        self.unknown += "fl-unknown" in classes
        self.framed += "fl-framed" in classes

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_preview_shows_names_values_and_what_is_unknown() -> None:
    shown = reading(case("09-excel-de.csv"))
    cells = Cells(table(shown))
    assert cells.unknown == int(np.isnan(shown.array).sum()) == 2
    assert shown.account.column_names is not None
    assert all(name in cells.texts for name in shown.account.column_names)
    assert caption(shown) == "Hatched cells are unknown."
    assert title(shown).startswith("Table, 4 × 3, 83")
    assert "1,5" in lines(shown)  # as the file has it


def test_preview_frames_what_two_readings_read_apart() -> None:
    zeros = case("04-zeros-missing.csv")
    as_value, as_unknown = reading(zeros), reading(changed(zeros, {"unknown": "0"}))
    corner = (as_value.array == 0)[:7, :7]
    cells = Cells(table(as_unknown, as_value))
    assert cells.framed == cells.unknown == int(corner.sum()) > 0
    assert Cells(table(as_value, as_value)).framed == 0


def test_preview_escapes_names_of_the_file() -> None:
    shown = reading(taken("x.csv", b"<script>,b\n1.5,2\n3,4.5\n"))
    assert "<script>" not in table(shown) + lines(shown) and "&lt;script&gt;" in table(shown)


def test_name_of_a_file_is_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(view, "markup", lambda text, key: texts.append(text))
    view.head(taken("<script>.csv", b"a,b\n1.5,2\n3,4.5\n"))
    assert "<script>" not in texts[0] and "<b>&lt;script&gt;.csv</b>" in texts[0]


def test_bars_count_every_value() -> None:
    whole = reading(taken("t.csv", b"1,1,2\n2,2,5\n"))
    assert "1: 2, 2: 3, 5: 1" in bars(whole)


def test_what_can_never_be_known_is_counted_on_the_page() -> None:
    assert "24 of the 24 entries that the file leaves unknown (100 %)" in free_entries(reading(case("45-two-blocks.csv")).array)
    assert "finds no free entry" in free_entries(reading(case("07-rating-last.csv")).array)
    assert "Every entry is known" in free_entries(np.ones((3, 3)))
