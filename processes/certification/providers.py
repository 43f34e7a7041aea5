"""What a person needs to see to do a task: read from records when the task is opened, never kept in the case data."""

from collections.abc import Mapping
from typing import Any

from engine.calls import View
from engine.records import messages as documents
from processes.certification.application import entry_fields, find_missing, has_enough_practice, hours_of
from processes.certification.marking import conclusion_marking, technical_marking
from processes.certification.model import Filed, Upload
from processes.certification.records import applications, reviews
from processes.certification.rows import E_ROWS, K_ROWS, T_ROWS
from processes.certification.seating import subject_of
from processes.council.experts import expert_pool
from processes.council.people import name_of
from processes.council.records import agenda, appointments
from processes.depository.records import certificates

Shown = dict[str, Any]


def _data(view: View) -> Mapping[str, Any]:
    row = applications.of_case(view.connection, view.case["id"])
    return row["data"] if row else {}


def _files(view: View) -> list[Shown]:
    return [
        {"id": row["id"], "kind": row["kind"], "title": row["title"], "name": row["name"], "size": row["size"]}
        for row in documents.documents(view.connection, case_id=view.case["id"], holder=None)
        if row["holder"] is not None
    ]


def register_application(view: View) -> Shown:
    """The application, its files, and what the package lacks."""
    data, files = _data(view), _files(view)
    uploads = [Upload(f["id"], f["kind"], f["name"], "") for f in files]
    return {"application": data, "files": files, "missing": find_missing(data, uploads), **_answers(data)}


def _answers(data: Mapping[str, Any]) -> Shown:
    """What a resubmission answers to the remarks of the refusal before it (clause 4.17); nothing of a first one."""
    remedies = [row for row in data.get("remedies") or () if row.get("remark") or row.get("how_fixed")]
    if not data.get("previous_case"):
        return {}
    return {"previous_case": data["previous_case"], "remedies": remedies}


def technical_review(view: View) -> Shown:
    """The application, its files, the share of practice, the rows to mark."""
    data = _data(view)
    practice, total = hours_of(data)
    registration = _registration(view)
    return {
        "application": data,
        "files": _files(view),
        "registration": registration,
        "hours": {"practice": practice, "total": total, "enough": has_enough_practice(practice, total)},
        "rows": {"precheck": K_ROWS, "marks": T_ROWS},
        "marking": technical_marking(view.definition.decide, data, registration["copies"] if registration else None),
        **_answers(data),
    }


def _registration(view: View) -> Shown | None:
    row = reviews.find_registration(view.connection, view.case["id"])
    if row is None:
        return None
    return {"copies": row["copies"], "by": row["by"], "on_behalf_of": row["on_behalf_of"], "at": row["at"].isoformat()}


def _pool(view: View) -> Shown:
    seated = [row["login"] for row in appointments.holders_of(view.connection, view.case["id"]).values()]
    gone = {
        row["login"]: row["reason"]
        for row in appointments.of_case(view.connection, view.case["id"])
        if row["outcome"] == "declined"
    }
    pool = expert_pool(
        view.connection,
        subject_of(_data(view)),
        view.now,
        seated=seated,
        decide=lambda names: dict(view.definition.decide("expert_eligibility", names)),
    )
    direction = subject_of(_data(view)).direction
    for expert in pool:
        expert["fits"] = direction if direction in expert["directions"] else None
        if expert["login"] in gone:
            expert.update(eligible=False, why_not="отказался от экспертизы этого дела", suggested=False)
    options = [{"value": e["login"], "label": _label(e)} for e in pool if e["eligible"]]
    return {"experts": options, "pool": pool, "application": _data(view), "declined": gone}


def _label(expert: Mapping[str, Any]) -> str:
    busy = f"в работе {expert['active']}, за год {expert['recent']}"
    return f"{expert['name']} ({expert['organization'] or 'без организации'}; {busy})"


def appoint_experts(view: View) -> Shown:
    """The pool with load, conflicts and a suggestion; `experts` are those who may be chosen."""
    return _pool(view)


def replace_expert(view: View) -> Shown:
    """The pool for the seat given up, and who gave it up for which reason."""
    return {**_pool(view), "seat": view.task["local"].get("seat")}


def expert_review(view: View) -> Shown:
    """The rows to mark and what they come to; the files open after the declaration. Nothing of the others (P-12).

    A returned conclusion comes with its marks and the chair's reason, to its own expert alone.
    """
    seat = view.task["local"].get("seat") or {}
    row = reviews.latest_conclusions(view.connection, view.case["id"]).get(int(seat.get("number") or 0))
    own = row is not None and view.actor.login == row["login"] == seat.get("login")
    shown: Shown = {
        "rows": E_ROWS,
        "title": view.case["title"],
        "returned": bool(seat.get("returned")),
        "marking": conclusion_marking(view.definition.decide),
    }
    if view.actor.login == seat.get("login"):
        shown["files"] = _files(view)
        shown["application"] = _data(view)
    if own and row is not None and row["state"] == "returned":
        shown["return_reason"] = row["return_reason"]
        shown["previous"] = {
            "marks": row["marks"],
            "comments": row["comments"],
            "verdict": row["verdict"],
            "verdict_reason": row["verdict_reason"],
        }
    return shown


def approve_conclusions(view: View) -> Shown:
    """Three conclusions side by side: score of 24, verdict, comments; the median for information only (A-18).

    `technical` is the result of the technical review; `submitted_experts` everybody whose conclusion is on file,
    `closed` with `why_not` where it may not be returned.
    """
    rows = list(reviews.latest_conclusions(view.connection, view.case["id"]).values())
    shown = [
        {
            "id": row["id"],
            "seat": row["seat"],
            "login": row["login"],
            "name": name_of(view.connection, row["login"]),
            "score": row["n"],
            "score_max": row["n_max"],
            "verdict": row["verdict"],
            "suggested": row["suggested"],
            "verdict_reason": row["verdict_reason"],
            "marks": row["marks"],
            "comments": row["comments"],
            "submitted_at": row["submitted_at"].isoformat(),
            "round": row["round"],
        }
        for row in rows
    ]
    scores = sorted(row["n"] for row in rows)
    return {
        "conclusions": shown,
        "rows": E_ROWS,
        "median": scores[len(scores) // 2] if scores else None,
        "technical": _technical(view),
        "submitted_experts": [_returnable(view, filed) for filed in reviews.filed_of(view.connection, view.case["id"])],
    }


def _returnable(view: View, filed: Filed) -> Shown:
    """An expert among those to whom a conclusion may be returned, once (A-28)."""
    option: Shown = {"value": filed.login, "label": name_of(view.connection, filed.login)}
    if filed.returns:
        option |= {"closed": True, "why_not": "заключение уже возвращалось; второй раз вернуть нельзя"}
    return option


def _technical(view: View) -> Shown | None:
    row = reviews.find_technical_review(view.connection, view.case["id"])
    if row is None:
        return None
    outcome = view.definition.decide("technical_outcome", {"unmet": len(row["failed"])})["technical"]
    return {"outcome": outcome, "failed": list(row["failed"]), "at": row["at"].isoformat()}


def sign_certificate(view: View) -> Shown:
    """The decision and the order on which the certificate rests."""
    return {
        "decision": view.case["data"].get("decision"),
        "order": view.case["data"].get("order"),
        "application": _data(view),
    }


def publish_to_depository(view: View) -> Shown:
    """The entry as the application gives it, to be corrected, the certificate, and the leave to publish (A-44)."""
    row = applications.of_case(view.connection, view.case["id"])
    consent = row["consent"] if row else None
    return {
        "fields": entry_fields(_data(view)),
        "publication_consent": None if consent is None else bool(consent.get("publication")),
        "certificate": view.case["data"].get("certificate"),
        "files": _files(view),
    }


def confirm_removal(view: View) -> Shown:
    """Why the programme left the depository."""
    row = certificates.certificate_of(view.connection, view.case["id"])
    return {
        "removal": view.case["data"].get("removal"),
        "certificate": row["number"] if row else None,
        "valid_until": row["valid_until"].isoformat() if row else None,
        "revocation_reason": row["revocation_reason"] if row else None,
    }


def send_refusal(view: View) -> Shown:
    """The order, the conclusions' remarks, and the council's recommendations to begin from."""
    rows = reviews.latest_conclusions(view.connection, view.case["id"]).values()
    remarks = [text for row in rows for _key, text in sorted(row["comments"].items()) if text]
    return {
        "order": view.case["data"].get("order"),
        "recommendations": agenda.recommendations_for(view.connection, view.case["id"]),
        "remarks": remarks,
    }
