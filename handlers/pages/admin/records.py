"""Queries of the administration's pages over what the engine keeps: years, refusals, letters, failures."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import moscow
from engine.records import history as facts
from engine.records import tables

Row = dict[str, Any]

_TOLD: Final = ("case", "seq", "at", "actor", "on_behalf_of", "element", "data")
#: Spelled out, so that the planner sees the index that holds refusals alone.
_REFUSED: Final = sa.text(f"history.journal = '{facts.REFUSED}'")


def calendar_versions(connection: Connection) -> list[Row]:
    """Every table of a year ever entered, the newest first."""
    query = sa.select(tables.calendar_year).order_by(tables.calendar_year.c.id.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def refusals(
    connection: Connection,
    *,
    actor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int,
) -> list[Row]:
    """Refused acts on cases, the newest first: `case`, `number`, `at` (text), `actor`, `element`, `data` (JSON text).

    `since` is included, `until` is not.
    """
    history, case = tables.history, tables.case
    query = sa.select(history, case.c.number).join(case, case.c.id == history.c.case).where(_REFUSED)
    if actor:
        query = query.where(history.c.actor == actor)
    if since:
        query = query.where(history.c.at >= _text(since))
    if until:
        query = query.where(history.c.at < _text(until))
    rows = connection.execute(
        query.order_by(history.c.at.desc(), history.c.case, history.c.seq.desc()).limit(limit)
    ).mappings()
    found = [
        {"number": row["number"], **{name: fact[name] for name in _TOLD}}
        for row in rows
        for fact in reversed(facts.facts_of(dict(row), ""))  # its hashes are not asked for
        if fact["kind"] == facts.REFUSED
    ]
    return found[:limit]


def letters(
    connection: Connection,
    *,
    kind: str | None = None,
    delivery: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
    limit: int,
) -> list[Row]:
    """Letters without their text, the newest first, with what keeps one back (`error`, `next_at`)."""
    letter, outbox = tables.letter, tables.outbox
    columns = (c for c in letter.c if c.name != "body")
    query = sa.select(*columns, outbox.c.error, outbox.c.next_at, outbox.c.attempts).outerjoin(
        outbox, outbox.c.id == letter.c.id
    )
    if kind:
        query = query.where(letter.c.kind == kind)
    if delivery:
        query = query.where(letter.c.delivery == delivery)
    if since:
        query = query.where(letter.c.at >= since)
    if until:
        query = query.where(letter.c.at < until)
    if after:
        query = query.where(letter.c.id < after)
    return [dict(row) for row in connection.execute(query.order_by(letter.c.id.desc()).limit(limit)).mappings()]


def incidents(connection: Connection) -> list[Row]:
    """Every case that stands by a failure, the longest first."""
    incident, case = tables.incident, tables.case
    query = (
        sa.select(incident, case.c.number, case.c.title, case.c.process, case.c.state)
        .join(case, case.c.id == incident.c.case)
        .order_by(incident.c.raised_at)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def incident_facts(connection: Connection, case: str) -> list[Row]:
    """When a case failed, was tried again or let go on, the newest first: `kind`, `at`, `actor`, `reason`."""
    told = facts.of_kind(connection, case, ("incident.raised", "incident.retried", "case.resumed"))
    texts = facts.texts(connection, case, told[0]["seq"], told[-1]["seq"]) if told else []
    reasons = {text["seq"]: text["text"] for text in texts}
    return [
        {"kind": fact["kind"], "at": fact["at"], "actor": fact["actor"], "reason": reasons.get(fact["seq"])}
        for fact in reversed(told)
    ]


def _text(instant: datetime) -> str:
    """An instant as the history keeps it."""
    return moscow(instant).isoformat()
