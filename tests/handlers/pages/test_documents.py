"""A document's page: requisites, signatures of every kind told for what they are, the proof, the inventory."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from handlers.verification import verify_one
from tests.handlers.demo_house import TECHNICAL, DemoHouse
from tests.handlers.pages.person import Person

DEMO_FORM = "form[action$='/demo-signature']"
FILE_FORM = "form[action$='/signatures']"
SIMPLE = "часть 2 статьи 5 Федерального закона от 06.04.2011 № 63-ФЗ). Квалифицированной подписью не является."


@pytest.fixture
def case(demo: DemoHouse) -> dict[str, Any]:
    """A case whose technical review is signed."""
    made = demo.submit()
    demo.complete("secretary", made["id"], "register_application", {"accepted": True, "copies": 3})
    demo.complete("secretary", made["id"], "technical_review", TECHNICAL)
    return made


def document_of(demo: DemoHouse, case: dict[str, Any], kind: str) -> dict[str, Any]:
    items = demo.get("secretary", f"/cases/{case['id']}/documents")["items"]
    found: dict[str, Any] = next(item for item in items if item["kind"] == kind)
    return found


def hashes_of(page: BeautifulSoup) -> list[str]:
    return [code.get_text() for code in page.select("code.hash")]


def test_a_document_tells_its_requisites_its_simple_signature_and_that_it_agrees(
    demo: DemoHouse, case: dict[str, Any]
) -> None:
    document = document_of(demo, case, "technical_review")
    person = Person(demo, "applicant1")
    page = person.open(f"/documents/{document['id']}")
    assert person.reads("техническая экспертиза")
    assert person.reads("Кто составил Протоколова Нина Тихоновна")
    assert person.reads("Простая электронная подпись")
    assert person.reads(SIMPLE)
    assert document["sha256"] in hashes_of(page)
    assert page.select(FILE_FORM) == []
    picture = person.browser.get(str(page.select(".sheets img")[0]["src"]))
    assert picture.data.startswith(b"\x89PNG")
    assert person.browser.get(f"/documents/{document['id']}/pages/31.png").status_code == 404
    person.open(f"/documents/{document['id']}?check=1")
    assert person.reads("всё сходится")


def test_a_damaged_file_is_found_by_the_check(demo: DemoHouse, case: dict[str, Any]) -> None:
    document = document_of(demo, case, "technical_review")
    files = demo.context.runtime.files
    assert files is not None
    files.path(document["sha256"]).write_bytes(b"%PDF-1.7 another")
    person = Person(demo, "auditor")
    person.open(f"/documents/{document['id']}?check=1")
    assert person.reads("есть расхождение")
    assert person.reads("Файл в хранилище утрачен или имеет не тот хеш")


def test_a_demonstration_signature_says_so_and_stands_in_the_history(demo: DemoHouse, case: dict[str, Any]) -> None:
    document = document_of(demo, case, "technical_review")
    person = Person(demo, "secretary")
    person.open(f"/documents/{document['id']}")
    page = person.send(DEMO_FORM)
    assert person.reads("Подпись добавлена к документу.")
    assert person.reads("Демонстрационная подпись без юридической силы")
    assert person.reads("сделана именно для этого файла")
    assert person.reads("Демонстрационный удостоверяющий центр")
    told = demo.get("secretary", f"/cases/{case['id']}/history?limit=200")["items"]
    (fact,) = (event for event in told if event["kind"] == "document.signed")
    assert fact["data"]["sha256"] == document["sha256"]
    assert fact["data"]["kind"] == "demo"
    assert set(fact["data"]["signers"][0]["name"]) == {"ref", "digest"}
    link = page.select_one("#signatures a[href$='/file']")
    assert link is not None
    kept = person.browser.get(str(link["href"]))
    assert kept.headers["Content-Type"] == "application/pkcs7-signature"
    assert verify_one(demo.context.runtime, case["id"]) == []


def test_a_signature_file_is_kept_byte_for_byte_and_fits_one_document_only(
    demo: DemoHouse, case: dict[str, Any]
) -> None:
    document, other = (document_of(demo, case, kind) for kind in ("technical_review", "application_form"))
    signer = demo.context.signer
    assert signer is not None
    content = demo.ask("secretary", "GET", f"/documents/{document['id']}").data
    with demo.context.runtime.reading() as tx:
        signature = signer.sign(content, name="Протоколова Нина Тихоновна", at=tx.now)
    person = Person(demo, "secretary")
    person.open(f"/documents/{other['id']}")
    person.attach(FILE_FORM, "", "подпись.sig", signature)
    assert person.status == 422
    assert person.reads("сделана для другого файла")
    person.open(f"/documents/{document['id']}")
    page = person.attach(FILE_FORM, "", "подпись.sig", signature)
    assert person.reads("Файл подписи (CMS)")
    assert person.reads("Служба не устанавливает вид этой подписи")
    link = page.select_one("#signatures a[href$='/file']")
    assert link is not None
    assert link.get_text().strip() == "подпись.sig"
    assert person.browser.get(str(link["href"])).data == signature
    person.attach(FILE_FORM, "", "подпись.sig", signature)
    assert person.status == 409
    assert verify_one(demo.context.runtime, case["id"]) == []


def test_only_those_who_may_sign_a_document_and_others_do_not_find_it(demo: DemoHouse, case: dict[str, Any]) -> None:
    document = document_of(demo, case, "technical_review")
    member = Person(demo, "member05")
    page = member.open(f"/documents/{document['id']}")
    assert page.select(FILE_FORM) == []
    token = page.select_one("input[name='csrf_token']")
    assert token is not None
    posted = member.browser.post(f"/documents/{document['id']}/demo-signature", data={"csrf_token": token["value"]})
    assert posted.status_code == 403
    told = demo.get("secretary", f"/cases/{case['id']}/history?limit=200")["items"]
    assert told[-1]["kind"] == "act.refused"
    stranger = Person(demo, "applicant2")
    for path in (f"/documents/{document['id']}", f"/cases/{case['id']}/documents"):
        stranger.open(path)
        assert stranger.status == 404


def test_the_inventory_lists_every_document_with_its_hash(demo: DemoHouse, case: dict[str, Any]) -> None:
    person = Person(demo, "applicant1")
    page = person.open(f"/cases/{case['id']}/documents")
    listed = demo.get("applicant1", f"/cases/{case['id']}/documents")["items"]
    assert hashes_of(page) == [item["sha256"] for item in listed]
    assert person.reads("Всего 5 документов.")
