"""Who acts for whom: entered by the chair or the administrator, with the document it rests on."""

from datetime import date
from typing import Any

from flask import make_response, request

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN, Permission
from handlers.pages.admin.office import administer, changes_of
from handlers.pages.dates import read_day
from handlers.pages.desk import Answer, Desk, Pages
from processes.council import use_cases as council
from processes.council.administration import Matter
from processes.council.model import LEADERSHIP
from processes.council.people import day_of, members_on, persons_of

pages = Pages()

STAFF = Permission("council", frozenset({"secretary", "chair", "deputy", "member", "ministry", "auditor", "admin"}))
READERS = ("chair", "secretary", "auditor", "admin")
_UNPROCESSABLE = 422


@pages.get("/substitutions", STAFF)
def show_substitutions(desk: Desk) -> Answer:
    """Show substitutions and, to those who may, the form."""
    return _page(desk)


@pages.post("/substitutions", SIGNED_IN)
def add_substitution(desk: Desk) -> Answer:
    """Enter a substitution."""
    form = request.form

    def act(tx: Transaction) -> dict[str, Any]:
        since, until = _days(form.get("from", ""), form.get("until", ""))
        return council.add_substitution(
            tx,
            absent=form.get("absent", ""),
            deputy=form.get("deputy", ""),
            since=since,
            until=until,
            basis=form.get("basis", ""),
            actor=desk.actor,
        )

    try:
        administer(
            desk, act, matter=Matter.SUBSTITUTION, kind="substitution.added", subject=form.get("absent", "") or "-"
        )
    except InvalidError as error:
        return _page(desk, error, _UNPROCESSABLE)
    return desk.go("show_substitutions", done="substitution")


@pages.post("/substitutions/<substitution_id>/revoke", SIGNED_IN)
def revoke_substitution(desk: Desk, substitution_id: str) -> Answer:
    """End a substitution before its last day."""
    actor = desk.actor

    def act(tx: Transaction) -> dict[str, Any]:
        return council.revoke_substitution(tx, substitution_id, actor=actor)

    administer(desk, act, matter=Matter.SUBSTITUTION, kind="substitution.revoked", subject=substitution_id)
    return desk.go("show_substitutions", done="revoked")


def _days(since: str, until: str) -> tuple[date, date]:
    found, wrong = [], {}
    for name, text, what in (("from", since, "первый"), ("until", until, "последний")):
        try:
            found.append(date.fromisoformat(read_day(text)))
        except ValueError:
            wrong[name] = [f"Укажите {what} день замещения в виде ДД.ММ.ГГГГ."]
    if wrong:
        raise InvalidError(errors=wrong, rule=False)
    return found[0], found[1]


def _page(desk: Desk, error: InvalidError | None = None, status: int = 200) -> Answer:
    def ask(tx: Transaction) -> dict[str, Any]:
        rows = council.list_substitutions(tx)
        composition = members_on(tx.connection, day_of(tx.now))
        members = composition.members if composition else ()
        logins = {m.login for m in members} | {r["absent"] for r in rows} | {r["deputy"] for r in rows}
        names = {login: person.full_name for login, person in persons_of(tx.connection, logins).items()}
        return {
            "rows": rows,
            "names": names,
            "leaders": [(m.login, names.get(m.login, m.login)) for m in members if m.role in LEADERSHIP],
            "members": [(m.login, names.get(m.login, m.login)) for m in members],
            "changes": changes_of(tx, Matter.SUBSTITUTION) if desk.actor.holds(*READERS) else None,
        }

    values = desk.read(ask)
    may = desk.actor.holds("chair", "admin")
    page = desk.show(
        "substitutions.html", **values, may=may, typed=request.form, error=error, wrong=error.errors if error else {}
    )
    return make_response(page, status)
