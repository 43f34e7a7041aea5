"""SpiffWorkflow fenced in: (definition, state, command) -> (state, what changed). Nothing else imports the library.

`library` patches and subclasses it, `codec` turns its tree into bytes and back, `advance` makes one step. A workflow
object never outlives an exception.
"""

from engine.machine.advance import (
    Closed,
    Command,
    Complete,
    Deliver,
    FireTimer,
    Limits,
    Move,
    NotWaitingError,
    Opened,
    Services,
    Start,
    Step,
    advance,
)
from engine.machine.library import Specification, parse

__all__ = [
    "Closed",
    "Command",
    "Complete",
    "Deliver",
    "FireTimer",
    "Limits",
    "Move",
    "NotWaitingError",
    "Opened",
    "Services",
    "Specification",
    "Start",
    "Step",
    "advance",
    "parse",
]
