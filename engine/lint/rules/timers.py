"""Timers: only the calendar's own functions, and one deadline an activity."""

import re
from datetime import date
from typing import Final

from engine.calendar import compile_timer
from engine.drawing import Element
from engine.expressions import ExpressionRefused
from engine.lint.findings import Severity
from engine.lint.parts import Parts, Problems, label, rule

#: How the ids of an activity's deadline and reminders begin and end.
DUE: Final = "_due"
SOON: Final = re.compile(r"_soon\d*")
_COMMON_YEAR: Final = 2001


def calls_of(element: Element) -> frozenset[str]:
    """Give the timer functions that a timer event calls; empty where its text is no timer at all."""
    if element.event != "timer" or not element.detail:
        return frozenset()
    try:
        return compile_timer(element.detail).calls
    except ExpressionRefused:
        return frozenset()


@rule("timer_rule")
def find_bad_timers(parts: Parts) -> Problems:
    """Expect that a timer is one call of a calendar function, or a choice between two; a start names its days."""
    for element in parts.drawing.elements.values():
        if element.event != "timer":
            continue
        if element.kind == "startEvent" and not is_yearly(element.properties.get("starts", "")):
            words = "дни каждого года через запятую, месяц и число, например 01-01,07-01 (29 февраля есть не всегда)"
            yield element.id, f"Когда начинать {label(element)}, не понять; в свойстве starts — {words}."
        if not element.detail:
            yield element.id, f"У таймера {label(element)} нет срока; напишите, например, working_days(3)."
            continue
        try:
            compile_timer(element.detail)
        except ExpressionRefused as refusal:
            yield element.id, f"{refusal}."


def is_yearly(starts: str) -> bool:
    """Whether a text lists month-days that every year has."""
    try:
        return all(date(_COMMON_YEAR, *map(int, mark.split("-"))) for mark in starts.split(","))
    except (TypeError, ValueError):
        return False


@rule("deadline_boundary")
def find_misplaced_deadlines(parts: Parts) -> Problems:
    """Expect a working-day term in a non-interrupting boundary timer `<task>_due` of the activity it limits."""
    for element in parts.drawing.elements.values():
        if "working_days" not in calls_of(element):
            continue
        if element.kind != "boundaryEvent" or element.interrupting:
            words = "срок в рабочих днях ставится непрерывающим таймером на границе задачи"
            yield element.id, f"{label(element)}: {words}; перенесите его туда."
        elif element.id != f"{element.attached_to}{DUE}":
            yield element.id, f"Таймер срока должен называться «{element.attached_to}{DUE}»; переименуйте его."


@rule("deadline_single")
def find_second_deadlines(parts: Parts) -> Problems:
    """Expect that an activity has one deadline at most: a change of the term is one change."""
    for host, events in parts.drawing.boundary.items():
        deadlines = [event for event in events if "working_days" in calls_of(event)]
        for extra in deadlines[1:]:
            yield extra.id, f"У «{host}» уже есть срок «{deadlines[0].id}»; оставьте один из них."


@rule("reminder")
def find_misplaced_reminders(parts: Parts) -> Problems:
    """Expect a reminder `<task>_soon` to be a non-interrupting boundary timer beside the deadline it precedes."""
    for element in parts.drawing.elements.values():
        if "before_due" not in calls_of(element):
            continue
        host = element.attached_to or ""
        if element.kind != "boundaryEvent" or element.interrupting:
            yield element.id, f"{label(element)}: напоминание ставится непрерывающим таймером на границе задачи."
        elif parts.drawing.deadline_of(host) is None:
            yield (
                element.id,
                f"before_due без срока: поставьте на «{host}» таймер с working_days или уберите напоминание.",
            )
        elif not element.id.startswith(host) or not SOON.fullmatch(element.id.removeprefix(host)):
            yield element.id, f"Таймер напоминания должен называться «{host}_soon»; переименуйте его."


@rule("reminder_in_time", Severity.WARNING)
def find_idle_reminders(parts: Parts) -> Problems:
    """Expect a reminder to lie inside its term: `before_due(3)` of `working_days(2)` would never be sent."""
    for element in parts.drawing.elements.values():
        limit = parts.drawing.deadline_of(element.attached_to or "")
        if "before_due" not in calls_of(element) or limit is None:
            continue
        if min(days_of(element)) > max(days_of(limit), default=0):
            yield element.id, f"Напоминание {label(element)} раньше начала срока и не придёт; уменьшите число дней."


def days_of(element: Element) -> tuple[int, ...]:
    """The numbers of days in a timer's text."""
    return tuple(int(number) for number in re.findall(r"\((\d+)", element.detail or ""))


@rule("deadline_escalation")
def find_silent_deadlines(parts: Parts) -> Problems:
    """Expect that a deadline says to whom its passing is reported, and what it rests on (contract 4)."""
    for element in parts.drawing.elements.values():
        if "working_days" not in calls_of(element):
            continue
        missing = [name for name in ("clause", "normative", "escalate") if not element.properties.get(name)]
        if missing:
            yield element.id, f"У срока {label(element)} не заполнены свойства: {', '.join(missing)}."
