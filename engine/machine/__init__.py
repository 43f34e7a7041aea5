"""SpiffWorkflow fenced in: (definition, state, command) -> (state, what changed). Nothing else imports the library.

`library` patches it, `shortcuts` shortens its ways, `metering` counts for a step, `specifications` reads a drawing into
it, `workflow` is a case in memory and the ways out of it, `kept` holds the tasks' data, `codec` turns its tree into
bytes and back, `advance` makes one step, `outcome` tells what it did. A workflow object never outlives its step.
"""

from engine.machine.advance import (
    Command,
    Complete,
    Deliver,
    FireTimer,
    NotWaitingError,
    Services,
    Start,
    advance,
)
from engine.machine.library import install
from engine.machine.limits import Limits
from engine.machine.outcome import Closed, Move, Opened, Step
from engine.machine.specifications import Specification, parse

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

install()
