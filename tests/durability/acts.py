"""What racing processes do, each through the door; `subject` names the case, the task and the round."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from engine import calendars, cases, inbox, ticks
from engine.actors import Actor
from engine.calendar import Decree, YearTable, shipped_calendar
from engine.database import as_json
from engine.definitions import Bundle, read_bundle, release
from engine.doors import drain, perform
from engine.timers import fire_next
from handlers.idempotency import Replay, once, read_key
from processes.council_meeting.use_cases import cast_vote
from tests.durability.crew import Subject
from tests.engine.house import TOY
from tests.processes.council_meeting.hall import EVERYBODY


def complete(house: Any, subject: Subject, me: Actor, *, result: str = "yes") -> Any:
    """Complete the task."""
    data = {"result": result, "remark": f"{me.login} {subject.number}"}
    return perform(
        house.runtime, lambda tx: cases.complete(tx, subject.task, data, actor=me), actor=me, name="complete"
    )


go_round = partial(complete, result="again")


def claim(house: Any, subject: Subject, me: Actor) -> Any:
    """Take the task."""
    return perform(house.runtime, lambda tx: inbox.claim(tx, subject.task, actor=me), actor=me, name="claim")


def withdraw(house: Any, subject: Subject, me: Actor) -> Any:
    """Take the case back by a message that interrupts."""
    return perform(
        house.runtime, lambda tx: cases.deliver(tx, subject.case, "withdrawal", {}, actor=me), actor=me, name="withdraw"
    )


def answer(house: Any, subject: Subject, me: Actor) -> Any:
    """Hand over the answer that the case waits for."""
    payload = {"by": me.login}
    return perform(
        house.runtime, lambda tx: cases.deliver(tx, subject.case, "answer", payload, actor=me), actor=me, name="answer"
    )


def suspend(house: Any, subject: Subject, me: Actor) -> Any:
    """Stop the case."""
    return perform(
        house.runtime, lambda tx: cases.suspend(tx, subject.case, "проверка", actor=me), actor=me, name="suspend"
    )


def fire(house: Any, subject: Subject, _me: Actor) -> None:
    """Fire all that is due of the case."""
    while fire_next(house.runtime, case_id=subject.case):
        drain(house.runtime)


def tick(house: Any, _subject: Subject, _me: Actor) -> None:
    """Fire all that is due."""
    ticks.tick(house.runtime)


def deliver_post(house: Any, _subject: Subject, _me: Actor) -> None:
    """Deliver the messages that wait."""
    drain(house.runtime)


def start(house: Any, _subject: Subject, me: Actor) -> Any:
    """Start a case."""
    return perform(house.runtime, lambda tx: cases.start_instance(tx, "leave", {}, actor=me), actor=me, name="start")


def publish(house: Any, subject: Subject, me: Actor, name: str = "Прошение") -> Any:
    """Release another version, told from the last by a name on the drawing."""
    bundle = read_bundle(TOY)
    text = bundle.files["procedure.bpmn"].replace('name="Прошение"', f'name="{name} {subject.number}"')
    other = Bundle(bundle.key, {**bundle.files, "procedure.bpmn": text})

    def act(tx: Any) -> Any:
        return release(tx, other, by=me.login, basis="приказ № 2", effective_from=date(2020, 2, 10))

    return perform(house.runtime, act, actor=me, name="release")


def publish_another(house: Any, subject: Subject, me: Actor) -> Any:
    """Release a version that nobody else releases in this round."""
    return publish(house, subject, me, "Заявление")


def year_table(number: int) -> YearTable:
    """The table of 2026 with 14 January off in even rounds, and 15 January in odd ones."""
    shipped = shipped_calendar().table(2026)
    off = shipped.off | {date(2026, 1, 14 + number % 2)}
    return replace(shipped, decree=Decree(str(1_500 + number), date(2026, 1, 9)), off=off)


def change_calendar(house: Any, subject: Subject, me: Actor) -> Any:
    """Enter the round's table of the year."""
    table = year_table(subject.number)
    return perform(house.runtime, lambda tx: calendars.apply(tx, table, actor=me), actor=me, name="calendar")


def complete_keyed(house: Any, subject: Subject, me: Actor) -> str:
    """Complete the task under a key that every process of the round uses, as repeated requests of one person do."""
    data = {"result": "again", "remark": str(subject.number)}
    me = replace(me, login="anna")
    key = read_key(me.login, f"key-{subject.number}", method="POST", path=f"/tasks/{subject.task}", body=data)

    def act(tx: Any) -> Any:
        def completing(inner: Any) -> Any:
            return cases.complete(inner, subject.task, data, actor=me)

        return once(tx, key, completing, lambda done: (200, as_json({"task": done.task["id"]}).encode()))

    found = perform(house.runtime, act, actor=me, name="complete")
    return "replay" if isinstance(found, Replay) else "done"


def vote(house: Any, subject: Subject, me: Actor, *, login: str = "member02", value: str = "for") -> Any:
    """Cast a member's vote on the first item."""
    voter = house.actor(login)
    return perform(
        house.runtime, lambda tx: cast_vote(tx, subject.case, 1, value, actor=voter), actor=voter, name="vote"
    )


def record_votes(house: Any, subject: Subject, _me: Actor) -> Any:
    """Close the voting with the votes that the secretary saw, all but one member's."""
    votes = {login: "for" for login in EVERYBODY[:20] if login != "member02"}
    votes["member02"] = "for"
    secretary = house.actor("secretary")
    data = {"votes": votes, "recused": [], "recommendations": []}
    return perform(house.runtime, lambda tx: cases.complete(tx, subject.task, data, actor=secretary), actor=secretary)


def closing(number: int) -> str:
    """The instant at which the absentee meeting of a round closes."""
    return f"2026-01-23T{number // 60 + 12}:{number % 60:02}:00+03:00"


def close_ballots(house: Any, subject: Subject, _me: Actor) -> None:
    """Let the instant come at which the absentee meeting of this round closes."""
    house.advance(closing(subject.number))
