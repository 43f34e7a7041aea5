from typing import Any

from tests.contract.client import Service
from tests.contract.stories import (
    AWAITING,
    COUNCIL,
    MEMBERS,
    convene,
    record,
    sign,
    two_cases,
)


def absentee(service: Service, *cases: str, **changes: Any) -> str:
    data = {"form": "absentee", "closes_at": "2026-01-15T18:00:00+03:00", **changes}
    meeting = str(convene(service, *cases, **data)["id"])
    service.as_("chair").complete(meeting, "approve_agenda", {"approve": True})
    return meeting


def test_an_absentee_meeting_takes_ballots_on_all_items_until_it_closes(service: Service) -> None:
    case, other = two_cases(service)
    meeting = absentee(service, case, other, date="2026-01-13")
    first, second = (f"/meetings/{meeting}/items/{n}/vote" for n in (1, 2))
    service.as_("member01").post(first, {"vote": "for"}, 409)
    service.set_clock("2026-01-13T00:00:00+03:00")
    assert service.as_("secretary").get("/tasks", scope="all", case=meeting)["items"] == []
    for login in COUNCIL[:17]:
        service.as_(login).post(first, {"vote": "for"})
    service.as_("member01").post(first, {"vote": "for"}, 409)
    service.as_("member01").post(second, {"vote": "for"})
    service.as_("ministry").post(second, {"vote": "for"}, 403)
    application = service.shown(case)["data"]["application"]
    service.as_("applicant1").post(f"/applications/{application}/withdraw", {"reason": "поздно"}, 409)
    fired = service.set_clock("2026-01-15T18:00:00+03:00")
    assert "ballots_close" in [each["element"] for each in fired if each["case"] == meeting]
    service.as_("member21").post(second, {"vote": "for"}, 409)
    secretary = service.as_("secretary")
    task = secretary.get(f"/tasks/{secretary.task(meeting, 'record_votes')['id']}")
    assert task["data"]["votes"] == dict.fromkeys(COUNCIL[:17], "for")
    more = {"votes": {"member21": "for"}, "recused": [], "recommendations": []}
    assert "votes.member21" in secretary.errors(meeting, "record_votes", more)
    record(service, meeting, {"votes": {}, "recused": [], "recommendations": []})
    record(service, meeting, {"votes": {}, "recused": [], "recommendations": []})
    sign(service, meeting)
    assert service.stands_at(case) == ["await_ministry_order"]
    assert service.stands_at(other) == ["await_council_decision"], "sixteen abstained by their silence"


def test_too_few_ballots_open_reschedule_and_ballots_may_follow_at_once(service: Service) -> None:
    case = service.case(AWAITING)
    meeting = absentee(service, case)
    vote = f"/meetings/{meeting}/items/1/vote"
    for login in COUNCIL[:16]:
        service.as_(login).post(vote, {"vote": "for"})
    service.set_clock("2026-01-15T18:00:00+03:00")
    assert service.stands_at(meeting) == ["reschedule"]
    again = {"form": "absentee", "closes_at": "2026-01-16T18:00:00+03:00"}
    service.as_("chair").complete(meeting, "reschedule", again)
    for login in MEMBERS[:17]:
        service.as_(login).post(vote, {"vote": "for"})
    service.set_clock("2026-01-16T18:00:00+03:00")
    assert service.stands_at(meeting) == ["record_votes"]
