"""Letters of the watch over half-years: their shipped words, and the values that they are filled in with."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from processes.council.letter_texts import LetterText, declare

_SAMPLES: Final = {"half_year": "I полугодие 2026 года", "last_day": "30.06.2026"}

declare(
    (
        LetterText(
            "meeting_warning",
            "Председателю и секретарю: полугодие без заседания подходит к концу",
            "Заседание КЭС: до конца полугодия {days} дн.",
            "{half_year}: правомочного заседания ещё не было. До конца полугодия ({last_day}) осталось "
            "{days} дн.\nЗаседания проводятся не реже одного раза в полугодие (пункт 3.3). Созовите заседание.",
            {**_SAMPLES, "days": "30"},
        ),
        LetterText(
            "meeting_violation",
            "Председателю и секретарю: полугодие прошло без заседания",
            "Нарушение пункта 3.3: {half_year} без заседания КЭС",
            "{half_year} окончилось {last_day}, правомочного заседания в нём не было. "
            "Нарушение пункта 3.3 записано в историю.",
            _SAMPLES,
        ),
    ),
    {"half_year": "полугодие и год", "last_day": "последний день полугодия"},
)


def warning(half_year: str, last_day: date, days_left: int) -> Mapping[str, str]:
    """How many days are left to hold a quorate meeting (clause 3.3)."""
    return {**violation(half_year, last_day), "days": str(days_left)}


def violation(half_year: str, last_day: date) -> Mapping[str, str]:
    """The half-year ended without a quorate meeting; it stands in the history."""
    year, part = half_year.split("-")
    return {"half_year": f"{'I' * int(part)} полугодие {year} года", "last_day": f"{last_day:%d.%m.%Y}"}
