"""From the decision on: what an order, a certificate, an entry, a refusal, a revocation need (4.8-4.16; A-46)."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from engine import cases
from engine.calls import Call
from engine.errors import ConflictError, ForbiddenError, InvalidError, RefusedError
from processes.certification import acts
from processes.certification.records import applications
from processes.certification.records.tables import application
from tests.processes.certification.office import Office
from tests.processes.certification.stages import at_conclusions, fields


def test_decisions_and_orders_come_from_a_meeting_and_not_from_people(office: Office) -> None:
    case = office.ready(office.submit())
    payload = {"decision": "grant", "protocol": "1"}
    for login in ("chair", "secretary", "ministry", "admin"):
        with pytest.raises(ForbiddenError):
            office.send(case, "council_decision", payload, office.actor(login))
    office.decide(case)
    with pytest.raises(ForbiddenError):
        office.send(
            case,
            "ministry_order",
            {"number": "1", "signed_on": "2026-01-12", "approved": True},
            office.actor("ministry"),
        )


def test_a_third_decision_and_an_order_of_tomorrow_are_refused(office: Office) -> None:
    case = office.ready(office.submit())
    with pytest.raises(InvalidError) as refused:
        office.send(case, "council_decision", {"decision": "postpone", "protocol": "1"})
    assert fields(refused) == {"payload.decision"}
    with pytest.raises(InvalidError) as refused:
        office.send(case, "council_decision", {"decision": "grant", "protocol": ""})
    assert fields(refused) == {"payload.protocol"}
    office.decide(case)
    with pytest.raises(InvalidError) as refused:
        office.order(case, signed_on="2026-01-13")
    assert fields(refused) == {"payload.signed_on"}


def test_no_decision_reaches_a_case_that_does_not_wait_for_it(office: Office) -> None:
    case = at_conclusions(office)
    with pytest.raises(RefusedError) as refused:
        office.decide(case)
    assert refused.value.slug_ == "not_waiting"


def test_a_certificate_is_signed_by_the_chair_or_whoever_acts_for_the_chair(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case)
    office.order(case)
    for login in ("secretary", "deputy", "member02", "ministry"):
        with pytest.raises(ForbiddenError):
            office.complete(case, "sign_certificate", login, {"confirm": True})
    office.substitute("chair", "deputy")
    with pytest.raises(ForbiddenError):
        office.complete(case, "sign_certificate", "chair", {"confirm": True})
    office.complete(case, "sign_certificate", "deputy", {"confirm": True})
    signed = next(fact for fact in office.facts(case) if fact["kind"] == "certificate.signed")
    assert (signed["actor"], signed["on_behalf_of"]) == ("deputy", "chair")


def test_there_is_no_certificate_before_the_order(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case)
    assert office.case(case)["at"] == ["await_ministry_order"]
    assert not office.tasks(case, "sign_certificate")


def test_a_drawing_that_forgets_the_order_neither_certifies_nor_refuses(office: Office) -> None:
    def why_not(case: str, change: Callable[[Call, Mapping[str, Any]], Any], data: Mapping[str, Any]) -> str:
        chair = office.actor("chair")
        with office.runtime.transaction() as tx:
            row = cases.locked(tx, case)
            call = Call(tx, chair, None, tx.runtime.definitions.get(tx, row["definition"]), row, "drawn_otherwise")
            with pytest.raises(ConflictError) as refused:
                change(call, data)
        return refused.value.slug_

    granted, refused = office.ready(office.submit()), office.ready(office.submit())
    assert why_not(granted, acts.sign_certificate, {"confirm": True}) == "no_decision"
    office.decide(granted)
    office.decide(refused, "refuse")
    assert why_not(granted, acts.sign_certificate, {"confirm": True}) == "no_order"
    assert why_not(refused, acts.sign_certificate, {"confirm": True}) == "no_decision"
    assert why_not(refused, acts.send_refusal, {"recommendations": ["Дополнить план."]}) == "no_order"


def test_a_refusal_without_recommendations_is_not_sent(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case, "refuse")
    office.order(case)
    for given in ([], ["  "]):
        with pytest.raises(InvalidError) as refused:
            office.complete(case, "send_refusal", "secretary", {"recommendations": given})
        assert {name.split(".")[0] for name in fields(refused)} == {"recommendations"}


def at_publication(office: Office) -> str:
    case = office.ready(office.submit())
    office.decide(case)
    office.order(case)
    office.complete(case, "sign_certificate", "chair", {"confirm": True})
    return case


def test_an_entry_with_a_blank_field_is_not_published(office: Office) -> None:
    case = at_publication(office)
    with office.runtime.transaction() as tx:
        row = applications.of_case(tx.connection, case)
        assert row is not None
        data = {**row["data"], "depository": {**row["data"]["depository"], "direction": "", "audience": []}}
        tx.connection.execute(application.update().where(application.c.case == case).values(data=data))
    with pytest.raises(InvalidError) as refused:
        office.complete(
            case, "publish_to_depository", "secretary", {"confirm": True, "fields": {"direction": "Физика"}}
        )
    assert fields(refused) == {"fields.audience"}
    filled = {"direction": "Физика", "audience": ["учителя физики"]}
    office.complete(case, "publish_to_depository", "secretary", {"confirm": True, "fields": filled})
    assert office.case(case)["at"] == ["certificate_in_force"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"confirm": False, "fields": {}}, "confirm"),
        ({"confirm": True, "fields": {"level": "excellent"}}, "fields.level"),
    ],
)
def test_an_entry_is_confirmed_and_its_level_is_one_of_three(office: Office, data: Any, field: str) -> None:
    case = at_publication(office)
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "publish_to_depository", "secretary", data)
    assert fields(refused) == {field}


@pytest.mark.parametrize("login", ["secretary", "chair", "applicant1", "admin"])
def test_a_revocation_comes_from_the_ministry_by_an_order(office: Office, login: str) -> None:
    case = office.ready(office.submit())
    office.certify(case)
    payload = {"order": "77", "signed_on": "2026-01-12", "reason": "решение совета"}
    with pytest.raises(ForbiddenError):
        office.send(case, "certificate_revoked", payload, office.actor(login))
    wrong = {**payload, "order": "", "signed_on": "2026-01-11"}
    with pytest.raises(InvalidError) as refused:
        office.send(case, "certificate_revoked", wrong, office.actor("ministry"))
    assert fields(refused) == {"payload.order", "payload.signed_on"}
