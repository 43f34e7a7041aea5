"""Notices on the terms of every procedure: a reminder before a due date, an escalation after it (clauses 2.5, 2.7)."""

from datetime import datetime
from typing import Any

from engine.calls import Call
from engine.clock import moscow
from engine.facts import Fact
from engine.registry import Registry
from processes.council.model import Person
from processes.council.people import day_of, holders
from processes.council.records import people


def remind(call: Call, fact: Fact) -> None:
    """Write to whoever holds the task, or to everybody who may take it, that its term is near."""
    recipients = _persons(call, [*fact.data.get("to", ()), *fact.data.get("groups", ())])
    _write(
        call,
        fact,
        recipients,
        kind="task_reminder",
        subject="Скоро срок",
        words="Срок задачи близко: выполните её вовремя.",
    )


def escalate(call: Call, fact: Fact) -> None:
    """Write to those named by the drawing, and to the task's holder, that the term has passed."""
    recipients = _persons(call, fact.data.get("to", ()))
    call.tell("task.overdue", element=fact.element, task=fact.data.get("task"), due=fact.data.get("due"))
    _write(
        call,
        fact,
        recipients,
        kind="task_overdue",
        subject="Срок нарушен",
        words="Срок задачи прошёл, она остаётся открытой.",
    )


def _persons(call: Call, names: Any) -> list[Person]:
    logins: list[str] = []
    day = day_of(call.now)
    for name in names:
        person = people.find_person(call.connection, name)
        logins += [person.login] if person else holders(call.connection, name, day)
    known = people.find_persons(call.connection, logins)
    return [known[login] for login in dict.fromkeys(logins) if login in known]


def _write(call: Call, fact: Fact, recipients: list[Person], *, kind: str, subject: str, words: str) -> None:
    name = call.definition.element(fact.element).name if fact.element else ""
    number, title = call.case["number"], " ".join(str(call.case["title"]).split())
    due = _day(fact.data.get("due"))
    body = f"{words}\n\nДело {number}: {title}\nЗадача: {name}\nСрок: {due}\n"
    for person in recipients:
        if person.email:
            call.letter(kind, to=person.email, subject=f"{subject}: {number}", body=body, login=person.login)


def _day(value: Any) -> str:
    if not value:
        return "не установлен"
    return f"{moscow(datetime.fromisoformat(str(value))):%d.%m.%Y}"


def register(registry: Registry) -> None:
    """Watch the terms of all procedures."""
    registry.observer("task.reminded")(remind)
    registry.observer("task.escalated")(escalate)
