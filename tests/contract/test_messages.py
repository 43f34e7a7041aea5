from typing import Any

from tests.contract.client import Service
from tests.contract.stories import (
    AWAITING,
    IN_FORCE,
    decide,
    order,
)

REVOCATION = {"order": "91", "signed_on": "2026-01-12", "reason": "Программа больше не реализуется"}


def certificate_of(service: Service, case: str) -> str:
    return str(service.shown(case)["data"]["certificate"]["number"])


def test_the_ministry_and_an_integration_revoke(service: Service) -> None:
    case = service.case(IN_FORCE)
    number = certificate_of(service, case)
    message = {"name": "certificate_revoked", "correlation": {"case": case}, "payload": REVOCATION}
    for login in ("secretary", "chair", "admin", "applicant1"):
        service.as_(login).post("/messages", message, 403)
    changes: list[dict[str, Any]] = [{"order": ""}, {"signed_on": "2026-01-13"}, {"reason": None}, {"surprise": 1}]
    for change in changes:
        service.as_("ministry").post("/messages", {**message, "payload": {**REVOCATION, **change}}, 422)
    assert service.as_("ministry").post("/messages", message) == {"matched": [case]}
    assert service.as_(None).get(f"/certificates/{number}")["status"] == "revoked"
    assert service.as_(None).get("/depository", certificate=number)["total"] == 0
    service.as_("ministry").post("/messages", message, 422)
    done = service.as_("secretary").complete(case, "confirm_removal", {"confirm": True})
    assert done["case"]["end"] == "revoked"
    assert service.as_("ministry").post("/messages", message, 422)["type"] == "ended"
    other = service.case("Инклюзивная среда дошкольной организации")
    message["correlation"] = {"case": other}
    assert service.as_("peer").post("/messages", message) == {"matched": [other]}


def test_decision_and_order_come_from_systems_alone(service: Service) -> None:
    case = service.case(AWAITING)
    decision = {
        "name": "council_decision",
        "correlation": {"case": case},
        "payload": {"decision": "grant", "protocol": "5"},
    }
    for login in ("secretary", "chair", "ministry", "admin", "applicant1"):
        service.as_(login).post("/messages", decision, 403)
    peer = service.as_("peer")
    changes: tuple[dict[str, Any], ...] = (
        {"payload": {"decision": "maybe", "protocol": "5"}},
        {"payload": {"decision": "grant"}},
        {"payload": {"decision": "grant", "protocol": "5", "surprise": 1}},
        {"correlation": {"case": "nothing"}},
        {"correlation": {}},
        {"name": "good_news"},
    )
    for change in changes:
        refused = peer.post("/messages", {**decision, **change}, 422)
        assert refused["title"]
    assert peer.post("/messages", decision) == {"matched": [case]}
    peer.post("/messages", decision, 422)
    ordered = {
        "name": "ministry_order",
        "correlation": {"case": case},
        "payload": {"number": "7", "signed_on": "2026-01-12", "approved": True},
    }
    service.as_("ministry").post("/messages", ordered, 403)
    assert peer.post("/messages", ordered) == {"matched": [case]}
    assert service.stands_at(case) == ["sign_certificate"]
    for method, path in (("GET", "/cases"), ("GET", "/tasks"), ("POST", "/clock"), ("GET", f"/cases/{case}")):
        assert peer.ask(method, path, {} if method == "POST" else None).status_code in {401, 403, 404}


def test_one_decision_is_delivered_once(service: Service) -> None:
    case = service.case(AWAITING)
    meeting = decide(service, case)
    order(service, meeting, **{case: True})
    assert service.kinds(case).count("message.received") == 2
