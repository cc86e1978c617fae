"""The errors that are expected. Their messages are sentences for the person at the slider."""


class BadInput(ValueError):
    """Says what was wrong, the value, the limit and what to do. Shown as it is, never as a traceback."""


class Conflict(ValueError):
    """A setting that does not fit the others, inside the checks of a spec: `path` is this setting, the message a sentence."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path


class Damaged(BadInput):
    """An archive whose parts do not fit each other: one of them was changed, or lost on the way."""


class NoStep(Exception):
    """No step of an adaptive method is small enough to be accurate: the path ends there. Not a fault of the program."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where, self.why = where, why
