"""Notices on the terms of every procedure: a reminder before a due date, an escalation after it (clauses 2.5, 2.7).

A reminder, and the word that a task was handed over, come to those who want them; an escalation always comes.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine import digest, preferences
from engine.calls import Call
from engine.clock import moscow
from engine.errors import InvalidError
from engine.facts import Fact
from engine.outbox import queue_letter
from engine.records import inbox as tasks
from engine.registry import Registry
from processes.council import notice_texts
from processes.council.correspondence import words_of
from processes.council.letter_texts import declare
from processes.council.model import Person
from processes.council.people import day_of, holders
from processes.council.records import people

if TYPE_CHECKING:
    from engine.runtime import Transaction

declare(notice_texts.TEXTS, notice_texts.MEANINGS)


#: The letter to administrators on a case that a failure stopped.
STOPPED: Final = "case_stopped"


def word_digest(tx: "Transaction", values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and body of a day's digest by the text in force."""
    return words_of(tx.connection, digest.KIND, values)


def remind(call: Call, fact: Fact) -> None:
    """Write to whoever holds the task, or to everybody who may take it, that its term is near."""
    recipients = _persons(call, [*fact.data.get("to", ()), *fact.data.get("groups", ())])
    _write(
        call,
        fact,
        recipients,
        kind="task_reminder",
    )


def assign(call: Call, fact: Fact) -> None:
    """Write to the person whom a colleague has handed a task."""
    login = fact.data.get("assignee")
    if login is None or login == call.actor.login:
        return
    task = tasks.get_task(call.connection, str(fact.data["task"]))
    due = task["due_at"].isoformat() if task and task["due_at"] else None
    _write(
        call,
        Fact(fact.kind, fact.element, {**fact.data, "due": due}),
        _persons(call, [login]),
        kind="task_assigned",
        address=f"{call.tx.runtime.base_url}/tasks/{fact.data.get('task')}",
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
    )


def report(call: Call, fact: Fact) -> None:
    """Write to the administrators that a failure has stopped a case.

    The letters belong to no case: what the case's history tells of the failure stays one fact. An address that takes
    no letter must not keep the failure from being written down.
    """
    base = call.tx.runtime.base_url
    values = {
        "number": str(call.case["number"]),
        "title": " ".join(str(call.case["title"]).split()),
        "task": call.definition.element(fact.element).name if fact.element else "не определён",
        "address": f"{base}/admin/incidents/{call.case_id}",
    }
    subject, body = words_of(call.connection, STOPPED, values)
    for person in _persons(call, ["admin"]):
        with suppress(InvalidError):
            queue_letter(
                call.tx, STOPPED, case=None, to=person.email or "", subject=subject, body=body, login=person.login
            )


def _persons(call: Call, names: Any) -> list[Person]:
    logins: list[str] = []
    day = day_of(call.now)
    for name in names:
        person = people.find_person(call.connection, name)
        logins += [person.login] if person else holders(call.connection, name, day)
    known = people.find_persons(call.connection, logins)
    return [known[login] for login in dict.fromkeys(logins) if login in known]


def _write(call: Call, fact: Fact, recipients: list[Person], *, kind: str, address: str = "") -> None:
    name = call.definition.element(fact.element).name if fact.element else ""
    values = {
        "number": str(call.case["number"]),
        "title": " ".join(str(call.case["title"]).split()),
        "task": name,
        "due": _day(fact.data.get("due")),
        "from_name": call.actor.name,
        "address": address,
    }
    subject, body = words_of(call.connection, kind, values)
    for person in recipients:
        if person.email and preferences.wants(call.connection, person.login, kind):
            call.letter(kind, to=person.email, subject=subject, body=body, login=person.login)


def _day(value: Any) -> str:
    if not value:
        return "не установлен"
    return f"{moscow(datetime.fromisoformat(str(value))):%d.%m.%Y}"


def register(registry: Registry) -> None:
    """Watch the terms of all procedures."""
    registry.observer("task.delegated")(assign)
    registry.observer("task.reminded")(remind)
    registry.observer("task.escalated")(escalate)
    registry.observer("incident.raised")(report)
