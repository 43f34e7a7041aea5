"""The ministry revokes a certificate by an order that cites the council's decision (A-46)."""

from typing import Any

from flask import make_response, request

from engine import cases
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN, Permission
from handlers.pages.dates import read_day
from handlers.pages.desk import Answer, Desk, Pages
from processes.certification import use_cases as certification
from processes.depository.records import certificates

pages = Pages()

MINISTRY = Permission("ministry", frozenset({"ministry"}))
FIELDS = ("order", "signed_on", "reason")
_UNPROCESSABLE = 422


@pages.get("/cases/<case_id>/revocation", MINISTRY)
def ask_revocation(desk: Desk, case_id: str) -> Answer:
    """Ask by which order a certificate is revoked, and tell what follows."""
    return _page(desk, case_id)


@pages.post("/cases/<case_id>/revocation", SIGNED_IN)
def revoke_certificate(desk: Desk, case_id: str) -> Answer:
    """Revoke the certificate of a case."""
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    payload = {**typed, "signed_on": read_day(typed["signed_on"])}

    def act(tx: Transaction) -> dict[str, Any]:
        return {"case": certification.revoke(tx, case_id, payload, actor=desk.actor)["id"]}

    try:
        desk.act(act, name="revocation", case=case_id)
    except InvalidError as error:
        told = {name: error.errors[f"payload.{name}"] for name in FIELDS if f"payload.{name}" in error.errors}
        refused = InvalidError("Сертификат не отозван: проверьте отмеченные поля.", errors=told)
        return make_response(_page(desk, case_id, refused), _UNPROCESSABLE)
    return desk.go("show_case", case_id=case_id, done="certificate_revoked")


def _page(desk: Desk, case_id: str, error: InvalidError | None = None) -> str:
    def ask(tx: Transaction) -> dict[str, Any]:
        case = cases.get_case(tx, case_id, desk.actor)
        return {"case": case, "certificate": certificates.certificate_of(tx.connection, case["id"])}

    wrong, typed = (error.errors, request.form) if error else ({}, {})
    return desk.show("revocation.html", **desk.read(ask), wrong=wrong, typed=typed, error=error)
