"""A case that a failure stopped: what happened, what was tried, who has been told, and the same act once more."""

import re
from collections.abc import Callable
from typing import Any, Final

from flask import make_response, request

from engine import cases
from engine.errors import InvalidError, NotFoundError, RefusedError, StepFailedError
from engine.records import cases as case_records
from engine.records import inbox as tasks
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.admin import records
from handlers.pages.admin.office import READERS, UNPROCESSABLE, administer, names_of, summary_of
from handlers.pages.desk import Answer, Desk, Pages
from processes.council.administration import Matter, note
from processes.council.people import actor_of, day_of, holders

pages = Pages()

_CONFLICT: Final = 409
_LONGEST: Final = 1_000
_KIND: Final = re.compile(r"\b([A-Za-z_.]*(?:Error|Exception|Exit|Interrupt|Refused)): ")
_RUSSIAN: Final = re.compile("[А-Яа-яЁё]")


@pages.get("/admin/incidents/<case_id>", READERS)
def show_incident(desk: Desk, case_id: str) -> Answer:
    """Show a failure in plain words, and to the administrator the way to try again."""
    return _page(desk, case_id)


@pages.post("/admin/incidents/<case_id>/retry", SIGNED_IN)
def retry_incident(desk: Desk, case_id: str) -> Answer:
    """Carry out again what failed, in the name of the person who did it; a failure met again is shown."""

    def act(tx: Transaction, reason: str) -> dict[str, Any]:
        _check(reason, "Шаг не повторён: нужна запись о том, что сделано.", "Напишите, что сделано, чтобы шаг удался")
        return cases.retry(
            tx, case_id, reason, actor=desk.actor, actor_of=lambda login: actor_of(tx.connection, login, tx.now)
        )

    return _mend(desk, case_id, act, "incident.retried")


@pages.post("/admin/incidents/<case_id>/resume", SIGNED_IN)
def resume_incident(desk: Desk, case_id: str) -> Answer:
    """Let the case go on without what failed."""

    def act(tx: Transaction, reason: str) -> dict[str, Any]:
        _check(reason, "Дело не отпущено: нужна запись о том, почему.", "Напишите, почему шаг не повторяется")
        return cases.resume(tx, case_id, reason, actor=desk.actor)

    return _mend(desk, case_id, act, "incident.set_aside")


def _check(reason: str, refused: str, remedy: str) -> None:
    if not reason or len(reason) > _LONGEST:
        wrong = {"reason": [f"{remedy}: до {_LONGEST} знаков."]}
        raise InvalidError(refused, errors=wrong, rule=False)


def _mend(desk: Desk, case_id: str, act: Callable[[Transaction, str], dict[str, Any]], kind: str) -> Answer:
    """Do what settles a failure, and note it in the journal."""
    reason = request.form.get("reason", "").strip()

    def change(tx: Transaction) -> dict[str, Any]:
        cases.check_admin(desk.actor)
        case = act(tx, reason)
        note(tx, desk.actor, Matter.INCIDENT, kind, case["number"], "admin")
        return {"case": case["id"]}

    try:
        administer(desk, change, matter=Matter.INCIDENT, kind=kind, subject=case_id)
    except (StepFailedError, RefusedError) as error:
        return _again(desk, case_id, error)
    return desk.go("show_journal", name="incidents", done=kind.partition(".")[2])


def _again(desk: Desk, case_id: str, error: StepFailedError | RefusedError) -> Answer:
    """The page with what was wrong, in the form or in what was carried out; it is the administrator's alone."""
    if not desk.actor.holds("admin"):
        raise error
    if isinstance(error, InvalidError) and set(error.errors) == {"reason"}:
        return make_response(_page(desk, case_id, error), UNPROCESSABLE)
    return make_response(_page(desk, case_id, failed=cause_in_words(error.message)), _CONFLICT)


def _page(desk: Desk, case_id: str, error: InvalidError | None = None, failed: str = "") -> str:
    def ask(tx: Transaction) -> dict[str, Any]:
        found = case_records.get_incident(tx.connection, case_id)
        case = case_records.get_case(tx.connection, case_id)
        if found is None or case is None:
            raise NotFoundError("У этого дела нет сбоя: его уже повторили, или его не было.")
        command = found["command"]
        told = holders(tx.connection, "admin", day_of(tx.now))
        past = records.incident_facts(tx.connection, case_id)
        actor = command.get("actor")
        definition = tx.runtime.definitions.get(tx, case["definition"])
        return {
            "passes": cases.may_set_aside(definition, command),
            "found": found,
            "cause": cause_in_words(found["cause"]),
            "case": case,
            "command": command,
            "step": _step(tx, case, found["element"]),
            "task": _task(tx, command),
            "doer": actor if actor not in {None, "system"} else None,
            "waiting": sum(timer["held"] for timer in case_records.timers_of(tx.connection, case_id)),
            "heard": told,
            "past": past,
            "names": names_of(tx, {*told, str(actor), *(row["actor"] for row in past)}),
        }

    return desk.show(
        "admin/incident.html",
        **desk.read(ask),
        may=desk.actor.holds("admin"),
        typed=request.form.get("reason", ""),
        failed=failed,
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
    )


def cause_in_words(cause: str) -> str:
    """The cause without what only a programmer reads: the kind of the error, and a text that is not Russian."""
    head, kind, told = _KIND.split(cause, maxsplit=1) if _KIND.search(cause) else (cause, "", "")
    if not kind or _RUSSIAN.search(told):
        return f"{head}{told}"
    return f"{head.rstrip(' :')}: внутренняя ошибка программы, её текст в подробностях."


def _step(tx: Transaction, case: dict[str, Any], element: str | None) -> str:
    """What the drawing of the case calls the step that failed; empty where no step is known."""
    elements = tx.runtime.definitions.get(tx, case["definition"]).drawing.elements
    return elements[element].name if element and element in elements else ""


def _task(tx: Transaction, command: dict[str, Any]) -> str:
    """The task that was being done; empty where it was none."""
    row = tasks.get_task(tx.connection, str(command["task"])) if "task" in command else None
    return str(row["name"]) if row else ""
