"""Cases: lists, one case, its documents, its history, and what an administrator may do to it."""

from typing import Any

from engine import cases
from engine.actors import Actor
from engine.history import read as read_history
from engine.history import replay as replay_history
from engine.history import verify as verify_history
from engine.runtime import Transaction
from handlers.api import shapes, views
from handlers.api.fields import LONG, Body, Text
from handlers.api.queries import CaseQuery, HistoryQuery, ReplayQuery, page_of
from handlers.api.routes import Door, Routes
from handlers.auth import SIGNED_IN
from processes.certification import access

routes = Routes("Дела")


class Reason(Body):
    """Why."""

    reason = Text(required=True, longest=LONG)


@routes.get(
    "/cases", SIGNED_IN, "Дела, которые вам видны", query=CaseQuery(), answer=shapes.list_of(shapes.CaseShape)()
)
def list_cases(door: Door) -> dict[str, Any]:
    """Return a page of the cases that the caller may see."""
    asked = {name: door.query[name] for name in ("q", "state", "process")}
    return door.read(lambda tx: views.case_list(tx, cases.list_cases(tx, door.actor, **asked, **page_of(door.query))))


@routes.get("/cases/<case_id>", SIGNED_IN, "Дело", answer=shapes.CaseShape())
def show_case(door: Door, case_id: str) -> dict[str, Any]:
    """Return a case by id or number."""
    return door.read(lambda tx: views.case_view(tx, cases.get_case(tx, case_id, door.actor)))


@routes.get("/cases/<case_id>/documents", SIGNED_IN, "Документы дела", answer=shapes.list_of(shapes.DocumentShape)())
def list_case_documents(door: Door, case_id: str) -> dict[str, Any]:
    """Return what was filed and issued."""

    def ask(tx: Transaction) -> dict[str, Any]:
        case = cases.get_case(tx, case_id, door.actor)
        return views.list_view([views.document_view(row) for row in access.list_documents(tx, case, door.actor)])

    return door.read(ask)


@routes.get("/cases/<case_id>/history", SIGNED_IN, "История дела", query=HistoryQuery(), answer=shapes.HistoryShape())
def show_history(door: Door, case_id: str) -> dict[str, Any]:
    """Return events past `after`, with the texts they refer to."""

    def question(tx: Transaction) -> dict[str, Any]:
        case = cases.get_case(tx, case_id, door.actor)
        return access.shown_history(tx, case, read_history(tx, case["id"], **door.query), door.actor)

    return door.read(question)


@routes.get(
    "/cases/<case_id>/replay", SIGNED_IN, "Дело, каким оно было", query=ReplayQuery(), answer=shapes.ReplayShape()
)
def show_replay(door: Door, case_id: str) -> dict[str, Any]:
    """Return the case as it stood right after an event."""
    return door.read(lambda tx: replay_history(tx, _id_of(tx, case_id, door.actor), door.query["seq"]))


@routes.get(
    "/cases/<case_id>/verify", SIGNED_IN, "Проверить цепочку истории и повторить дело", answer=shapes.VerdictShape()
)
def verify_case(door: Door, case_id: str) -> dict[str, Any]:
    """Return whether chain and re-execution are whole."""
    return door.read(lambda tx: views.verdict_view(verify_history(tx, cases.get_case(tx, case_id, door.actor))))


@routes.post(
    "/cases/<case_id>/suspend",
    SIGNED_IN,
    "Приостановить дело (администратор)",
    body=Reason(),
    answer=shapes.CaseShape(),
)
def suspend_case(door: Door, case_id: str) -> dict[str, Any]:
    """Stop a case until it is resumed."""
    return _change(door, case_id, cases.suspend)


@routes.post(
    "/cases/<case_id>/resume", SIGNED_IN, "Возобновить дело (администратор)", body=Reason(), answer=shapes.CaseShape()
)
def resume_case(door: Door, case_id: str) -> dict[str, Any]:
    """Let a suspended case go on."""
    return _change(door, case_id, cases.resume)


@routes.post(
    "/cases/<case_id>/retry",
    SIGNED_IN,
    "Повторить то, что сорвалось (администратор)",
    body=Reason(),
    answer=shapes.CaseShape(),
)
def retry_case(door: Door, case_id: str) -> dict[str, Any]:
    """Carry out again the command that failed, in the name of the person who gave it."""

    def act(tx: Transaction) -> dict[str, Any]:
        def actor_of(login: str) -> Actor | None:
            return door.context.find_actor(tx, login)

        identity = _id_of(tx, case_id, door.actor)
        row = cases.retry(tx, identity, door.body["reason"], actor=door.actor, actor_of=actor_of)
        return views.case_view(tx, row)

    result: dict[str, Any] = door.perform(act, case=case_id)
    return result


def _change(door: Door, case_id: str, change: Any) -> dict[str, Any]:
    def act(tx: Transaction) -> dict[str, Any]:
        identity = _id_of(tx, case_id, door.actor)
        return views.case_view(tx, change(tx, identity, door.body["reason"], actor=door.actor))

    result: dict[str, Any] = door.perform(act, case=case_id)
    return result


def _id_of(tx: Transaction, case_id: str, actor: Actor) -> str:
    return str(cases.get_case(tx, case_id, actor)["id"])
