"""The meeting room: agenda, materials, who comes and who is there, what is said from the floor.

Votes are cast at `/meetings/{case}/items/{n}/vote`; attendance is registered, an item recorded and the protocol signed
by completing the meeting's tasks.
"""

from typing import Any, Final

from marshmallow import fields, validate

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.api import meeting_views, shapes, views
from handlers.api.council import STAFF
from handlers.api.fields import LONG, Anything, Body, Choice, Rows, Text, Whole
from handlers.api.routes import Door, Routes
from handlers.api.shapes.meetings import (
    ActedShape,
    AnsweredShape,
    HallShape,
    MaterialShape,
    OpenedShape,
    OrderShape,
    RecusedShape,
)
from handlers.auth import SIGNED_IN
from processes.council_meeting import floor, materials, ordering, presence
from processes.council_meeting.model import Answer

routes = Routes("Заседания")

#: What refused acts of a meeting are called in its history.
ACT: Final = "meeting"


class Order(Body):
    """The present numbers of all items as they are to follow."""

    order = Rows(Whole(least=1, most=999), required=True)


class InvitationAnswer(Body):
    """Whether one will come; declining wants a reason."""

    answer = Choice(*(answer.value for answer in Answer), required=True)
    reason = Text(longest=LONG, load_default="")


class Arrivals(Body):
    """How those named have come: `in_person`, `remote`, or null for one who is not there after all."""

    arrivals = Anything(required=True, validate=validate.Length(1, 200, error="Назовите от 1 до 200 участников."))


class Recusal(Body):
    """Why one does not vote; the reason is minuted."""

    reason = Text(required=True, shortest=1, longest=LONG)


class NotedShape(shapes.Shape):
    """The logins whose arrival changed."""

    noted = fields.List(fields.String(), required=True)


@routes.get("/meetings/<case_id>", STAFF, "Зал заседания: кворум, вопросы, голоса", answer=HallShape())
def show_meeting(door: Door, case_id: str) -> dict[str, Any]:
    """Return the hall as the caller sees it now."""
    return door.read(lambda tx: meeting_views.hall_view(tx, case_id, door.actor))


@routes.post(
    "/meetings/<case_id>/agenda", SIGNED_IN, "Изменить порядок вопросов", body=Order(), keyed=True, answer=OrderShape()
)
def reorder_agenda(door: Door, case_id: str) -> Any:
    """Put the items in another order; after the approval by the chair alone, who thereby approves it anew."""
    return _act(door, case_id, lambda tx: ordering.reorder_agenda(tx, case_id, door.body["order"], actor=door.actor))


@routes.post(
    "/meetings/<case_id>/answer",
    SIGNED_IN,
    "Ответить на приглашение",
    body=InvitationAnswer(),
    keyed=True,
    answer=AnsweredShape(),
)
def answer_invitation(door: Door, case_id: str) -> Any:
    """Answer the invitation for oneself; a later answer takes its place."""
    asked = door.body
    return _act(
        door,
        case_id,
        lambda tx: presence.answer_invitation(tx, case_id, asked["answer"], asked["reason"], actor=door.actor),
    )


@routes.post(
    "/meetings/<case_id>/arrivals",
    SIGNED_IN,
    "Отметить прибывших до открытия заседания",
    body=Arrivals(),
    keyed=True,
    answer=NotedShape(),
)
def note_arrivals(door: Door, case_id: str) -> Any:
    """Note who has come: the secretary anybody, a member only oneself."""

    def act(tx: Transaction) -> dict[str, Any]:
        try:
            return presence.note_arrivals(tx, case_id, door.body["arrivals"], actor=door.actor)
        except InvalidError as error:
            error.errors = {"arrivals": [text for texts in error.errors.values() for text in texts]}
            raise

    return _act(door, case_id, act)


@routes.get(
    "/meetings/<case_id>/items/<int:number>/materials",
    STAFF,
    "Материалы вопроса и кто с ними ознакомился",
    answer=shapes.list_of(MaterialShape)(),
)
def list_materials(door: Door, case_id: str, number: int) -> dict[str, Any]:
    """Return the documents of an item's case that members read; the content is at `/documents/{id}`."""

    def question(tx: Transaction) -> dict[str, Any]:
        return views.list_view(meeting_views.materials_view(tx, case_id, number, door.actor))

    return door.read(question)


@routes.post(
    "/meetings/<case_id>/items/<int:number>/materials/<document_id>",
    SIGNED_IN,
    "Отметить, что материал открыт",
    answer=OpenedShape(),
)
def open_material(door: Door, case_id: str, number: int, document_id: str) -> Any:
    """Note that a member opens a material, the first time only."""
    return _act(door, case_id, lambda tx: materials.open_material(tx, case_id, number, document_id, actor=door.actor))


@routes.post(
    "/meetings/<case_id>/items/<int:number>/read",
    SIGNED_IN,
    "Отметить, что материалы вопроса прочитаны",
    answer=ActedShape(),
)
def mark_read(door: Door, case_id: str, number: int) -> Any:
    """Note that a member has read an item's materials."""
    return _act(door, case_id, lambda tx: materials.mark_read(tx, case_id, number, actor=door.actor))


@routes.post(
    "/meetings/<case_id>/items/<int:number>/recusal",
    SIGNED_IN,
    "Взять самоотвод",
    body=Recusal(),
    keyed=True,
    answer=RecusedShape(),
)
def declare_recusal(door: Door, case_id: str, number: int) -> Any:
    """Recuse oneself from an item, until one has voted or it is closed; one stays in the quorum."""
    return _act(
        door, case_id, lambda tx: floor.declare_recusal(tx, case_id, number, door.body["reason"], actor=door.actor)
    )


@routes.delete(
    "/meetings/<case_id>/items/<int:number>/recusal", SIGNED_IN, "Снять свой самоотвод", answer=RecusedShape()
)
def withdraw_recusal(door: Door, case_id: str, number: int) -> Any:
    """Take one's recusal back while the item is not closed."""
    return _act(door, case_id, lambda tx: floor.withdraw_recusal(tx, case_id, number, actor=door.actor))


@routes.post(
    "/meetings/<case_id>/items/<int:number>/call",
    SIGNED_IN,
    "Поставить вопрос на голосование",
    keyed=True,
    answer=ActedShape(),
)
def call_vote(door: Door, case_id: str, number: int) -> Any:
    """Put an open item to the vote, as the presiding person."""
    return _act(door, case_id, lambda tx: floor.call_vote(tx, case_id, number, actor=door.actor))


@routes.post(
    "/meetings/<case_id>/items/<int:number>/stop", SIGNED_IN, "Закончить приём голосов", keyed=True, answer=ActedShape()
)
def stop_vote(door: Door, case_id: str, number: int) -> Any:
    """End the taking of members' own votes on an item, as the presiding person."""
    return _act(door, case_id, lambda tx: floor.stop_vote(tx, case_id, number, actor=door.actor))


def _act(door: Door, case_id: str, act: Any) -> Any:
    return door.perform(act, case=case_id, name=ACT)
