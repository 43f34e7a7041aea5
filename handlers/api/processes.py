"""Starting a procedure, messages from outside, and the open vote."""

from typing import Any

from engine import cases, messages
from engine.errors import InvalidError, NotFoundError, RefusedError
from engine.runtime import Transaction
from handlers.api import shapes, views
from handlers.api.fields import Anything, Body, Choice, Text
from handlers.api.routes import Door, Routes
from handlers.api.shapes.meetings import VoteShape
from handlers.auth import SIGNED_IN, SIGNED_IN_OR_PEER
from processes.council_meeting import use_cases as meetings

routes = Routes("Процедуры")


class Start(Body):
    """The data that a procedure starts with."""

    data = Anything(required=True)


class Message(Body):
    """A message: which case it means stands in `correlation`."""

    name = Text(required=True, shortest=1, longest=80)
    correlation = Anything(required=True)
    payload = Anything(load_default=dict)


class Vote(Body):
    """A member's own vote."""

    vote = Choice("for", "against", "abstain", required=True)


@routes.post(
    "/processes/<key>/instances",
    SIGNED_IN,
    "Начать дело по процедуре",
    body=Start(),
    status=201,
    keyed=True,
    answer=shapes.CaseShape(),
)
def start_instance(door: Door, key: str) -> Any:
    """Start a case; who may is the procedure's rule."""
    return door.perform(
        lambda tx: views.case_view(tx, cases.start_instance(tx, key, door.body["data"], actor=door.actor))
    )


@routes.post(
    "/messages",
    SIGNED_IN_OR_PEER,
    "Передать сообщение делу, которое его ждёт",
    body=Message(),
    keyed=True,
    answer=shapes.MatchedShape(),
)
def publish_message(door: Door) -> Any:
    """Deliver a message; 422 says why nothing matched."""
    asked = door.body

    def act(tx: Transaction) -> dict[str, Any]:
        try:
            matched = messages.publish(tx, asked["name"], asked["correlation"], asked["payload"], actor=door.actor)
        except NotFoundError as error:
            raise InvalidError(error.message, slug="not_matched", rule=False) from error
        except RefusedError as error:
            if error.slug_ in {"not_matched", "not_waiting", "ended"}:
                raise InvalidError(error.message, slug=error.slug_, case=error.case) from error
            raise
        return {"matched": matched}

    return door.perform(act, name="message")


@routes.post(
    "/meetings/<case_id>/items/<int:number>/vote",
    SIGNED_IN,
    "Проголосовать",
    body=Vote(),
    keyed=True,
    answer=VoteShape(),
)
def cast_vote(door: Door, case_id: str, number: int) -> Any:
    """Cast the caller's own vote on an item of the agenda; a second one replaces nothing."""
    return door.perform(
        lambda tx: meetings.cast_vote(tx, case_id, number, door.body["vote"], actor=door.actor),
        case=case_id,
        name="vote",
    )
