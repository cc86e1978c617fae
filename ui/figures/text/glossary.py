"""The few terms that a newcomer does not know, each in one sentence. On the page Learn, and on hover in the summary of a run."""

import re
from collections.abc import Sequence

GLOSSARY = {  # term -> its meaning; of two that overlap the longer one comes first
    "effective rank": "How many singular values count, weighted by their size: e to the power of the entropy of their shares.",
    "typical entry": "The root mean square of the true entries: the error that zeros would have.",
    "typical error": "The root mean square of the errors: large ones count more than small ones.",
    "unseen entries": "Entries that training never sees; only they show whether the truth was recovered.",
    "held-out entries": "Known entries that are kept from training, to test the result on.",
    "singular values": "The sizes σ of the modes of a matrix; a matrix of rank r has r of them that are not zero.",
    "zeros": "The guess 0 for every entry: what somebody says who has seen nothing.",
    "flow time": "The time t of the gradient flow dx/dt = −dL/dx; gradient descent passes its learning rate in each step.",
    "balanced": "Neighbouring factors have equal Gram matrices, W₂ᵀW₂ = W₁W₁ᵀ; the flow keeps that, and the theorems assume it.",
    "mode": "One singular value with its two vectors: a matrix of rank one. W is the sum of its modes.",
    "component": "An outer product of vectors, one for each axis: the rank-one piece of which a CP tensor is the sum.",
    "born": "A mode is born when its singular value passes half of its final size.",
    "rank": "How many modes a matrix needs; here, how many singular values end above 1 % of the largest.",
    "σ": "A singular value: the size of a mode.",
}
_TERM = re.compile("|".join(rf"\b{re.escape(term)}(?:s|es)?\b" for term in GLOSSARY if term != "σ"), re.IGNORECASE)


def terms_in(sentences: Sequence[str]) -> dict[str, str]:
    """The words of these sentences that the glossary explains, as they stand there, each with its meaning."""
    terms = {match.group() for sentence in sentences for match in _TERM.finditer(sentence)}
    return {word: _meaning(word) for word in sorted(terms, key=lambda word: (-len(word), word))}


def _meaning(word: str) -> str:
    plain = word.lower()
    return next(text for term, text in GLOSSARY.items() if plain in (term, f"{term}s", f"{term}es"))
