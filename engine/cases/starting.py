"""Starting a case: by a use case of a procedure, or by its own start hook."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.actors import Actor
from engine.cases.rights import blamed
from engine.definitions.released import in_force
from engine.errors import EngineError, NotFoundError, StepFailedError, cause_of
from engine.facts import Fact
from engine.history.chain import FIRST
from engine.ids import new_id
from engine.machine import Start
from engine.records.terms import announce_start
from engine.steps import Act, make_step

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]


def start(
    tx: "Transaction",
    process: str,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    title: str,
    owner: str | None = None,
    number: str | None = None,
    case_id: str | None = None,
    payload: Any = None,
) -> Row:
    """Start a case of the version in force today. Returns its row. Raises NotFoundError for an unreleased process."""
    announce_start(tx.connection)
    version, definition = in_force(tx, process)
    identity = case_id or new_id()
    case: Row = {
        "id": identity,
        "number": number or f"{process}-{identity[-12:]}",
        "process": process,
        "definition": version,
        "state": "active",
        "end": None,
        "at": [],
        "title": title,
        "owner": owner,
        "data": {},
        "revision": 0,
        "seq": 0,
        "hash": FIRST,
        "started_by": actor.login,
        "started_at": tx.now,
        "changed_at": tx.now,
        "ended_at": None,
    }
    act = Act(tx, definition, case, actor, actor.right(*actor.groups) if actor.groups else None)
    act.facts.append(
        Fact(
            "case.started",
            None,
            {
                "process": process,
                "version": tx.runtime.definitions.number(tx, version),
                "definition": definition.hash,
                "calendar": tx.calendar.version,
                "data": dict(data),
                "payload": payload,
            },
        )
    )
    with blamed(identity, {"act": "start"}):
        make_step(act, Start(data, payload), None)
    return case


def start_instance(
    tx: "Transaction", process: str, data: Mapping[str, Any], *, actor: Actor, payload: Any = None
) -> Row:
    """Start a case through the procedure's own start hook, which checks the data and gives title, owner and number.

    Raises NotFoundError for a process that cannot be started so, what the hook refuses, and StepFailedError where it
    fails otherwise.
    """
    hook = tx.runtime.registry.starts.get(process)
    if hook is None:
        raise NotFoundError(f"Процедуру «{process}» нельзя начать этим способом.")
    _version, definition = in_force(tx, process)
    identity = new_id()
    draft: Row = {
        "id": identity,
        "number": None,
        "process": process,
        "state": "active",
        "end": None,
        "owner": None,
        "title": "",
        "data": {},
        "revision": 0,
        "changed_at": None,
        "ended_at": None,
    }
    probe = Act(tx, definition, draft, actor, actor.right(*actor.groups) if actor.groups else None)
    call = probe.call(process)
    try:
        variables = hook(call, data)
    except EngineError:
        raise
    except Exception as error:
        raise StepFailedError(f"Дело не начато: {cause_of(error)}") from error
    return start(
        tx,
        process,
        variables,
        actor=actor,
        title=call.title or definition.drawing.name,
        owner=call.owner,
        number=call.number,
        case_id=identity,
        payload=payload,
    )
