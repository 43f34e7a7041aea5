"""The words that scenarios of our procedures use, and the council they are played with.

A verb's docstring shows how it is written. Verbs act through the same use cases as every door.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.actors import Actor
from engine.scenarios import Cast, Verb
from processes import demo
from processes.council import people
from processes.scenario_verbs import applications, certificates, meetings, surroundings

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction

VERBS: Final[dict[str, Verb]] = {
    **applications.VERBS,
    **certificates.VERBS,
    **meetings.VERBS,
    **surroundings.VERBS,
}
BUNDLES: Final = Path(__file__).resolve().parents[2] / "bpmn"


def cast() -> Cast:
    """Give the cast of every scenario: the demo council of invented people, and these verbs."""
    return Cast(find_actor, verbs=VERBS, prepare=prepare, bundles=BUNDLES)


def find_actor(tx: "Transaction", login: str) -> Actor | None:
    """Give a person as of the clock's now."""
    return people.actor_of(tx.connection, login, tx.now)


def prepare(runtime: "Runtime") -> None:
    """Seat the council in an empty database."""
    with runtime.transaction() as tx:
        demo.seat_council(tx)
