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
#: Messages and timers that are seen to at once: by a tick or a clock that is moved, and by somebody's act.
_MOST: Final = 10_000
_MOST_OF_AN_ACT: Final = 1_000


def perform(runtime: "Runtime", act: "Callable[[Transaction], T]", *, actor: Actor = SYSTEM, name: str = "act") -> T:
    """Carry out an act in one transaction, then deliver what it left for other cases and fire what is due already.

    Raises what the act raises, after recording it: see `engine.attempts.attempt`. Whatever fails after the act was
    kept, the act stands, and a tick finishes what it set going.
    """
    result, wake, has_sent = attempt(runtime, act, actor=actor, name=name)
    if wake or has_sent:
        try:
            drain(runtime, wake, most=_MOST_OF_AN_ACT)
        except UnavailableError as error:
            log.warning("left_to_a_tick", act=name, error=error.message)
        except Exception:  # whatever it was, this act is kept, and a tick tries the rest again
            log.exception("left_to_a_tick", act=name)
    return result


def drain(runtime: "Runtime", wake: set[str] | None = None, *, most: int | None = None) -> None:
    """Deliver pending messages and fire timers already due of the cases named, until nothing is left to do.

    What is more than `most` is left to a tick: cases that write to each other without end hold nobody up.
    """
    pending = Wake(wake or ())
    left = _MOST if most is None else most
    while left > 0:
        moved = deliver_pending(runtime, pending, left)
        while pending:
            moved += fire_due_of(runtime, pending.pop(), pending)
        if not moved:
            return
        left -= moved
    log.warning("left_to_a_tick", messages="more than can be seen to at once")
