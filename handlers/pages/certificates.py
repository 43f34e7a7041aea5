"""The check of a certificate, by its number or by the address in its QR code: open to all."""

from typing import Final

from flask import make_response, redirect, request, url_for

from engine.clock import moscow
from handlers.auth import PUBLIC
from handlers.pages.certificate_numbers import read_number
from handlers.pages.desk import Answer, Desk, Pages
from processes.depository import use_cases as depository

pages = Pages()

_NOT_FOUND: Final = 404


@pages.get("/certificates", PUBLIC)
def find_certificate(desk: Desk) -> Answer:
    """Ask for a number, or lead to its certificate."""
    number = read_number(request.args.get("number", ""))
    if number:
        return desk.go("show_certificate", number=number)
    return desk.show("certificate.html", number="", certificate=None, address="")


@pages.get("/certificates/<path:number>", PUBLIC)
def show_certificate(desk: Desk, number: str) -> Answer:
    """Tell whether a certificate is in force, to be in force from a later day, expired, revoked or unknown."""
    cleaned = read_number(number)
    if cleaned and cleaned != number:
        return redirect(url_for("show_certificate", number=cleaned))
    found, at = desk.read(lambda tx: (depository.find_certificate(tx, number), moscow(tx.now)))
    # A registered one whose first day is to come is `unknown` to programs (contract), with its days told.
    state = "to_come" if found["status"] == "unknown" and "valid_from" in found else found["status"]
    status = _NOT_FOUND if state == "unknown" else 200
    address = desk.context.settings.base_url + url_for("show_certificate", number=number)
    page = desk.show("certificate.html", number=number, certificate=found, state=state, at=at, address=address)
    return make_response(page, status)
