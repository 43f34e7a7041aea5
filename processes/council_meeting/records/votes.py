"""Queries of votes and of the results counted from them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from processes.council_meeting.model import Entry, Tally, Vote
from processes.council_meeting.records.tables import result, vote


def insert_vote(
    connection: Connection,
    case: str,
    attempt: int,
    *,
    item: int,
    member: str,
    value: Vote,
    own: bool,
    by: str,
    at: datetime,
) -> None:
    """Keep one vote; the key (meeting, attempt, item, member) lets no second one in."""
    connection.execute(
        vote.insert().values(
            meeting=case,
            attempt=attempt,
            item=item,
            member=member,
            vote=value.value,
            own=own,
            entered_by=by,
            cast_at=at,
        )
    )


def votes_on(connection: Connection, case: str, attempt: int, item: int) -> dict[str, Vote]:
    """Votes on an item by login."""
    return votes_of(connection, case, attempt).get(item, {})


def votes_of(connection: Connection, case: str, attempt: int) -> dict[int, dict[str, Vote]]:
    """Votes of an attempt, by item and login."""
    found: dict[int, dict[str, Vote]] = {}
    for row in connection.execute(sa.select(vote).where(*_of(case, attempt)).order_by(vote.c.item, vote.c.member)):
        found.setdefault(row.item, {})[row.member] = Vote(row.vote)
    return found


def voters_of(connection: Connection, case: str, attempt: int) -> list[str]:
    """Logins of those with a vote on any item of the attempt."""
    query = sa.select(vote.c.member).where(*_of(case, attempt)).distinct().order_by(vote.c.member)
    return list(connection.execute(query).scalars())


def vote_rows(connection: Connection, case: str) -> Sequence[Mapping[str, Any]]:
    """All votes of a meeting, of every attempt, in the order cast: for pages and for verification."""
    query = sa.select(vote).where(vote.c.meeting == case).order_by(vote.c.attempt, vote.c.item, vote.c.member)
    return [dict(row) for row in connection.execute(query).mappings()]


def insert_result(
    connection: Connection,
    case: str,
    item: int,
    *,
    tally: Tally,
    votes: Mapping[str, Vote],
    entry: Entry,
    by: str,
    at: datetime,
) -> None:
    """Keep the count of an item, once."""
    connection.execute(
        result.insert().values(
            meeting=case,
            item=item,
            tally=tally.as_data(),
            votes={login: value.value for login, value in sorted(votes.items())},
            recused=sorted(entry.recused),
            left=sorted(entry.left),
            recommendations=list(entry.recommendations),
            recorded_by=by,
            recorded_at=at,
        )
    )


def results_of(connection: Connection, case: str) -> dict[int, Mapping[str, Any]]:
    """Counted items by number."""
    query = sa.select(result).where(result.c.meeting == case).order_by(result.c.item)
    return {row["item"]: dict(row) for row in connection.execute(query).mappings()}


def _of(case: str, attempt: int) -> Iterable[sa.ColumnElement[bool]]:
    return vote.c.meeting == case, vote.c.attempt == attempt
