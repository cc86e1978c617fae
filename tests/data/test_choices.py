"""A file that can be read in two ways: every choice that is offered makes a reading, and they differ."""

import io

import numpy as np
import pytest

from dmf_core.data import Ambiguous, options_from_text, read


def _two_arrays() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, kernel=np.eye(3), W=np.ones((4, 2)))
    return stream.getvalue()


UNCLEAR = {
    "index.csv": b"\n".join(b"%d,%d,%d" % (k, 3 * k % 7, 5 * k % 11) for k in range(8)),
    "header.csv": b"0,1,2,3\n5,2,2,9\n4,4,8,1\n3,3,0,2\n",
    "comma.csv": b'a,b\n"1,234",2\n5,6\n',
    "triples.txt": b"1 1 5\n1 2 3\n1 3 4\n2 1 4\n2 2 2\n2 3 1\n",
    "value.csv": b'user,item,"helpful, yes",useful\n1,1,2,3\n1,2,3,4\n2,1,4,5\n',
    "arrays.npz": _two_arrays(),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_every_offered_choice_makes_a_reading_of_its_own(name: str) -> None:
    with pytest.raises(Ambiguous) as caught:
        read(UNCLEAR[name], name)
    choices = caught.value.choices
    assert len(choices) >= 2
    readings = [read(UNCLEAR[name], name, options_from_text(**choice.options)) for choice in choices]
    assert len({(reading.array.shape, reading.array.tobytes()) for reading in readings}) == len(choices)
    for choice in choices:
        assert all(f"--data-{option}" in choice.flags for option in choice.options)
        assert choice.flags in str(caught.value)


def test_reading_names_what_else_the_file_holds() -> None:
    source = read(UNCLEAR["arrays.npz"], "arrays.npz", options_from_text(part="W")).source
    assert (source.part, source.parts) == ("W", ("W", "kernel"))
    listed = read(b"user,item,rating\n1,1,5\n2,1,3\n2,2,4\n", "r.csv").source
    assert listed.fields == ("user", "item", "rating")
    assert listed.lines[:2] == (("user", "item", "rating"), ("1", "1", "5"))
    assert read(b"a b\nx 1 2\ny 3 4\n", "short head.txt").source.fields == ("column 1", "a", "b")
