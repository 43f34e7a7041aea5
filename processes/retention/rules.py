"""How long a case's documents are kept (clause 4.9, A-43). Pure: dates in, dates and findings out."""

from datetime import date
from typing import Final

from engine.calendar import add_years

YEARS: Final = 3


def storage_until(ended_on: date, received_on: date) -> date:
    """The first day on which destruction may be decided.

    1 January after the year of the final event, plus three years; never earlier than three years from receipt.
    """
    return max(date(ended_on.year + 1 + YEARS, 1, 1), add_years(received_on, YEARS))


def check_hold(until: date, reason: str, today: date) -> dict[str, list[str]]:
    """What is wrong with keeping the documents longer: a day not ahead, or no reason."""
    errors: dict[str, list[str]] = {}
    if until <= today:
        errors["until"] = ["Новый срок хранения должен быть позже сегодняшнего дня. Укажите другую дату."]
    if not reason.strip():
        errors["reason"] = ["Укажите, почему срок хранения продлевается."]
    return errors


def check_destruction(basis: str, storage_ends: date, today: date) -> dict[str, list[str]]:
    """What is wrong with destroying them: no document that says so, or a term not yet over."""
    errors: dict[str, list[str]] = {}
    if not basis.strip():
        errors["basis"] = ["Укажите документ, на основании которого материалы уничтожаются."]
    if today < storage_ends:
        errors["action"] = [
            f"Срок хранения оканчивается {storage_ends:%d.%m.%Y}. До этого уничтожать материалы нельзя."
        ]
    return errors
