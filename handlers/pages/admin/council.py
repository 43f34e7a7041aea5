"""The council by order: compositions, who was in it on a day, and a new order that takes the place of the last one."""

from datetime import date
from typing import Any, Final

from flask import make_response, request

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.admin.office import (
    STAFF,
    UNPROCESSABLE,
    administer,
    changes_of,
    day_of_form,
    day_of_query,
    keep_file,
    names_of,
    read_file,
    summary_of,
)
from handlers.pages.desk import Answer, Desk, Pages
from processes.council import use_cases as council
from processes.council.administration import Matter
from processes.council.model import Category, Member, Role
from processes.council.people import day_of, members_on
from processes.council.records import compositions, people
from processes.council.rules import quorum_needed

pages = Pages()

_SPARE: Final = 3


@pages.get("/admin/council", STAFF)
def show_council(desk: Desk) -> Answer:
    """Show who is in the council on a day, and every order that set it."""
    asked = day_of_query("on")

    def ask(tx: Transaction) -> dict[str, Any]:
        day = asked or day_of(tx.now)
        composition = members_on(tx.connection, day)
        rows = compositions.all_compositions(tx.connection)
        persons = people.find_persons(tx.connection, composition.logins) if composition else {}
        return {
            "day": day,
            "today": day_of(tx.now),
            "composition": composition,
            "persons": persons,
            "organizations": people.all_organizations(tx.connection),
            "substitutions": compositions.substitutions_on(tx.connection, day),
            "needed": quorum_needed(len(composition.members)) if composition else 0,
            "rows": rows,
            "names": names_of(tx, (row["entered_by"] for row in rows)) | {p: v.full_name for p, v in persons.items()},
            "changes": changes_of(tx, Matter.COMPOSITION),
        }

    return desk.show("admin/council.html", **desk.read(ask), may=desk.actor.holds("secretary", "admin"))


@pages.get("/admin/council/new", STAFF)
def new_composition(desk: Desk) -> Answer:
    """Ask for a new order, beginning with the council as it stands."""
    return _form(desk)


@pages.post("/admin/council/new", SIGNED_IN)
def add_composition(desk: Desk) -> Answer:
    """Enter the composition that an order set."""
    wrong: dict[str, list[str]] = {}
    order_date = day_of_form("order_date", wrong, "дату приказа", required=True)
    valid_from = day_of_form("valid_from", wrong, "день, с которого действует состав,", required=True)
    members = _members(wrong)
    file = read_file("file", wrong)
    number = request.form.get("order_number", "").strip()
    actor = desk.actor

    def act(tx: Transaction) -> dict[str, Any]:
        if wrong or order_date is None or valid_from is None:
            raise InvalidError("Состав не внесён: проверьте отмеченные поля.", errors=wrong, rule=False)
        kept = keep_file(tx, file, kind="order", title=f"Приказ № {number} о составе совета", by=actor.login)
        identity = council.set_composition(
            tx,
            order_number=number,
            order_date=order_date,
            valid_from=valid_from,
            members=members,
            actor=actor,
            file=kept,
        )
        return {"id": identity}

    try:
        administer(desk, act, matter=Matter.COMPOSITION, kind="composition.entered", subject=number or "-")
    except InvalidError as error:
        return make_response(_form(desk, error), UNPROCESSABLE)
    return desk.go("show_council", done="entered", on=valid_from.strftime("%d.%m.%Y") if valid_from else None)


def _members(wrong: dict[str, list[str]]) -> list[Member]:
    found = []
    for login, role, category in _rows():
        if not login:
            continue
        if role not in set(Role):
            wrong.setdefault("members", []).append(f"Укажите роль в совете: {login}.")
            continue
        found.append(Member(login, Role(role), Category(category) if category in set(Category) else None))
    return found


def _rows() -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    while f"members.{len(rows)}.login" in request.form:
        at = f"members.{len(rows)}"
        rows.append(
            (request.form[f"{at}.login"], request.form.get(f"{at}.role", ""), request.form.get(f"{at}.category", ""))
        )
    return rows


def _form(desk: Desk, error: InvalidError | None = None) -> str:
    def ask(tx: Transaction) -> dict[str, Any]:
        today: date = day_of(tx.now)
        if error:
            rows = _rows()
        else:
            last = compositions.last_first_day(tx.connection)
            composition = members_on(tx.connection, max(today, last) if last else today)
            members = composition.members if composition else ()
            rows = [(m.login, m.role.value, m.category.value if m.category else "") for m in members]
            rows += [("", Role.MEMBER.value, "")] * _SPARE
        everybody = sorted(people.all_persons(tx.connection), key=lambda p: p.full_name)
        return {"rows": rows, "people": [(p.login, p.full_name) for p in everybody], "today": today}

    return desk.show(
        "admin/council_new.html",
        **desk.read(ask),
        roles=[role.value for role in Role],
        categories=[category.value for category in Category],
        typed=request.form,
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
    )
