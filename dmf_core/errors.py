"""The one exception for bad input. Its message is a sentence for the person at the slider."""


class BadInput(ValueError):
    """Says what was wrong, the value, the limit and what to do. Shown as it is, never as a traceback."""


class Damaged(BadInput):
    """An archive whose parts do not fit each other: one of them was changed, or lost on the way."""
