"""Who reads the files and the conclusions of a case, and from when on (2.7, 4.6; M-4, P-12)."""

from typing import Any

import pytest

from engine import cases, history, inbox
from engine.errors import ForbiddenError, InvalidError, NotFoundError
from processes.certification import access, use_cases
from tests.processes.certification.office import Office, conclusion
from tests.processes.certification.stages import at_experts


def test_an_expert_opens_the_files_after_declaring_to_be_free_of_conflict(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    application = office.case(case)["data"]["application"]
    shown = office.read(lambda tx: use_cases.get_application(tx, application, office.actor("secretary")))
    file = shown["files"][0]["id"]

    def read(login: str) -> Any:
        return office.act(login, lambda tx, actor: use_cases.open_file(tx, application, file, actor))

    with pytest.raises(ForbiddenError) as refused:
        read("member02")
    assert refused.value.slug_ == "declaration_required"
    with pytest.raises(ForbiddenError):
        office.act("member02", lambda tx, actor: use_cases.read_document(tx, file, actor))
    task = office.task(case, "expert_review", "member02")["id"]
    draft = {"declaration": {"no_conflict": True}}
    office.act("member02", lambda tx, actor: inbox.save_draft(tx, task, draft, actor=actor))
    row, content = read("member02")
    _row, same = read("secretary")
    with content, same:
        found = content.read()
        assert found.startswith(b"%PDF")
        assert same.read() == found
    assert row["kind"] == "application"
    with pytest.raises(NotFoundError):
        read("applicant2")


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


def test_the_applicant_reads_the_conclusions_when_the_council_has_decided(office: Office) -> None:
    case = office.ready(office.submit())

    def listed(login: str) -> list[str]:
        def ask(tx: Any, actor: Any) -> Any:
            return access.list_documents(tx, cases.get_case(tx, case, actor), actor)

        return [row["id"] for row in office.act(login, ask) if row["kind"] == "conclusion"]

    papers = listed("secretary")
    assert len(papers) == 3
    assert listed("applicant1") == []
    for paper in papers:
        with pytest.raises(ForbiddenError):
            office.act("applicant1", lambda tx, actor, paper=paper: use_cases.read_document(tx, paper, actor))
    office.decide(case, "refuse")
    assert listed("applicant1") == papers
    row, content = office.act("applicant1", lambda tx, actor: use_cases.read_document(tx, papers[0], actor))
    assert (row["kind"], content[:5]) == ("conclusion", b"%PDF-")


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
