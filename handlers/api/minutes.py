"""A meeting's papers: the protocol's words until it is signed, the decisions and how they are carried out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import fields

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.api import meeting_views, shapes, views
from handlers.api.council import STAFF
from handlers.api.fields import LONG, Body, Choice, Day, Part, Rows, Text, Whole
from handlers.api.meetings import ACT
from handlers.api.routes import Door, Routes
from handlers.api.shapes.meetings import DecisionShape, GivenTaskShape, ProtocolShape
from handlers.auth import SIGNED_IN
from processes.council_meeting import correcting, execution
from processes.council_meeting.model import Task, Wording
from processes.council_meeting.records import wording

routes = Routes("Протоколы и решения")


class GivenTask(Body):
    """What somebody is asked to do; `responsible` is a member's login."""

    text = Text(required=True, shortest=1, longest=LONG)
    responsible = Text(required=True, longest=80)
    due = Day(required=True)


class Words(Body):
    """An item's words, whole: they take the place of those that stand there."""

    item = Whole(required=True, least=1, most=999)
    heard = Text(required=True, longest=LONG)
    spoke = Text(required=True, longest=LONG)
    decided = Text(required=True, longest=LONG)
    tasks = Rows(Part(GivenTask), required=True)


class Protocol(Body):
    """Words on some items; the others stay. `based_on` is the version that was read, 0 before there is one."""

    based_on = Whole(required=True, least=0, most=9999)
    items = Rows(Part(Words), required=True)


class Done(Body):
    """On what day a task was done, and what came of it."""

    done_on = Day(required=True)
    note = Text(longest=LONG, load_default="")


class AssignmentQuery(Body):
    """Which tasks: those still to be done, or those done."""

    state = Choice("open", "done", load_default="open")


class WordedShape(shapes.Shape):
    """The version that stands now, and how many fields changed."""

    version = shapes.a_number()
    changed = shapes.a_number()


class AssignmentShape(GivenTaskShape):
    """A task with the meeting that gave it."""

    meeting = shapes.a_text()
    protocol = shapes.a_text()
    item = shapes.a_number()


class DoneShape(shapes.Shape):
    """What was marked."""

    item = fields.Integer(required=True, strict=True)
    task = fields.Integer(required=True, strict=True)
    done_on = shapes.a_day()


@routes.get("/meetings/<case_id>/protocol", STAFF, "Протокол: слова, редакции, подписи", answer=ProtocolShape())
def show_protocol(door: Door, case_id: str) -> dict[str, Any]:
    """Return the protocol; a version's file is at `/documents/{document}`."""
    return door.read(lambda tx: meeting_views.protocol_view(tx, case_id, door.actor))


@routes.put(
    "/meetings/<case_id>/protocol",
    SIGNED_IN,
    "Записать слова протокола или исправить их до первой подписи",
    body=Protocol(),
    keyed=True,
    answer=WordedShape(),
)
def word_protocol(door: Door, case_id: str) -> Any:
    """Write the words; 409 where it was signed, or corrected since it was read."""
    items = door.body["items"]
    words = _words(items)

    def act(tx: Transaction) -> dict[str, Any]:
        try:
            return correcting.word_protocol(tx, case_id, words, based_on=door.body["based_on"], actor=door.actor)
        except InvalidError as error:
            error.errors = _by_index(error.errors, items)
            raise

    return door.perform(act, case=case_id, name=ACT)


@routes.get(
    "/meetings/<case_id>/decisions",
    STAFF,
    "Решения заседания, выписки и исполнение",
    answer=shapes.list_of(DecisionShape)(),
)
def list_decisions(door: Door, case_id: str) -> dict[str, Any]:
    """Return the decisions; an extract is at `/documents/{extract}`."""
    return door.read(lambda tx: views.list_view(meeting_views.decisions_view(tx, case_id, door.actor)))


@routes.post(
    "/meetings/<case_id>/items/<int:number>/tasks/<int:task>/done",
    SIGNED_IN,
    "Отметить, что поручение исполнено",
    body=Done(),
    keyed=True,
    answer=DoneShape(),
)
def mark_done(door: Door, case_id: str, number: int, task: int) -> Any:
    """Mark what the meeting asked for as done: by who is responsible, the secretary or the chair."""
    done_on, note = date.fromisoformat(door.body["done_on"]), door.body["note"]
    return door.perform(
        lambda tx: execution.mark_done(tx, case_id, number, task, done_on=done_on, note=note, actor=door.actor),
        case=case_id,
        name=ACT,
    )


@routes.get(
    "/assignments",
    STAFF,
    "Поручения всех подписанных протоколов",
    query=AssignmentQuery(),
    answer=shapes.list_of(AssignmentShape)(),
)
def list_assignments(door: Door) -> dict[str, Any]:
    """Return the tasks by their last day; of those done the latest."""
    is_done = door.query["state"] == "done"

    def question(tx: Transaction) -> dict[str, Any]:
        rows = wording.assignments(tx.connection, is_done=is_done)
        return views.list_view(
            [
                {
                    **meeting_views.task_view(row),
                    "meeting": row["meeting"],
                    "protocol": row["protocol"],
                    "item": row["item"],
                }
                for row in rows
            ]
        )

    return door.read(question)


def _words(items: Sequence[Mapping[str, Any]]) -> dict[int, Wording]:
    found: dict[int, Wording] = {}
    for index, row in enumerate(items):
        if row["item"] in found:
            raise InvalidError(errors={f"items.{index}.item": ["Этот вопрос уже назван выше."]}, rule=False)
        tasks = tuple(Task(t["text"], t["responsible"], date.fromisoformat(t["due"])) for t in row["tasks"])
        found[row["item"]] = Wording(row["heard"], row["spoke"], row["decided"], tasks)
    return found


def _by_index(errors: Mapping[str, list[str]], items: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Paths as the request has them: `items.0.heard` for what the rules call `3.heard`."""
    places = {str(row["item"]): f"items.{index}" for index, row in enumerate(items)}
    found = {}
    for path, messages in errors.items():
        item, _, rest = path.partition(".")
        found[f"{places.get(item, item)}.{rest or 'item'}"] = messages
    return found
