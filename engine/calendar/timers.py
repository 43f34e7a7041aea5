"""The timer functions of drawings, and the form that a timer's expression must have.

A timer's text is one call of a function below with literal numbers and names from the case's data, or a choice between
two such calls: ``working_days(3) if seat['returned'] else working_days(10)``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from engine.calendar.counting import Calendar, CalendarError
from engine.calendar.deadlines import Deadline, count_deadline, fires_after
from engine.clock import MOSCOW, moscow
from engine.expressions import Expression, ExpressionError, ExpressionRefused, compile_expression

#: Each function's permitted numbers of arguments, and the position of its number of days, if it has one.
SHAPES: Final[Mapping[str, tuple[tuple[int, ...], int | None]]] = {
    "working_days": ((1, 2), 0),
    "before_due": ((1,), 0),
    "at": ((1,), None),
    "day_after": ((1,), None),
    "days_before": ((2,), 1),
}

#: The names of the timer functions, for :func:`compile_expression`.
TIMER_FUNCTIONS: Final = frozenset(SHAPES)

MORNING: Final = time(9, 0)
AFTER_MIDNIGHT: Final = time(0, 5)
MAX_CALENDAR_DAYS: Final = 36_500


@dataclass(frozen=True, slots=True)
class TimerValue:
    """When a timer fires (aware, Europe/Moscow), and the deadline that it watches, if it is one."""

    instant: datetime
    deadline: Deadline | None = None


def moscow_date(value: object) -> date:
    """Give the Moscow date of a date, an aware instant, or the ISO 8601 text of either.

    Raises :class:`CalendarError` for anything else; an instant without offset is refused.
    """
    found = parse_moment(value)
    return moscow(found).date() if isinstance(found, datetime) else found


def parse_moment(value: object) -> date | datetime:
    """Give a date or an aware instant."""
    found = value
    if isinstance(value, str):
        try:
            found = date.fromisoformat(value) if len(value) == len("2026-01-12") else datetime.fromisoformat(value)
        except ValueError:
            raise CalendarError(f"«{value[:60]}» — не дата и не момент времени по ISO 8601.") from None
    if isinstance(found, datetime):
        if found.tzinfo is None:
            raise CalendarError(f"Момент времени {found.isoformat()} — без смещения; укажите, например, +03:00.")
        return found
    if isinstance(found, date):
        return found
    raise CalendarError("Нужна дата или момент времени по ISO 8601, а значения нет или оно другого вида.")


def add_years(day: date, count: int) -> date:
    """Give the same date `count` years later; 29 February becomes the 28th where the year has none."""
    try:
        return day.replace(year=day.year + count)
    except ValueError:
        return day.replace(year=day.year + count, day=28)


def check_days(count: object) -> int:
    """Give a number of calendar days from 0 to 36,500."""
    if type(count) is not int or not 0 <= count <= MAX_CALENDAR_DAYS:
        raise CalendarError(f"Число дней — целое от 0 до {MAX_CALENDAR_DAYS}, а указано {count!r}.")
    return count


def timer_functions(
    calendar: Calendar,
    now: datetime,
    *,
    due_at: datetime | None = None,
    rule: str = "",
    clause: str = "",
    normative: bool = False,
) -> Mapping[str, Callable[..., TimerValue]]:
    """Give the timer functions at an aware instant, for :meth:`Expression.evaluate`; each gives a :class:`TimerValue`.

    ``due_at`` is the host task's due instant, which `before_due` needs; ``rule``, ``clause`` and ``normative`` enter
    the deadline of `working_days`.  The functions raise :class:`CalendarError`.
    """

    def working_days(count: int, /, *start: object) -> TimerValue:
        counted_from = moscow_date(start[0]) if start else moscow(now).date()
        deadline = count_deadline(calendar, counted_from, count, rule=rule, clause=clause, normative=normative)
        return TimerValue(fires_after(deadline.due_at), deadline)

    def before_due(count: int, /) -> TimerValue:
        if due_at is None:
            raise CalendarError("before_due: у задачи нет срока; добавьте на неё таймер с working_days.")
        day = calendar.subtract_working_days(moscow(due_at).date(), count)
        return TimerValue(datetime.combine(day, MORNING, MOSCOW))

    def at(moment: object, /) -> TimerValue:
        found = parse_moment(moment)
        return TimerValue(moscow(found) if isinstance(found, datetime) else datetime.combine(found, time.min, MOSCOW))

    def day_after(moment: object, /) -> TimerValue:
        return TimerValue(datetime.combine(moscow_date(moment) + timedelta(days=1), AFTER_MIDNIGHT, MOSCOW))

    def days_before(moment: object, count: int, /) -> TimerValue:
        day = moscow_date(moment) - timedelta(days=check_days(count))
        return TimerValue(datetime.combine(day, AFTER_MIDNIGHT, MOSCOW))

    return {
        "working_days": working_days,
        "before_due": before_due,
        "at": at,
        "day_after": day_after,
        "days_before": days_before,
    }


def compile_timer(source: str) -> Expression:
    """Compile a timer's text, refusing any form but a call of a timer function or a choice between two.

    Raises :class:`ExpressionRefused`.
    """
    expression = compile_expression(source, functions=TIMER_FUNCTIONS)
    tree = expression.tree
    calls = [tree.body, tree.orelse] if isinstance(tree, ast.IfExp) else [tree]
    for call in calls:
        reason = object_to_timer(call)
        if reason:
            raise ExpressionRefused(source, reason)
    return expression


def object_to_timer(call: ast.expr) -> str | None:
    """Say in Russian what is wrong with a timer's call, or nothing."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in SHAPES:
        return f"таймер — вызов одной из функций {', '.join(sorted(SHAPES))} или выбор между двумя"
    name = call.func.id
    counts, number_at = SHAPES[name]
    if len(call.args) not in counts:
        return f"у функции {name} аргументов должно быть {' или '.join(map(str, counts))}"
    for position, argument in enumerate(call.args):
        is_number = isinstance(argument, ast.Constant) and type(argument.value) is int
        if position == number_at and not is_number:
            return f"число дней в {name} пишется цифрами"
        if position != number_at and not isinstance(argument, (ast.Name, ast.Subscript)):
            return f"дата в {name} — имя из данных дела"
    return None


def evaluate_timer(
    expression: Expression,
    names: Mapping[str, Any],
    calendar: Calendar,
    now: datetime,
    *,
    due_at: datetime | None = None,
    clause: str = "",
    normative: bool = False,
) -> TimerValue:
    """Give a compiled timer's value at `now` (aware) with the case's data.

    Raises :class:`ExpressionError`, also where a date of the case is missing or naive.
    """
    functions = timer_functions(
        calendar, now, due_at=due_at, rule=expression.source, clause=clause, normative=normative
    )
    value = expression.evaluate(names, functions)
    if not isinstance(value, TimerValue):
        raise ExpressionError(expression.source, "таймер даёт не момент времени")
    return value
