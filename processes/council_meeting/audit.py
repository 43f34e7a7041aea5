"""Whether a meeting's rows still say what its history tells: votes, protocol, signatures, order."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from engine.database import Connection
from processes.council_meeting import audit_voting, events
from processes.council_meeting.audit_voting import Fact, Finding
from processes.council_meeting.records import papers, room, votes, wording


def find_differences(connection: Connection, case: str, facts: Iterable[Fact]) -> list[Finding]:
    """Compare the rows of a meeting with its facts as served (`seq`, `kind`, `data`); empty where they agree."""
    told = list(facts)
    return [
        *_votes(connection, case, told),
        *_protocol(connection, case, told),
        *_recusals(connection, case, told),
        *_signatures(connection, case, told),
        *_order(connection, case, told),
        *audit_voting.find_differences(connection, case, told),
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
    told = [*_of(facts, events.PROTOCOL_DRAWN_UP), *_of(facts, events.PROTOCOL_CORRECTED)]
    if row is None or not told:
        if row is not None or told:
            yield next((seq for seq, _ in told), None), "meeting_protocol", "протокол есть только в одном из двух мест"
        return
    seq, data = told[-1]
    if sha256(row["content"].encode()).hexdigest() != data["text_sha256"] or row["sha256"] != data["sha256"]:
        yield seq, "meeting_protocol", "текст протокола изменён"
    if row["number"] != data["number"]:
        yield seq, "meeting_protocol", "номер протокола изменён"
    kept = {version["version"]: version for version in wording.versions_of(connection, case)}
    for seq, data in told:
        version = kept.pop(data.get("version", 1), None)
        if version is None or sha256(version["content"].encode()).hexdigest() != data["text_sha256"]:
            yield seq, "meeting_protocol_version", "редакция протокола изменена"
    for number in kept:
        yield None, "meeting_protocol_version", f"редакция {number} протокола не записана в историю"


def _recusals(connection: Connection, case: str, facts: list[Fact]) -> Iterator[Finding]:
    told: dict[tuple[int, int, str], int] = {}
    for fact in facts:
        data = fact["data"]
        if fact["kind"] == events.RECUSAL_DECLARED:
            told[data["attempt"], data["item"], data["member"]] = fact["seq"]
        elif fact["kind"] == events.RECUSAL_WITHDRAWN:
            told.pop((data["attempt"], data["item"], data["member"]), None)
        elif fact["kind"] == events.AGENDA_REORDERED:
            moved = {was: now for now, was in enumerate(data["order"], 1)}
            told = {(attempt, moved[item], member): seq for (attempt, item, member), seq in told.items()}
    rows = {(row["attempt"], row["item"], row["member"]) for row in room.recusal_rows(connection, case)}
    for key in sorted(told.keys() - rows):
        yield told[key], "meeting_recusal", f"нет самоотвода {key[2]} по вопросу {key[1]}"
    for _attempt, item, member in sorted(rows - told.keys()):
        yield None, "meeting_recusal", f"самоотвод {member} по вопросу {item} не записан в историю"


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
