"""Comments, attachments and signature files over the API: the same acts as on the pages, the same refusals."""

import io
from typing import Any

from werkzeug.test import TestResponse

from tests.handlers.demo_house import PDF, DemoHouse


def send_file(
    demo: DemoHouse, login: str, path: str, content: bytes, name: str, *, key: str | None = None, **fields: str
) -> TestResponse:
    return demo.client().post(
        f"/api/v1{path}",
        data={**fields, "file": (io.BytesIO(content), name)},
        headers={**demo.headers(login), **({"Idempotency-Key": key} if key else {})},
    )


def refused(demo: DemoHouse, case: str) -> list[Any]:
    events = demo.get("auditor", f"/cases/{case}/history?limit=1000")["items"]
    return [(event["actor"], event["data"]["act"]) for event in events if event["kind"] == "act.refused"]


def test_a_comment_mentions_people_is_read_by_those_it_is_for_and_is_taken_back(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    path = f"/cases/{case}/comments"
    said = {"text": "@chair, посмотрите", "mentions": ["member02"]}
    first = demo.ask("secretary", "POST", path, said, {"Idempotency-Key": "one"})
    again = demo.ask("secretary", "POST", path, said, {"Idempotency-Key": "one"})
    assert (first.status_code, first.data) == (201, again.data)
    made: Any = first.json
    assert made["mentions"] == ["chair", "member02"]
    assert made["audience"] == "internal"
    assert {letter["kind"] for letter in demo.get("chair", f"/letters?case={case}")["items"]} >= {"mention"}
    demo.post("applicant1", path, {"text": "Когда решение?"}, 201)
    assert [row["text"] for row in demo.get("applicant1", path)["items"]] == ["Когда решение?"]
    assert len(demo.get("chair", path)["items"]) == 2

    assert "text" in demo.post("secretary", path, {"text": " "}, 422)["errors"]
    assert "mentions" in demo.post("secretary", path, {"text": "@nobody"}, 422)["errors"]
    assert "audience" in demo.post("secretary", path, {"text": "а", "audience": "all"}, 422)["errors"]
    assert "task" in demo.post("secretary", path, {"text": "а", "task": "nothing"}, 422)["errors"]
    demo.post("auditor", path, {"text": "Непорядок."}, 403)
    demo.post("applicant2", path, {"text": "А что у соседей?"}, 404)
    demo.post("applicant1", f"/comments/{made['id']}/withdraw", None, 404)
    demo.post("chair", f"/comments/{made['id']}/withdraw", None, 403)
    assert demo.post("secretary", f"/comments/{made['id']}/withdraw")["text"] is None
    assert demo.post("secretary", f"/comments/{made['id']}/withdraw", None, 409)["type"] == "already_done"
    assert refused(demo, case) == [
        ("auditor", "comment"), ("chair", "comment.withdraw"), ("secretary", "comment.withdraw"),
    ]  # fmt: skip


def test_a_file_is_put_into_a_case_by_those_who_work_on_it(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    path = f"/cases/{case}/attachments"
    made = send_file(demo, "secretary", path, PDF, "Служебная записка.pdf", key="one", title="Записка")
    assert made.status_code == 201
    assert made.json is not None
    assert (made.json["title"], made.json["audience"]) == ("Записка", "internal")
    again = send_file(demo, "secretary", path, PDF, "Служебная записка.pdf", key="one", title="Записка")
    assert again.data == made.data
    other = send_file(demo, "secretary", path, PDF + b"%", "Служебная записка.pdf", key="one", title="Записка")
    assert other.json is not None
    assert other.json["type"] == "key_reused"
    assert send_file(demo, "chair", path, PDF, "Ответ.pdf", audience="open").status_code == 201
    assert len(demo.get("chair", path)["items"]) == 2
    (seen,) = demo.get("applicant1", path)["items"]
    assert demo.ask("applicant1", "GET", f"/documents/{seen['id']}").data == PDF
    demo.get("applicant1", f"/documents/{made.json['id']}", 403)

    for name, content in (("page.html", b"<script>"), ("a.pdf", b"<html>"), ("a.pdf", b"")):
        answer = send_file(demo, "secretary", path, content, name)
        assert answer.json is not None
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["file"]), name
    assert send_file(demo, "secretary", path, PDF, "a.pdf", secret="1").status_code == 422
    assert demo.ask("secretary", "POST", path, {"file": "a"}).status_code == 415
    assert send_file(demo, "applicant1", path, PDF, "a.pdf", audience="open").status_code == 403
    assert ("applicant1", "attach") in refused(demo, case)


def test_a_signature_file_is_kept_with_the_document_that_it_signs(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    documents = demo.get("secretary", f"/cases/{case}/documents")["items"]
    form = next(row for row in documents if row["kind"] == "application_form")
    content = demo.ask("secretary", "GET", f"/documents/{form['id']}").data
    signer = demo.context.signer
    assert signer is not None
    with demo.context.runtime.reading() as tx:
        signature = signer.sign(content, name="Заявителев Иван Иванович", at=tx.now)
    path = f"/documents/{form['id']}/signatures"
    made = send_file(demo, "applicant1", path, signature, "application.pdf.sig")
    assert made.status_code == 201
    assert made.json is not None
    assert demo.ask("secretary", "GET", f"/documents/{made.json['id']}").data == signature
    told = [one for one in demo.get("secretary", path)["items"] if one["kind"] == "file"]
    assert [(one["by"], one["file"]) for one in told] == [("applicant1", made.json["id"])]
    (found,) = told[0]["signers"]
    assert (found["name"], found["digest_check"]) == ("Заявителев Иван Иванович", "matches")

    again = send_file(demo, "applicant1", path, signature, "application.pdf.sig")
    assert again.json is not None
    assert (again.status_code, again.json["type"]) == (409, "already_attached")
    assert send_file(demo, "applicant1", path, b"no signature", "a.sig").status_code == 422
    assert send_file(demo, "member05", path, signature, "a.sig").status_code == 403
    assert send_file(demo, "applicant2", path, signature, "a.sig").status_code == 404
    assert refused(demo, case)[-1] == ("member05", "signature")
