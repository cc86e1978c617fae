"""An array as a program prints or writes it: NumPy, lists of lists (JSON, Python), MATLAB and Julia in brackets."""

import re
from typing import Any

import numpy as np

from dmf_core import limits
from dmf_core.data.cells import Numbers, short
from dmf_core.errors import BadInput

WRAPPER = re.compile(r"\s*(?:[A-Za-z_]\w*\s*=\s*)?(?:(?:np|numpy|torch|jnp)\.)?(?:array|tensor|matrix|asarray)?\s*\(?\s*(?=\[)")
TOKEN = re.compile(r"[\[\],;\n]|[^\s\[\],;]+")
PRINTED_BY_R = re.compile(r"(\s*\[,\d+\])+[ \t]*\r?\n")  # the line above: [,1] [,2]
LINE_OF_R = re.compile(r"[ \t]*\[\d+,\](.*)")
DISPLAYED = re.compile(r"\s*((?!sep)[A-Za-z]\w*\s*=|\d+(×|x)\d+ [\w{}, ]*:)[ \t]*\r?\n")  # as MATLAB and Julia show a matrix
FACTOR = re.compile(r"\s*(\d+\.\d+e[+-]\d+)\s*\*\s*")
CONTINUED = re.compile(r"([\d.,;\[])[ \t]*\.\.\.[ \t]*\r?\n")  # a row of MATLAB that goes on in the next line
BRACES = re.compile(r"\s*(\w+\s*=\s*)?\{\s*\{?\s*[-+.\d{]")  # Mathematica, C
MOST = 64 << 20  # bytes of a literal
NUMBERS = Numbers()


def is_literal(content: bytes) -> bool:
    """Whether the text begins as an array in brackets does."""
    start = content[:200].decode(errors="replace")
    return start.lstrip().startswith("{") or any(form.match(start) for form in (WRAPPER, PRINTED_BY_R, BRACES, DISPLAYED))


def read_literal(content: bytes, encoding: str) -> np.ndarray:
    """The array that a text in brackets holds. Raises BadInput."""
    if len(content) > MOST:
        raise BadInput(f"The array in brackets has more than {MOST >> 20} MB; save it with numpy.save.")
    text = content.decode(encoding)
    if PRINTED_BY_R.match(text):
        return _printed_by_r(text)
    if not WRAPPER.match(text) and (match := DISPLAYED.match(text)):
        return _displayed(text[match.end() :])
    if BRACES.match(text):
        text = text.translate({ord("{"): "[", ord("}"): "]"}).replace("*^", "e")
    if text.lstrip().startswith("{") or re.match(r"\s*\[\s*\{", text):
        raise BadInput("This is JSON with named fields; give a list of rows, [[1, 2], [3, 4]], or a CSV file.")
    if re.match(r"\s*\w+\s*=\s*\[", text):
        text = CONTINUED.sub(r"\1 ", text)
    if "..." in text:
        raise BadInput('The printed array is shortened (it holds "..."); print all of it, or save it with numpy.save.')
    match = WRAPPER.match(text)
    body = text[match.end() :] if match else text
    end = body.rfind("]")
    return _array(_nested(body[: end + 1]))


def _printed_by_r(text: str) -> np.ndarray:
    """A matrix as R's console shows it. Raises BadInput."""
    lines = [line for line in text.splitlines() if line.strip()]
    matches = [LINE_OF_R.fullmatch(line) for line in lines[1:]]
    if not all(matches):
        raise BadInput("The matrix was printed by R in several parts, or with words; write it with write.csv.")
    rows = [match[1].split() for match in matches if match]
    word = next((field for row in rows for field in row if not NUMBERS.knows(field)), None)
    if word is not None:
        raise BadInput(f"The matrix that R printed holds {short(word)}, which is not a number; write it with write.csv.")
    return _array([[NUMBERS[field] for field in row] for row in rows])


def _displayed(text: str) -> np.ndarray:
    """The rows below the name or the size of a matrix, as MATLAB or Julia shows it. Raises BadInput."""
    lines = [line for line in text.splitlines() if line.strip()]
    factor = FACTOR.fullmatch(lines[0]) if lines else None
    rows = [line.split() for line in (lines[1:] if factor else lines)]
    word = next((field for row in rows for field in row if not NUMBERS.knows(field)), None)
    if word is not None:
        raise BadInput(f"The matrix that was displayed holds {short(word)}, in parts or with words; write it to a CSV file.")
    return _array([[NUMBERS[field] * (float(factor[1]) if factor else 1.0) for field in row] for row in rows])


Nested = list[Any]  # of numbers, or of such lists


def _nested(text: str) -> Nested:
    """Nested lists of numbers; inside the innermost brackets, semicolons and line ends separate rows."""
    top: Nested = []
    stack: list[Nested] = [top]
    rows: list[Nested] = [[]]  # those of the innermost bracket
    for match in TOKEN.finditer(text):
        token = match.group()
        if token == "[":
            if len(stack) > limits.MAX_ORDER + 1:
                raise BadInput(f"The array is nested more than {limits.MAX_ORDER} deep; a tensor here has at most so many sides.")
            new: Nested = []
            stack[-1].append(new)
            stack.append(new)
            rows = [[]]
        elif token == "]":
            if len(stack) == 1:
                raise BadInput("The brackets of the array do not match; close every one that is opened.")
            filled = [row for row in rows if row]
            if filled and stack[-1]:
                raise BadInput("The array mixes numbers and lists; give every row its own brackets.")
            stack[-1].extend(filled[0] if len(filled) == 1 else filled)
            stack.pop()
            rows = [[]]
        elif token in ";\n":
            rows.append([])
        elif token != ",":
            if not NUMBERS.knows(token):
                raise BadInput(
                    f"The array holds {short(token)}, which is not a number; give numbers, and NaN where one is unknown."
                )
            rows[-1].append(NUMBERS[token])
    if len(stack) != 1:
        raise BadInput("The brackets of the array do not match; close every one that is opened.")
    return top[0] if len(top) == 1 and isinstance(top[0], list) else top


def _array(nested: Nested) -> np.ndarray:
    while len(nested) == 1 and isinstance(nested[0], list) and any(isinstance(each, list) for each in nested[0]):
        nested = nested[0]
    try:
        return np.array(nested, dtype=np.float64)
    except ValueError:
        raise BadInput("The rows of the array have different lengths; give every row the same number of values.") from None
