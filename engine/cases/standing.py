"""Stopping a case and letting it go on: suspension, and the retry of what failed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.actors import SYSTEM, Actor
from engine.cases.completing import complete, decline
from engine.cases.receiving import deliver, fire, locked
from engine.cases.rights import blamed, check_admin
from engine.errors import ConflictError, InvalidError, StepFailedError
from engine.facts import Fact, Text
from engine.records import cases as records
from engine.steps import Act, finish

if TYPE_CHECKING:
    from engine.definitions import Definition
    from engine.runtime import Transaction

Row = dict[str, Any]


def suspend(tx: "Transaction", case_id: str, reason: str, *, actor: Actor) -> Row:
    """Stop a case: it accepts no act and fires no timer until it is resumed (admin)."""
    return _change_state(
        tx, case_id, reason, actor, before={"active"}, after="suspended", kind="case.suspended", held=True
    )


def resume(tx: "Transaction", case_id: str, reason: str, *, actor: Actor) -> Row:
    """Let a suspended case go on; late timers fire now, once each (admin).

    A case that a failure stopped goes on without what failed: the task is open again, what was entered is its draft; a
    message is given up; a term that only sets something going beside it does not (`timer.set_aside`). Raises
    ConflictError (`not_set_aside`) for any other term: what it ends must end, and a case must not wait for nothing.
    """
    return _change_state(
        tx, case_id, reason, actor, before={"suspended", "incident"}, after="active", kind="case.resumed", held=False
    )


def _change_state(
    tx: "Transaction", case_id: str, reason: str, actor: Actor, *, before: set[str], after: str, kind: str, held: bool
) -> Row:
    check_admin(actor)
    case = locked(tx, case_id)
    with blamed(case["id"], None):
        if not reason.strip():
            raise InvalidError(errors={"reason": ["Укажите причину."]}, rule=False)
        if case["state"] not in before:
            raise ConflictError("В этом состоянии дела так поступить нельзя.", slug="wrong_state", state=case["state"])
        act = Act(tx, tx.runtime.definitions.get(tx, case["definition"]), case, actor, actor.right("admin"))
        if case["state"] == "incident":
            _set_aside(act)
        case["state"] = after
        records.hold_timers(tx.connection, case["id"], held=held)
        act.facts.append(Fact(kind, None, {"reason": Text(reason)}))
        finish(act)
        if not held:
            tx.wake.add(case["id"])
            tx.has_sent = True
    return case


def may_set_aside(definition: "Definition", command: Mapping[str, Any]) -> bool:
    """Whether a case can go on without what failed: not without a term that ends something, or the case waits for."""
    if command["act"] != "fire":
        return True
    timer = definition.element(command["timer"]["element"])
    return timer.attached_to is not None and not timer.interrupting


def _set_aside(act: Act) -> None:
    tx, case_id = act.tx, act.case["id"]
    found = records.get_incident(tx.connection, case_id)
    command: Mapping[str, Any] = found["command"] if found is not None else {"act": None}
    if not may_set_aside(act.definition, command):
        raise ConflictError(
            "Этот срок меняет ход дела: пропустить его нельзя. Устраните причину и повторите шаг.",
            slug="not_set_aside",
        )
    if command["act"] == "complete":
        records.update_task(tx.writes, command["task"], {"draft": command["data"], "draft_by": command["actor"]})
    elif command["act"] == "fire":
        timer = command["timer"]
        records.drop_timer(tx.connection, timer["id"])
        told = {"token": timer["token"], "kind": timer["kind"], "due": datetime.fromisoformat(timer["due"])}
        act.facts.append(Fact("timer.set_aside", timer["element"], told))
    records.drop_incident(tx.connection, case_id)


def retry(
    tx: "Transaction", case_id: str, reason: str, *, actor: Actor, actor_of: Callable[[str], Actor | None] | None = None
) -> Row:
    """Carry out the command of an incident again, as it was given, in the name of the person who gave it (admin).

    `actor_of(login)` gives that person's Actor. Raises ConflictError where there is no incident, StepFailedError
    (`retried`) where it fails again.
    """
    check_admin(actor)
    case = locked(tx, case_id)
    revision = case["revision"]
    found = records.get_incident(tx.connection, case["id"])
    if found is None or case["state"] != "incident":
        raise ConflictError("У дела нет сбоя, который можно повторить.", slug="no_incident", case=case["id"])
    act = Act(tx, tx.runtime.definitions.get(tx, case["definition"]), case, actor, actor.right("admin"))
    case["state"] = "active"
    records.drop_incident(tx.connection, case["id"])
    records.hold_timers(tx.connection, case["id"], held=False)
    retried = Fact("incident.retried", found["element"], {"reason": Text(reason or "повтор")})
    act.facts.append(retried)
    finish(act)
    command = found["command"]
    who = (
        SYSTEM
        if command.get("actor") in {None, "system"} or actor_of is None
        else (actor_of(command["actor"]) or SYSTEM)
    )
    try:
        return _repeat(tx, case["id"], command, who)
    except StepFailedError as error:
        error.retried, error.revision = retried, revision
        raise


def _repeat(tx: "Transaction", case_id: str, command: Mapping[str, Any], who: Actor) -> Row:
    match command["act"]:
        case "complete":
            return complete(tx, command["task"], command["data"], actor=who).case
        case "decline":
            return decline(tx, command["task"], command["data"]["reason"], actor=who).case
        case "deliver":
            return deliver(tx, case_id, command["message"], command["payload"], actor=who)
        case "fire":
            timer = {**command["timer"], "due": datetime.fromisoformat(command["timer"]["due"])}
            records.drop_timer(tx.connection, timer["id"])
            return fire(tx, timer)
        case unknown:
            raise StepFailedError(f"Неизвестная команда сбоя: {unknown}.")
