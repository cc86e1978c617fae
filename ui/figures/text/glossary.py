"""The few terms that a newcomer does not know, each in one sentence: listed on Learn, and shown where a word is touched."""

import re
from collections.abc import Mapping, Sequence
from html import escape

GLOSSARY = {  # term -> its meaning; of two that overlap the longer one comes first
    "effective rank": "How many singular values count, weighted by their size: e to the power of the entropy of their shares.",
    "typical entry": "The root mean square of the true entries: the error that zeros would have.",
    "typical error": "The root mean square of the errors: large ones count more than small ones.",
    "unseen entries": "Entries that training never sees; only they show whether the truth was recovered.",
    "held-out entries": "Known entries that are kept from training, to test the result on.",
    "singular values": "The sizes σ of the modes of a matrix; a matrix of rank r has r of them that are not zero.",
    "nuclear norm": "The sum of the singular values: small where they are few or small.",
    "Frobenius norm": "The root of the sum of all squared entries: the length of the matrix as one long vector.",
    "dual certificate": "A matrix that proves a lower bound: of all matrices that agree, none can have a smaller nuclear norm.",
    "degrees of freedom": "How many numbers can be chosen freely; an m × n matrix of rank r has r(m + n − r).",
    "unfolding": "A tensor written as a matrix: one axis gives its rows, all others together its columns.",
    "multilinear rank": "The ranks of all unfoldings of a tensor, one for each axis.",
    "preconditioner": "What the depth makes of the same pull: how far it moves W, by rows and columns of singular vectors.",
    "pull": "How strongly the error moves a mode: the part −uᵀ(dL/dW)v of the gradient along its vectors u and v.",
    "zeros": "The guess 0 for every entry: what somebody says who has seen nothing.",
    "flow time": "The time t of the gradient flow dx/dt = −dL/dx; gradient descent passes its learning rate in each step.",
    "balanced": "Neighbouring factors have equal Gram matrices, W₂ᵀW₂ = W₁W₁ᵀ; the flow keeps that, and the theorems assume it.",
    "mode": "One singular value with its two vectors: a matrix of rank one. W is the sum of its modes.",
    "component": "An outer product of vectors, one for each axis: the rank-one piece of which a CP tensor is the sum.",
    "born": "A mode is born when its singular value passes half of its final size.",
    "rank": "How many modes a matrix needs; of W at the end of a run, how many singular values lie above 1 % of the largest.",
    "σ": "A singular value: the size of a mode.",
}
_PARAGRAPH = re.compile(r"<p\b[^>]*>.*?</p>", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
_VERBS = ("pull",)  # what ends in s is another word
_TERM = re.compile(
    "|".join(rf"\b{re.escape(term)}{'' if term in _VERBS else '(?:s|es)?'}\b" for term in GLOSSARY if term != "σ"), re.IGNORECASE
)


def terms_in(sentences: Sequence[str]) -> dict[str, str]:
    """The words of these sentences that the glossary explains, as they stand there, each with its meaning."""
    terms = {match.group() for sentence in sentences for match in _TERM.finditer(sentence)}
    return {word: _meaning(word) for word in sorted(terms, key=lambda word: (-len(word), word))}


def with_meanings(html: str, own: Mapping[str, str] | None = None) -> str:
    """The same HTML; in its paragraphs each word of the glossary says what it means, where it stands first.

    The browser shows it to a mouse that points there; `ui/player/dashboard.css` does where a finger taps and where the focus is.

    `own`: words of the glossary, as it writes them, that mean something else on this page.
    """
    meanings = {meaning: meaning for meaning in GLOSSARY.values()} | {GLOSSARY[term]: text for term, text in (own or {}).items()}
    known: set[str] = set()
    return _PARAGRAPH.sub(lambda paragraph: "".join(_piece(each, meanings, known) for each in _TAG.split(paragraph[0])), html)


def _piece(piece: str, meanings: Mapping[str, str], known: set[str]) -> str:
    """A tag as it is; a text with the words that are not in `known` yet explained, which are added."""
    if piece.startswith("<"):
        return piece

    def explained(match: re.Match[str]) -> str:
        meaning = meanings[_meaning(match[0])]
        if meaning in known:
            return match[0]
        known.add(meaning)
        return f'<abbr tabindex="0" title="{escape(meaning)}">{match[0]}</abbr>'

    return _TERM.sub(explained, piece)


def _meaning(word: str) -> str:
    plain = word.lower()
    return next(text for term, text in GLOSSARY.items() if plain in (term.lower(), f"{term.lower()}s", f"{term.lower()}es"))
