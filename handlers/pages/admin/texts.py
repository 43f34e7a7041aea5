"""Texts of letters: what ships, the administrator's words, variables, preview, versions, and back to the shipped."""

from typing import Any

from flask import make_response, request

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.admin.office import STAFF, UNPROCESSABLE, administer, names_of, summary_of
from handlers.pages.desk import Answer, Desk, Pages
from processes.council import correspondence
from processes.council.administration import Matter
from processes.council.letter_texts import MEANINGS, check_text
from processes.council.records import letter_texts

pages = Pages()


@pages.get("/admin/letters", STAFF)
def show_letter_texts(desk: Desk) -> Answer:
    """Show every kind of letter."""
    words = request.args.get("q", "").casefold().split()

    def ask(tx: Transaction) -> dict[str, Any]:
        rows = [
            row
            for row in correspondence.list_texts(tx)
            if all(word in f"{row['text'].name} {row['text'].subject} {row['text'].kind}".casefold() for word in words)
        ]
        return {"rows": rows, "names": names_of(tx, (row["version"]["entered_by"] for row in rows if row["version"]))}

    return desk.show("admin/letter_texts.html", **desk.read(ask), asked=request.args)


@pages.get("/admin/letters/<kind>", STAFF)
def show_letter_text(desk: Desk, kind: str) -> Answer:
    """Show a kind's text, its variables and versions, and to the administrator the form."""
    return _page(desk, kind)


@pages.post("/admin/letters/<kind>", SIGNED_IN)
def word_letter(desk: Desk, kind: str) -> Answer:
    """Show how a text would read; with `apply`, use it from now on."""
    text = correspondence.find_text(kind)
    subject, body = request.form.get("subject", "").strip(), request.form.get("body", "").replace("\r\n", "\n")
    actor = desk.actor

    def act(tx: Transaction) -> dict[str, Any]:
        return {"version": correspondence.word_letter(tx, kind, subject, body, actor=actor)}

    try:
        if "apply" not in request.form:
            if found := check_text(text, subject, body):
                raise InvalidError("Текст нельзя принять: проверьте отмеченные поля.", errors=found, rule=False)
            return _page(desk, kind, shown=(subject, body))
        administer(desk, act, matter=Matter.LETTER_TEXT, kind="letter.worded", subject=kind)
    except InvalidError as error:
        return make_response(_page(desk, kind, error, shown=(subject, body)), UNPROCESSABLE)
    return desk.go("show_letter_text", kind=kind, done="entered")


@pages.post("/admin/letters/<kind>/restore", SIGNED_IN)
def restore_letter(desk: Desk, kind: str) -> Answer:
    """Go back to the shipped text."""
    actor = desk.actor

    def act(tx: Transaction) -> dict[str, Any]:
        return {"version": correspondence.restore_letter(tx, kind, actor=actor)}

    administer(desk, act, matter=Matter.LETTER_TEXT, kind="letter.restored", subject=kind)
    return desk.go("show_letter_text", kind=kind, done="restored")


def _page(desk: Desk, kind: str, error: InvalidError | None = None, shown: tuple[str, str] | None = None) -> str:
    text = correspondence.find_text(kind)

    def ask(tx: Transaction) -> dict[str, Any]:
        versions = letter_texts.versions(tx.connection, kind)
        current = letter_texts.current(tx.connection, kind)
        return {
            "versions": versions,
            "current": current,
            "names": names_of(tx, (row["entered_by"] for row in versions)),
        }

    values = desk.read(ask)
    current = values["current"]
    typed = shown or ((current["subject"], current["body"]) if current else (text.subject, text.body))
    return desk.show(
        "admin/letter_text.html",
        **values,
        text=text,
        meanings=MEANINGS,
        typed=typed,
        sample=correspondence.preview(kind, *typed),
        is_preview=shown is not None and error is None,
        may=desk.actor.holds("admin"),
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
    )
