"""Documents that the certification issues, as PDF: the same values give the same bytes (invariant 10).

Instants are aware; a document bears the Moscow day of the fact it is about.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from engine.clock import moscow
from processes.certification.application import hours_of
from processes.certification.model import DECISIONS, VERDICTS
from processes.certification.printed import conclusion_parts, printed_words, sign_of, technical_rows
from processes.certification.rows import E_ROWS, K_ROWS
from processes.papers.qr import draw_qr
from processes.papers.typesetting import PDF, typeset
from processes.papers.words import Mark, long_day, short_day

MEDIA_TYPE: Final = PDF
_LEVELS: Final = {"basic": "базовый", "advanced": "повышенный", "high": "высокий"}
_HOURS: Final = ("lecture_hours", "practice_hours", "self_study_hours", "control_hours")

#: Captions of the eleven fields of annex 1, word for word.
FIELDS: Final = (
    (
        "Полное наименование образовательного учреждения в соответствии с лицензией, сокращенное наименование "
        "образовательного учреждения в соответствии с лицензией"
    ),
    "Дата, место и орган регистрации учреждения",
    "Юридические реквизиты: адрес, телефон, факс",
    (
        "Срок действия лицензии на оказание образовательных услуг при реализации дополнительных профессиональных "
        "образовательных программ"
    ),
    "Фактический адрес образовательного учреждения: адрес, телефон, факс, электронная почта",
    "Фамилия, имя, отчество руководителя образовательного учреждения",
    "Организационно-правовая форма образовательного учреждения",
    "Основные области деятельности заявителя в системе дополнительного профессионального образования",
    "Данные автора(ов) программы: ФИО, должность, ученая степень, ученое звание",
    "Наименования образовательных учреждений, на базе которых реализуется практическая часть программы",
    "Уровень освоения программы (базовый, повышенный, высокий)",
)


def application(data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The application with its eleven numbered fields (annex 1), the plan and the depository's facts behind them."""
    practice, total = hours_of(data)
    share = f"{100 * practice // total} %" if total else "нет часов"
    extra = data["depository"]
    return typeset(
        "application",
        {
            "programme": data["programme_title"],
            "fields": [
                {"caption": caption, "text": text} for caption, text in zip(FIELDS, _answers(data), strict=True)
            ],
            "date": long_day(moscow(at).date()),
            "head": _person(data["head"]),
            "plan": [_module(row) for row in data["plan"]],
            "sums": [*(sum(int(row.get(key) or 0) for row in data["plan"]) for key in _HOURS), total],
            "practice": f"{practice} из {total} ч ({share}); требуется не менее 25 % плана",
            "depository": [
                ("Направление подготовки", extra["direction"]),
                ("Вид образования", extra["education_kind"]),
                ("Категория слушателей", "; ".join(extra["audience"])),
                ("Год разработки", str(extra["year"])),
                ("Форма обучения", extra["study_form"]),
                ("Выдаваемый документ", extra["issued_document"]),
            ],
            "footer": "Заявка на участие в сертификации программы повышения квалификации",
        },
        title=f"Заявка на участие в сертификации программы «{data['programme_title']}»",
        at=at,
    )


def _answers(data: Mapping[str, Any]) -> list[str]:
    organization, registered = data["organization"], data["registered"]
    legal, actual = data["legal_address"], data["actual_address"]
    until = data["license"]["valid_until"]
    authors = (
        ", ".join(part for part in (a["name"], a["position"], a.get("degree"), a.get("rank")) if part)
        for a in data["authors"]
    )
    return [
        f"{organization['full_name']}; {organization['short_name']}; ИНН {organization['inn']}",
        f"{short_day(date.fromisoformat(registered['date']))}, {registered['place']}, {registered['authority']}",
        f"{legal['address']}; тел. {legal['phone']}; факс {legal['fax']}",
        f"{_until(until)}, лицензия № {data['license']['number']}",
        f"{actual['address']}; тел. {actual['phone']}; факс {actual['fax']}; {actual['email']}",
        _person(data["head"]),
        data["legal_form"],
        data["activities"],
        "; ".join(authors),
        "; ".join(data["practice_bases"]),
        _LEVELS[data["level"]],
    ]


def _until(day: str) -> str:
    return "бессрочно" if day == "indefinite" else f"по {short_day(date.fromisoformat(day))}"


def _person(head: Mapping[str, Any]) -> str:
    return " ".join(part for part in (head["last_name"], head["first_name"], head.get("patronymic")) if part)


def _module(row: Mapping[str, Any]) -> dict[str, Any]:
    hours = [int(row.get(key) or 0) for key in _HOURS]
    return {"module": row["module"], "hours": hours, "total": sum(hours), "remote": bool(row.get("remote"))}


def technical_review(
    *,
    title: str,
    organization: str,
    number: str,
    review: Mapping[str, Any],
    mark: Mark,
    acts: Sequence[str] = (),
) -> bytes:
    """The technical review: 32 marks of annex 3, the preliminary block as an annex, who reviewed and when (A-07)."""
    failed = frozenset(review["failed"])
    comments = {key: text for key, text in review["comments"].items() if text}
    noted = [*review["failed"], *(key for key in comments if key not in failed)]
    result = "Программа техническую экспертизу прошла." if not failed else "Программа техническую экспертизу не прошла:"
    return typeset(
        "technical_review",
        {
            "date": long_day(moscow(mark.at).date()),
            "number": number,
            "programme": title,
            "organization": organization,
            "rows": technical_rows(review["marks"], failed),
            "has_defects_row": True,
            "precheck": [
                {"key": key, "text": text, "sign": sign_of(review["precheck"][key]), "failed": key in failed}
                for key, text in K_ROWS.items()
            ],
            "result": result,
            "remarks": [
                {"row": K_ROWS.get(key) or printed_words(key), "comment": comments.get(key, "")} for key in noted
            ],
            "marks": [mark.shown()],
            "acts": list(acts),
            "footer": f"Техническая экспертиза, дело {number}",
        },
        title=f"Техническая экспертиза программы «{title}»",
        at=mark.at,
    )


def conclusion(
    *,
    title: str,
    organization: str,
    number: str,
    row: Mapping[str, Any],
    titles: str,
    mark: Mark,
    acts: Sequence[str] = (),
) -> bytes:
    """An expert's conclusion (annex 4): 24 marks, the score as a fraction, the verdict, who and when."""
    n, n_max, comments = row["n"], row["n_max"], row["comments"]
    reached = 100 * n >= 75 * n_max
    words = "не ниже порога 75 %" if reached else "ниже порога 75 %"
    verdict = VERDICTS[row["verdict"]]
    return typeset(
        "conclusion",
        {
            "date": long_day(moscow(mark.at).date()),
            "number": number,
            "programme": title,
            "organization": organization,
            "parts": conclusion_parts(row["marks"]),
            "n": n,
            "n_max": n_max,
            "score": _percent(n, n_max),
            "threshold": f"Значение {words}: 100 × {n} {'≥' if reached else '<'} 75 × {n_max}.",
            "remarks": [
                {"row": E_ROWS[key], "comment": text} for key, text in comments.items() if text and key in E_ROWS
            ],
            "verdict": f"{verdict[0].upper()}{verdict[1:]}.",
            "reason": row.get("verdict_reason") or "",
            "expert": ", ".join(part for part in (mark.name, titles) if part),
            "marks": [mark.shown()],
            "acts": list(acts),
            "footer": f"Заключение эксперта, дело {number}",
        },
        title=f"Заключение эксперта по программе «{title}»",
        at=mark.at,
    )


def _percent(n: int, n_max: int) -> str:
    """A share cut off (never rounded up) at two decimals: 83,33."""
    hundredths = 10_000 * n // n_max
    return f"{hundredths // 100},{hundredths % 100:02}"


def certificate(
    *,
    number: str,
    entry: Mapping[str, Any],
    protocol: str,
    order: tuple[str, date],
    term: tuple[date, date],
    mark: Mark,
    at: datetime,
    address: str,
) -> bytes:
    """The certificate: what it certifies, on which order, for which three years, who signed and for whom.

    `entry` has `title`, `organization`, `authors`, `hours`, `level`; `address` is the public page that checks it: on
    paper and, as the bar code of the national standard, in the lower right corner.
    """
    return typeset(
        "certificate",
        {
            "number": number,
            "programme": entry["title"],
            "organization": entry["organization"],
            "authors": ", ".join(entry["authors"]),
            "extent": f"{entry['hours']} ч, уровень {_LEVELS[entry['level']]}",
            "decision": f"«{DECISIONS['grant']}»" + (f", протокол № {protocol}" if protocol else ""),
            "order": (order[0], long_day(order[1])),
            "term": f"с {long_day(term[0])} по {long_day(term[1])} включительно",
            "issued": long_day(moscow(at).date()),
            "marks": [mark.shown()],
            "address": address,
        },
        title=f"Сертификат № {number}",
        at=at,
        drawings={"qr": draw_qr(address)},
    )
