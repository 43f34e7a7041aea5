"""What tasks can be narrowed by: the steps that people do in the procedures in force, and the stages they stand in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.clock import moscow
from engine.records import inbox_choices as records

if TYPE_CHECKING:
    from engine.runtime import Transaction


@dataclass(frozen=True, slots=True)
class Step:
    """A user task of a drawing in force; `stage` is in applicants' words, empty where its procedure tells none."""

    process: str
    element: str
    name: str
    stage: str


def list_steps(tx: "Transaction") -> list[Step]:
    """Every step that a person may be asked to do, procedure by procedure, in the order drawn; one statement."""
    found = []
    for process, version in records.versions_in_force(tx.connection, moscow(tx.now).date()):
        teller = tx.runtime.registry.stages.get(process)
        for element in tx.runtime.definitions.get(tx, version).drawing.elements.values():
            if element.is_user_task:
                stage = teller((element.id,), None, {}) if teller else ""
                found.append(Step(process, element.id, element.name or element.id, stage))
    return found
