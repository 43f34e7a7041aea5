"""Relations of an expert to organisations, on the expert's card: declared, and ended by hand (A-16)."""

from typing import Any

from flask import make_response, request

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.admin.experts import show_card
from handlers.pages.admin.office import UNPROCESSABLE, administer, day_of_form
from handlers.pages.desk import Answer, Desk, Pages
from processes.council import relations
from processes.council.administration import Matter
from processes.council.model import Disclosure

pages = Pages()


@pages.post("/admin/experts/<login>/relations", SIGNED_IN)
def declare_relation(desk: Desk, login: str) -> Answer:
    """Declare a relation of an expert to an organisation."""
    wrong: dict[str, list[str]] = {}
    until = day_of_form("valid_until", wrong, "последний день связи")
    form, actor = request.form, desk.actor
    value = Disclosure(login, form.get("tied_to", ""), form.get("kind", ""), form.get("note", "").strip())

    def act(tx: Transaction) -> dict[str, Any]:
        if wrong:
            raise InvalidError(errors=wrong, rule=False)
        return {"relation": relations.declare_relation(tx, value, actor=actor, valid_until=until)}

    try:
        administer(desk, act, matter=Matter.EXPERT, kind="relation.declared", subject=login)
    except InvalidError as error:
        if "organization" in error.errors:
            error.errors["tied_to"] = error.errors.pop("organization")
        return make_response(show_card(desk, login, error), UNPROCESSABLE)
    return desk.go("show_expert", login=login, done="entered")


@pages.post("/admin/experts/<login>/relations/<relation>/end", SIGNED_IN)
def end_relation(desk: Desk, login: str, relation: str) -> Answer:
    """End a relation: it forbids no appointment any more."""
    actor = desk.actor

    def act(tx: Transaction) -> None:
        relations.end_relation(tx, login, relation, actor=actor)

    administer(desk, act, matter=Matter.EXPERT, kind="relation.ended", subject=login)
    return desk.go("show_expert", login=login, done="entered")
