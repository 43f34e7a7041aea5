"""People: the list, one person's card, roles with their days, invitation, sessions, closing (administrator)."""

from dataclasses import replace
from typing import Any, Final

from flask import make_response, request

from engine.errors import InvalidError, RefusedError
from engine.runtime import Transaction
from handlers.accounts import administration as accounts
from handlers.accounts import records
from handlers.auth import SIGNED_IN
from handlers.pages.admin.office import READERS, UNPROCESSABLE, administer, changes_of, day_of_form, summary_of
from handlers.pages.desk import Answer, Desk, Pages
from processes.council import personnel
from processes.council.administration import Matter
from processes.council.model import ACCOUNT_ROLES, Period, Person
from processes.council.people import day_of, members_on
from processes.council.records import compositions, people

pages = Pages()

STATES: Final = ("open", "closed", "no_password")
_FIELDS: Final = ("last_name", "first_name", "patronymic", "email", "position", "degree", "academic_rank")


@pages.get("/admin/people", READERS)
def show_people(desk: Desk) -> Answer:
    """Show everybody known to the service."""
    words = request.args.get("q", "").casefold().replace("ё", "е").split()
    role, state = request.args.get("role", ""), request.args.get("state", "")

    def ask(tx: Transaction) -> dict[str, Any]:
        today = day_of(tx.now)
        composition = members_on(tx.connection, today)
        seats = {m.login: m.role.value for m in composition.members} if composition else {}
        closed = {row["login"]: bool(row["disabled"]) for row in records.list_credentials(tx.connection)}
        organizations = people.all_organizations(tx.connection)
        rows = []
        for person in people.all_persons(tx.connection):
            employer = organizations.get(person.organization or "")
            row = {
                "person": person,
                "organization": employer,
                "seat": seats.get(person.login),
                "current": person.roles_on(today),
                "state": _state(closed.get(person.login)),
            }
            text = " ".join((person.login, person.full_name, person.email, employer.short_name if employer else ""))
            if (
                all(word in text.casefold().replace("ё", "е") for word in words)
                and (not role or role in person.roles or role == row["seat"])
                and (not state or state == row["state"])
            ):
                rows.append(row)
        return {"rows": sorted(rows, key=lambda row: row["person"].full_name)}

    roles = [*sorted(ACCOUNT_ROLES), "chair", "deputy", "secretary", "member"]
    may = desk.actor.holds("admin")
    return desk.show("admin/people.html", **desk.read(ask), asked=request.args, roles=roles, states=STATES, may=may)


@pages.get("/admin/people/new", READERS)
def new_person(desk: Desk) -> Answer:
    """Ask for a new person."""
    return _form(desk)


@pages.post("/admin/people/new", SIGNED_IN)
def add_person(desk: Desk) -> Answer:
    """Enter a new person."""
    login = request.form.get("login", "").strip()

    def act(tx: Transaction) -> dict[str, Any]:
        return {"login": personnel.add_person(tx, _typed(Person(login, "", "")), actor=desk.actor)}

    try:
        administer(desk, act, matter=Matter.PERSON, kind="person.added", subject=login)
    except InvalidError as error:
        return make_response(_form(desk, error), UNPROCESSABLE)
    except RefusedError as error:
        if error.slug_ != "login_taken":
            raise
        taken = InvalidError(error.message, errors={"login": [error.message]})
        return make_response(_form(desk, taken), UNPROCESSABLE)
    return desk.go("show_person", login=login, done="entered")


@pages.get("/admin/people/<login>", READERS)
def show_person(desk: Desk, login: str) -> Answer:
    """Show a person's card."""
    return _card(desk, login)


@pages.post("/admin/people/<login>", SIGNED_IN)
def change_person(desk: Desk, login: str) -> Answer:
    """Change what a person is called, where the person works and is reached."""

    def act(tx: Transaction) -> None:
        personnel.change_person(tx, _typed(personnel.find_person(tx, login)), actor=desk.actor)

    try:
        administer(desk, act, matter=Matter.PERSON, kind="person.changed", subject=login)
    except InvalidError as error:
        return make_response(_card(desk, login, error), UNPROCESSABLE)
    return desk.go("show_person", login=login, done="entered")


@pages.post("/admin/people/<login>/roles", SIGNED_IN)
def set_roles(desk: Desk, login: str) -> Answer:
    """Set the account's roles; whoever is signed in under the login signs in anew."""
    wrong: dict[str, list[str]] = {}
    roles = {
        role: Period(
            day_of_form(f"{role}.since", wrong, "первый день роли"),
            day_of_form(f"{role}.until", wrong, "последний день роли"),
        )
        for role in request.form.getlist("role")
    }

    def act(tx: Transaction) -> None:
        if wrong:
            raise InvalidError(errors=wrong, rule=False)
        if personnel.set_roles(tx, login, roles, actor=desk.actor):
            records.drop_access(tx.connection, login)

    try:
        administer(desk, act, matter=Matter.PERSON, kind="roles.changed", subject=login)
    except InvalidError as error:
        return make_response(_card(desk, login, error), UNPROCESSABLE)
    return desk.go("show_person", login=login, done="roles")


@pages.post("/admin/people/<login>/invite", SIGNED_IN)
def invite_person(desk: Desk, login: str) -> Answer:
    """Make a one-time link to set the password; it is shown once."""

    def act(tx: Transaction) -> dict[str, Any]:
        secret, expires_at = accounts.invite(tx, login, actor=desk.actor)
        return {"secret": secret, "expires_at": expires_at}

    made = administer(desk, act, matter=Matter.ACCESS, kind="invitation.made", subject=login, again=True)
    link = f"{desk.context.settings.base_url.rstrip('/')}/invitation/{made['secret']}"
    return _card(desk, login, link=link, expires_at=made["expires_at"])


@pages.post("/admin/people/<login>/close", SIGNED_IN)
def close_account(desk: Desk, login: str) -> Answer:
    """Close an account; its sessions and tokens end."""
    actor = desk.actor
    kind = "account.closed"
    administer(desk, lambda tx: accounts.close(tx, login, actor=actor), matter=Matter.ACCESS, kind=kind, subject=login)
    return desk.go("show_person", login=login, done="closed")


@pages.post("/admin/people/<login>/reopen", SIGNED_IN)
def reopen_account(desk: Desk, login: str) -> Answer:
    """Open a closed account again."""
    actor = desk.actor
    kind = "account.opened"
    administer(desk, lambda tx: accounts.reopen(tx, login, actor=actor), matter=Matter.ACCESS, kind=kind, subject=login)
    return desk.go("show_person", login=login, done="account_opened")


@pages.post("/admin/people/<login>/sessions", SIGNED_IN)
def end_sessions(desk: Desk, login: str) -> Answer:
    """End every session and token of a person."""
    actor = desk.actor

    def act(tx: Transaction) -> None:
        accounts.end_access(tx, login, actor=actor)

    administer(desk, act, matter=Matter.ACCESS, kind="sessions.ended", subject=login)
    return desk.go("show_person", login=login, done="sessions")


def _typed(person: Person) -> Person:
    values: dict[str, Any] = {name: " ".join(request.form.get(name, "").split()) for name in _FIELDS}
    language = request.form.get("language", "ru")
    organization = request.form.get("organization", "").strip() or None
    return replace(person, **values, organization=organization, language=language if language in {"ru", "en"} else "ru")


def _state(is_closed: bool | None) -> str:  # noqa: FBT001 - the column's value, None where there is no password yet
    return "no_password" if is_closed is None else "closed" if is_closed else "open"


def _organizations(tx: Transaction) -> list[tuple[str, str]]:
    found = people.all_organizations(tx.connection).values()
    return sorted(((o.inn, f"{o.short_name} ({o.inn})") for o in found), key=lambda pair: pair[1])


def _form(desk: Desk, error: InvalidError | None = None) -> str:
    return desk.show(
        "admin/person_new.html",
        organizations=desk.read(_organizations),
        value=request.form,
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
    )


def _card(desk: Desk, login: str, error: InvalidError | None = None, **more: Any) -> str:
    def ask(tx: Transaction) -> dict[str, Any]:
        person = personnel.find_person(tx, login)
        credential = records.find_credential(tx.connection, login)
        today = day_of(tx.now)
        return {
            "person": person,
            "organizations": _organizations(tx),
            "organization": people.find_organization(tx.connection, person.organization),
            "seat": compositions.role_on(tx.connection, login, today),
            "current": person.roles_on(today),
            "state": _state(bool(credential["disabled"]) if credential else None),
            "password_at": credential["changed_at"] if credential else None,
            "invitation": records.invitation_of(tx.connection, login),
            "sessions": records.sessions_of(tx.connection, login, tx.wall),
            "tokens": records.tokens(tx.connection, tx.wall, login=login),
            "sign_ins": records.sign_ins(tx.connection, login=login, limit=5),
            "changes": changes_of(tx, Matter.PERSON, login),
            "access_changes": changes_of(tx, Matter.ACCESS, login),
        }

    values = desk.read(ask)
    person: Person = values["person"]
    given = request.form if error else None
    fields = (*_FIELDS, "organization", "language")
    return desk.show(
        "admin/person.html",
        **values,
        value={name: given.get(name, "") if given and name in given else getattr(person, name) for name in fields},
        roles=sorted(ACCOUNT_ROLES),
        role_values=_role_values(person, given),
        may=desk.actor.holds("admin"),
        is_self=login == desk.actor.login,
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
        **more,
    )


def _role_values(person: Person, given: Any) -> dict[str, dict[str, Any]]:
    """What the roles' form shows: held or not, first and last day, as typed where it was refused."""
    chosen = given.getlist("role") if given and "roles_form" in given else None
    found = {}
    for role in sorted(ACCOUNT_ROLES):
        period = person.periods.get(role, Period())
        found[role] = {
            "on": role in (chosen if chosen is not None else person.roles),
            "since": given.get(f"{role}.since", "") if chosen is not None else period.since,
            "until": given.get(f"{role}.until", "") if chosen is not None else period.until,
        }
    return found
