"""What every door calls: one act, its refusal or incident recorded, what it set going finished before it answers.

HTTP requests, command lines, ticks, scenarios and tests all come through `perform`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

from engine.actors import SYSTEM, Actor
from engine.attempts import attempt
from engine.errors import UnavailableError
from engine.messages import deliver_pending
from engine.timers import Wake, fire_due_of

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction

log = structlog.get_logger(__name__)

T = TypeVar("T")
_MAX_ROUNDS: Final = 1_000


def perform(runtime: "Runtime", act: "Callable[[Transaction], T]", *, actor: Actor = SYSTEM, name: str = "act") -> T:
    """Carry out an act in one transaction, then deliver what it left for other cases and fire what is due already.

    Raises what the act raises, after recording it: see `engine.attempts.attempt`. Whatever fails after the act was
    kept, the act stands, and a tick finishes what it set going.
    """
    result, wake, has_sent = attempt(runtime, act, actor=actor, name=name)
    if wake or has_sent:
        try:
            drain(runtime, wake)
        except UnavailableError as error:
            log.warning("left_to_a_tick", act=name, error=error.message)
        except Exception:  # whatever it was, this act is kept, and a tick tries the rest again
            log.exception("left_to_a_tick", act=name)
    return result


def drain(runtime: "Runtime", wake: set[str] | None = None) -> None:
    """Deliver pending messages and fire timers already due of the cases named, until nothing is left to do."""
    pending = Wake(wake or ())
    for _round in range(_MAX_ROUNDS):
        moved = deliver_pending(runtime, pending)
        while pending:
            moved += fire_due_of(runtime, pending.pop(), pending)
        if not moved:
            return
