"""Whether a meeting's rows still say what its history tells: votes, protocol, signatures, order."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from engine.database import Connection
from processes.council_meeting import events
from processes.council_meeting.records import papers, votes

#: (`seq` of the fact or None, table, what differs)
Finding = tuple[int | None, str, str]
Fact = Mapping[str, Any]


def find_differences(connection: Connection, case: str, facts: Iterable[Fact]) -> list[Finding]:
    """Compare the rows of a meeting with its facts as served (`seq`, `kind`, `data`); empty where they agree."""
    told = list(facts)
    return [
        *_votes(connection, case, told),
        *_protocol(connection, case, told),
        *_signatures(connection, case, told),
        *_order(connection, case, told),
    ]


def _of(facts: list[Fact], kind: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return ((fact["seq"], fact["data"]) for fact in facts if fact["kind"] == kind)


def _votes(connection: Connection, case: str, facts: list[Fact]) -> Iterator[Finding]:
    rows = {(row["attempt"], row["item"], row["member"]): row for row in votes.vote_rows(connection, case)}
    for seq, data in _of(facts, events.VOTE_CAST):
        row = rows.pop((data["attempt"], data["item"], data["member"]), None)
        if row is None:
            yield seq, "meeting_vote", f"нет голоса {data['member']} по вопросу {data['item']}"
        elif (row["vote"], row["own"]) != (data["vote"], data["own"]):
            yield seq, "meeting_vote", f"голос {data['member']} по вопросу {data['item']} изменён"
    for _attempt, item, member in rows:
        yield None, "meeting_vote", f"голос {member} по вопросу {item} не записан в историю"


def _protocol(connection: Connection, case: str, facts: list[Fact]) -> Iterator[Finding]:
    row = papers.protocol_of(connection, case)
    drawn = dict(_of(facts, events.PROTOCOL_DRAWN_UP))
    if row is None or not drawn:
        if row is not None or drawn:
            yield next(iter(drawn), None), "meeting_protocol", "протокол есть только в одном из двух мест"
        return
    seq, data = next(iter(drawn.items()))
    if sha256(row["content"].encode()).hexdigest() != data["text_sha256"] or row["sha256"] != data["sha256"]:
        yield seq, "meeting_protocol", "текст протокола изменён"
    if row["number"] != data["number"]:
        yield seq, "meeting_protocol", "номер протокола изменён"


def _signatures(connection: Connection, case: str, facts: list[Fact]) -> Iterator[Finding]:
    rows = papers.signatures_of(connection, case)
    for seq, data in _of(facts, events.PROTOCOL_SIGNED):
        row = rows.pop(data["role"], None)
        if row is None or (row["login"], row["sha256"]) != (data["login"], data["sha256"]):
            yield seq, "meeting_signature", f"подпись ({data['role']}) отличается"
    for role in rows:
        yield None, "meeting_signature", f"подпись ({role}) не записана в историю"


def _order(connection: Connection, case: str, facts: list[Fact]) -> Iterator[Finding]:
    rows = {row["case"]: row for row in papers.order_cases(connection, case)}
    for seq, data in _of(facts, events.ORDER_REGISTERED):
        for key in (*data["approved"], *data["left_out"]):
            row = rows.pop(key, None)
            expected = (data["number"], data["signed_on"], key in data["approved"])
            if row is None or (row["number"], row["signed_on"].isoformat(), row["approved"]) != expected:
                yield seq, "ministry_order_case", f"приказ по делу {key} отличается"
    for key in rows:
        yield None, "ministry_order_case", f"приказ по делу {key} не записан в историю"
