"""A meeting in person, from its agenda to the ministry's order, on both databases (section 3; clauses 4.7-4.10)."""

import hashlib
from datetime import date

import pytest

from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from processes.council_meeting.rules import GRANT_WORDS
from tests.processes.council_meeting.hall import EVERYBODY, MEMBERS, Hall, ballots
from tests.processes.papers.reading import says


def test_a_granted_case_gets_its_decision_after_both_signatures_and_its_order_after_that(hall: Hall) -> None:
    case = hall.ready_case()
    meeting = hall.open_meeting(case)
    assert hall.task(meeting, "record_votes")["data"]["item"] == 1
    hall.record(meeting, ballots("for"))
    hall.complete(meeting, "sign_protocol_secretary", {"confirm": True}, "secretary")
    assert hall.case(case)["at"] == ["await_council_decision"]
    hall.complete(meeting, "sign_protocol_chair", {"confirm": True}, "chair")
    assert hall.case(case)["data"]["decision"] == {"decision": "grant", "protocol": "1/2026"}
    assert hall.case(case)["at"] == ["await_ministry_order"]
    order = {"number": "77", "signed_on": "2026-01-20", "approved": {case: True}}
    hall.complete(meeting, "register_order", order, "ministry")
    assert hall.case(meeting)["end"] == "closed"
    assert hall.case(case)["data"]["order"] == {"number": "77", "signed_on": "2026-01-20", "approved": True}
    assert hall.differences(meeting) == []


def test_the_signed_protocol_is_filed_with_its_hash_and_an_extract(hall: Hall) -> None:
    case = hall.ready_case()
    meeting = hall.open_meeting(case)
    hall.record(meeting, ballots("for"))
    hall.sign(meeting)
    filed = {d.kind: d for d in hall.documents(meeting)}
    assert {kind: d.name for kind, d in filed.items()} == {
        "agenda": "Повестка заседания ЗАС-2026-0001 от 20.01.2026.pdf",
        "protocol": "Протокол заседания № 1-2026 (проект) от 20.01.2026.pdf",
        "protocol_signed": "Протокол заседания № 1-2026 от 20.01.2026.pdf",
        "protocol_extract": f"Выписка из протокола № 1-2026, дело {hall.case(case)['number']} от 20.01.2026.pdf",
        "order_draft": "Проект приказа к протоколу № 1-2026 от 20.01.2026.docx",
    }
    assert hall.runtime.files is not None
    content = hall.runtime.files.read(filed["protocol"].sha256)
    for kind in ("protocol", "protocol_signed", "protocol_extract"):
        assert says(hall.runtime.files.read(filed[kind].sha256), GRANT_WORDS)
    assert [f["sha256"] for f in hall.facts(meeting, "protocol.signed")] == [hashlib.sha256(content).hexdigest()] * 2


@pytest.mark.parametrize(
    ("by", "allowed"), [("chair", True), ("secretary", True), ("deputy", False), ("member02", False)]
)
def test_only_secretary_and_chair_call_a_meeting(hall: Hall, by: str, *, allowed: bool) -> None:
    case = hall.ready_case()
    if allowed:
        assert hall.case(hall.call_meeting(case, by=by))["at"] == ["approve_agenda"]
        return
    with pytest.raises(ForbiddenError):
        hall.call_meeting(case, by=by)


def test_a_case_stands_on_one_open_agenda_at_a_time(hall: Hall) -> None:
    case = hall.ready_case()
    first = hall.call_meeting(case)
    with pytest.raises(InvalidError) as refused:
        hall.call_meeting({"kind": "document", "title": "Стандарт", "document": "standard"}, case)
    assert list(refused.value.errors) == ["agenda.1.case"]
    hall.complete(first, "approve_agenda", {"approve": False, "reason": "Рано"}, "chair")
    assert hall.case(first)["end"] == "cancelled"
    assert [row.login for row in hall.letters("meeting_cancelled")] == ["secretary"]
    assert hall.case(hall.call_meeting(case))["at"] == ["approve_agenda"]


def test_a_case_that_waits_for_nothing_is_not_put_on_an_agenda(hall: Hall) -> None:
    withdrawn = hall.ready_case()
    assert hall.withdraw(withdrawn)
    for case in (withdrawn, "no-such-case"):
        with pytest.raises(InvalidError) as refused:
            hall.call_meeting(case)
        assert list(refused.value.errors) == ["agenda.0.case"]


def test_everybody_in_the_composition_is_invited_with_the_agenda(hall: Hall) -> None:
    meeting = hall.call_meeting(hall.ready_case("Программа чтения"))
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    letters = hall.letters("meeting_invitation")
    assert {row.login for row in letters} == set(EVERYBODY)
    assert "Программа чтения" in letters[0].body
    assert hall.facts(meeting, "meeting.scheduled")[0]["date"] == "2026-01-20"


def test_sixteen_of_24_are_no_quorum_and_seventeen_are(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case(), present=EVERYBODY[:16])
    assert hall.case(meeting)["at"] == ["reschedule"]
    hall.complete(meeting, "reschedule", {"date": "2026-01-27"}, "chair")
    hall.advance("2026-01-27T10:00:00+03:00")
    hall.complete(meeting, "register_attendance", {"present": list(EVERYBODY[:17])}, "secretary")
    assert hall.task(meeting, "record_votes")["data"]["total"] == 24
    assert len(hall.letters("meeting_rescheduled")) == 24


def test_attendance_takes_no_outsider_no_double_and_nobody_who_is_absent(hall: Hall) -> None:
    hall.substitute("chair", "deputy", date(2026, 1, 19), date(2026, 1, 25))
    meeting = hall.call_meeting(hall.ready_case())
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    hall.advance("2026-01-20T10:00:00+03:00")
    present = ["chair", "auditor", "member01", "member01", *EVERYBODY[1:]]
    with pytest.raises(InvalidError) as refused:
        hall.complete(meeting, "register_attendance", {"present": present}, "secretary")
    assert len(refused.value.errors["present"]) == 3


def test_members_vote_themselves_once_while_the_item_is_open(hall: Hall) -> None:
    first, second = hall.ready_case(), hall.ready_case()
    meeting = hall.call_meeting(first, second)
    with pytest.raises(ConflictError):
        hall.vote(meeting, 1, "member02", "for")
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    hall.advance("2026-01-20T10:00:00+03:00")
    hall.complete(meeting, "register_attendance", {"present": list(EVERYBODY[:18])}, "secretary")
    assert hall.vote(meeting, 1, "member02", "against")["vote"] == "against"
    with pytest.raises(ConflictError):
        hall.vote(meeting, 1, "member02", "for")
    with pytest.raises(ConflictError):
        hall.vote(meeting, 2, "member02", "for")
    with pytest.raises(ConflictError):
        hall.vote(meeting, 1, "member21", "for")
    with pytest.raises(ForbiddenError):
        hall.vote(meeting, 1, "auditor", "for")
    with pytest.raises(NotFoundError):
        hall.vote(meeting, 3, "member02", "for")
    with pytest.raises(NotFoundError):
        hall.vote(meeting, 1, "applicant1", "for")
    shown = hall.task(meeting, "record_votes")["data"]
    assert shown["votes"] == {"member02": "against"}
    assert shown["conflicts"] == ["member01"]
    everybody = ballots("for", EVERYBODY[:18])
    with pytest.raises(InvalidError) as refused:
        hall.record(meeting, everybody)
    assert list(refused.value.errors) == ["votes.member02"]
    hall.record(meeting, {k: v for k, v in everybody.items() if k != "member02"})
    with pytest.raises(ConflictError):
        hall.vote(meeting, 1, "member03", "for")
    assert hall.facts(meeting, "vote.cast")[0] == {
        "item": 1,
        "attempt": 1,
        "member": "member02",
        "vote": "against",
        "own": True,
    }
    assert len(hall.facts(meeting, "vote.cast")) == 18


def test_a_missing_vote_a_vote_of_an_outsider_and_of_a_recused_are_named(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case(), present=EVERYBODY[:18])
    votes = ballots("for", EVERYBODY[:17], auditor="for", member21="for")
    with pytest.raises(InvalidError) as refused:
        hall.record(meeting, votes, recused=["member01"])
    assert set(refused.value.errors) == {"votes.auditor", "votes.member21", "votes.member15", "votes.member01"}


def test_a_refusal_needs_recommendations(hall: Hall) -> None:
    case = hall.ready_case()
    meeting = hall.open_meeting(case)
    with pytest.raises(InvalidError) as refused:
        hall.record(meeting, ballots("against"))
    assert list(refused.value.errors) == ["recommendations"]
    hall.record(meeting, ballots("against"), recommendations=["Дополнить список литературы"])
    hall.sign(meeting)
    assert hall.case(case)["data"]["decision"]["decision"] == "refuse"


def test_the_chair_decides_an_equality_and_a_lost_vote_leads_back(hall: Hall) -> None:
    tied, lost = hall.ready_case(), hall.ready_case()
    meeting = hall.open_meeting(tied, lost)
    hall.record(
        meeting,
        {
            **ballots("for", EVERYBODY[:10]),
            **ballots("against", EVERYBODY[10:20]),
            **ballots("abstain", EVERYBODY[20:]),
        },
    )
    hall.record(meeting, ballots("abstain"))
    hall.sign(meeting)
    assert hall.case(tied)["data"]["decision"]["decision"] == "grant"
    assert hall.case(lost)["data"]["decision"]["decision"] == "not_adopted"
    assert hall.case(lost)["at"] == ["await_council_decision"]
    assert hall.place(lost) == "free"


def test_a_deputy_presides_and_decides_within_a_substitution(hall: Hall) -> None:
    hall.substitute("chair", "deputy", date(2026, 1, 19), date(2026, 1, 25))
    case = hall.ready_case()
    here = EVERYBODY[1:21]
    meeting = hall.open_meeting(case, present=here)
    hall.record(
        meeting,
        {**ballots("for", here[:10]), **ballots("against", here[10:])},
    )
    assert hall.facts(meeting, "voting.closed")[0]["outcome"] == "grant"
    hall.complete(meeting, "sign_protocol_secretary", {"confirm": True}, "secretary")
    hall.complete(meeting, "sign_protocol_chair", {"confirm": True}, "deputy")
    assert hall.case(case)["data"]["decision"]["decision"] == "grant"


def test_one_person_does_not_sign_a_protocol_twice(hall: Hall) -> None:
    hall.substitute("secretary", "deputy", date(2026, 1, 20), date(2026, 1, 20))
    hall.substitute("chair", "deputy", date(2026, 1, 21), date(2026, 1, 25))
    meeting = hall.call_meeting(hall.ready_case())
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    hall.advance("2026-01-20T10:00:00+03:00")
    here = [login for login in EVERYBODY if login != "secretary"]
    hall.complete(meeting, "register_attendance", {"present": here}, "deputy")
    hall.record(meeting, ballots("for", here), by="deputy")
    hall.complete(meeting, "sign_protocol_secretary", {"confirm": True}, "deputy")
    hall.advance("2026-01-21T10:00:00+03:00")
    with pytest.raises(ForbiddenError) as refused:
        hall.complete(meeting, "sign_protocol_chair", {"confirm": True}, "deputy")
    assert refused.value.slug_ == "same_person"
    assert hall.facts(meeting, "act.refused")[-1]["reason"] == "same_person"


def test_those_who_leave_take_the_quorum_with_them_and_free_the_cases(hall: Hall) -> None:
    first, second, third = (hall.ready_case() for _ in range(3))
    meeting = hall.open_meeting(first, second, third, present=EVERYBODY[:18])
    hall.record(meeting, ballots("for", EVERYBODY[:17]), left=["member15"])
    hall.record(meeting, {}, left=["member14"])
    assert hall.case(meeting)["at"] == ["sign_protocol_secretary"]
    assert [hall.place(c) for c in (first, second, third)] == ["decided", "free", "free"]
    hall.sign(meeting)
    assert hall.case(second)["at"] == hall.case(third)["at"] == ["await_council_decision"]
    assert hall.facts(meeting, "quorum.lost")[0]["counted"] == {"present": 16, "total": 24}


def test_a_case_withdrawn_before_its_vote_is_struck_and_not_after(hall: Hall) -> None:
    gone, staying = hall.ready_case(), hall.ready_case()
    meeting = hall.call_meeting(gone, staying)
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    assert hall.withdraw(gone)
    hall.advance("2026-01-20T10:00:00+03:00")
    hall.complete(meeting, "register_attendance", {"present": list(EVERYBODY)}, "secretary")
    assert hall.task(meeting, "record_votes")["data"]["item"] == 2
    assert not hall.withdraw(staying)
    hall.record(meeting, ballots("abstain"))
    hall.sign(meeting)
    assert hall.case(meeting)["end"] == "closed"
    assert not hall.withdraw(staying)


def test_a_document_is_approved_by_the_signed_protocol_and_needs_no_order(hall: Hall) -> None:
    meeting = hall.open_meeting({"kind": "document", "title": "План на год", "document": "plan"})
    hall.record(meeting, ballots("for"))
    hall.sign(meeting)
    assert hall.case(meeting)["end"] == "closed"
    assert hall.facts(meeting, "document.approved")[0]["protocol"] == "1/2026"


def test_an_order_is_dated_numbered_once_and_names_decided_cases_only(hall: Hall) -> None:
    case, other = hall.ready_case(), hall.ready_case()
    meeting = hall.open_meeting(case, other)
    hall.record(meeting, ballots("for"))
    hall.record(meeting, ballots("abstain"))
    hall.sign(meeting)
    bad = {"number": "1", "signed_on": "2026-01-19", "approved": {other: True}}
    with pytest.raises(InvalidError) as refused:
        hall.complete(meeting, "register_order", bad, "secretary")
    assert set(refused.value.errors) == {"signed_on", f"approved.{other}"}
    late = {"number": "1", "signed_on": "2026-01-21", "approved": {case: True}}
    with pytest.raises(InvalidError) as refused:
        hall.complete(meeting, "register_order", late, "secretary")
    assert set(refused.value.errors) == {"signed_on"}
    hall.complete(
        meeting, "register_order", {**late, "signed_on": "2026-01-20", "approved": {case: False}}, "secretary"
    )
    assert hall.case(case)["data"]["order"]["approved"] is False


def test_an_order_number_is_not_used_for_another_order_of_the_year(hall: Hall) -> None:
    for day, errors in (("2026-01-20", None), ("2026-01-21", ["number"])):
        case = hall.ready_case()
        meeting = hall.call_meeting(case, date=day)
        hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
        hall.advance(f"{day}T10:00:00+03:00")
        hall.complete(meeting, "register_attendance", {"present": list(EVERYBODY)}, "secretary")
        hall.record(meeting, ballots("for"))
        hall.sign(meeting)
        order = {"number": "9", "signed_on": day, "approved": {case: True}}
        if errors is None:
            hall.complete(meeting, "register_order", order, "ministry")
            continue
        with pytest.raises(InvalidError) as refused:
            hall.complete(meeting, "register_order", order, "ministry")
        assert list(refused.value.errors) == errors


def test_members_do_not_do_the_secretarys_tasks(hall: Hall) -> None:
    meeting = hall.call_meeting(hall.ready_case())
    with pytest.raises(ForbiddenError):
        hall.complete(meeting, "approve_agenda", {"approve": True}, MEMBERS[0])
