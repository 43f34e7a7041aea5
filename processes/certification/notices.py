"""Decisions and letters of the certification on paper: appointment, notice of stage 1, refusal.

PDF; the same values give the same bytes. Instants are aware.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from engine.clock import moscow
from processes.certification.model import DECISIONS
from processes.certification.printed import printed_words
from processes.certification.rows import K_ROWS
from processes.council.model import Person
from processes.papers.typesetting import typeset
from processes.papers.words import Mark, long_day


def appointment(
    *,
    title: str,
    organization: str,
    number: str,
    experts: Sequence[Mapping[str, str]],
    replaced: str,
    mark: Mark,
    acts: Sequence[str] = (),
) -> bytes:
    """The chair's appointment of experts (clauses 2.5, 4.6); rows have `seat`, `name`, `post`.

    `replaced` names the expert whose seat is filled anew, else it is blank.
    """
    return typeset(
        "appointment",
        {
            "date": long_day(moscow(mark.at).date()),
            "number": number,
            "programme": title,
            "organization": organization,
            "verb": f"взамен выбывшего эксперта ({replaced}) назначить" if replaced else "назначить экспертами",
            "experts": [dict(row) for row in experts],
            "terms": [
                "Содержательная экспертиза проводится в течение 10 рабочих дней с назначения (пункт 4.6 положения).",
                "Эксперт открывает материалы, заявив об отсутствии конфликта интересов.",
            ],
            "marks": [mark.shown()],
            "acts": list(acts),
            "footer": f"Назначение экспертов, дело {number}",
        },
        title=f"Назначение экспертов по программе «{title}»",
        at=mark.at,
    )


def expert_row(seat: int, person: Person) -> dict[str, str]:
    """An expert as the appointment names one."""
    post = ", ".join(part for part in (person.position, person.degree, person.academic_rank) if part)
    return {"seat": str(seat), "name": person.full_name, "post": post or "член экспертного совета"}


def notice_not_considered(
    *,
    title: str,
    number: str,
    data: Mapping[str, Any],
    failed: Sequence[tuple[str, str]],
    mark: Mark,
    at: datetime,
    acts: Sequence[str] = (),
) -> bytes:
    """The notice that the documents are not considered, every failed row with its comment (clause 4.5)."""
    return typeset(
        "notice",
        {
            "date": long_day(moscow(at).date()),
            "number": number,
            "to": _addressee(data),
            "kind": "УВЕДОМЛЕНИЕ",
            "about": f"Об отказе в рассмотрении документов по программе «{title}»",
            "paragraphs": [
                (
                    f"Документы по заявке № {number} на сертификацию программы повышения квалификации «{title}» "
                    "не прошли техническую экспертизу и в соответствии с пунктом 4.5 положения не рассматриваются."
                ),
            ],
            "list_title": "Причины отказа: непройденные строки экспертизы",
            "items": [
                {"text": f"«{K_ROWS.get(row) or printed_words(row)}»", "comment": comment or ""}
                for row, comment in failed
            ],
            "closing": ["После устранения замечаний документы можно подать снова в любое время."],
            "marks": [mark.shown()],
            "acts": list(acts),
            "footer": f"Уведомление об отказе в рассмотрении, дело {number}",
        },
        title=f"Уведомление об отказе в рассмотрении документов по программе «{title}»",
        at=at,
    )


def refusal(
    *,
    title: str,
    number: str,
    data: Mapping[str, Any],
    protocol: str,
    order: tuple[str, date],
    recommendations: Sequence[str],
    mark: Mark,
    acts: Sequence[str] = (),
) -> bytes:
    """The refusal with the council's recommendations (clause 4.16)."""
    by_protocol = f" (протокол № {protocol})" if protocol else ""
    decided = f"Экспертный совет рассмотрел программу повышения квалификации «{title}» и принял решение{by_protocol}"
    return typeset(
        "notice",
        {
            "date": long_day(moscow(mark.at).date()),
            "number": number,
            "to": _addressee(data),
            "kind": "ОТКАЗ В СЕРТИФИКАЦИИ",
            "about": f"О результатах сертификации программы «{title}»",
            "paragraphs": [
                f"{decided}: «{DECISIONS['refuse']}».",
                f"Решение утверждено приказом министерства от {long_day(order[1])} № {order[0]}.",
            ],
            "list_title": "Рекомендации совета по доработке программы",
            "items": [{"text": item, "comment": ""} for item in recommendations],
            "closing": [
                (
                    "После устранения замечаний, указанных в рекомендациях, вы вправе снова подать документы на "
                    "сертификацию (пункт 4.17 положения)."
                )
            ],
            "marks": [mark.shown()],
            "acts": list(acts),
            "footer": f"Отказ в сертификации, дело {number}",
        },
        title=f"Отказ в сертификации программы «{title}»",
        at=mark.at,
    )


def _addressee(data: Mapping[str, Any]) -> dict[str, str]:
    head, actual = data["head"], data["actual_address"]
    initials = "".join(f"{head[key][0]}. " for key in ("first_name", "patronymic") if head.get(key))
    return {
        "organization": data["organization"]["full_name"],
        "head": f"{initials}{head['last_name']}",
        "address": actual["address"],
        "email": actual["email"],
    }
