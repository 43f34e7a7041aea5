"""What a meeting leaves behind agrees with its history, is shown whole, and cannot be written twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
import sqlalchemy as sa

from engine import cases, history
from engine.doors import perform
from engine.errors import ConflictError, ForbiddenError, NotFoundError
from engine.records.tables import document
from processes.council.records import agenda, readings
from processes.council.records.tables import agenda_item
from processes.council_meeting.audit import find_differences
from processes.council_meeting.model import Vote
from processes.council_meeting.overview import describe_meeting
from processes.council_meeting.records import votes
from processes.council_meeting.records.meetings import waiting_cases
from processes.council_meeting.records.tables import attendance, order_case, protocol, result, signature, vote
from processes.council_meeting.records.tables import meeting as meeting_row
from processes.council_meeting.starting import AWAITS, DISCUSSED
from tests.processes.council_meeting.hall import EVERYBODY, MEMBERS, Hall, ballots


def differences(hall: Hall, meeting: str) -> set[str]:
    with hall.runtime.reading() as tx:
        facts = history.read(tx, meeting, limit=10_000)["items"]
        return {table for _seq, table, _text in find_differences(tx.connection, meeting, facts)}


def hold(hall: Hall, *cases_: str) -> str:
    meeting = hall.open_meeting(*cases_)
    hall.vote(meeting, 1, "member03", "for")
    hall.record(meeting, {k: v for k, v in ballots("for").items() if k != "member03"})
    for _case in cases_[1:]:
        hall.record(meeting, ballots("against"), recommendations=["Уточнить часы"])
    hall.sign(meeting)
    return meeting


def test_an_untouched_meeting_agrees_with_its_history(hall: Hall) -> None:
    case, left_out = hall.ready_case(), hall.ready_case()
    with hall.runtime.reading() as tx:
        waiting = waiting_cases(tx.connection, DISCUSSED, AWAITS)
    assert {row["id"] for row in waiting} == {case, left_out}
    meeting = hold(hall, case, left_out)
    order = {"number": "5", "signed_on": "2026-01-20", "approved": {case: True}}
    hall.complete(meeting, "register_order", order, "secretary")
    assert differences(hall, meeting) == set()
    told = hall.facts(meeting, "order.registered")[0]
    assert (told["approved"], told["left_out"]) == ([case], [left_out])
    assert hall.case(left_out)["data"]["order"]["approved"] is False


CHANGES: list[tuple[sa.Executable, str]] = [
    (sa.update(vote).where(vote.c.member == "member03").values(vote="against"), "meeting_vote"),
    (sa.delete(vote).where(vote.c.member == "member04"), "meeting_vote"),
    (sa.update(vote).where(vote.c.member == "member05").values(item=9), "meeting_vote"),
    (sa.update(protocol).values(content="Иначе"), "meeting_protocol"),
    (sa.update(signature).where(signature.c.role == "chair").values(login="member07"), "meeting_signature"),
    (sa.update(order_case).values(approved=False), "ministry_order_case"),
    (sa.update(result).values(tally={"for": 1}), "meeting_result"),
    (sa.update(result).values(votes={"member04": "against"}), "meeting_result"),
    (sa.delete(result), "meeting_result"),
    (sa.delete(attendance).where(attendance.c.member == "member06"), "meeting_attendance"),
    (sa.update(agenda_item).values(outcome="refuse"), "agenda_item"),
    (sa.update(meeting_row).values(presiding="deputy"), "meeting"),
]


def test_each_changed_row_is_found(hall: Hall) -> None:
    case = hall.ready_case()
    meeting = hold(hall, case)
    order = {"number": "5", "signed_on": "2026-01-20", "approved": {case: True}}
    hall.complete(meeting, "register_order", order, "secretary")
    with hall.runtime.reading() as tx:
        facts = history.read(tx, meeting, limit=10_000)["items"]
    for change, table in CHANGES:
        with hall.runtime.database.write() as connection, connection.begin_nested() as undo:
            connection.execute(change)
            assert table in {told for _seq, told, _text in find_differences(connection, meeting, facts)}, change
            undo.rollback()
    assert differences(hall, meeting) == set()


def test_the_database_takes_no_second_vote(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case())
    hall.vote(meeting, 1, "member03", "for")
    with pytest.raises(sa.exc.IntegrityError), hall.runtime.transaction() as tx:
        votes.insert_vote(
            tx.connection, meeting, 1, item=1, member="member03", value=Vote.FOR, own=True, by="member03", at=tx.now
        )


def test_of_two_votes_sent_at_once_one_counts(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case())
    start = Barrier(2)

    def cast(value: str) -> bool:
        start.wait()
        try:
            hall.vote(meeting, 1, "member03", value)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(cast, ("for", "against"))) == [False, True]
    assert len(hall.facts(meeting, "vote.cast")) == 1


def test_of_a_withdrawal_and_an_opening_at_once_one_comes_first(hall: Hall) -> None:
    case = hall.ready_case()
    meeting = hall.call_meeting(case)
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    hall.advance("2026-01-20T10:00:00+03:00")
    start = Barrier(2)

    def withdraw() -> bool:
        start.wait()
        return hall.withdraw(case)

    def open_item() -> None:
        start.wait()
        hall.complete(meeting, "register_attendance", {"present": list(EVERYBODY)}, "secretary")

    with ThreadPoolExecutor(2) as pool:
        withdrawn, opened = pool.submit(withdraw), pool.submit(open_item)
        opened.result()
        assert withdrawn.result() is (hall.case(meeting)["at"] == ["sign_protocol_secretary"])
    assert (hall.case(case)["end"] == "withdrawn") is withdrawn.result()


def test_a_protocol_that_was_changed_in_the_store_is_not_signed(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case())
    hall.record(meeting, ballots("for"))
    drawn = next(row for row in hall.documents(meeting) if row.kind == "protocol")
    assert hall.runtime.files is not None
    path = hall.runtime.files.path(drawn.sha256)
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b"%PDF", b"%pdf", 1))
    with pytest.raises(NotFoundError):
        hall.sign(meeting)
    path.write_bytes(kept)
    other, _size = hall.runtime.files.put(b"%PDF-1.7 another protocol")
    with hall.runtime.transaction() as tx:
        tx.connection.execute(sa.update(document).where(document.c.id == drawn.id).values(sha256=other))
    with pytest.raises(ConflictError):
        hall.sign(meeting)
    assert hall.case(meeting)["at"] == ["sign_protocol_secretary"]


def test_recommendations_of_the_council_wait_for_the_refusal(hall: Hall) -> None:
    case = hall.ready_case()
    meeting = hall.open_meeting(case)
    hall.record(meeting, ballots("against"), recommendations=["Уточнить часы"])
    with hall.runtime.reading() as tx:
        assert agenda.recommendations_for(tx.connection, case) == ["Уточнить часы"]


def test_another_reading_asks_the_quorum_of_plain_members_alone(hall: Hall) -> None:
    with hall.runtime.transaction() as tx:
        readings.add_version(
            tx.connection,
            {"quorum.base": "members_only"},
            protocol="1/2025",
            reason="решение совета",
            valid_from=date(2026, 1, 1),
            by="admin",
            at=tx.now,
        )
    meeting = hall.open_meeting(hall.ready_case(), present=[*EVERYBODY[:3], *MEMBERS[:14]])
    assert hall.case(meeting)["data"]["attendance"] == {"present": 14, "total": 21}
    hall.complete(meeting, "reschedule", {"date": "2026-01-20"}, "chair")
    hall.complete(meeting, "register_attendance", {"present": list(MEMBERS[:15])}, "secretary")
    assert "record_votes" in hall.case(meeting)["at"]


def test_a_meeting_is_shown_with_who_may_still_vote(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case("Чтение"), hall.ready_case(), present=EVERYBODY[:18])
    hall.vote(meeting, 1, "member03", "for")
    with hall.runtime.reading() as tx:
        shown = {
            login: describe_meeting(tx.connection, meeting, login=login, now=tx.now)
            for login in ("member02", "member03", "member21", "auditor")
        }
        assert describe_meeting(tx.connection, "no-such-case", now=tx.now) is None
    may = {login: [item["may_vote"] for item in page["items"]] for login, page in shown.items() if page}
    assert may == {
        "member02": [True, False],
        "member03": [False, False],
        "member21": [False, False],
        "auditor": [False, False],
    }
    page = shown["auditor"]
    assert page is not None
    assert (page["items"][0]["title"], page["items"][0]["votes"]) == ("Чтение", {"member03": "for"})
    assert sum(member["present"] for member in page["members"]) == 18


def test_one_whose_duties_another_holds_does_not_vote(hall: Hall) -> None:
    hall.substitute("chair", "deputy", date(2026, 1, 19), date(2026, 1, 25))
    meeting = hall.open_meeting(hall.ready_case(), present=EVERYBODY[1:])
    with pytest.raises(ForbiddenError):
        hall.vote(meeting, 1, "chair", "for")
    assert hall.vote(meeting, 1, "deputy", "for")["vote"] == "for"


def test_a_refused_vote_is_a_fact_of_the_meeting(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case(), present=EVERYBODY[:18])
    with pytest.raises(ConflictError):
        hall.vote(meeting, 1, "member21", "for")
    assert hall.facts(meeting, "act.refused")[-1] == {"act": "vote", "reason": "not_present"}


def test_a_suspended_meeting_takes_no_vote(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case())
    admin = hall.actor("admin")
    perform(hall.runtime, lambda tx: cases.suspend(tx, meeting, "Проверка", actor=admin), actor=admin)
    with pytest.raises(ConflictError):
        hall.vote(meeting, 1, "member03", "for")


def test_undecided_cases_come_to_another_meeting_and_an_order_may_name_cases_of_two(hall: Hall) -> None:
    first, second = hall.ready_case(), hall.ready_case()
    meeting = hall.open_meeting(first, second, present=EVERYBODY[:17])
    hall.record(meeting, ballots("for", EVERYBODY[:17]))
    hall.record(meeting, {}, left=["chair"])
    hall.complete(meeting, "sign_protocol_secretary", {"confirm": True}, "secretary")
    hall.complete(meeting, "sign_protocol_chair", {"confirm": True}, "chair")
    again = hall.call_meeting(second)
    hall.complete(again, "approve_agenda", {"approve": True}, "chair")
    hall.complete(again, "register_attendance", {"present": list(EVERYBODY)}, "secretary")
    hall.record(again, ballots("for"))
    hall.sign(again)
    for held, case in ((meeting, first), (again, second)):
        order = {"number": "12", "signed_on": "2026-01-20", "approved": {case: True}}
        hall.complete(held, "register_order", order, "ministry")
        assert hall.case(case)["end"] == "ordered"
