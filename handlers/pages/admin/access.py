"""Tokens of people and integrations, organisations, and the page behind a one-time link to set a password."""

from typing import Any

from flask import make_response, request

from engine import doors
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.accounts import access, records
from handlers.accounts import administration as accounts
from handlers.auth import PUBLIC, SIGNED_IN
from handlers.pages.admin.office import READERS, UNPROCESSABLE, administer, changes_of, names_of, summary_of
from handlers.pages.desk import Answer, Desk, Pages
from processes.council import personnel
from processes.council.administration import Matter
from processes.council.model import Organization
from processes.council.records import people

pages = Pages()


@pages.get("/admin/tokens", READERS)
def show_tokens(desk: Desk) -> Answer:
    """Show every token in force, never its secret."""
    return _tokens(desk)


@pages.post("/admin/tokens", SIGNED_IN)
def issue_token(desk: Desk) -> Answer:
    """Issue an integration's token; it is shown once."""
    name = request.form.get("name", "")
    scopes = request.form.getlist("scope")

    def act(tx: Transaction) -> dict[str, Any]:
        return {"secret": accounts.issue_token(tx, name, scopes, actor=desk.actor)}

    try:
        made = administer(desk, act, matter=Matter.ACCESS, kind="token.issued", subject="integration", again=True)
    except InvalidError as error:
        return make_response(_tokens(desk, error), UNPROCESSABLE)
    return _tokens(desk, issued=made["secret"], issued_to=name.strip())


@pages.post("/admin/tokens/<digest>/revoke", SIGNED_IN)
def revoke_token(desk: Desk, digest: str) -> Answer:
    """Withdraw a token."""
    actor = desk.actor

    def act(tx: Transaction) -> dict[str, Any]:
        return {"login": accounts.revoke_token(tx, digest, actor=actor)}

    administer(desk, act, matter=Matter.ACCESS, kind="token.revoked", subject=digest[:12])
    return desk.go("show_tokens", done="token_revoked")


@pages.get("/admin/organizations", READERS)
def show_organizations(desk: Desk) -> Answer:
    """Show organisations, and the form for one."""
    return _organizations(desk)


@pages.post("/admin/organizations", SIGNED_IN)
def save_organization(desk: Desk) -> Answer:
    """Enter an organisation, or bring it up to date by its INN."""
    form = {name: " ".join(text.split()) for name, text in request.form.items()}
    inn = form.get("inn", "")
    value = Organization(
        inn,
        form.get("full_name", ""),
        form.get("short_name", ""),
        form.get("parent") or None,
        form.get("email") or None,
    )
    actor = desk.actor

    def act(tx: Transaction) -> None:
        personnel.save_organization(tx, value, actor=actor)

    try:
        administer(desk, act, matter=Matter.PERSON, kind="organization.saved", subject=inn)
    except InvalidError as error:
        return make_response(_organizations(desk, error), UNPROCESSABLE)
    return desk.go("show_organizations", done="entered")


@pages.get("/invitation/<secret>", PUBLIC)
def show_invitation(desk: Desk, secret: str) -> Answer:
    """Ask for a new password."""
    return _invitation(desk, secret)


@pages.post("/invitation/<secret>", PUBLIC)
def accept_invitation(desk: Desk, secret: str) -> Answer:
    """Set the password and end the link."""
    try:
        desk.read(lambda tx: accounts.invited_login(tx, secret))
        hashed = accounts.read_new_password(request.form.get("password", ""), request.form.get("again", ""))
    except InvalidError as error:
        return make_response(_invitation(desk, secret, error), UNPROCESSABLE)
    doors.perform(desk.context.runtime, lambda tx: accounts.accept(tx, secret, hashed), name="invitation")
    return desk.go("show_login", done="password_set")


def _invitation(desk: Desk, secret: str, error: InvalidError | None = None) -> str:
    login = desk.read(lambda tx: accounts.invited_login(tx, secret))
    wrong = error.errors if error else {}
    return desk.show(
        "admin/invitation.html", login=login, secret=secret, error=error, wrong=wrong, summary=summary_of(error)
    )


def _tokens(desk: Desk, error: InvalidError | None = None, **more: Any) -> str:
    def ask(tx: Transaction) -> dict[str, Any]:
        rows = records.tokens(tx.connection, tx.wall)
        return {"rows": rows, "names": names_of(tx, (row["login"] for row in rows))}

    return desk.show(
        "admin/tokens.html",
        **desk.read(ask),
        may=desk.actor.holds("admin"),
        scopes=sorted(access.SCOPES),
        typed=request.form,
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
        **more,
    )


def _organizations(desk: Desk, error: InvalidError | None = None) -> str:
    words = request.args.get("q", "").casefold().split()
    chosen = request.args.get("inn", "")

    def ask(tx: Transaction) -> dict[str, Any]:
        everything = people.all_organizations(tx.connection)
        rows = [
            o
            for o in everything.values()
            if all(word in f"{o.inn} {o.full_name} {o.short_name}".casefold() for word in words)
        ]
        found = everything.get(chosen)
        shown = (
            {
                "inn": found.inn,
                "full_name": found.full_name,
                "short_name": found.short_name,
                "parent": found.parent or "",
                "email": found.email or "",
            }
            if found
            else {}
        )
        return {
            "rows": sorted(rows, key=lambda o: o.short_name),
            "known": everything,
            "value": dict(request.form) if error else shown,
            "changes": changes_of(tx, Matter.PERSON, chosen) if found else None,
        }

    return desk.show(
        "admin/organizations.html",
        **desk.read(ask),
        asked=request.args,
        may=desk.actor.holds("admin"),
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
    )
