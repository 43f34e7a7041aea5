"""The applicant's cabinet: one's applications with where each stands, and a new one."""

from collections.abc import Mapping
from typing import Any

from flask import request

from engine import cases
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.desk import Answer, Desk, Pages
from processes.certification import use_cases as certification

pages = Pages()


@pages.get("/applications", SIGNED_IN)
def show_applications(desk: Desk) -> Answer:
    """Show one's own applications, and where each stands."""

    def ask(tx: Transaction) -> tuple[Any, list[dict[str, Any]]]:
        page = certification.list_applications(tx, desk.actor, limit=50, cursor=request.args.get("cursor") or None)
        found = cases.get_cases(tx, [row["case"] for row in page.items if row["case"]], desk.actor)
        return page.next, [_line(tx, row, found.get(row["case"])) for row in page.items]

    following, lines = desk.read(ask)
    return desk.show("applications.html", lines=lines, following=following)


@pages.post("/applications", SIGNED_IN)
def start_application(desk: Desk) -> Answer:
    """Start a draft with what is known of the organisation."""
    made = desk.act(lambda tx: _start(tx, desk), name="application")
    return desk.go("show_step", application_id=made["id"], slug="organisation")


@pages.post("/applications/<application_id>/delete", SIGNED_IN)
def delete_application(desk: Desk, application_id: str) -> Answer:
    """Delete a draft."""
    desk.act(lambda tx: certification.delete_application(tx, application_id, actor=desk.actor), name="delete")
    return desk.go("show_applications", done="deleted")


def _start(tx: Transaction, desk: Desk) -> dict[str, Any]:
    """Begin with what the organisation told in its last application, and what its account says."""
    data = certification.known_before(tx, desk.actor)
    organization = desk.actor.details.get("organization")
    if isinstance(organization, Mapping):
        data["organization"] = dict(organization)
    return {"id": certification.create_application(tx, data, actor=desk.actor)["id"]}


def _line(tx: Transaction, row: dict[str, Any], case: dict[str, Any] | None) -> dict[str, Any]:
    if case is None:
        return {**row, "number": None, "end": None, "stage": None, "is_in_force": False}
    return {
        **row,
        "number": case["number"],
        "end": case["end"],
        "stage": cases.stage_of(tx, case),
        "is_in_force": "certificate_in_force" in case["at"],
    }
