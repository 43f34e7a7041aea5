#!/usr/bin/env python3
"""A certificate's whole life over HTTP: from an application to the day it expires, in three years, in seconds.

Needs the demo server (`make run`) and Python's standard library only:

    python docs/tour.py [http://127.0.0.1:8000]

Everything goes through the public API, as an integration would do it. The clock is virtual: the script moves it.
"""

import json
import sys
import urllib.error
import urllib.request
from typing import Any

BASE = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")
TOKENS: dict[str, str] = {}

TECHNICAL = [f"T{n:02d}" for n in range(1, 33)]
EXPERT = [f"E{n:02d}" for n in range(1, 25)]


def call(
    method: str, path: str, body: Any = None, *, who: str | None = None, raw: tuple[str, bytes] | None = None
) -> Any:
    """One request; the answer's JSON. Stops the tour with the problem's text where the server refuses."""
    content, kind = (
        (raw[1], raw[0]) if raw else (json.dumps(body).encode() if body is not None else None, "application/json")
    )
    request = urllib.request.Request(BASE + path, data=content, method=method, headers={"Content-Type": kind})
    if who:
        request.add_header("Authorization", f"Bearer {token(who)}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        sys.exit(f"{method} {path} ({who}): {error.code} {error.read().decode()}")
    except urllib.error.URLError as error:
        sys.exit(f"{BASE} does not answer ({error.reason}): start the demo with `make run`")
    return json.loads(text) if text else None


def token(login: str) -> str:
    """A bearer token of a demo account."""
    if login not in TOKENS:
        TOKENS[login] = call("POST", "/api/v1/tokens", {"login": login, "password": "demo"})["token"]
    return TOKENS[login]


def upload(application: str, kind: str, name: str) -> None:
    """Hand in a small PDF."""
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    pdf += (
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%"
        + name.encode()
        + b"\n%%EOF\n"
    )
    mark = "tour-boundary"
    part = f'--{mark}\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n--{mark}\r\n'
    part += f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
    content = part.encode() + pdf + f"\r\n--{mark}--\r\n".encode()
    call(
        "POST",
        f"/api/v1/applications/{application}/files",
        who="applicant1",
        raw=(f"multipart/form-data; boundary={mark}", content),
    )


def application(organization: dict[str, str]) -> dict[str, Any]:
    """A complete application (clause 4.3, appendix 1); the people in it are invented."""
    return {
        "programme_title": "Формирующее оценивание на уроках математики",
        "organization": organization,
        "registered": {"date": "2011-03-14", "place": "г. Краснодар", "authority": "ИФНС № 1 по г. Краснодару"},
        "legal_address": {"address": "г. Краснодар, ул. Примерная, 1", "phone": "+7 861 000-00-01", "fax": "нет"},
        "license": {"number": "01234", "valid_until": "indefinite"},
        "actual_address": {
            "address": "г. Краснодар, ул. Примерная, 1",
            "phone": "+7 861 000-00-01",
            "fax": "нет",
            "email": "office@example.org",
        },
        "head": {"last_name": "Примеров", "first_name": "Пётр", "patronymic": "Петрович"},
        "legal_form": "Государственное бюджетное учреждение",
        "activities": "Повышение квалификации учителей математики",
        "authors": [
            {"name": "Образцова Мария Ивановна", "position": "доцент", "degree": "канд. пед. наук", "rank": "доцент"}
        ],
        "practice_bases": ["МБОУ СОШ № 101 (вымышленная)"],
        "level": "basic",
        "plan": [
            {
                "module": "Основы оценивания",
                "lecture_hours": 12,
                "practice_hours": 12,
                "self_study_hours": 8,
                "control_hours": 2,
                "remote": False,
            },
            {
                "module": "Проектирование урока",
                "lecture_hours": 12,
                "practice_hours": 14,
                "self_study_hours": 10,
                "control_hours": 2,
                "remote": False,
            },
        ],
        "depository": {
            "direction": "Математика",
            "education_kind": "Повышение квалификации",
            "audience": ["Учителя математики"],
            "year": 2025,
            "study_form": "Очная",
            "issued_document": "Удостоверение о повышении квалификации",
        },
        "previous_case": None,
        "remedies": [],
    }


def task(case: str, element: str, who: str, scope: str = "all") -> dict[str, Any]:
    """The open task of an element."""
    found = call("GET", f"/api/v1/tasks?scope={scope}&case={case}&element={element}", who=who)["items"]
    if not found:
        sys.exit(
            f"{element}: no open task; the case stands at {call('GET', f'/api/v1/cases/{case}', who='secretary')['at']}"
        )
    return found[0]


def complete(case: str, element: str, who: str, data: dict[str, Any]) -> dict[str, Any]:
    """Complete the open task of an element."""
    opened = task(case, element, who)
    done = call("POST", f"/api/v1/tasks/{opened['id']}/complete", {"data": data}, who=who)
    due = (opened.get("due_at") or "")[:10]
    print(f"  {opened['name']:<42} {who:<10} срок {due}  →  {', '.join(done['case']['at']) or done['case']['end']}")
    return done


def main() -> None:
    """Walk the whole way."""
    print(f"Часы: {call('GET', '/api/v1/clock', who='admin')['now']}")
    organization = call("GET", "/api/v1/me", who="applicant1")["organization"]

    print("Заявка")
    made = call("POST", "/api/v1/applications", application(organization), who="applicant1")["id"]
    for kind in ("application", "license_copy", "programme"):
        upload(made, kind, f"{kind}.pdf")
    print("  не хватает:", call("GET", f"/api/v1/applications/{made}", who="applicant1")["missing"] or "ничего")
    case = call("POST", f"/api/v1/applications/{made}/submit", {}, who="applicant1")["id"]

    print("Две ступени экспертизы")
    complete(case, "register_application", "secretary", {"accepted": True, "copies": 3})
    marks = {k: "-" if k == "T28" else "+" for k in TECHNICAL}
    complete(
        case,
        "technical_review",
        "secretary",
        {"precheck": {f"K{n}": "+" for n in range(1, 6)}, "marks": marks, "comments": {}},
    )
    pool = call("GET", f"/api/v1/experts?case={case}", who="chair")["items"]
    experts = [p["login"] for p in pool if p["eligible"]][:3]
    complete(case, "appoint_experts", "chair", {"experts": experts})
    for expert in experts:
        mine = next(t for t in call("GET", f"/api/v1/tasks?scope=mine&case={case}", who=expert)["items"])
        data = {
            "declaration": {"no_conflict": True},
            "marks": dict.fromkeys(EXPERT, "+") | {"E04": "-"},
            "comments": {"E04": "Вариативная часть описана кратко"},
            "verdict": "conforms",
        }
        call("POST", f"/api/v1/tasks/{mine['id']}/complete", {"data": data}, who=expert)
        print(f"  {mine['name']:<42} {expert}")
    complete(case, "approve_conclusions", "chair", {"approve": True})

    print("Заседание КЭС")
    day = call("GET", "/api/v1/clock", who="admin")["now"][:10]
    start = {"form": "in_person", "date": day, "agenda": [{"kind": "certification", "case": case}]}
    meeting = call("POST", "/api/v1/processes/council_meeting/instances", {"data": start}, who="secretary")["id"]
    complete(meeting, "approve_agenda", "chair", {"approve": True})
    call("POST", "/api/v1/clock", {"advance": "PT1H"}, who="admin")
    present = [f"member{n:02d}" for n in range(2, 19)] + ["chair", "secretary"]
    complete(meeting, "register_attendance", "secretary", {"present": present})
    call("POST", f"/api/v1/meetings/{meeting}/items/1/vote", {"vote": "for"}, who="member02")
    votes = {login: "for" for login in present if login != "member02"}
    complete(meeting, "record_votes", "secretary", {"votes": votes, "recused": [], "recommendations": []})
    complete(meeting, "sign_protocol_secretary", "secretary", {"confirm": True})
    complete(meeting, "sign_protocol_chair", "chair", {"confirm": True})
    order = {"number": "77-тур", "signed_on": day, "approved": {case: True}}
    complete(meeting, "register_order", "ministry", order)

    print("Сертификат")
    complete(case, "sign_certificate", "chair", {"confirm": True})
    complete(case, "publish_to_depository", "secretary", {"confirm": True, "fields": {}})
    number = call("GET", f"/api/v1/cases/{case}", who="secretary")["data"]["certificate"]["number"]
    print("  проверка без входа:", call("GET", f"/api/v1/certificates/{number}"))
    print("  в депозитарии:", call("GET", f"/api/v1/depository?certificate={number}")["total"])

    print("Три года спустя")
    fired = call("POST", "/api/v1/clock", {"advance": "P3Y2D"}, who="admin")["fired"]
    for each in fired:
        if each["case"] == case:
            print(f"  {each['at']}  {each['element']}")
    print("  проверка без входа:", call("GET", f"/api/v1/certificates/{number}")["status"])
    complete(case, "confirm_removal", "secretary", {"confirm": True})
    verdict = call("GET", f"/api/v1/cases/{case}/verify", who="auditor")
    print(f"История: {verdict['events']} событий, истинна: {verdict['ok']}")
    sys.exit(0 if verdict["ok"] else 1)


if __name__ == "__main__":
    main()
