from typing import Any

import pytest

from tests.contract.client import Service
from tests.contract.stories import (
    AWAITING,
    COUNCIL,
    DOCUMENT,
    QUORUM,
    UNAPPROVED,
    convene,
    open_meeting,
    record,
    sign,
    two_cases,
    votes,
)

TAKEN = "Речевое развитие дошкольников"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"date": "2026-01-11"}, "date"),
        ({"date": "12.01.2026"}, "date"),
        ({"date": "2026-01-20T10:00:00+03:00"}, "date"),
        ({"date": None}, "date"),
        ({"form": "mixed"}, "form"),
        ({"agenda": []}, "agenda"),
        ({"agenda": [{"kind": "certification", "case": "nothing"}]}, "agenda.0.case"),
        ({"agenda": [{"kind": "certification"}]}, "agenda.0.case"),
        ({"agenda": [{"kind": "document", "title": "План", "document": "budget"}]}, "agenda.0.document"),
        ({"agenda": [{"kind": "document", "document": "plan"}]}, "agenda.0.title"),
        ({"agenda": [{"kind": "gossip", "title": "Слухи"}]}, "agenda.0.kind"),
        ({"agenda": [DOCUMENT | {"surprise": 1}]}, "agenda.0.surprise"),
        ({"surprise": 1}, "surprise"),
        ({"form": "absentee"}, "closes_at"),
        ({"form": "absentee", "closes_at": "2026-01-12"}, "closes_at"),
        ({"form": "absentee", "closes_at": "2026-01-11T10:00:00+03:00"}, "closes_at"),
    ],
)
def test_a_meeting_that_cannot_be_called_names_the_field(standing: Service, changes: Any, path: str) -> None:
    data = {"form": "in_person", "date": "2026-01-12", "agenda": [DOCUMENT], **changes}
    refused = standing.as_("chair").post("/processes/council_meeting/instances", {"data": data}, 422)
    assert path in refused["errors"], refused


def test_secretary_and_chair_call_meetings_and_nobody_else(service: Service) -> None:
    case = service.case(AWAITING)
    for login in ("member05", "deputy", "ministry", "admin", "applicant1", "auditor", "analyst1"):
        convene(service, case, by=login, status=403)
    assert convene(service, case, by="chair")["at"] == ["approve_agenda"]


def test_a_case_stands_on_one_open_agenda_and_waits_for_the_council(service: Service) -> None:
    free, taken, early = service.case(AWAITING), service.case(TAKEN), service.case(UNAPPROVED)
    for agenda, path in (
        ([taken], "agenda.0.case"),
        ([free, taken], "agenda.1.case"),
        ([early], "agenda.0.case"),
        ([free, free], "agenda.1.case"),
    ):
        assert path in convene(service, *agenda, status=422)["errors"], agenda
    meeting = convene(service, free)["id"]
    assert "agenda.0.case" in convene(service, free, status=422)["errors"]
    chair = service.as_("chair")
    assert "reason" in chair.errors(meeting, "approve_agenda", {"approve": False})
    done = chair.complete(meeting, "approve_agenda", {"approve": False, "reason": "Рано"})
    assert (done["case"]["state"], done["case"]["end"]) == ("ended", "cancelled")
    convene(service, free)


def test_the_meeting_day_begins_at_midnight_in_moscow(service: Service) -> None:
    meeting = convene(service, service.case(AWAITING), date="2026-01-20")["id"]
    service.as_("chair").complete(meeting, "approve_agenda", {"approve": True})
    assert service.stands_at(meeting) == ["meeting_day"]
    service.set_clock("2026-01-19T23:59:59+03:00")
    assert service.stands_at(meeting) == ["meeting_day"]
    fired = service.set_clock("2026-01-20T00:00:00+03:00")
    assert {"case": meeting, "element": "meeting_day", "at": "2026-01-20T00:00:00+03:00"}.items() <= next(
        each for each in fired if each["case"] == meeting
    ).items()
    assert service.stands_at(meeting) == ["register_attendance"]
    assert service.as_("secretary").task(meeting, "register_attendance")["due_at"] == "2026-01-21T23:59:59+03:00"


def test_exactly_two_thirds_is_no_quorum(service: Service) -> None:
    meeting = open_meeting(service, service.case(AWAITING), present=COUNCIL[:16])
    assert service.stands_at(meeting) == ["reschedule"]
    chair = service.as_("chair")
    for data, path in (
        ({}, "date"),
        ({"date": "2026-01-11"}, "date"),
        ({"form": "absentee"}, "closes_at"),
        ({"form": "absentee", "closes_at": "2026-01-11T10:00:00+03:00"}, "closes_at"),
    ):
        assert path in chair.errors(meeting, "reschedule", data), data
    chair.complete(meeting, "reschedule", {"date": "2026-01-14"})
    assert service.stands_at(meeting) == ["meeting_day"]
    service.set_clock("2026-01-14T09:00:00+03:00")
    done = service.as_("secretary").complete(meeting, "register_attendance", {"present": COUNCIL[:17]})
    assert [task["element"] for task in done["opened"]] == ["record_votes"]


def test_only_the_council_is_present_and_each_once(service: Service) -> None:
    meeting = convene(service, service.case(AWAITING))["id"]
    service.as_("chair").complete(meeting, "approve_agenda", {"approve": True})
    wrong: list[Any] = [["applicant1"], ["nobody"], ["member01", "member01"], "member01", [1], None]
    for present in wrong:
        paths = service.as_("secretary").errors(meeting, "register_attendance", {"present": present})
        assert any(path == "present" or path.startswith("present.") for path in paths), present


def test_members_vote_themselves_while_the_item_is_open(service: Service) -> None:
    case, other = two_cases(service)
    meeting = convene(service, case, other)["id"]
    vote, second = (f"/meetings/{meeting}/items/{n}/vote" for n in (1, 2))
    member = service.as_("member01")
    member.post(vote, {"vote": "for"}, 409)
    service.as_("chair").complete(meeting, "approve_agenda", {"approve": True})
    member.post(vote, {"vote": "for"}, 409)
    service.as_("secretary").complete(meeting, "register_attendance", {"present": QUORUM})
    assert "vote" in member.post(vote, {"vote": "yes"}, 422)["errors"]
    member.post(second, {"vote": "for"}, 409)
    member.post(vote, {"vote": "for"})
    member.post(vote, {"vote": "for"}, 409)
    member.post(vote, {"vote": "against"}, 409)
    service.as_("member21").post(vote, {"vote": "for"}, 409)
    for login in ("ministry", "auditor", "admin"):
        service.as_(login).post(vote, {"vote": "for"}, 403)
    member.post(f"/meetings/{meeting}/items/3/vote", {"vote": "for"}, 404)
    task = service.as_("secretary").task(meeting, "record_votes")
    shown = service.as_("secretary").get(f"/tasks/{task['id']}")["data"]
    assert (shown["item"], shown["votes"]) == (1, {"member01": "for"})
    assert str(case) in str(shown["case"])
    record(service, meeting, votes("for"))
    service.as_("member02").post(vote, {"vote": "for"}, 409)
    service.as_("member02").post(second, {"vote": "against"})
    assert service.kinds(meeting).count("vote.cast") >= 2


def test_a_document_alone_needs_no_order(service: Service) -> None:
    meeting = str(convene(service, agenda=[DOCUMENT])["id"])
    service.as_("chair").complete(meeting, "approve_agenda", {"approve": True})
    service.as_("secretary").complete(meeting, "register_attendance", {"present": QUORUM})
    record(service, meeting, votes("for"))
    sign(service, meeting)
    assert service.shown(meeting)["end"] == "closed"


def test_a_withdrawn_case_is_struck_and_opens_no_task(service: Service) -> None:
    case, other = two_cases(service)
    meeting = convene(service, case, other)["id"]
    service.as_("chair").complete(meeting, "approve_agenda", {"approve": True})
    application = service.shown(case)["data"]["application"]
    service.as_("applicant1").post(f"/applications/{application}/withdraw", {"reason": "переделаем"})
    done = service.as_("secretary").complete(meeting, "register_attendance", {"present": QUORUM})
    (task,) = done["opened"]
    assert service.as_("secretary").get(f"/tasks/{task['id']}")["data"]["item"] == 2
    still = service.shown(other)["data"]["application"]
    service.as_("applicant1").post(f"/applications/{still}/withdraw", {"reason": "поздно"}, 409)
    record(service, meeting, votes("for"))
    sign(service, meeting)
    assert service.stands_at(other) == ["await_ministry_order"]


def test_voting_ends_withdrawal_for_good(service: Service) -> None:
    case = service.case(AWAITING)
    application = service.shown(case)["data"]["application"]
    applicant = service.as_("applicant1")
    meeting = open_meeting(service, case)
    applicant.post(f"/applications/{application}/withdraw", {"reason": "поздно"}, 409)
    record(service, meeting, votes("abstain"))
    sign(service, meeting)
    assert service.stands_at(case) == ["await_council_decision"]
    applicant.post(f"/applications/{application}/withdraw", {"reason": "поздно"}, 409)
    convene(service, case)
    applicant.post(f"/applications/{application}/withdraw", {"reason": "поздно"}, 409)


def test_those_who_left_take_no_part_in_later_items(service: Service) -> None:
    case, other = two_cases(service)
    present = [*QUORUM, "deputy"]
    meeting = open_meeting(service, case, other, present=present)
    entry = votes("for", present=[login for login in present if login != "member15"])
    entry["left"] = ["member15"]
    record(service, meeting, entry)
    service.as_("member15").post(f"/meetings/{meeting}/items/2/vote", {"vote": "for"}, 409)
    refused = service.as_("secretary").errors(meeting, "record_votes", votes("for", present=present))
    assert "votes.member15" in refused
    record(service, meeting, votes("for", present=[login for login in present if login != "member15"]))
    sign(service, meeting)
    assert service.stands_at(other) == ["await_ministry_order"]


def test_a_quorum_lost_by_leaving_leads_on_to_the_protocol(service: Service) -> None:
    case, other = two_cases(service)
    meeting = open_meeting(service, case, other)
    entry = votes("for", present=QUORUM[1:])
    entry["left"] = [QUORUM[0]]
    record(service, meeting, entry)
    assert service.stands_at(meeting) == ["sign_protocol_secretary"]
    sign(service, meeting)
    assert service.shown(meeting)["end"] == "closed"
    for each in (case, other):
        assert service.stands_at(each) == ["await_council_decision"]
    convene(service, case, other)


def test_the_watch_warns_before_a_half_year_without_a_meeting_and_records_it(service: Service) -> None:
    service.set_clock("2027-01-01T00:05:00+03:00")
    (watch,) = [
        each
        for each in service.as_("secretary").every("/cases", process="meeting_watch", limit=50)
        if each["data"].get("half_year") == "2026-2"
    ]
    days = sorted({letter["at"][:10] for letter in service.letters(watch["id"])} - {"2027-01-01"})
    assert days == ["2026-11-01", "2026-12-01", "2026-12-17", "2026-12-24"]
    (violation,) = [event for event in service.events(watch["id"]) if event["kind"] == "violation.recorded"]
    assert violation["data"] == {"clause": "3.3", "half_year": "2026-2"}
