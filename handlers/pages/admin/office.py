"""What the pages of administration share: to whom they open, acts that leave a trace when refused, fields, files."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from flask import request
from werkzeug.wrappers import Response

from engine import documents
from engine.clock import MOSCOW
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.acts import Outside
from handlers.auth import Permission
from handlers.downloads import attachment
from handlers.pages.dates import read_day
from handlers.pages.desk import Desk
from processes.council.administration import Matter
from processes.council.people import persons_of
from processes.council.records import changes
from processes.depository.rules import guard_cell

#: Who reads people, accounts and journals: personal data.
READERS: Final = Permission("administration", frozenset({"admin", "auditor"}))
#: Who reads what the council itself rests on.
STAFF: Final = Permission("council", frozenset({"secretary", "chair", "deputy", "auditor", "admin"}))

UNPROCESSABLE: Final = 422
PAGE: Final = 50
HOLDER: Final = "council"
#: The most that a file with an order or a protocol may have, in bytes.
LARGEST: Final = 20 * 1024 * 1024
_KINDS: Final = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
)

#: What is wrong, and the part of the page that says so: `(element id, message)`.
Summary = list[tuple[str, str]]


def administer(
    desk: Desk,
    change: Callable[[Transaction], Any],
    *,
    matter: Matter,
    kind: str,
    subject: str,
    again: bool = False,
) -> dict[str, Any]:
    """Do an administrative act; where a rule refuses it, write that into the journal and raise on.

    `again`: what may be done as often as one likes, and whose answer is kept nowhere (secrets).
    """
    return desk.act(Outside(change, matter, subject), name=kind, again=again)


def summary_of(error: InvalidError | None, places: Mapping[str, str] | None = None) -> Summary:
    """The messages of a refusal with the fields they belong to; `places` gives other ids to some paths."""
    if error is None:
        return []
    found = []
    for path, texts in error.errors.items():
        place = (places or {}).get(path) or f"f-{path.replace('.', '-')}"
        found += [(place, text) for text in texts]
    return found


def day_of_form(name: str, wrong: dict[str, list[str]], what: str, *, required: bool = False) -> date | None:
    """A date typed as ДД.ММ.ГГГГ; what is missing or mistyped goes into `wrong`, as `what` is called (accusative)."""
    text = request.form.get(name, "").strip()
    if not text and not required:
        return None
    try:
        return date.fromisoformat(read_day(text))
    except ValueError:
        wrong[name] = [f"Укажите {what} в виде ДД.ММ.ГГГГ."]
        return None


def day_of_query(name: str) -> date | None:
    """A date of the address; None for none or a mistyped one."""
    try:
        return date.fromisoformat(read_day(request.args.get(name, "")))
    except ValueError:
        return None


def days_of_query() -> tuple[datetime | None, datetime | None]:
    """The days `from` and `until` of the address as instants: the first midnight, and the one after the last day."""
    since, until = day_of_query("from"), day_of_query("until")
    return (
        datetime.combine(since, time(), MOSCOW) if since else None,
        datetime.combine(until + timedelta(days=1), time(), MOSCOW) if until else None,
    )


def read_file(name: str, wrong: dict[str, list[str]]) -> tuple[str, str, bytes] | None:
    """An attached PDF or picture: name, media type, content. None for none; a wrong one goes into `wrong`."""
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return None
    content = sent.read(LARGEST + 1)
    if len(content) > LARGEST:
        wrong[name] = ["Файл больше 20 МБ. Приложите меньший."]
        return None
    for mark, media_type, ending in _KINDS:
        if content.startswith(mark):
            title = sent.filename.rsplit("/", 1)[-1][:200]
            return title if title.lower().endswith(ending) else f"{title}{ending}", media_type, content
    wrong[name] = ["Приложите скан или электронный документ: PDF, PNG или JPEG."]
    return None


def keep_file(tx: Transaction, file: tuple[str, str, bytes] | None, *, kind: str, title: str, by: str) -> str | None:
    """Store an attached file; returns its document's id."""
    if file is None:
        return None
    name, media_type, content = file
    row = documents.add_document(
        tx,
        case=None,
        holder=HOLDER,
        kind=kind,
        title=title,
        name=name,
        media_type=media_type,
        content=content,
        by=by,
    )
    return str(row["id"])


def changes_of(tx: Transaction, matter: Matter, subject: str | None = None, limit: int = 20) -> dict[str, Any]:
    """The last changes of a matter, or of one subject of it, with the names of who made them: `rows`, `names`."""
    rows = changes.page(tx.connection, matter=matter.value, subject=subject, limit=limit)
    return {"rows": rows, "names": names_of(tx, (row["actor"] for row in rows))}


def names_of(tx: Transaction, logins: Iterable[str]) -> dict[str, str]:
    """Full names by login."""
    return {login: person.full_name for login, person in persons_of(tx.connection, set(logins)).items()}


def table_file(name: str, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A table to take away: CSV in UTF-8 with BOM and semicolons; no cell begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading)
    for row in rows:
        writer.writerow([guard_cell("" if cell is None else str(cell)) for cell in row])
    return attachment(out.getvalue().encode("utf-8-sig"), name=name, media_type="text/csv; charset=utf-8")
