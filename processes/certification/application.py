"""What an application holds, and what is still missing or wrong (clause 4.3; annexes 1, 2 and 5).

Three questions, asked apart: is its shape what the contract says (`check_shape`, at every save), what is still missing
(`find_missing`, shown on a draft), and does what stands there keep the rules (`find_violations`, at submission).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from processes.certification.model import FILE_KINDS, LEAST_HOURS, MANDATORY_FILES, Findings, Upload

_TEXT: Final = "text"
_HOURS: Final = "hours"
_LONG: Final = 2_000
_ROWS: Final = 200
_LARGEST: Final = 9_999

#: The shape of contract section 5: a nested mapping; a list of one shape stands for any number of it.
SHAPE: Final[dict[str, Any]] = {
    "programme_title": _TEXT,
    "organization": {"full_name": _TEXT, "short_name": _TEXT, "inn": _TEXT},
    "registered": {"date": "date", "place": _TEXT, "authority": _TEXT},
    "legal_address": {"address": _TEXT, "phone": _TEXT, "fax": _TEXT},
    "license": {"number": _TEXT, "valid_until": "date_or_indefinite"},
    "actual_address": {"address": _TEXT, "phone": _TEXT, "fax": _TEXT, "email": "email"},
    "head": {"last_name": _TEXT, "first_name": _TEXT, "patronymic": _TEXT},
    "legal_form": _TEXT,
    "activities": _TEXT,
    "authors": [{"name": _TEXT, "position": _TEXT, "degree": _TEXT, "rank": _TEXT}],
    "practice_bases": [_TEXT],
    "level": "level",
    "plan": [
        {
            "module": _TEXT,
            "lecture_hours": _HOURS,
            "practice_hours": _HOURS,
            "self_study_hours": _HOURS,
            "control_hours": _HOURS,
            "remote": "flag",
        }
    ],
    "depository": {
        "direction": _TEXT,
        "education_kind": _TEXT,
        "audience": [_TEXT],
        "year": "year",
        "study_form": _TEXT,
        "issued_document": _TEXT,
    },
    "previous_case": "reference",
    "remedies": [{"remark": _TEXT, "how_fixed": _TEXT}],
}

LEVELS: Final = ("basic", "advanced", "high")

#: What may stay blank: a degree nobody has, a patronymic (annex 1, field 6), what only a resubmission needs.
OPTIONAL: Final = frozenset(
    {"head.patronymic", "authors.degree", "authors.rank", "plan.remote", "previous_case", "remedies"}
)

_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_INDEX: Final = re.compile(r"\.\d+")
_HOURS_FIELDS: Final = ("lecture_hours", "practice_hours", "self_study_hours", "control_hours")


def check_shape(data: Mapping[str, Any]) -> Findings:
    """Unknown keys and wrong types, by dotted path; null and blank are fine in a draft. Nothing is converted."""
    found: Findings = {}
    _check(data, SHAPE, "", found)
    return found


def _check(value: Any, shape: Any, path: str, found: Findings) -> None:
    if value is None:
        return
    if isinstance(shape, Mapping):
        if not isinstance(value, Mapping):
            found[path or "application"] = ["Здесь нужен набор полей."]
            return
        for key, inner in value.items():
            spot = f"{path}.{key}" if path else str(key)
            if key not in shape:
                found[spot] = ["Такого поля в заявке нет."]
            else:
                _check(inner, shape[key], spot, found)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            found[path] = ["Здесь нужен список."]
        elif len(value) > _ROWS:
            found[path] = [f"Не более {_ROWS} строк."]
        else:
            for index, inner in enumerate(value):
                _check(inner, shape[0], f"{path}.{index}", found)
    elif message := _wrong(value, shape):
        found[path] = [message]


def _wrong(value: Any, shape: str) -> str | None:
    if shape in {_HOURS, "year"}:
        if not isinstance(value, bool) and isinstance(value, int) and 0 <= value <= _LARGEST:
            return None
        is_year = shape == "year"
        return "Укажите год четырьмя цифрами, например 2025." if is_year else f"Укажите целое число от 0 до {_LARGEST}."
    if shape == "flag":
        return None if isinstance(value, bool) else "Укажите «да» или «нет»."
    if not isinstance(value, str):
        return "Укажите текст."
    if len(value) > _LONG or "\x00" in value:
        return f"Не более {_LONG} знаков, без управляющих."
    return _wrong_text(value, shape) if value.strip() else None


def _wrong_text(value: str, shape: str) -> str | None:
    if shape == "level" and value not in LEVELS:
        return "Выберите уровень: basic (базовый), advanced (повышенный) или high (высокий)."
    if shape == "email" and not _EMAIL.fullmatch(value):
        return "Укажите адрес электронной почты, например office@example.org."
    if shape == "date" and not _is_date(value):
        return "Укажите дату в виде ГГГГ-ММ-ДД."
    if shape == "date_or_indefinite" and value != "indefinite" and not _is_date(value):
        return "Укажите дату в виде ГГГГ-ММ-ДД или «indefinite», если лицензия бессрочная."
    return None


def _is_date(value: str) -> bool:
    try:
        return len(value) == len("2026-01-12") and bool(date.fromisoformat(value))
    except ValueError:
        return False


def find_missing(data: Mapping[str, Any], files: Iterable[Upload]) -> list[str]:
    """Paths of mandatory fields that are blank, and mandatory files not handed in as `files.<kind>`."""
    found: list[str] = []
    _gaps(data, SHAPE, "", found)
    kinds = {upload.kind for upload in files}
    return found + [f"files.{kind}" for kind in MANDATORY_FILES if kind not in kinds]


def _gaps(value: Any, shape: Any, path: str, found: list[str]) -> None:
    if _INDEX.sub("", path) in OPTIONAL:
        return
    if isinstance(shape, Mapping):
        given = value if isinstance(value, Mapping) else {}
        for key, inner in shape.items():
            _gaps(given.get(key), inner, f"{path}.{key}" if path else key, found)
    elif isinstance(shape, list):
        if not value:
            found.append(path)
        for index, inner in enumerate(value or ()):
            _gaps(inner, shape[0], f"{path}.{index}", found)
    elif value is None or (isinstance(value, str) and not value.strip()):
        found.append(path)


def hours_of(data: Mapping[str, Any]) -> tuple[int, int]:
    """Practice hours and all hours of the plan; all four kinds count (A-25)."""
    rows = [row for row in data.get("plan") or () if isinstance(row, Mapping)]
    total = sum(int(row.get(field) or 0) for row in rows for field in _HOURS_FIELDS)
    return sum(int(row.get("practice_hours") or 0) for row in rows), total


def has_enough_practice(practice: int, total: int) -> bool:
    """Practice is at least a quarter of the plan, in integers: exactly 25 % passes (annex 2)."""
    return 4 * practice >= total


def find_violations(data: Mapping[str, Any], own_inn: str, today: date) -> Findings:
    """Rules that what stands in the application breaks; blank fields are not its business."""
    found: Findings = {}
    inn = (data.get("organization") or {}).get("inn")
    if inn and inn != own_inn:
        found["organization.inn"] = ["Заявку подаёт сама организация: укажите её ИНН."]
    practice, total = hours_of(data)
    if data.get("plan"):
        if total < LEAST_HOURS:
            found["plan"] = [f"Программа повышения квалификации не короче {LEAST_HOURS} часов, в плане {total}."]
        elif not has_enough_practice(practice, total):
            found["plan"] = [
                f"Практики менее 25 % плана: {practice} из {total} ч. Добавьте практические занятия (приложение 2)."
            ]
    until = (data.get("license") or {}).get("valid_until")
    if until and until != "indefinite" and _is_date(until) and date.fromisoformat(until) < today:
        found["license.valid_until"] = ["Срок действия лицензии истёк: сертификация невозможна (пункт 4.1)."]
    registered = (data.get("registered") or {}).get("date")
    if registered and _is_date(registered) and date.fromisoformat(registered) > today:
        found["registered.date"] = ["Дата регистрации организации ещё не наступила."]
    year = (data.get("depository") or {}).get("year")
    if isinstance(year, int) and year > today.year:
        found["depository.year"] = ["Год разработки программы не может быть позже текущего."]
    return found


def find_warnings(data: Mapping[str, Any], same_files: Sequence[str], unanswered: Sequence[str]) -> list[str]:
    """What does not forbid submission and is worth knowing: unanswered remarks, the same files again (clause 4.17)."""
    found = [f"Замечание прошлого рассмотрения осталось без ответа: {remark}" for remark in unanswered]
    found += [f"Файл не изменился с прошлой подачи: {name}" for name in same_files]
    if data.get("remedies") and not data.get("previous_case"):
        found.append("Указаны исправления, но не указано прошлое дело.")
    return found


def unanswered_remarks(remarks: Sequence[str], data: Mapping[str, Any]) -> list[str]:
    """Remarks of the previous case to which no `remedies` row with `how_fixed` answers."""
    answered = {
        " ".join(str(row.get("remark") or "").split()).casefold()
        for row in data.get("remedies") or ()
        if str(row.get("how_fixed") or "").strip()
    }
    return [remark for remark in remarks if " ".join(remark.split()).casefold() not in answered]


def names_of_missing(missing: Iterable[str]) -> Findings:
    """The gaps as field errors, with the remedy in each."""
    found: Findings = {}
    for path in missing:
        kind = path.removeprefix("files.")
        found[path] = [f"Приложите файл: {FILE_KINDS[kind]}." if path.startswith("files.") else "Заполните это поле."]
    return found


def entry_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of the depository entry as the application gives them; hours count all kinds of the plan."""
    extra = data.get("depository") or {}
    return {
        "title": data["programme_title"],
        "organization": data["organization"]["full_name"],
        "authors": [author["name"] for author in data["authors"]],
        "direction": extra.get("direction"),
        "level": data["level"],
        "education_kind": extra.get("education_kind"),
        "audience": list(extra.get("audience") or ()),
        "hours": hours_of(data)[1],
        "year": extra.get("year"),
        "study_form": extra.get("study_form"),
        "issued_document": extra.get("issued_document"),
    }
