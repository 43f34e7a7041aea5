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
from processes.council.people import day_of, holders, name_of
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
    _write(call, fact, _persons(call, [*fact.data.get("to", ()), *fact.data.get("groups", ())]), kind="task_reminder")


def assign(call: Call, fact: Fact) -> None:
    """Write to the person whom a colleague has handed a task."""
    login = fact.data.get("assignee")
    if login is None or login == call.actor.login:
        return
    _write(call, fact, _persons(call, [login]), kind="task_assigned")


def escalate(call: Call, fact: Fact) -> None:
    """Write to those named by the drawing, and to the task's holder, that the term has passed."""
    call.tell("task.overdue", element=fact.element, task=fact.data.get("task"), due=fact.data.get("due"))
    holder = (_task_of(call, fact) or {}).get("assignee")
    recipients = _persons(call, [*fact.data.get("to", ()), *([holder] if holder else [])])
    _write(call, fact, recipients, kind="task_overdue")


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


def _task_of(call: Call, fact: Fact) -> Mapping[str, Any] | None:
    identity = fact.data.get("task")
    return tasks.get_task(call.connection, str(identity)) if identity else None


def _write(call: Call, fact: Fact, recipients: list[Person], *, kind: str) -> None:
    name = call.definition.element(fact.element).name if fact.element else ""
    task = _task_of(call, fact) or {}
    base = call.tx.runtime.base_url
    values = {
        "number": str(call.case["number"]),
        "title": " ".join(str(call.case["title"]).split()),
        "task": name,
        "due": _day(task.get("due_at")),
        "holder": name_of(call.connection, task["assignee"]) if task.get("assignee") else "никто не взял",
        "from_name": call.actor.name,
        "address": f"{base}/tasks/{task['id']}" if task else base,
    }
    subject, body = words_of(call.connection, kind, values)
    for person in recipients:
        if person.email and preferences.wants(call.connection, person.login, kind):
            call.letter(kind, to=person.email, subject=subject, body=body, login=person.login)


def _day(instant: datetime | None) -> str:
    return f"{moscow(instant):%d.%m.%Y}" if instant else "не установлен"


def register(registry: Registry) -> None:
    """Watch the terms of all procedures."""
    registry.observer("task.delegated")(assign)
    registry.observer("task.reminded")(remind)
    registry.observer("task.escalated")(escalate)
    registry.observer("incident.raised")(report)
