"""What anyone may ask of the depository, without signing in (clause 4.14)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.clock import moscow
from engine.errors import InvalidError, NotFoundError
from processes.depository.exports import write_csv
from processes.depository.model import Entry, Status
from processes.depository.open_data import passport
from processes.depository.publications import read_data_set
from processes.depository.records import certificates, entries
from processes.depository.rules import read_search, status_of

if TYPE_CHECKING:
    from engine.runtime import Transaction


def search(tx: "Transaction", query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """A page of entries: `items`, `total`, `facets`, `page`, `per_page`.

    Raises InvalidError naming each bad parameter.
    """
    asked, page, per_page, wrong = read_search(query)
    if wrong:
        raise InvalidError("Проверьте условия поиска.", errors=wrong, rule=False)
    found = entries.search(tx.connection, asked, moscow(tx.now).date(), page=page, per_page=per_page)
    return {
        "items": [entry.to_json() for entry in found.items],
        "total": found.total,
        "facets": found.facets,
        "page": page,
        "per_page": per_page,
    }


def read_entry(tx: "Transaction", identity: str) -> dict[str, Any]:
    """One entry that the public may see today. Raises NotFoundError."""
    entry = entries.find_public(tx.connection, identity, moscow(tx.now).date())
    if entry is None:
        raise NotFoundError("Такой программы в депозитарии нет.")
    return entry.to_json()


def export_csv(tx: "Transaction", query: Mapping[str, Sequence[str]]) -> bytes:
    """Every entry that meets the filters, as CSV bytes; page parameters are ignored."""
    return write_csv(find_all(tx, query))


def export_json(tx: "Transaction", query: Mapping[str, Sequence[str]], base_url: str = "") -> dict[str, Any]:
    """Every entry that meets the filters: `passport` and `items`."""
    return {
        "passport": passport(read_data_set(tx, base_url)),
        "items": [entry.to_json() for entry in find_all(tx, query)],
    }


def find_all(tx: "Transaction", query: Mapping[str, Sequence[str]]) -> tuple[Entry, ...]:
    """Every entry that meets the filters, unpaged. Raises InvalidError naming each bad parameter."""
    filters = {key: value for key, value in query.items() if key not in {"page", "per_page"}}
    asked, _page, _per_page, wrong = read_search(filters)
    if wrong:
        raise InvalidError("Проверьте условия поиска.", errors=wrong, rule=False)
    return entries.search(tx.connection, asked, moscow(tx.now).date(), per_page=None).items


def newest(tx: "Transaction", query: Mapping[str, Sequence[str]], limit: int = 50) -> tuple[Entry, ...]:
    """The entries that meet the filters and came last. Raises InvalidError naming each bad parameter."""
    filters = {key: value for key, value in query.items() if key not in {"page", "per_page", "sort"}}
    asked, _page, _per_page, wrong = read_search({**filters, "sort": ["-published"]})
    if wrong:
        raise InvalidError("Проверьте условия поиска.", errors=wrong, rule=False)
    return entries.search(tx.connection, asked, moscow(tx.now).date(), per_page=limit).items


def find_certificate(tx: "Transaction", number: str) -> dict[str, Any]:
    """What anyone may know of a certificate: `number`, `status`, `valid_from`, `valid_until`, `title`, `organization`.

    `url` leads to the programme while it stands in the depository. An unknown number has `status` «unknown» and
    nothing else.
    """
    row = certificates.find_certificate(tx.connection, number)
    if row is None:
        return {"number": number, "status": Status.UNKNOWN.value}
    today = moscow(tx.now).date()
    status = status_of(row["valid_from"], row["valid_until"], revoked=row["revoked_at"] is not None, today=today)
    entry = entries.entry_of_case(tx.connection, row["case"])
    shown = entry is not None and entries.find_public(tx.connection, entry.id, today) is not None
    return {
        "number": row["number"],
        "status": status.value,
        "valid_from": row["valid_from"].isoformat(),
        "valid_until": row["valid_until"].isoformat(),
        "title": row["title"],
        "organization": row["organization"],
        "revoked_on": row["revoked_on"].isoformat() if row["revoked_on"] else None,
        "sha256": row["sha256"],
        "url": f"/depository/{entry.id}" if entry is not None and shown else None,
    }
