"""The experts' database: the list, one expert's card, exclusion and inclusion, import from a table with a preview."""

from dataclasses import replace
from typing import Any, Final

from flask import make_response, request

from engine.errors import InvalidError
from engine.records import cases as case_records
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.admin.expert_table import COLUMNS, Row, read_table
from handlers.pages.admin.office import (
    STAFF,
    UNPROCESSABLE,
    administer,
    changes_of,
    day_of_form,
    names_of,
    summary_of,
    table_file,
)
from handlers.pages.desk import Answer, Desk, Pages
from processes.council import expert_base, personnel
from processes.council.administration import Matter
from processes.council.model import RELATIONS, ExpertEntry, Person
from processes.council.people import day_of
from processes.council.records import compositions, experts, people

pages = Pages()

STATES: Final = ("active", "not_ready", "excluded", "outside")


@pages.get("/admin/experts", STAFF)
def show_experts(desk: Desk) -> Answer:
    """Show the experts with their load."""
    asked = {name: request.args.get(name, "").strip() for name in ("q", "direction", "state")}

    def ask(tx: Transaction) -> dict[str, Any]:
        return {"rows": expert_base.list_experts(tx, **asked), "directions": expert_base.directions_known(tx)}

    may = desk.actor.holds("secretary", "admin")
    return desk.show("admin/experts.html", **desk.read(ask), asked=asked, states=STATES, may=may)


@pages.get("/admin/experts.csv", STAFF)
def download_experts(desk: Desk) -> Answer:
    """Hand out the database as a table, in the columns that an import reads."""
    rows = desk.read(expert_base.list_experts)
    return table_file("experts.csv", COLUMNS, (_cells(row["person"], row["entry"]) for row in rows))


@pages.get("/admin/experts/import", STAFF)
def show_import(desk: Desk) -> Answer:
    """Ask for a table of experts."""
    return desk.show("admin/experts_import.html", rows=None, text="", columns=COLUMNS, error=None, may=_may(desk))


@pages.post("/admin/experts/import", SIGNED_IN)
def import_experts(desk: Desk) -> Answer:
    """Show what a table would change; with `apply`, change it, all or nothing."""
    sent = request.files.get("file")
    raw = sent.read(1024 * 1024) if sent and sent.filename else request.form.get("table", "").encode()
    text = raw.decode("utf-8-sig", "replace")
    actor = desk.actor

    def look(tx: Transaction) -> list[Row]:
        expert_base.check_keeper(actor)
        return read_table(tx, text)

    rows = desk.read(look)
    if not rows:
        error = InvalidError(
            "Выберите файл таблицы или вставьте её в поле: ни одной строки с логином эксперта нет.", rule=False
        )
        page = desk.show(
            "admin/experts_import.html", rows=None, text=text, columns=COLUMNS, error=error, may=_may(desk)
        )
        return make_response(page, UNPROCESSABLE)
    if "apply" not in request.form or any(row.wrong for row in rows):
        return desk.show("admin/experts_import.html", rows=rows, text=text, columns=COLUMNS, error=None, may=_may(desk))

    def act(tx: Transaction) -> dict[str, Any]:
        for row in read_table(tx, text):
            expert_base.save_expert(tx, row.person, row.entry, actor=actor, is_import=True)
        return {}

    administer(desk, act, matter=Matter.EXPERT, kind="expert.imported", subject="import")
    return desk.go("show_experts", done="imported")


@pages.get("/admin/experts/<login>", STAFF)
def show_expert(desk: Desk, login: str) -> Answer:
    """Show an expert's card with the appointments."""
    return show_card(desk, login)


@pages.post("/admin/experts/<login>", SIGNED_IN)
def save_expert(desk: Desk, login: str) -> Answer:
    """Bring an expert's card up to date."""
    wrong: dict[str, list[str]] = {}
    days = {
        "consent_on": day_of_form("consent_on", wrong, "дату согласия"),
        "included_on": day_of_form("included_on", wrong, "дату включения в базу"),
    }
    form, actor = request.form, desk.actor

    def act(tx: Transaction) -> dict[str, Any]:
        if wrong:
            raise InvalidError(errors=wrong, rule=False)
        person = replace(
            personnel.find_person(tx, login),
            position=form.get("position", "").strip(),
            degree=form.get("degree", "").strip(),
            academic_rank=form.get("academic_rank", "").strip(),
            organization=form.get("organization") or None,
            directions=_lines(form.get("directions", "")),
            meets_requirements="meets_requirements" in form,
        )
        entry = ExpertEntry(login, days["consent_on"], days["included_on"], form.get("protocol", "").strip())
        return {"fields": expert_base.save_expert(tx, person, entry, actor=actor)}

    try:
        administer(desk, act, matter=Matter.EXPERT, kind="expert.changed", subject=login)
    except InvalidError as error:
        return make_response(show_card(desk, login, error), UNPROCESSABLE)
    return desk.go("show_expert", login=login, done="entered")


@pages.post("/admin/experts/<login>/exclude", SIGNED_IN)
def exclude_expert(desk: Desk, login: str) -> Answer:
    """Exclude an expert, with the reason."""
    reason, actor = request.form.get("reason", ""), desk.actor

    def act(tx: Transaction) -> None:
        expert_base.exclude_expert(tx, login, reason, actor=actor)

    try:
        administer(desk, act, matter=Matter.EXPERT, kind="expert.excluded", subject=login)
    except InvalidError as error:
        return make_response(show_card(desk, login, error), UNPROCESSABLE)
    return desk.go("show_expert", login=login, done="excluded")


@pages.post("/admin/experts/<login>/include", SIGNED_IN)
def include_expert(desk: Desk, login: str) -> Answer:
    """Include an excluded expert anew, by a protocol."""
    protocol, actor = request.form.get("again", ""), desk.actor

    def act(tx: Transaction) -> None:
        expert_base.include_expert(tx, login, protocol, actor=actor)

    try:
        administer(desk, act, matter=Matter.EXPERT, kind="expert.included", subject=login)
    except InvalidError as error:
        return make_response(show_card(desk, login, error), UNPROCESSABLE)
    return desk.go("show_expert", login=login, done="entered")


def _may(desk: Desk) -> bool:
    return desk.actor.holds("secretary", "admin")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


def _cells(person: Person, entry: ExpertEntry) -> list[Any]:
    return [
        person.login,
        person.full_name,
        person.position,
        person.degree,
        person.academic_rank,
        person.organization,
        ", ".join(person.directions),
        f"{entry.consent_on:%d.%m.%Y}" if entry.consent_on else "",
        f"{entry.included_on:%d.%m.%Y}" if entry.included_on else "",
        entry.protocol,
        "да" if person.meets_requirements else "нет",
    ]


def show_card(desk: Desk, login: str, error: InvalidError | None = None) -> str:
    """An expert's card, with what is wrong with what was typed on it."""

    def ask(tx: Transaction) -> dict[str, Any]:
        person = personnel.find_person(tx, login)
        appointed = experts.appointments_of(tx.connection, login)
        numbers = {row["case"]: case_records.get_case(tx.connection, row["case"]) for row in appointed}
        organizations = people.all_organizations(tx.connection).values()
        return {
            "person": person,
            "entry": experts.find_entry(tx.connection, login) or ExpertEntry(login),
            "seat": compositions.role_on(tx.connection, login, day_of(tx.now)),
            "organizations": sorted(((o.inn, o.short_name) for o in organizations), key=lambda pair: pair[1]),
            "appointed": appointed,
            "relations": people.relations_of(tx.connection, login, day_of(tx.now)),
            "kinds": RELATIONS,
            "cases": numbers,
            "names": names_of(tx, (row["appointed_by"] for row in appointed)),
            "changes": changes_of(tx, Matter.EXPERT, login),
        }

    values = desk.read(ask)
    return desk.show(
        "admin/expert.html",
        **values,
        value=_shown(values["person"], values["entry"], error),
        typed=request.form if error and "tied_to" in request.form else {},
        may=_may(desk),
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
    )


def _shown(person: Person, entry: ExpertEntry, error: InvalidError | None) -> dict[str, Any]:
    """What the card's form shows: as stored, or as typed where it was refused."""
    stored: dict[str, Any] = {
        "position": person.position,
        "degree": person.degree,
        "academic_rank": person.academic_rank,
        "organization": person.organization,
        "directions": "\n".join(person.directions),
        "consent_on": entry.consent_on,
        "included_on": entry.included_on,
        "protocol": entry.protocol,
        "meets_requirements": person.meets_requirements,
    }
    if error is None or "position" not in request.form:
        return stored
    return {**stored, **request.form, "meets_requirements": "meets_requirements" in request.form}
