"""What reaches a case from outside its tasks: messages, timers, facts of the domain."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.actors import SYSTEM, Actor, Right
from engine.cases.rights import blamed, check_moving, check_visible
from engine.clock import moscow
from engine.errors import NotFoundError, RefusedError, StepFailedError
from engine.facts import Fact
from engine.machine import Deliver, FireTimer, NotWaitingError
from engine.records import cases as records
from engine.steps import Act, finish, make_step

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]


def deliver(tx: "Transaction", case_id: str, message: str, payload: Mapping[str, Any], *, actor: Actor = SYSTEM) -> Row:
    """Hand a message to a case that waits for it; the procedure's delivery hook checks and translates the payload.

    Raises NotFoundError, NotWaitingError (409 `not_waiting`), and what the hook refuses.
    """
    case = locked(tx, case_id)
    check_visible(case, actor)
    command = {"act": "deliver", "message": message, "payload": dict(payload), "actor": actor.login}
    with blamed(case["id"], command, revision=case["revision"]):
        definition = tx.runtime.definitions.get(tx, case["definition"])
        if message not in definition.drawing.message_names():
            raise NotWaitingError(f"Процедура не принимает сообщение «{message}».")
        check_moving(case)
        act = Act(tx, definition, case, actor, actor.right(*actor.groups) if actor.groups else None)
        hook = tx.runtime.registry.deliveries.get((case["process"], message))
        value: Any = dict(payload)
        if hook is not None:
            value = dict(hook(act.call(message, variables=case["data"]), payload))
        act.facts.insert(0, Fact("message.received", None, {"message": message, "payload": value}))
        make_step(act, Deliver(message, value), records.read_state(tx.connection, case["id"]))
    return case


def fire(tx: "Transaction", timer: Row) -> Row:
    """Let a timer of a case fire; the caller has locked the case and taken the row. Returns the case row.

    Raises ConflictError where the case does not move, StepFailedError for what a rule refuses in the step.
    """
    case, state = _read_locked(tx, timer["case"])
    command = {"act": "fire", "timer": portable(timer)}
    with blamed(case["id"], command, timer["element"], revision=case["revision"]):
        check_moving(case)
        definition = tx.runtime.definitions.get(tx, case["definition"])
        act = Act(tx, definition, case, SYSTEM)
        act.facts.append(
            Fact("timer.fired", timer["element"], {"token": timer["token"], "kind": timer["kind"], "due": timer["due"]})
        )
        _remind(tx, act, timer)
        try:
            make_step(act, FireTimer(timer["token"]), state)
        except RefusedError as error:
            # There is nobody to hear of it: the case would wait for ever for a timer that is gone.
            raise StepFailedError(f"Срок не сработал, правило не пускает: {error.message}") from error
    return case


def portable(timer: Row) -> Row:
    """A timer's row as a command of the failure keeps it."""
    return {str(name): value for name, value in timer.items()} | {"due": timer["due"].isoformat()}


def _remind(tx: "Transaction", act: Act, timer: Row) -> None:
    """A deadline that passed is escalated, a reminder is told: the facts that letters are made from."""
    if timer["kind"] not in {"deadline", "reminder"}:
        return
    drawn = act.definition.element(timer["element"])
    host = drawn.attached_to or timer["element"]
    row = records.task_by_token(tx.connection, act.case["id"], timer["host"]) if timer["host"] is not None else None
    data: dict[str, Any] = {
        "task": row["id"] if row else None,
        "due": moscow(row["due_at"]).isoformat() if row and row["due_at"] else None,
    }
    if timer["kind"] == "deadline":
        data["to"] = [g.strip() for g in drawn.properties.get("escalate", "chair").split(",") if g.strip()]
        act.facts.append(Fact("task.escalated", host, data))
    else:
        data["to"] = [row["assignee"]] if row and row["assignee"] else []
        data["groups"] = list(row["candidates"]) if row and not row["assignee"] else []
        act.facts.append(Fact("task.reminded", host, data))


def tell(tx: "Transaction", case_id: str, facts: Sequence[Fact], *, actor: Actor, right: Right | None = None) -> Row:
    """Record domain facts outside a step (a vote, a refusal): locks the case, appends, runs observers."""
    case = locked(tx, case_id)
    act = Act(tx, tx.runtime.definitions.get(tx, case["definition"]), case, actor, right)
    act.facts.extend(facts)
    finish(act)
    return case


def _read_locked(tx: "Transaction", case_id: str) -> tuple[Row, bytes]:
    found = records.read_locked(tx.connection, case_id)
    if found is None:
        raise NotFoundError("Такого дела нет.")
    tx.follow(found[0]["changed_at"])
    return found


def locked(tx: "Transaction", case_id: str) -> Row:
    """The case row by id, locked. Raises NotFoundError."""
    case = records.lock_case(tx.connection, case_id)
    if case is None:
        raise NotFoundError("Такого дела нет.")
    tx.follow(case["changed_at"])
    return case
