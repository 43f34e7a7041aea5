"""Turning what a rule found into a refusal."""

from engine.errors import InvalidError
from processes.certification.model import Findings


def refuse(found: Findings, message: str) -> None:
    """Raise InvalidError with the findings; nothing where there are none."""
    if found:
        raise InvalidError(message, errors=found)
