"""The life of a case through the drawing: every end, every loop (clauses 4.3-4.17)."""

from datetime import UTC, datetime

import pytest

from engine.errors import ConflictError
from processes.certification import use_cases
from processes.council.records import agenda, appointments
from processes.depository import use_cases as depository
from tests.processes.certification.office import EXPERTS, Office


def test_a_certified_programme_stands_in_the_depository_for_three_years_and_then_leaves_it(office: Office) -> None:
    case = office.submit()
    assert office.case(case)["number"] == "Вх-2026-0001"
    office.ready(case)
    assert office.case(case)["number"] == "КЭС-2026-0001"
    number = office.certify(case)

    data = office.case(case)["data"]
    assert (data["signed_on"], data["valid_until"]) == ("2026-01-12", "2029-01-12")
    found = office.read(lambda tx: depository.search(tx, {}))["items"]
    assert [(item["title"], item["hours"], item["certificate"]["number"]) for item in found] == [
        ("Формирующее оценивание на уроке", 36, number)
    ]
    assert office.read(lambda tx: depository.find_certificate(tx, number))["status"] == "in_force"

    office.move_to(datetime(2029, 1, 12, 20, 59, tzinfo=UTC))
    assert office.case(case)["at"] == ["certificate_in_force"]
    office.move_to(datetime(2029, 1, 12, 21, 5, tzinfo=UTC))
    assert office.case(case)["at"] == ["confirm_removal"]
    assert office.read(lambda tx: depository.search(tx, {}))["total"] == 0
    assert office.read(lambda tx: depository.find_certificate(tx, number))["status"] == "expired"
    office.complete(case, "confirm_removal", "secretary", {"confirm": True})

    assert office.case(case)["end"] == "expired"
    assert [letter["subject"].rsplit(" ", 1)[1] for letter in office.letters(case, "certificate_expires")] == [
        "180",
        "90",
        "30",
    ]
    assert {"application.submitted", "application.registered", "experts.appointed", "conclusions.approved"} <= set(
        office.kinds(case)
    )


def test_a_refusal_goes_out_after_the_order_with_the_recommendations(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case, "refuse")
    office.order(case)
    office.complete(case, "send_refusal", "secretary", {"recommendations": ["Добавьте практику."]})

    assert office.case(case)["end"] == "refused"
    assert "1. Добавьте практику." in office.letters(case, "application_refused")[0]["body"]
    assert "application.refused" in office.kinds(case)


def test_a_package_that_is_not_accepted_ends_the_case_with_the_reason(office: Office) -> None:
    case = office.submit()
    office.complete(case, "register_application", "secretary", {"accepted": False, "reason": "нет печати"})
    assert office.case(case)["end"] == "not_accepted"
    assert "нет печати" in office.letters(case, "application_not_accepted")[0]["body"]


def test_failed_rows_reach_the_applicant_by_mail(office: Office) -> None:
    case = office.submit()
    office.register(case)
    office.review(case, {"T05": "Назовите авторов.", "T28": "Исправьте вёрстку.", "K4": "Два экземпляра."})
    assert office.case(case)["end"] == "not_considered"
    body = office.letters(case, "application_not_considered")[0]["body"]
    assert all(words in body for words in ("Назовите авторов.", "Исправьте вёрстку.", "Два экземпляра."))


def test_t24_may_be_left_as_not_applicable(office: Office) -> None:
    case = office.submit()
    office.register(case)
    office.review(case)
    assert office.case(case)["at"] == ["appoint_experts"]


def test_a_declined_seat_goes_to_another_expert_with_the_same_number(office: Office) -> None:
    case = office.submit()
    office.register(case)
    office.review(case)
    office.appoint(case)
    office.decline(case, "member03", "member03", "болен")
    assert "болен" in office.letters(case, "expert_declined")[0]["body"]
    office.complete(case, "replace_expert", "chair", {"expert": "member05"})
    for login in ("member02", "member05", "member04"):
        office.conclude(case, login)
    assert office.case(case)["at"] == ["approve_conclusions"]
    holders = office.read(lambda tx: appointments.holders_of(tx.connection, case))
    assert {seat: row["login"] for seat, row in holders.items()} == {1: "member02", 2: "member05", 3: "member04"}


def test_a_returned_conclusion_is_filed_again_and_the_others_stay(office: Office) -> None:
    case = office.submit()
    office.register(case)
    office.review(case)
    office.appoint(case)
    for login in EXPERTS:
        office.conclude(case, login)
    answer = {"approve": False, "return_to": ["member03"], "reason": "Поясните E05."}
    office.complete(case, "approve_conclusions", "chair", answer)
    shown = office.shown(case, "expert_review", "member03")
    assert shown["return_reason"] == "Поясните E05."
    assert shown["previous"]["verdict"] == "conforms"
    assert "Поясните E05." in office.letters(case, "conclusion_returned")[0]["body"]
    office.conclude(case, "member03", minuses=7)
    assert office.shown(case, "approve_conclusions", "chair")["conclusions"][1]["score"] == 17
    office.complete(case, "approve_conclusions", "chair", {"approve": True})
    assert office.case(case)["at"] == ["await_council_decision"]


def test_a_decision_not_adopted_leaves_the_case_waiting_for_another_meeting(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case, "not_adopted")
    assert office.case(case)["at"] == ["await_council_decision"]
    office.put_on_agenda(case)


def test_an_order_that_leaves_the_case_out_sends_it_back_to_an_agenda(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case)
    office.order(case, approved=False)
    assert office.case(case)["at"] == ["await_council_decision"]
    assert "order.without_case" in office.kinds(case)
    assert "не утверждено" in office.letters(case, "decision_not_approved")[0]["body"]
    office.put_on_agenda(case)


def test_a_revoked_certificate_leaves_the_depository_at_once(office: Office) -> None:
    case = office.ready(office.submit())
    number = office.certify(case)
    payload = {"order": "77", "signed_on": "2026-01-12", "reason": "решение совета"}
    office.send(case, "certificate_revoked", payload, office.actor("ministry"))
    assert office.read(lambda tx: depository.find_certificate(tx, number))["status"] == "revoked"
    told = office.letters(case, "depository_removed")[0]["body"]
    assert "отозван приказом министерства № 77 от 12.01.2026. Основание: решение совета." in told
    assert office.read(lambda tx: depository.search(tx, {}))["total"] == 0
    office.complete(case, "confirm_removal", "secretary", {"confirm": True})
    assert office.case(case)["end"] == "revoked"


@pytest.mark.parametrize(
    "stage", ["register_application", "technical_review", "appoint_experts", "content_review", "await_council_decision"]
)
def test_an_application_may_be_taken_back_until_voting_opens(office: Office, stage: str) -> None:
    case = office.submit()
    if stage == "await_council_decision":
        office.ready(case)
    else:
        steps = {
            "register_application": [],
            "technical_review": [office.register],
            "appoint_experts": [office.register, office.review],
            "content_review": [office.register, office.review, office.appoint],
        }
        for step in steps[stage]:
            step(case)
    office.withdraw(case)
    assert office.case(case)["end"] == "withdrawn"
    if stage == "content_review":
        assert len(office.letters(case, "expert_released")) == 3


def test_taking_back_strikes_the_item_from_the_agenda(office: Office) -> None:
    case = office.ready(office.submit())
    office.put_on_agenda(case)
    office.withdraw(case)
    assert office.read(lambda tx: agenda.items_of(tx.connection, "meeting-1"))[0]["state"] == "struck"
    with office.runtime.transaction() as tx:
        assert not agenda.open_voting(tx.connection, "meeting-1", 1, tx.now)


def test_once_voting_has_opened_the_application_stays_for_good(office: Office) -> None:
    case = office.ready(office.submit())
    office.put_on_agenda(case)
    with office.runtime.transaction() as tx:
        assert agenda.open_voting(tx.connection, "meeting-1", 1, tx.now)
    with pytest.raises(ConflictError) as refused:
        office.withdraw(case)
    assert refused.value.slug_ == "voting_opened"
    with office.runtime.transaction() as tx:
        agenda.close_item(tx.connection, "meeting-1", 1, state="unreached", outcome=None, decided=False, at=tx.now)
    office.put_on_agenda(case, "meeting-2")
    with pytest.raises(ConflictError):
        office.withdraw(case)
    assert "act.refused" in office.kinds(case)


def test_an_application_after_a_refusal_is_warned_of_unanswered_remarks_and_the_same_file(office: Office) -> None:
    first = office.ready(office.submit())
    office.decide(first, "refuse")
    office.order(first)
    office.complete(first, "send_refusal", "secretary", {"recommendations": ["Добавьте практику.", "Обновите список."]})
    again = office.draft(
        files=("application", "license_copy", "programme"),
        previous_case=first,
        remedies=[{"remark": "Добавьте практику.", "how_fixed": "добавлен модуль"}],
    )
    shown = office.read(lambda tx: use_cases.get_application(tx, again, office.actor("applicant1")))
    assert shown["warnings"] == [
        "Замечание прошлого рассмотрения осталось без ответа: Обновите список.",
        "Файл не изменился с прошлой подачи: programme.pdf",
    ]
    case = office.act("applicant1", lambda tx, actor: use_cases.submit(tx, again, actor=actor))
    assert case["state"] == "active"


def test_an_overdue_review_tells_the_chair(office: Office) -> None:
    case = office.submit()
    office.register(case)
    office.move_to(datetime(2026, 1, 16, 6, 0, tzinfo=UTC))
    assert [letter["login"] for letter in office.letters(case, "task_overdue")] == ["chair"]
    assert [letter["login"] for letter in office.letters(case, "task_reminder")] == ["secretary"]
    assert "task.overdue" in office.kinds(case)
