"""The passport of the open data: who answers for the set, and how to reach them."""

from dataclasses import asdict
from typing import Any

from flask import make_response, request

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.admin.office import STAFF, UNPROCESSABLE, administer, changes_of, summary_of
from handlers.pages.desk import Answer, Desk, Pages
from processes.council.administration import Matter
from processes.depository.publications import read_data_set
from processes.depository.publisher import Publisher, change_publisher, read_publisher

pages = Pages()

_FIELDS = ("name", "office", "phone", "email", "basis")


@pages.get("/admin/open-data", STAFF)
def show_passport(desk: Desk) -> Answer:
    """Show who answers for the open data, and to the administrator the form."""
    return _page(desk)


@pages.post("/admin/open-data", SIGNED_IN)
def change_passport(desk: Desk) -> Answer:
    """Write down who answers from now on."""
    value = Publisher(**{name: " ".join(request.form.get(name, "").split()) for name in _FIELDS})
    actor = desk.actor

    def act(tx: Transaction) -> dict[str, Any]:
        return {"changed": change_publisher(tx, value, actor=actor)}

    try:
        administer(desk, act, matter=Matter.OPEN_DATA, kind="publisher.changed", subject="publisher")
    except InvalidError as error:
        return make_response(_page(desk, error), UNPROCESSABLE)
    return desk.go("show_passport", done="entered")


def _page(desk: Desk, error: InvalidError | None = None) -> str:
    def ask(tx: Transaction) -> dict[str, Any]:
        stored = asdict(read_publisher(tx))
        return {
            "value": dict(request.form) if error else stored,
            "found": read_data_set(tx, desk.context.settings.base_url),
            "changes": changes_of(tx, Matter.OPEN_DATA),
        }

    return desk.show(
        "admin/passport.html",
        **desk.read(ask),
        may=desk.actor.holds("admin"),
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
    )
