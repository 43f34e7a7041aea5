"""Journals: sign-ins, administrative changes, refused acts, letters, failures; with filters, and as tables to keep."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from flask import request

from engine.clock import moscow
from engine.errors import NotFoundError
from engine.runtime import Transaction
from handlers.accounts import records as accounts
from handlers.pages.admin import records
from handlers.pages.admin.incidents import cause_in_words
from handlers.pages.admin.office import PAGE, READERS, days_of_query, names_of, table_file
from handlers.pages.desk import Answer, Desk, Pages
from processes.council.administration import Matter
from processes.council.correspondence import list_texts
from processes.council.records import changes

pages = Pages()

Row = dict[str, Any]
Asked = dict[str, str]

#: Rows of a table to keep, at most.
_MOST: Final = 50_000


def _sign_ins(tx: Transaction, asked: Asked, limit: int) -> list[Row]:
    since, until = days_of_query()
    return accounts.sign_ins(
        tx.connection,
        login=asked["who"] or None,
        outcome=asked["kind"] or None,
        since=since,
        until=until,
        after=asked["cursor"] or None,
        limit=limit,
    )


def _changes(tx: Transaction, asked: Asked, limit: int) -> list[Row]:
    since, until = days_of_query()
    return changes.page(
        tx.connection,
        matter=asked["kind"] or None,
        actor=asked["who"] or None,
        since=since,
        until=until,
        after=asked["cursor"] or None,
        limit=limit,
    )


def _refusals(tx: Transaction, asked: Asked, limit: int) -> list[Row]:
    """Refusals on cases and outside of them in one row, by time."""
    since, until = days_of_query()
    skipped = _skipped(asked)
    who = asked["who"] or None
    found = [
        {
            **row,
            "at": datetime.fromisoformat(row["at"]),
            "matter": "case",
            "subject": row["number"],
            **_said(orjson.loads(row["data"])),
        }
        for row in records.refusals(tx.connection, actor=who, since=since, until=until, limit=skipped + limit)
    ]
    found += [
        {**row, **_said({"act": row["kind"], **row["data"]})}
        for row in changes.page(tx.connection, actor=who, refused=True, since=since, until=until, limit=skipped + limit)
    ]
    return sorted(found, key=lambda row: row["at"], reverse=True)[skipped : skipped + limit]


def _skipped(asked: Asked) -> int:
    """How many rows stand on the pages before: two sources are merged, so no row's id can say where to go on."""
    return int(asked["cursor"]) if asked["cursor"].isdecimal() and len(asked["cursor"]) < 7 else 0


def _said(data: dict[str, Any]) -> Row:
    fields = [field if isinstance(field, str) else "…" for field in data.get("fields", ())]
    return {"act": data.get("act", ""), "reason": data.get("reason", ""), "fields": fields}


def _letters(tx: Transaction, asked: Asked, limit: int) -> list[Row]:
    since, until = days_of_query()
    return records.letters(
        tx.connection,
        delivery=asked["kind"] or None,
        since=since,
        until=until,
        after=asked["cursor"] or None,
        limit=limit,
    )


def _incidents(tx: Transaction, _asked: Asked, _limit: int) -> list[Row]:
    return [{**row, "cause": cause_in_words(row["cause"])} for row in records.incidents(tx.connection)]


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal: how its rows are read, what its filter offers, the columns of its table, whether pages are counted."""

    read: Callable[[Transaction, Asked, int], list[Row]]
    kinds: Sequence[str]
    columns: Sequence[str]
    is_counted: bool = False


JOURNALS: Final = {
    "changes": Journal(
        _changes,
        [matter.value for matter in Matter],
        ("at", "actor", "on_behalf_of", "basis", "matter", "kind", "subject", "is_refused", "data"),
    ),
    "sign-ins": Journal(_sign_ins, ("let_in", "refused"), ("at", "login", "address", "outcome")),
    "refusals": Journal(
        _refusals, (), ("at", "actor", "matter", "subject", "act", "reason", "fields"), is_counted=True
    ),
    "letters": Journal(
        _letters,
        ("queued", "sent", "kept", "delayed", "failed"),
        ("at", "kind", "to", "subject", "case", "delivery", "delivered_at", "error"),
    ),
    "incidents": Journal(_incidents, (), ("raised_at", "number", "process", "element", "cause")),
}


@pages.get("/admin/journals/<name>", READERS)
def show_journal(desk: Desk, name: str) -> Answer:
    """Show a page of a journal, the newest first."""
    journal, asked = _find(name), _asked()

    def ask(tx: Transaction) -> dict[str, Any]:
        rows = journal.read(tx, asked, PAGE + 1)
        logins = {row.get("actor") or row.get("login") or "" for row in rows}
        letters = {row["text"].kind: row["text"].name for row in list_texts(tx)} if name == "letters" else {}
        return {"rows": rows, "names": names_of(tx, logins), "letters": letters}

    values = desk.read(ask)
    rows = values["rows"]
    following = None
    if len(rows) > PAGE and name != "incidents":
        following = str(_skipped(asked) + PAGE) if journal.is_counted else str(rows[PAGE - 1]["id"])
    return desk.show(
        "admin/journal.html",
        rows=rows if name == "incidents" else rows[:PAGE],
        names=values["names"],
        letters=values["letters"],
        name=name,
        journals=list(JOURNALS),
        kinds=journal.kinds,
        asked={**asked, "from": request.args.get("from", ""), "until": request.args.get("until", "")},
        following=following,
        may=desk.actor.holds("admin"),
    )


@pages.get("/admin/journals/<name>.csv", READERS)
def download_journal(desk: Desk, name: str) -> Answer:
    """Hand out what the filters find, as a table."""
    journal, asked = _find(name), {**_asked(), "cursor": ""}
    rows = desk.read(lambda tx: journal.read(tx, asked, _MOST))
    return table_file(f"{name}.csv", journal.columns, ([_cell(row.get(c)) for c in journal.columns] for row in rows))


def _find(name: str) -> Journal:
    found = JOURNALS.get(name)
    if found is None:
        raise NotFoundError("Такого журнала нет.")
    return found


def _asked() -> Asked:
    return {key: request.args.get(key, "").strip() for key in ("who", "kind", "cursor")}


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{moscow(value):%d.%m.%Y %H:%M:%S}"
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return "" if value is None else str(value)
