"""What the regulation forbids is refused with the field and the remedy named, and the history keeps the refusal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine import cases, history, inbox
from engine.cases import complete
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, RefusedError
from processes.certification import access, use_cases
from processes.certification.records import reviews
from processes.council.model import Disclosure
from processes.council.records import library, people
from processes.council.records.tables import council_document
from tests.processes.certification.office import EXPERTS, Office, conclusion, technical


def at_experts(office: Office, **changes: Any) -> str:
    case = office.submit(**changes)
    office.register(case)
    office.review(case)
    return case


def at_conclusions(office: Office) -> str:
    case = at_experts(office)
    office.appoint(case)
    for login in EXPERTS:
        office.conclude(case, login)
    return case


def fields(refused: pytest.ExceptionInfo[InvalidError]) -> set[str]:
    return set(refused.value.errors)


def test_registration_needs_three_copies_or_a_reason(office: Office) -> None:
    case = office.submit()
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "register_application", "secretary", {"accepted": True, "copies": 2})
    assert fields(refused) == {"copies"}
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "register_application", "secretary", {"accepted": False, "reason": "  "})
    assert fields(refused) == {"reason"}


def test_registration_cannot_be_back_dated(office: Office) -> None:
    case = office.submit()
    data = {"accepted": True, "copies": 3, "registered_on": "2025-12-31"}
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "register_application", "secretary", data)
    assert fields(refused) == {"registered_on"}
    office.register(case)
    assert office.case(case)["data"]["registration"]["registered_on"] == "2026-01-12"


def test_only_the_secretary_registers_and_only_the_chair_appoints(office: Office) -> None:
    case = office.submit()
    for login in ("chair", "member02", "deputy", "ministry"):
        with pytest.raises(ForbiddenError):
            office.complete(case, "register_application", login, {"accepted": True, "copies": 3})
    office.register(case)
    office.review(case)
    for login in ("secretary", "deputy", "member02"):
        with pytest.raises(ForbiddenError):
            office.complete(case, "appoint_experts", login, {"experts": EXPERTS})


def test_every_row_of_the_technical_review_is_marked_and_every_failed_one_explained(office: Office) -> None:
    case = office.submit()
    office.register(case)
    form = technical({"T05": ""})
    del form["marks"]["T17"]
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "technical_review", "secretary", form)
    assert "marks.T17" in fields(refused)
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "technical_review", "secretary", {**technical({"T05": "x"}), "comments": {}})
    assert fields(refused) == {"comments.T05"}


@pytest.mark.parametrize(
    ("logins", "words"),
    [
        (["member02", "member03"], "ровно трёх"),
        (["member02", "member03", "member04", "member05"], "ровно трёх"),
        (["member02", "member02", "member03"], "разными"),
        (["member02", "member03", "ministry"], "не входит в состав"),
        (["member02", "member03", "nobody"], "не входит в состав"),
        (["member02", "member03", "chair"], "экспертами не назначаются"),
        (["deputy", "member03", "member04"], "экспертами не назначаются"),
        (["member02", "secretary", "member04"], "экспертами не назначаются"),
    ],
)
def test_exactly_three_different_members_are_appointed(office: Office, logins: list[str], words: str) -> None:
    case = at_experts(office)
    with pytest.raises(InvalidError) as refused:
        office.appoint(case, logins)
    assert fields(refused) == {"experts"}
    assert words in refused.value.errors["experts"][0]
    assert office.kinds(case)[-1] == "act.refused"


def check_conflict(office: Office, case: str, login: str, field: str = "experts") -> None:
    with pytest.raises(InvalidError) as refused:
        office.appoint(case, [login, "member03", "member04"])
    assert refused.value.slug_ == "conflict_of_interest"
    assert login in refused.value.message
    assert login in refused.value.errors[field][0]


def test_an_expert_does_not_judge_the_own_employer(office: Office) -> None:
    check_conflict(office, at_experts(office), "member01")


def test_an_expert_does_not_judge_an_own_programme(office: Office) -> None:
    authors = [{"name": "Макетов И.Л.", "position": "доцент", "degree": "", "rank": ""}]
    check_conflict(office, at_experts(office, authors=authors), "member02")


def test_an_expert_does_not_judge_where_the_employer_is_a_practice_base(office: Office) -> None:
    check_conflict(office, at_experts(office, practice_bases=["Университет «Эталон-Демо»"]), "member02")


def test_an_expert_of_a_branch_does_not_judge_where_the_parent_is_a_practice_base(office: Office) -> None:
    check_conflict(office, at_experts(office, practice_bases=["университет «эталон-демо», корпус 2"]), "member10")


def test_a_declared_relation_forbids_and_a_past_employment_is_only_shown(office: Office) -> None:
    case = at_experts(office)
    with office.runtime.transaction() as tx:
        people.add_disclosure(tx.connection, Disclosure("member02", "2399000026", "relative"), at=tx.now)
        people.add_disclosure(tx.connection, Disclosure("member03", "2399000026", "past_employment"), at=tx.now)
    check_conflict(office, case, "member02")
    pool = {e["login"]: e for e in office.shown(case, "appoint_experts", "chair")["pool"]}
    assert pool["member03"]["eligible"]
    assert pool["member03"]["conflict"] == {
        "kind": "past_employment",
        "reason": "раньше работал у заявителя",
        "blocking": False,
    }
    office.appoint(case, ["member03", "member04", "member05"])


def test_the_pool_shows_load_conflict_and_whom_to_appoint(office: Office) -> None:
    office.ready(office.submit())
    case = at_experts(office)
    pool = {
        e["login"]: e for e in office.act("chair", lambda tx, actor: use_cases.expert_pool_of(tx, case, actor=actor))
    }
    assert len(pool) == 24
    assert (pool["member02"]["recent"], pool["member02"]["active"], pool["member02"]["days_since"]) == (1, 0, 0)
    assert pool["member01"]["conflict"]["kind"] == "employer"
    assert not pool["member01"]["eligible"]
    assert not pool["chair"]["eligible"]
    assert [e["login"] for e in pool.values() if e["suggested"]] == ["member05", "member06", "member21"]
    with pytest.raises(ForbiddenError):
        office.act("member02", lambda tx, actor: use_cases.expert_pool_of(tx, case, actor=actor))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"declaration": {"no_conflict": False}}, "declaration.no_conflict"),
        ({"comments": {}}, "comments.E01"),
        ({"verdict": "does_not_conform"}, "verdict_reason"),
    ],
)
def test_a_conclusion_that_breaks_a_rule_is_not_filed(office: Office, change: Mapping[str, Any], field: str) -> None:
    case = at_experts(office)
    office.appoint(case)
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "expert_review", "member02", {**conclusion(minuses=6), **change})
    assert field in fields(refused)
    assert {name.split(".")[0] for name in fields(refused)} == {field.split(".", maxsplit=1)[0]}


def test_eighteen_of_twenty_four_conform_and_seventeen_do_not(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    with pytest.raises(InvalidError) as refused:
        office.conclude(case, "member02", minuses=7, verdict="conforms")
    assert fields(refused) == {"verdict_reason"}
    office.conclude(case, "member02", minuses=6, verdict="conforms")
    office.conclude(case, "member03", minuses=7, verdict="conforms", verdict_reason="недочёты устранимы")


def test_an_expert_files_only_the_own_conclusion_and_only_once(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    task = office.task(case, "expert_review", "member02")["id"]
    with pytest.raises(ForbiddenError):
        office.act("member03", lambda tx, actor: complete(tx, task, conclusion(), actor=actor))
    office.conclude(case, "member02")
    with pytest.raises(ConflictError) as refused:
        office.act("member02", lambda tx, actor: complete(tx, task, conclusion(), actor=actor))
    assert refused.value.slug_ == "already_done"


def test_the_chair_frees_a_seat_only_after_the_term(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    with pytest.raises(ForbiddenError):
        office.decline(case, "member02", "chair", "не отвечает")
    with pytest.raises(ForbiddenError):
        office.decline(case, "member02", "secretary", "не отвечает")
    office.move_to(datetime(2026, 1, 27, 6, 0, tzinfo=UTC))
    office.decline(case, "member02", "chair", "не отвечает")
    assert office.task(case, "replace_expert")


@pytest.mark.parametrize("login", ["member02", "member03", "member01", "chair", "nobody"])
def test_a_replacement_keeps_the_rules_of_an_appointment(office: Office, login: str) -> None:
    case = at_experts(office)
    office.appoint(case)
    office.decline(case, "member02", "member02")
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "replace_expert", "chair", {"expert": login})
    assert fields(refused) == {"expert"}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"approve": False, "return_to": ["member05"], "reason": "x"}, "return_to"),
        ({"approve": False, "return_to": [], "reason": "x"}, "return_to"),
        ({"approve": False, "return_to": ["member02"], "reason": " "}, "reason"),
    ],
)
def test_a_return_names_experts_who_have_filed_and_says_why(office: Office, data: Any, field: str) -> None:
    case = at_conclusions(office)
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "approve_conclusions", "chair", data)
    assert field in fields(refused)


def test_one_experts_conclusion_goes_back_once(office: Office) -> None:
    case = at_conclusions(office)
    back = {"approve": False, "return_to": ["member02"], "reason": "поясните"}
    office.complete(case, "approve_conclusions", "chair", back)
    office.conclude(case, "member02")
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "approve_conclusions", "chair", back)
    assert fields(refused) == {"return_to"}
    office.complete(case, "approve_conclusions", "chair", {**back, "return_to": ["member03"]})


def test_nobody_approves_the_own_conclusion(office: Office) -> None:
    case = at_conclusions(office)
    office.substitute("chair", "member02")
    with pytest.raises(ForbiddenError) as refused:
        office.complete(case, "approve_conclusions", "member02", {"approve": True})
    assert refused.value.slug_ == "own_conclusion"


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


def test_a_refusal_without_recommendations_is_not_sent(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case, "refuse")
    office.order(case)
    for given in ([], ["  "]):
        with pytest.raises(InvalidError):
            office.complete(case, "send_refusal", "secretary", {"recommendations": given})


def test_an_entry_with_a_blank_field_is_not_published(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case)
    office.order(case)
    office.complete(case, "sign_certificate", "chair", {"confirm": True})
    with pytest.raises(InvalidError):
        office.complete(case, "publish_to_depository", "secretary", {"confirm": False, "fields": {}})
    with pytest.raises(InvalidError):
        office.complete(case, "publish_to_depository", "secretary", {"confirm": True, "fields": {"level": "excellent"}})


@pytest.mark.parametrize("login", ["secretary", "chair", "applicant1", "admin"])
def test_a_revocation_comes_from_the_ministry_by_an_order(office: Office, login: str) -> None:
    case = office.ready(office.submit())
    office.certify(case)
    payload = {"order": "77", "signed_on": "2026-01-12", "reason": "решение совета"}
    with pytest.raises(ForbiddenError):
        office.send(case, "certificate_revoked", payload, office.actor(login))
    with pytest.raises(InvalidError) as refused:
        office.send(case, "certificate_revoked", {**payload, "order": ""}, office.actor("ministry"))
    assert fields(refused) == {"payload.order"}


def test_only_the_applicant_takes_an_application_back(office: Office) -> None:
    case = office.submit()
    with pytest.raises(NotFoundError):
        office.withdraw(case, "applicant2")
    with pytest.raises(ForbiddenError):
        office.withdraw(case, "secretary")
    with pytest.raises(InvalidError):
        office.withdraw(case, reason=" ")
    assert office.case(case)["state"] == "active"


def test_an_expert_opens_the_files_after_declaring_to_be_free_of_conflict(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    application = office.case(case)["data"]["application"]
    shown = office.read(lambda tx: use_cases.get_application(tx, application, office.actor("secretary")))
    file = shown["files"][0]["id"]

    def read(login: str) -> Any:
        return office.act(login, lambda tx, actor: use_cases.read_file(tx, application, file, actor))

    with pytest.raises(ForbiddenError) as refused:
        read("member02")
    assert refused.value.slug_ == "declaration_required"
    with pytest.raises(ForbiddenError):
        office.act("member02", lambda tx, actor: use_cases.read_document(tx, file, actor))
    task = office.task(case, "expert_review", "member02")["id"]
    draft = {"declaration": {"no_conflict": True}}
    office.act("member02", lambda tx, actor: inbox.save_draft(tx, task, draft, actor=actor))
    row, content = read("member02")
    assert content.startswith(b"%PDF")
    assert row["kind"] == "application"
    assert read("secretary")[1] == content
    with pytest.raises(NotFoundError):
        read("applicant2")


def test_an_expert_who_does_not_meet_the_requirements_is_not_appointed(office: Office) -> None:
    case = at_experts(office)
    with office.runtime.transaction() as tx:
        person = people.find_person(tx.connection, "member02")
        assert person is not None
        people.save_person(tx.connection, replace(person, meets_requirements=False))
    with pytest.raises(InvalidError) as refused:
        office.appoint(case)
    assert "не отвечает требованиям" in refused.value.errors["experts"][0]


def test_no_conclusion_is_filed_on_a_form_that_the_council_has_not_approved(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    with office.runtime.transaction() as tx:
        tx.connection.execute(council_document.delete().where(council_document.c.kind == "form"))
    with pytest.raises(ConflictError) as refused:
        office.conclude(case, "member02")
    assert refused.value.slug_ == "form_not_approved"


def test_one_version_of_the_form_serves_all_three_experts(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    office.conclude(case, "member02")
    office.move_to(datetime(2026, 1, 13, 6, 0, tzinfo=UTC))
    with office.runtime.transaction() as tx:
        day = date(2026, 1, 13)
        library.add_document(tx.connection, "form", "Новая", protocol="2", meeting=None, valid_from=day, at=tx.now)
    office.conclude(case, "member03")
    office.conclude(case, "member04")
    rows = office.read(lambda tx: reviews.conclusions_of(tx.connection, case))
    assert [row["form_version"] for row in rows] == [1, 1, 1]


def test_a_conclusion_is_its_experts_own_until_all_three_are_in(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    task = office.task(case, "expert_review", "member02")

    def sees(login: str) -> bool:
        return bool(office.act(login, lambda tx, actor: access.may_see_form(tx, task, actor)))

    office.conclude(case, "member02")
    assert [sees(login) for login in ("member02", "member03", "chair")] == [True, False, False]
    shown = office.shown(case, "expert_review", "member03")
    assert "previous" not in shown
    assert "conclusions" not in shown
    office.conclude(case, "member03")
    office.conclude(case, "member04")
    assert [sees(login) for login in ("member02", "member03", "chair", "applicant1")] == [True, True, True, False]
    assert [set(one) for one in office.case(case)["data"]["conclusions"].values()] == [{"id"}] * 3


def test_a_returned_conclusion_is_its_experts_own_until_it_is_in_again(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    for login in ("member02", "member03", "member04"):
        office.conclude(case, login)
    first = told_to(office, case, "chair")
    assert {"conforms", "24", "+"} <= first
    back = {"approve": False, "return_to": ["member02", "member03"], "reason": "Поясните E05."}
    office.complete(case, "approve_conclusions", "chair", back)
    task = office.task(case, "expert_review", "member02")
    office.conclude(case, "member02", minuses=7)
    for login in ("member03", "chair", "secretary"):
        assert told_to(office, case, login) == first | {"Поясните E05."}
        assert not office.act(login, lambda tx, actor: access.may_see_form(tx, task, actor))
    assert "17" in told_to(office, case, "member02")
    office.conclude(case, "member03")
    assert "17" in told_to(office, case, "chair")


def told_to(office: Office, case: str, login: str) -> set[str]:
    """The texts that a person reads in a case's history, but for names of programmes and letters."""

    def ask(tx: Any, actor: Any) -> Any:
        page = history.read(tx, case, limit=1000)
        return access.shown_history(tx, cases.get_case(tx, case, actor), page, actor)

    page = office.act(login, ask)
    verdicts = [text["text"] for text in page["texts"].values()]
    return {text for text in verdicts if text in {"+", "-", "17", "24", "conforms", "Поясните E05."}}


def test_what_is_wrong_with_a_conclusion_is_told_to_its_expert_alone(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    data = {**conclusion(20), "verdict": "conforms"}
    data["comments"].pop("E03")
    with pytest.raises(InvalidError):
        office.complete(case, "expert_review", "member02", data)
    for login, sees in (("member02", True), ("member03", False), ("chair", False), ("applicant1", False)):
        page = office.act(
            login,
            lambda tx, actor: access.shown_history(
                tx, cases.get_case(tx, case, actor), history.read(tx, case, limit=1000), actor
            ),
        )
        refused = [event for event in page["items"] if event["kind"] == "act.refused"]
        assert len(refused) == 1
        assert "comments.E03" not in str(refused)
        assert ("comments.E03" in {text["text"] for text in page["texts"].values()}) is sees


def test_what_is_done_for_another_says_for_whom(office: Office) -> None:
    office.substitute("secretary", "member05")
    case = office.submit()
    office.complete(case, "register_application", "member05", {"accepted": True, "copies": 3})
    row = office.read(lambda tx: reviews.find_registration(tx.connection, case))
    assert (row["by"], row["on_behalf_of"]) == ("member05", "secretary")
    with pytest.raises(ForbiddenError):
        office.complete(case, "technical_review", "secretary", technical({}))
