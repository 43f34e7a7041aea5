"""Letters of the watch over half-years: (subject, body), in Russian."""

from datetime import date


def warning(half_year: str, last_day: date, days_left: int) -> tuple[str, str]:
    """How many days are left to hold a quorate meeting (clause 3.3)."""
    subject = f"Заседание КЭС: до конца полугодия {days_left} дн."
    body = (
        f"В полугодии {half_year} правомочного заседания ещё не было. До его конца ({last_day:%d.%m.%Y}) осталось "
        f"{days_left} дн.\nЗаседания проводятся не реже одного раза в полугодие (пункт 3.3). Созовите заседание."
    )
    return subject, body


def violation(half_year: str, last_day: date) -> tuple[str, str]:
    """The half-year ended without a quorate meeting; it stands in the history."""
    subject = f"Нарушение пункта 3.3: полугодие {half_year} без заседания КЭС"
    body = (
        f"Полугодие {half_year} окончилось {last_day:%d.%m.%Y}, правомочного заседания в нём не было. "
        "Нарушение пункта 3.3 записано в историю."
    )
    return subject, body
