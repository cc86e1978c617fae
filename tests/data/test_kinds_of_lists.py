"""Lists of ratings and of the entries of a tensor, written in the ways that programs and people write them."""

import numpy as np
import pandas as pd
import pytest

from dmf_core.data import Ambiguous, ReadOptions, read
from tests.data.samples import ENTRIES, LIST, TENSOR, lines

LISTS = {
    "u.data": lines("{u}\t{i}\t{v}\t88125{u:02}{i:02}"),
    "ratings.dat": lines("{u}::{i}::{v}::97830{u}"),
    "ratings.csv": lines("{u},{i},{v},96498{u}", "userId,movieId,rating,timestamp\n"),
    "columns in another order": lines("{v},{i},96498{u},{u}", "score,item_id,timestamp,user_id\n"),
    "an index before": pd.DataFrame(ENTRIES, columns=["user", "movie", "stars"]).to_csv().encode(),
    "an index without a name, no names": pd.DataFrame([(*each, 978300000 + each[0]) for each in ENTRIES])
    .to_csv(header=False)
    .encode(),
    "ids with decimals": lines("{u}.0,{i}.0,{v}", "user,item,rating\n"),
    "names of films": lines('{u},"Film {i}, The",{v}', "userId,title,rating\n"),
    "names with line ends": lines('{u},"Film\n{i}",{v}', "userId,title,rating\n"),
    "one bad quote in a name": lines('{u};"Film {i}";{v}', "userId;title;rating\n").replace(b'"Film 1"', b'"Film" 1"', 1),
    "quotes without a partner and tabs": lines('{u}\t"Film {i}\t{v}', "user\ttitle\trating\n"),
    "title beside the id": lines('{u},{i},"T, {i}",{v}', "user_id,book_id,book_title,rating\n"),
    "clock and ratio": lines(
        "{u},{i},138{i},6067,2020-07-05 00:08:23.438,20200705,1593878903.438,{v}",
        "user_id,video_id,play_duration,video_duration,time,date,timestamp,watch_ratio\n",
    ),
    "names in a comment": lines("{u} {i} {v}", "# user item rating\n"),
    "matrix indices": lines("{u} {i} {v}", "i j value\n"),
    "an id that is no known word": lines("{u},{v},{i}", "Cust_Id,Rating,Movie_Id\n"),
    "names that only count": lines("{u},{i},{v}", "0,1,2\n"),
    "names in German, decimal commas": lines("{u};{i};{v}", "Nutzer;Film;Bewertung\n").replace(b".", b","),
    "a second number that is no value": lines("ann{u:02},{i},{v},2", "username,anime_id,my_score,my_status\n"),
    "two tabs between": lines("{u}\t\t{i}\t\t{v}"),
}


@pytest.mark.parametrize("name", LISTS)
def test_list_of_every_kind_gives_the_same_matrix(name: str) -> None:
    reading = read(LISTS[name], name)
    assert reading.account.kind == "list"
    if name == "one bad quote in a name":  # which becomes a name of its own
        assert reading.account.column_names is not None
        assert reading.account.column_names[-1] == 'Film" 1'
        np.testing.assert_array_equal(np.fmax(reading.array[:, 0], reading.array[:, -1]), LIST[:, 0])
        np.testing.assert_array_equal(reading.array[:, 1:-1], LIST[:, 1:])
    else:
        np.testing.assert_array_equal(reading.array, LIST)


def test_lists_with_two_ratings_are_asked_about() -> None:
    with pytest.raises(Ambiguous, match="--data-columns user,item,taste_rating"):
        read(lines("{u},{i},{v},{v}", "user,item,taste_rating,look_rating\n"), "x.csv")


EXTENDED = "# extended FROSTT format\n3 16\n3 4 2\n"


@pytest.mark.parametrize(
    ("name", "head"), [("t.tns", ""), ("t.txt", ""), ("t.tns", "sptensor\n3\n3 4 2\n16\n"), ("t.tns", EXTENDED)]
)
def test_list_of_a_tensor_is_read_with_and_without_a_head(name: str, head: str) -> None:
    expected = np.full((3, 4, 2), np.nan)
    for i, j, k, value in TENSOR:
        expected[i - 1, j - 1, k - 1] = value
    assert len(TENSOR) == 16
    reading = read((head + "".join(f"{i} {j} {k} {v}\n" for i, j, k, v in TENSOR)).encode(), name)
    np.testing.assert_array_equal(reading.array, expected)
    assert reading.account.kind == "tensor"


def test_columns_of_a_tensor_are_taken_as_chosen() -> None:
    text = "v,i,j,k\n" + "".join(f"{v},{i},{j},{k}\n" for i, j, k, v in TENSOR)
    reading = read(text.encode(), "t.csv", ReadOptions(columns=("i", "j", "k", "v")))
    assert reading.array.shape == (3, 4, 2)
    assert all(reading.array[i - 1, j - 1, k - 1] == v for i, j, k, v in TENSOR)
