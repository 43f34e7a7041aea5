"""What a certification files on paper on its way, and that the history names each file (clauses 4.5-4.16)."""

from engine.documents import documents_of, read_content
from processes.certification import events
from tests.processes.certification.office import Office
from tests.processes.papers.reading import says


def papers(office: Office, case: str) -> dict[str, bytes]:
    """The contents of what was issued in a case, by kind; of several of a kind the last."""
    read: dict[str, bytes] = office.read(
        lambda tx: {row["kind"]: read_content(tx, row) for row in documents_of(tx, case=case) if not row["holder"]}
    )
    return read


def test_a_certified_programme_leaves_every_paper_as_pdf_and_the_history_names_them(office: Office) -> None:
    case = office.ready(office.submit())
    number = office.certify(case)
    found = papers(office, case)
    assert set(found) == {"application_form", "technical_review", "appointment", "conclusion", "certificate"}
    assert all(content.startswith(b"%PDF-") for content in found.values())
    rows = office.read(lambda tx: documents_of(tx, case=case))
    told = {
        f["data"]["document"]: f["data"]["sha256"] for f in office.facts(case) if f["kind"] == events.DOCUMENT_FILED
    }
    assert told == {row["id"]: row["sha256"] for row in rows if not row["holder"]}
    assert {row["media_type"] for row in rows if row["id"] in told} == {"application/pdf"}
    assert {row["name"] for row in rows if row["id"] in told} == {
        "Заявка на участие в сертификации Вх-2026-0001 от 12.01.2026.pdf",
        "Техническая экспертиза КЭС-2026-0001 от 12.01.2026.pdf",
        "Назначение экспертов КЭС-2026-0001 от 12.01.2026.pdf",
        *(f"Заключение эксперта {n} из 3 КЭС-2026-0001 от 12.01.2026.pdf" for n in (1, 2, 3)),
        f"Сертификат {number} от 12.01.2026.pdf",
    }
    assert says(found["certificate"], f"№ {number}", "http://127.0.0.1:8000/certificates/" + number, "Формирующее")
    assert says(found["appointment"], "Макетов Игнат Львович", "РЕШЕНИЕ ПРЕДСЕДАТЕЛЯ")


def test_a_failed_technical_review_leaves_a_notice_with_each_reason(office: Office) -> None:
    case = office.submit()
    office.register(case)
    office.review(case, {"T05": "Не указаны авторы."})
    assert says(papers(office, case)["notice_not_considered"], "УВЕДОМЛЕНИЕ", "Не указаны авторы.", "Авторы программы")


def test_a_refusal_leaves_a_letter_with_the_recommendations(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case, "refuse")
    office.order(case)
    office.complete(case, "send_refusal", "secretary", {"recommendations": ["Добавьте практику."]})
    assert says(papers(office, case)["refusal"], "ОТКАЗ В СЕРТИФИКАЦИИ", "Добавьте практику.")


def test_a_certificate_signed_within_a_substitution_says_for_whom(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case)
    office.order(case)
    office.substitute("chair", "deputy")
    office.complete(case, "sign_certificate", "deputy", {"confirm": True})
    assert says(papers(office, case)["certificate"], "И. о. председателя", "за: М.А. Главов;")
