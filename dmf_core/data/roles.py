"""What the name of a column says: of a list of entries, which column is row, column and value; of a table, which is an index."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dmf_core import limits
from dmf_core.data.options import ReadOptions
from dmf_core.data.reading import Ambiguous, Choice, printable
from dmf_core.errors import BadInput


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


GENERIC = _words("id ids name names no nr num number key index idx code title mbid hash uuid")
ROW = _words(
    "user users userid username u uid reviewer reviewerid customer cust consumer person student row rows i member account "
    "visitor session viewer voter rater listener reader patient subject client buyer respondent "
    "nutzer benutzer kunde utilisateur usuario cliente utente"
)
COLUMN = _words(
    "item items itemid iid movie movies movieid film films book books isbn product products productid "
    "asin business song songs track tracks artist artists title joke jokes column columns col j video "
    "videos game games anime recipe restaurant article beer show hotel place course question photo "
    "artikel produkt buch filme livre produit pelicula libro producto prodotto"
)
VALUE = _words(
    "rating ratings rate score scores value values val stars star overall count counts plays playcount "
    "weight preference v x entry mark grade vote votes feedback listens hours "
    "bewertung wertung note nota puntuacion calificacion valoracion voto punteggio"
)
TIME = _words("timestamp time date datetime unixreviewtime reviewtime ts year month day hour created updated")
LETTERS = ("i", "j", "k", "l", "m", "n")
INDEX = _words(
    "index id idx row rows rowid rowname rownames name names label labels key user users userid student "
    "students subject subjects sample samples gene genes country countries city cities state states year "
    "years date dates day month time timestamp datetime person people patient customer item items movie movies film films "
    "title titles no nr station region"
)


@dataclass(frozen=True)
class Places:
    """Which columns of a list are the indices of an entry, and which is its value."""

    indices: tuple[int, ...]  # row and column, or one for each side of a tensor
    value: int


def tokens(name: str) -> list[str]:
    """The words of a name in lower case: movieId, movie_id, Movie-ID -> movie, id."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip())
    return [part for part in re.split(r"[^a-z0-9]+", parted.lower()) if part]


def _is(name: str, words: frozenset[str]) -> bool:
    parts = tokens(name)
    if "".join(parts) in words:
        return True
    return any(part in words for part in parts) and all(part in words or part in GENERIC for part in parts)


def is_index_name(name: str) -> bool:
    """Whether a first column of this name holds the names of rows."""
    parts = tokens(name)
    if not parts:
        return re.search(r"\w", name) is None  # nothing, or a sign such as #; not a word in other letters
    return "".join(parts) in INDEX or _is(name, INDEX) or parts[0] == "unnamed"


def names_value(name: str) -> bool:
    parts = tokens(name)
    return _is(name, VALUE) or parts[-1:] in (["rating"], ["ratio"], ["score"], ["count"], ["stars"], ["plays"])


def by_choice(options: ReadOptions, header: list[str] | None, width: int) -> Places:
    """The columns that were named or numbered. Raises BadInput."""
    places = []
    for name in options.columns:
        exact = [i for i, each in enumerate(header or []) if each.strip() == name]
        near = [i for i, each in enumerate(header or []) if each.strip().lower() == name.lower()]
        if exact or near:
            places.append((exact or near)[0])
        elif name.isascii() and name.isdecimal() and 1 <= int(name) <= width:
            places.append(int(name) - 1)
        else:
            given = (
                printable(f"its columns are {', '.join(each.strip()[:30] for each in header[:10])}")
                if header
                else "it names no columns"
            )
            raise BadInput(f"The file has no column {name[:40]!r}; {given}, or count them from 1 to {width}.")
    if len(set(places)) != len(places):
        raise BadInput(f"The columns {','.join(options.columns)[:60]} name one column twice; give different ones.")
    return Places(tuple(places[:-1]), places[-1])


def choosable(header: Sequence[str], column: int) -> str:
    """What chooses this column in `columns`: its name where that is one, and else its number from 1."""
    name = header[column].strip()
    alike = [each for each in header if each.strip().lower() == name.lower()]
    clear = name and "," not in name and name == printable(name) and len(alike) == 1
    return name if clear else str(column + 1)


def by_names(header: list[str], numeric: list[bool]) -> Places | None:
    """The columns of a list of entries by their names, None where the names are not those of a list.

    `numeric` says of each column whether it holds numbers. Raises BadInput where the value is missing, Ambiguous where
    several columns could be it.
    """
    letters = tuple(name.strip().lower() for name in header)
    if len(letters) > 3 and letters[:-1] == LETTERS[: len(letters) - 1] and len(letters) - 1 <= limits.MAX_ORDER:
        return Places(tuple(range(len(letters) - 1)), len(letters) - 1)
    rows, columns = _matching(header, ROW), _matching(header, COLUMN)
    values = [i for i, name in enumerate(header) if names_value(name) and numeric[i]]
    rows = [i for i in rows if i not in values]
    columns = [i for i in columns if i not in values]
    if len(header) > 30:
        return None
    rows, columns = _completed(header, rows, columns, values)
    if not rows or not columns:
        return None
    row, column = rows[0], columns[0]
    called = [i for i in values if tokens(header[i]) in (["rating"], ["ratings"])] or values
    if len(called) == 1:
        return Places((row, column), called[0])
    rest = values or [
        i for i, name in enumerate(header) if i not in (*rows, *columns) and numeric[i] and tokens(name) and not _is(name, TIME)
    ]
    if len(rest) == 1:
        return Places((row, column), rest[0])
    if not rest:
        words = [name.strip() for name in header if names_value(name)]
        if words:
            raise BadInput(
                f"The column {words[0][:30]!r} of the list holds no numbers; write its ratings as numbers, or name another "
                "column with --data-columns row,column,value."
            )
        raise BadInput(
            f"The list names pairs of {header[row].strip()[:30]!r} and {header[column].strip()[:30]!r} without a value; add a "
            "column of ratings, or name it with --data-columns row,column,value."
        )
    raise Ambiguous(
        "Several columns of the list could be the value",
        *(
            Choice(
                f"the value is {printable(header[i].strip()[:40])}",
                {"columns": ",".join(choosable(header, k) for k in (row, column, i))},
            )
            for i in rest[:4]
        ),
    )


def _completed(header: list[str], rows: list[int], columns: list[int], values: list[int]) -> tuple[list[int], list[int]]:
    """Of a list with one value and one known id, takes the only other column that is called an id, as Cust_Id."""
    if len(values) != 1 or bool(rows) == bool(columns):
        return rows, columns
    others = [i for i, name in enumerate(header) if i not in (*rows, *columns, *values) and {"id", "uuid"} & {*tokens(name)}]
    if len(others) != 1:
        return rows, columns
    return (rows or others, columns or others)


def _matching(header: list[str], words: frozenset[str]) -> list[int]:
    """The columns whose names match, ids before other columns."""
    places = [i for i, name in enumerate(header) if _is(name, words)]
    return sorted(places, key=lambda i: not {"id", "mbid", "key", "hash", "uuid"} & {*tokens(header[i])})
