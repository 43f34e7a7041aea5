"""From a timer on the drawing to an instant and a deadline."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.calendar import Calendar
from engine.calendar.deadlines import Deadline
from engine.calendar.timers import evaluate_timer
from engine.errors import StepFailedError
from engine.expressions import ExpressionError, ExpressionRefused

if TYPE_CHECKING:
    from engine.definitions import Definition

DEADLINE, REMINDER, EVENT = "deadline", "reminder", "event"


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer fires, of which kind it is, and the deadline it watches, if any."""

    kind: str
    rule: str
    instant: datetime
    deadline: Deadline | None


def kind_of(definition: "Definition", element: str) -> str:
    """Deadline (non-interrupting boundary, working_days), reminder (before_due), or any other event."""
    drawn = definition.element(element)
    calls = definition.timers[element].calls
    if drawn.attached_to and not drawn.interrupting and "working_days" in calls:
        return DEADLINE
    return REMINDER if "before_due" in calls else EVENT


def due_of(
    definition: "Definition",
    element: str,
    names: Mapping[str, Any],
    calendar: Calendar,
    now: datetime,
    *,
    host_due: datetime | None = None,
) -> Due:
    """Evaluate a timer at an instant over a task's data. Raises StepFailedError naming the element."""
    drawn = definition.element(element)
    expression = definition.timers[element]
    clause = drawn.properties.get("clause", "")
    normative = drawn.properties.get("normative") == "true"
    try:
        tree = expression.tree
        choice = ast.unparse(tree.test) if isinstance(tree, ast.IfExp) and "then_clause" in drawn.properties else None
        if choice is not None and definition.evaluate(choice, names):
            clause = drawn.properties["then_clause"]
            normative = drawn.properties.get("then_normative") == "true"
        value = evaluate_timer(expression, names, calendar, now, due_at=host_due, clause=clause, normative=normative)
    except (ExpressionError, ExpressionRefused) as error:
        raise StepFailedError(f"Срок «{expression.source}» не вычислен: {error}", element=element) from error
    return Due(kind_of(definition, element), expression.source, value.instant, value.deadline)
