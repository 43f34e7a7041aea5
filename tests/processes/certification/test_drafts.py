"""Drafts saved in parts, filed again with answers, and how far a submitted one has come (4.3, 4.17, 1.5)."""

from typing import Any

import pytest

from engine.errors import ConflictError
from processes.certification import use_cases
from processes.certification.progress import Progress, progress_of
from tests.processes.certification.office import Office


def view(office: Office, draft: str) -> dict[str, Any]:
    found: dict[str, Any] = office.read(lambda tx: use_cases.get_application(tx, draft, office.actor("applicant1")))
    return found


def save(office: Office, draft: str, parts: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = office.act(
        "applicant1", lambda tx, actor: use_cases.save_parts(tx, draft, parts, actor=actor)
    )
    return found


def state(office: Office, case: str) -> Progress:
    found: Progress = office.read(lambda tx: progress_of(tx, office.case(case), office.actor("applicant1")))
    return found


def rungs(found: Progress) -> dict[str, str]:
    return {rung.key: rung.state for rung in found.rungs}


def test_a_step_is_saved_without_touching_the_others(office: Office) -> None:
    draft = office.draft()
    assert save(office, draft, {"head.last_name": "Иной", "level": None}) == {}
    told = view(office, draft)
    assert told["head"] == {"last_name": "Иной", "first_name": "Пётр", "patronymic": ""}
    assert told["missing"][0] == "level"
    assert told["plan"]


def test_one_mistyped_field_loses_nothing_of_the_others(office: Office) -> None:
    draft = office.draft()
    row = {"module": "Новый", "lecture_hours": "много", "practice_hours": 20}
    wrong = save(office, draft, {"plan": [row], "license.valid_until": "завтра", "license.number": "Л-2"})
    assert set(wrong) == {"plan.0.lecture_hours", "license.valid_until"}
    told = view(office, draft)
    assert told["plan"] == [{"module": "Новый", "practice_hours": 20}]
    assert told["license"] == {"number": "Л-2", "valid_until": "indefinite"}


def test_another_organisations_inn_is_not_saved_and_a_submitted_application_not_at_all(office: Office) -> None:
    draft = office.draft(files=("application", "license_copy", "programme"))
    assert set(save(office, draft, {"organization.inn": "2399000033"})) == {"organization.inn"}
    assert view(office, draft)["organization"]["inn"] != "2399000033"
    office.act("applicant1", lambda tx, actor: use_cases.submit(tx, draft, actor=actor))
    with pytest.raises(ConflictError):
        save(office, draft, {"legal_form": "иная"})


def test_a_new_application_begins_with_what_the_organisation_told_last(office: Office) -> None:
    office.draft()
    known = office.read(lambda tx: use_cases.known_before(tx, office.actor("applicant1")))
    assert known["registered"]["place"] == "Краснодар"
    assert "programme_title" not in known
    assert office.read(lambda tx: use_cases.known_before(tx, office.actor("applicant2"))) == {}


def test_after_a_refusal_each_remark_comes_along_to_be_answered(office: Office) -> None:
    case = office.submit()
    office.register(case)
    office.review(case, {"T05": "Назовите авторов.", "K4": "Два экземпляра."})
    before = office.case(case)["data"]["application"]
    made = office.act("applicant1", lambda tx, actor: use_cases.start_again(tx, before, actor=actor))
    assert made["previous_case"] == case
    assert {row["remark"] for row in made["remedies"]} == {"Назовите авторов.", "Два экземпляра."}
    assert len(made["warnings"]) == 2
    assert made["files"] == []
    answers = [{"remark": row["remark"], "how_fixed": "Исправлено, с. 2"} for row in made["remedies"]]
    save(office, made["id"], {"remedies": answers})
    assert view(office, made["id"])["warnings"] == []


def test_choosing_a_previous_case_brings_its_remarks(office: Office) -> None:
    case = office.submit()
    office.complete(case, "register_application", "secretary", {"accepted": False, "reason": "Нет подписи."})
    draft = office.draft()
    save(office, draft, {"previous_case": case, "remedies": None})
    assert view(office, draft)["remedies"] == [{"remark": "Нет подписи."}]


def test_a_running_case_is_not_filed_again(office: Office) -> None:
    before = office.case(office.submit())["data"]["application"]
    with pytest.raises(ConflictError) as refused:
        office.act("applicant1", lambda tx, actor: use_cases.start_again(tx, before, actor=actor))
    assert refused.value.slug_ == "not_ended"


def test_the_ladder_follows_the_case(office: Office) -> None:
    case = office.submit()
    assert rungs(state(office, case))["registration"] == "current"
    office.register(case)
    found = state(office, case)
    assert rungs(found)["registration"] == "done"
    assert rungs(found)["technical"] == "current"
    assert found.current is not None
    assert found.current.begun is not None
    office.review(case)
    office.appoint(case)
    assert rungs(state(office, case))["review"] == "current"


def test_the_ladder_ends_with_the_certificate_or_where_the_case_stopped(office: Office) -> None:
    granted = office.ready(office.submit())
    office.certify(granted)
    found = state(office, granted)
    assert rungs(found)["in_force"] == "current"
    assert found.decision == "grant"
    assert found.certificate is not None
    failed = office.submit()
    office.register(failed)
    office.review(failed, {"T05": "Назовите авторов."})
    assert rungs(state(office, failed))["technical"] == "ended"
    assert rungs(state(office, failed))["review"] == "ahead"
    taken = office.submit()
    assert state(office, taken).may_withdraw
    office.withdraw(taken)
    assert rungs(state(office, taken))["registration"] == "ended"
    assert not state(office, taken).may_withdraw


def test_leave_to_publish_stands_in_the_history_and_before_the_secretary(office: Office) -> None:
    draft = office.draft(files=("application", "license_copy", "programme"))
    case = office.act("applicant1", lambda tx, actor: use_cases.submit(tx, draft, actor=actor, has_consented=True))
    told = next(fact for fact in office.facts(case["id"]) if fact["kind"] == "application.submitted")
    assert told["data"]["consent"] == {"publication": True}


def test_answers_are_shown_to_the_secretary(office: Office) -> None:
    first = office.submit()
    office.register(first)
    office.review(first, {"T05": "Назовите авторов."})
    answers = [{"remark": "Назовите авторов.", "how_fixed": "Названы на титуле"}]
    again = office.submit(previous_case=first, remedies=answers)
    for element in ("register_application", "technical_review"):
        shown = office.shown(again, element, "secretary")
        assert shown["remedies"] == answers
        assert shown["previous_case"] == first
        if element == "register_application":
            office.register(again)
