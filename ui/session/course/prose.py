"""The words of a chapter: a text file with its parts under fixed headings. Numbers of runs stand in it as {name.number}."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "prose" / "course"
LAW = "{law}"  # a paragraph of its own: the law of growth as a formula
HEADINGS = ("Look", "Question", "In one sentence")


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen, and the reply to it."""

    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Question:
    """Either one of several choices is right, or a number of a run is to be given."""

    text: str
    choices: tuple[Choice, ...] = ()
    number: str = ""  # the name of the number that is right, as in the words
    within: float = 0.0  # relative to it
    right: str = ""  # the answer to the right number
    wrong: str = ""  # the answer to any other number


@dataclass(frozen=True)
class Prose:
    """All words of a chapter."""

    title: str
    paragraphs: tuple[str, ...]
    pointers: tuple[tuple[str, str], ...]  # what to look at, and what is seen there
    question: Question
    sentence: str


@cache
def prose(key: str) -> Prose:
    """The words of the chapter with this key."""
    return parsed((FOLDER / f"{key}.md").read_text(encoding="utf-8"))


def parsed(text: str) -> Prose:
    """The parts of such a file. Raises ValueError when one is missing."""
    rest, parts = text, {}
    for heading in reversed(HEADINGS):
        rest, mark, parts[heading] = rest.partition(f"\n## {heading}\n")
        if not mark:
            raise ValueError(f"the heading {heading} is missing")
    title, _, words = rest.strip().partition("\n")
    return Prose(
        title.removeprefix("# "),
        tuple(_paragraphs(words)),
        tuple(_looked_at(line) for line in _paragraphs(parts["Look"])),
        _question(parts["Question"]),
        parts["In one sentence"].strip(),
    )


def _paragraphs(text: str) -> list[str]:
    return [each.strip() for each in text.split("\n\n") if each.strip()]


def _looked_at(paragraph: str) -> tuple[str, str]:
    """**Where.** What is seen there."""
    where, _, text = paragraph.removeprefix("**").partition("**")
    return where, text.strip()


def _question(text: str) -> Question:
    """The question; then choices, `*` or for the right one `+`, each with `>` what is said to it, or `= number within 10 %`."""
    first, *others = _paragraphs(text)
    if others and others[0].startswith("= "):
        name, _, within = others[0].removeprefix("= ").partition(" within ")
        right, wrong = (each.removeprefix("> ") for each in others[1:])
        return Question(first, (), name.strip(), float(within.removesuffix("%") or 0) / 100, right, wrong)
    choices = []
    for each in others:
        answer, _, feedback = each.partition("\n> ")
        choices.append(Choice(answer[2:].strip(), answer.startswith("+ "), feedback.strip()))
    return Question(first, tuple(choices))
