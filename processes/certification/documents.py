"""Documents that the certification issues, as plain text: the same values give the same bytes (invariant 10)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from processes.certification.application import hours_of
from processes.certification.model import DECISIONS, VERDICTS
from processes.certification.rows import E_ROWS, K_ROWS, T_ROWS

MEDIA_TYPE: Final = "text/plain"
_HEAD: Final = "КРАЕВОЙ ЭКСПЕРТНЫЙ СОВЕТ\nпо оценке качества содержания и сертификации программ повышения квалификации"
_SIGNS: Final = {"+": "+", "-": "-", "na": "не применимо"}
_LEVELS: Final = {"basic": "базовый", "advanced": "повышенный", "high": "высокий"}


def _text(*blocks: str) -> bytes:
    return ("\n\n".join(block for block in blocks if block) + "\n").encode()


def _grounds(acts: Sequence[str]) -> str:
    return f"Основания: {'; '.join(acts)}." if acts else ""


def application(data: Mapping[str, Any]) -> bytes:
    """The application with its eleven numbered fields (annex 1)."""
    organization, registered = data["organization"], data["registered"]
    legal, actual, head = data["legal_address"], data["actual_address"], data["head"]
    until = data["license"]["valid_until"]
    authors = "; ".join(
        ", ".join(part for part in (a["name"], a["position"], a.get("degree"), a.get("rank")) if part)
        for a in data["authors"]
    )
    practice, total = hours_of(data)
    fields = [
        f"{organization['full_name']}; {organization['short_name']}; ИНН {organization['inn']}",
        f"{registered['date']}, {registered['place']}, {registered['authority']}",
        f"{legal['address']}; тел. {legal['phone']}; факс {legal['fax']}",
        f"лицензия № {data['license']['number']}, срок: {'бессрочно' if until == 'indefinite' else until}",
        f"{actual['address']}; тел. {actual['phone']}; факс {actual['fax']}; {actual['email']}",
        " ".join(part for part in (head["last_name"], head["first_name"], head.get("patronymic")) if part),
        data["legal_form"],
        data["activities"],
        authors,
        "; ".join(data["practice_bases"]),
        _LEVELS[data["level"]],
    ]
    return _text(
        "ЗАЯВКА\nна участие в сертификации программы повышения квалификации работников образования",
        f"«{data['programme_title']}»",
        "\n".join(f"{n}. {field}" for n, field in enumerate(fields, 1)),
        f"Учебный план: всего {total} ч, из них практических занятий {practice} ч.",
    )


def technical_review(
    *, title: str, number: str, review: Mapping[str, Any], reviewer: str, day: date, acts: Sequence[str] = ()
) -> bytes:
    """The technical review: 32 marks of annex 3, the preliminary block as an annex, who reviewed and when (A-07)."""
    comments = review["comments"]

    def row(key: str, text: str, sign: str) -> str:
        note = f" — {comments[key]}" if comments.get(key) else ""
        return f"{key} [{_SIGNS[sign]}] {text}{note}"

    return _text(
        _HEAD,
        f"ТЕХНИЧЕСКАЯ ЭКСПЕРТИЗА\n«{title}», дело {number}",
        "\n".join(row(key, text, review["marks"][key]) for key, text in T_ROWS.items()),
        "Приложение. Предварительная проверка\n"
        + "\n".join(row(key, text, review["precheck"][key]) for key, text in K_ROWS.items()),
        f"Итог: {'соответствует' if not review['failed'] else 'не соответствует: ' + ', '.join(review['failed'])}.",
        f"Провёл: {reviewer}, {day:%d.%m.%Y}",
        _grounds(acts),
    )


def conclusion(
    *,
    title: str,
    organization: str,
    number: str,
    row: Mapping[str, Any],
    expert: str,
    titles: str,
    day: date,
    acts: Sequence[str] = (),
) -> bytes:
    """An expert's conclusion (annex 4): 24 marks, the score as a fraction, the verdict, who and when."""
    comments = row["comments"]
    marks = "\n".join(
        f"{key} [{row['marks'][key]}] {text}" + (f" — {comments[key]}" if comments.get(key) else "")
        for key, text in E_ROWS.items()
    )
    reason = f"\nОбоснование: {row['verdict_reason']}" if row.get("verdict_reason") else ""
    return _text(
        _HEAD,
        f"ЗАКЛЮЧЕНИЕ ЭКСПЕРТА (содержательная экспертиза)\n«{title}»\n{organization}\nдело {number}",
        marks,
        f"Сумма баллов: {row['n']} из {row['n_max']}.",
        f"Вывод: {VERDICTS[row['verdict']]}.{reason}",
        f"Эксперт: {', '.join(part for part in (expert, titles) if part)}, {day:%d.%m.%Y}",
        _grounds(acts),
    )


def certificate(
    *,
    number: str,
    title: str,
    organization: str,
    authors: Sequence[str],
    order: str,
    term: tuple[date, date],
    signed: str,
    acts: Sequence[str] = (),
) -> bytes:
    """The certificate: what it certifies, on which order, for which three years, who signed and for whom."""
    return _text(
        _HEAD,
        f"СЕРТИФИКАТ № {number}",
        f"Программа повышения квалификации «{title}»\nОрганизация: {organization}\nАвторы: {', '.join(authors)}",
        f"Решение: «{DECISIONS['grant']}».\nПриказ министерства № {order}.",
        f"Действует с {term[0]:%d.%m.%Y} по {term[1]:%d.%m.%Y} включительно.",
        signed,
        _grounds(acts),
    )
