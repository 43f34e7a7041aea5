"""The meeting room on both databases: order, invitations, arrivals, materials, recusals, the chair's word."""

from typing import Any

import pytest

from engine.errors import ConflictError, ForbiddenError, InvalidError
from processes.council_meeting import floor, materials, ordering, presence
from processes.council_meeting.records import room
from tests.processes.council_meeting.hall import EVERYBODY, Hall, ballots

PLAN = {"kind": "document", "title": "План работы", "document": "plan"}


def test_the_order_before_approval_is_the_secretarys_and_is_voted_in(hall: Hall) -> None:
    first, second = hall.ready_case("Первая"), hall.ready_case("Вторая")
    meeting = hall.call_meeting(first, second, PLAN)
    with pytest.raises(ForbiddenError):
        hall.act("member03", ordering.reorder_agenda, meeting, [3, 1, 2])
    with pytest.raises(InvalidError):
        hall.act("secretary", ordering.reorder_agenda, meeting, [1, 2])
    hall.act("secretary", ordering.reorder_agenda, meeting, [3, 2, 1])
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    assert [point.get("case") for point in hall.case(meeting)["data"]["agenda"]] == [None, second, first]
    hall.advance("2026-01-20T10:00:00+03:00")
    hall.complete(meeting, "register_attendance", {"present": list(EVERYBODY)}, "secretary")
    with pytest.raises(ConflictError) as refused:
        hall.act("chair", ordering.reorder_agenda, meeting, [2, 1, 3])
    assert refused.value.slug_ == "agenda_frozen"
    assert hall.task(meeting, "record_votes")["data"]["kind"] == "document"
    hall.record(meeting, ballots("for"))
    assert hall.task(meeting, "record_votes")["data"]["case"] == second
    assert hall.differences(meeting) == []


def test_the_chair_alone_moves_an_approved_agenda_and_everybody_is_told(hall: Hall) -> None:
    first, second = hall.ready_case("Первая"), hall.ready_case("Вторая")
    meeting = hall.call_meeting(first, second)
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    with pytest.raises(ForbiddenError):
        hall.act("secretary", ordering.reorder_agenda, meeting, [2, 1])
    hall.act("chair", ordering.reorder_agenda, meeting, [2, 1])
    assert {row.login for row in hall.letters("agenda_reordered")} == set(EVERYBODY)
    assert [document.kind for document in hall.documents(meeting)] == ["agenda", "agenda"]
    hall.advance("2026-01-20T10:00:00+03:00")
    hall.complete(meeting, "register_attendance", {"present": list(EVERYBODY)}, "secretary")
    assert hall.task(meeting, "record_votes")["data"]["case"] == second
    hall.record(meeting, ballots("for"))
    hall.record(meeting, ballots("against"), recommendations=["Доработать план"])
    hall.sign(meeting)
    assert hall.case(second)["data"]["decision"]["decision"] == "grant"
    assert hall.case(first)["data"]["decision"]["decision"] == "refuse"
    assert hall.differences(meeting) == []


def test_members_answer_the_invitation_until_the_day_and_come_on_it(hall: Hall) -> None:
    meeting = hall.call_meeting(hall.ready_case())
    with pytest.raises(ConflictError):
        hall.act("member03", presence.answer_invitation, meeting, "remote", "")
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    with pytest.raises(InvalidError):
        hall.act("member03", presence.answer_invitation, meeting, "declined", " ")
    hall.act("member03", presence.answer_invitation, meeting, "declined", "Отпуск")
    hall.act("member03", presence.answer_invitation, meeting, "remote", "")
    with pytest.raises(ForbiddenError):
        hall.act("ministry", presence.answer_invitation, meeting, "remote", "")
    with pytest.raises(ConflictError):
        hall.act("member03", presence.note_arrivals, meeting, {"member03": "remote"})
    hall.advance("2026-01-20T10:00:00+03:00")
    hall.act("member03", presence.note_arrivals, meeting, {"member03": "remote"})
    with pytest.raises(ForbiddenError):
        hall.act("member03", presence.note_arrivals, meeting, {"member04": "remote"})
    hall.act("secretary", presence.note_arrivals, meeting, {"member04": "in_person", "member03": "remote"})
    assert [fact["arrivals"] for fact in hall.facts(meeting, "member.arrived")] == [
        {"member03": "remote"},
        {"member04": "in_person"},
    ]
    assert hall.facts(meeting, "invitation.answered")[0]["reason"].keys() == {"ref", "digest"}
    hall.complete(meeting, "register_attendance", {"present": list(EVERYBODY)}, "secretary")
    hall.record(meeting, ballots("for"))
    (text,) = [row["content"] for row in [protocol_of(hall, meeting)]]
    assert "(дистанционно)" in text
    assert text.count("(дистанционно)") == 1
    assert hall.differences(meeting) == []


def protocol_of(hall: Hall, meeting: str) -> Any:
    return hall.task(meeting, "sign_protocol_secretary")["data"]["protocol"] | {
        "content": hall.task(meeting, "sign_protocol_secretary")["data"]["protocol"]["text"]
    }


def test_one_who_recused_themselves_does_not_vote_and_is_minuted_with_the_reason(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case())
    with pytest.raises(InvalidError):
        hall.act("member01", floor.declare_recusal, meeting, 1, "")
    hall.act("member01", floor.declare_recusal, meeting, 1, "Работаю у заявителя")
    with pytest.raises(ConflictError) as refused:
        hall.vote(meeting, 1, "member01", "for")
    assert refused.value.slug_ == "recused"
    hall.act("member01", floor.withdraw_recusal, meeting, 1)
    hall.act("member01", floor.declare_recusal, meeting, 1, "Работаю у заявителя")
    hall.vote(meeting, 1, "member02", "for")
    with pytest.raises(ConflictError):
        hall.act("member02", floor.declare_recusal, meeting, 1, "Передумал")
    others = [login for login in EVERYBODY if login not in {"member01", "member02"}]
    assert {option["value"] for option in hall.task(meeting, "record_votes")["data"]["voters"]} == set(others)
    hall.record(meeting, ballots("for", others))
    assert hall.facts(meeting, "voting.closed")[0]["tally"]["base"] == len(EVERYBODY) - 1
    text = hall.task(meeting, "sign_protocol_secretary")["data"]["protocol"]["text"]
    assert "Заявлен самоотвод: И.О. Фамилия3 (Работаю у заявителя)." in text
    assert hall.differences(meeting) == []


def test_the_presiding_person_ends_the_taking_of_votes_and_nobody_else(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case())
    for login in ("secretary", "deputy", "member03"):
        with pytest.raises(ForbiddenError):
            hall.act(login, floor.stop_vote, meeting, 1)
    hall.act("chair", floor.call_vote, meeting, 1)
    hall.vote(meeting, 1, "member03", "for")
    hall.act("chair", floor.stop_vote, meeting, 1)
    with pytest.raises(ConflictError) as refused:
        hall.vote(meeting, 1, "member04", "for")
    assert refused.value.slug_ == "not_open"
    with pytest.raises(ConflictError):
        hall.act("chair", floor.stop_vote, meeting, 1)
    hall.record(meeting, ballots("for", [login for login in EVERYBODY if login != "member03"]))
    assert hall.differences(meeting) == []


def test_who_read_the_materials_is_kept_once(hall: Hall) -> None:
    meeting = hall.call_meeting(hall.ready_case(), PLAN)
    for _ in range(2):
        hall.act("member03", materials.mark_read, meeting, 1)
    with pytest.raises(InvalidError):
        hall.act("member03", materials.mark_read, meeting, 2)
    with pytest.raises(ForbiddenError):
        hall.act("ministry", materials.mark_read, meeting, 1)
    with hall.runtime.database.read() as connection:
        assert [row["member"] for row in room.readings_of(connection, meeting)] == ["member03"]
    assert len(hall.facts(meeting, "materials.read")) == 1
