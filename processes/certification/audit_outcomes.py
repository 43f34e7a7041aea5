"""Whether the rows of a certification's outcome say what its history tells: decisions, orders, certificate, entry.

What the public reads in the depository is made again of the application and the secretary's corrections.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from engine.clock import moscow
from engine.database import Connection
from processes.certification import events
from processes.certification.agreement import Facts, Finding, of, says
from processes.certification.application import entry_fields
from processes.certification.records import applications, outcomes, reviews
from processes.depository.records import certificates
from processes.depository.records import entries as depository

Row = Mapping[str, Any]


def find_differences(connection: Connection, case: str, facts: Facts, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Compare rows with facts as `audit.find_differences` does; `texts` are those kept beside the history."""
    yield from _entered(connection, case, facts)
    for table, kind, rows, names in (
        ("case_decision", events.DECISION_RECEIVED, outcomes.decisions_of, ("decision", "protocol")),
        ("case_order", events.ORDER_RECEIVED, outcomes.orders_of, ("number", "signed_on", "approved")),
    ):
        told = [(*(fact["data"][name] for name in names), fact["at"]) for fact in facts if fact["kind"] == kind]
        kept = [(*(_plain(row[name]) for name in names), _plain(row["at"])) for row in rows(connection, case)]
        if sorted(kept, key=str) != sorted(told, key=str):
            yield None, table, "полученное делом отличается от записанного в истории"
    yield from _acts(connection, case, facts, texts)
    yield from _certificate(connection, case, facts)
    yield from _published(connection, case, facts)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moscow(value).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _seq(fact: Row | None) -> int | None:
    return fact["seq"] if fact is not None else None


def _last(facts: Facts, kind: str, element: str | None = None) -> Row | None:
    """The last fact of a kind (and an element)."""
    found = [fact for fact in facts if fact["kind"] == kind and element in (None, fact["element"])]
    return found[-1] if found else None


def _entered(connection: Connection, case: str, facts: Facts) -> Iterator[Finding]:
    """What the secretary entered on registration: accepted or not, and how many copies."""
    row, fact = reviews.find_registration(connection, case), _last(facts, "task.completed", "register_application")
    if row is None or fact is None:
        if (row is None) != (fact is None):
            yield _seq(fact), "registration", "регистрация есть только в одном из двух мест"
        return
    entered = fact["data"]["data"]
    if (row["accepted"], row["copies"], row["by"], _plain(row["at"])) != (
        entered["accepted"],
        entered.get("copies"),
        fact["actor"],
        fact["at"],
    ):
        yield fact["seq"], "registration", "сведения о приёме заявки изменены"


def _acts(connection: Connection, case: str, facts: Facts, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Who signed, published and withdrew, in whose name and when; the reason of a withdrawal as it was given."""
    for table, row, fact in (
        ("certificate_signing", outcomes.find_signing(connection, case), _last(facts, events.CERTIFICATE_SIGNED)),
        (
            "publication",
            outcomes.find_publication(connection, case),
            _last(facts, "task.completed", "publish_to_depository"),
        ),
        ("withdrawal", outcomes.find_withdrawal(connection, case), _last(facts, events.WITHDRAWN)),
    ):
        if row is None or fact is None:
            if (row is None) != (fact is None):
                yield _seq(fact), table, "запись есть только в одном из двух мест"
            continue
        said = {"by": fact["actor"], "at": fact["at"], "on_behalf_of": fact["on_behalf_of"]}
        is_other = any(_plain(row[name]) != value for name, value in said.items() if name in row)
        if table == "publication":
            given = {name: value for name, value in (fact["data"]["data"].get("fields") or {}).items() if value != []}
            is_other |= not says(given, row["fields"], texts)
        if table == "withdrawal":
            is_other |= not says(fact["data"]["reason"], row["reason"], texts)
        if is_other:
            yield fact["seq"], table, "запись отличается от записанного в истории"


def _certificate(connection: Connection, case: str, facts: Facts) -> Iterator[Finding]:
    row, fact = certificates.certificate_of(connection, case), _last(facts, events.CERTIFICATE_ISSUED)
    if row is None or fact is None:
        return  # the audit of numbers and terms tells that
    signed = _last(facts, events.CERTIFICATE_SIGNED)
    filed = {data["sha256"] for _seq, data in of(facts, events.DOCUMENT_FILED) if data["kind"] == "certificate"}
    if (
        _plain(row["issued_at"]) != fact["at"]
        or row["sha256"] not in filed
        or signed is None
        or (row["signed_by"], row["on_behalf_of"]) != (signed["data"]["by"], signed["data"]["on_behalf_of"])
    ):
        yield fact["seq"], "certificate", f"выдача сертификата {row['number']} отличается"
    application = applications.of_case(connection, case)
    if application is not None and (row["title"], row["owner"]) != (
        application["data"]["programme_title"],
        application["owner"],
    ):
        yield fact["seq"], "certificate", f"программа в сертификате {row['number']} не та, что в заявке"
    for seq, data in of(facts, events.CERTIFICATE_REVOKED):
        if (row["revocation_order"], _plain(row["revoked_on"])) != (data["order"], data["signed_on"]):
            yield seq, "certificate", f"приказ об отзыве сертификата {row['number']} отличается"


def _published(connection: Connection, case: str, facts: Facts) -> Iterator[Finding]:
    """The entry as it was made: of the application, the corrections of the secretary, and the certificate's term."""
    entry, fact = depository.entry_of_case(connection, case), _last(facts, events.PUBLISHED)
    issued, application = _last(facts, events.CERTIFICATE_ISSUED), applications.of_case(connection, case)
    act = outcomes.find_publication(connection, case)
    if entry is None or fact is None or application is None or act is None:
        return  # the audit of numbers and terms tells that, or what no entry can be made of is told by its own table
    made = {**entry_fields(application["data"]), **act["fields"]}
    made["organization_short"] = application["data"]["organization"]["short_name"]
    made["published_on"] = fact["at"][:10]
    if issued is not None:
        made["valid_from"] = issued["data"]["valid_from"]
    changed = [name for name, value in made.items() if _shown(getattr(entry, name, value)) != value]
    if changed:
        yield fact["seq"], "depository_entry", f"сведения записи депозитария отличаются: {', '.join(sorted(changed))}"


def _shown(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else _plain(value)
