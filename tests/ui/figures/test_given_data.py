"""What the player is told of a visitor's data: the sentence, and the names of the rows and columns that its picture has."""

import io
import json

import numpy as np

from dmf_core import archive
from dmf_core.data import read
from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import picture_index
from ui.export import Source, nothing
from ui.export.numbers import as_json
from ui.export.page import page
from ui.figures.given_data import given_data
from ui.figures.payload import payload
from ui.player.view import View
from ui.session.tried_runs import TriedRuns, to_csv

TABLE = "city,spring,summer\n" + "".join(f"town-{k},{k}.5,{k * k % 7}\n" for k in range(6))


def test_names_are_those_of_the_rows_that_a_thinned_picture_shows() -> None:
    rng = np.random.default_rng(0)
    text = "row," + ",".join(f"c{k}" for k in range(3)) + "\n"
    text += "".join(f"name-{k}," + ",".join(f"{x:.2f}" for x in rng.normal(size=3)) + "\n" for k in range(300))
    sentences = given_data(read(text.encode(), "t.csv").account.as_json(None))
    assert sentences is not None
    assert sentences["rows"] == [f"name-{k}" for k in picture_index(300)]
    assert sentences["columns"] == ["c0", "c1", "c2"]
    assert given_data(None) is None


def test_tensor_and_nameless_data_have_a_sentence_and_no_names() -> None:
    stream = io.BytesIO()
    np.save(stream, np.arange(24.0).reshape(2, 3, 4))
    sentences = given_data(read(stream.getvalue(), "t.npy").account.as_json(None))
    assert sentences is not None and "24 of 24" in sentences["sentence"]
    assert sentences["rows"] is None and sentences["columns"] is None


def test_data_go_into_the_page_the_json_and_the_table_and_never_into_the_shared_payload() -> None:
    reading = read(TABLE.encode(), "t.csv")
    inputs = Inputs(reading.array, account=reading.account.as_json(None))
    spec = with_inputs(RunSpec().replaced({"problem.kind": "observed_data", "stop.iterations": 2}), inputs)
    trajectory = run(spec, inputs)
    source = Source(trajectory, spec, inputs, View())
    assert b"town-3" not in payload(trajectory, spec)
    saved = page(source, nothing).decode()
    assert "town-3" in saved and reading.account.sentence in saved
    data = json.loads(as_json(source, nothing))["data"]
    assert data == archive.data_of_run(trajectory, inputs)["data"]
    assert (data["known"], data["held_out"], data["names"]["columns"]) == (12, 0, ["spring", "summer"])
    tried = TriedRuns()
    tried.see(spec, inputs, trajectory)
    head, line = to_csv(tried.in_order()).splitlines()
    assert head.endswith(",data") and reading.account.sentence in line
