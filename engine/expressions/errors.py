"""What can be wrong with an expression: its text, or its values."""

from __future__ import annotations

from engine.errors import DrawingError, StepFailedError


class ExpressionRefused(DrawingError):
    """The text is outside the language: found when a bundle is checked, before anything runs.

    ``source`` is the text as written, ``reason`` a Russian sentence that names the cause and the remedy.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"Выражение «{shorten(source)}»: {reason}")
        self.source = source
        self.reason = reason


class ExpressionError(StepFailedError):
    """The text is sound, its values are not: an unknown name, a missing key, words compared with numbers.

    ``source`` is the text as written, ``reason`` a Russian sentence that names the cause.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"Выражение «{shorten(source)}»: {reason}")
        self.source = source
        self.reason = reason


class Fault(Exception):
    """A reason on its way from an operation to :class:`ExpressionError`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def shorten(text: object, limit: int = 120) -> str:
    """Give a text's beginning, so that a message stays readable however long the text."""
    words = str(text)
    return words if len(words) <= limit else words[: limit - 1] + "…"
