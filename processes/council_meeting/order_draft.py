"""The draft of the ministry's order on a meeting's decisions, for the ministry to edit (clause 4.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from processes.council_meeting.rules import GRANT_WORDS, REFUSE_WORDS
from processes.papers.editable import open_draft, seal, tabulate, write
from processes.papers.typesetting import COUNCIL
from processes.papers.words import long_day

if TYPE_CHECKING:
    from docx.document import Document

MINISTRY: Final = "МИНИСТЕРСТВО ОБРАЗОВАНИЯ, НАУКИ И МОЛОДЕЖНОЙ ПОЛИТИКИ\nКРАСНОДАРСКОГО КРАЯ"
_HEADS: Final = ("№", "Дело", "Программа", "Организация")
_WIDTHS: Final = (10, 32, 68, 55)


@dataclass(frozen=True, slots=True)
class Decided:
    """A case that the council decided: its number, the programme's title, the organisation's full name."""

    number: str
    title: str
    organization: str
    is_granted: bool


def write_order(protocol: str, held_on: date, decided: Sequence[Decided], *, at: datetime) -> bytes:
    """The draft as DOCX; number, date and signature are left for the ministry. `at` (aware): when it was drawn up."""
    draft = open_draft("Проект приказа об утверждении решений краевого экспертного совета", at=at)
    write(draft, "ПРОЕКТ", align="right", indent=False)
    write(draft, MINISTRY, align="center", bold=True, before=6)
    write(draft, "П Р И К А З", align="center", bold=True, before=18)
    write(draft, "от ______________ № ______________", align="center", before=12)
    write(draft, "г. Краснодар", align="center", before=6)
    write(draft, "Об утверждении решений краевого экспертного совета", align="center", bold=True, before=18)
    write(
        draft,
        (
            "В соответствии с пунктом 4.10 положения о краевом экспертном совете и на основании протокола заседания "
            f"совета от {long_day(held_on)} № {protocol} п р и к а з ы в а ю:"
        ),
        before=18,
    )
    points = 1
    for is_granted, words in ((True, GRANT_WORDS), (False, REFUSE_WORDS)):
        listed = [case for case in decided if case.is_granted is is_granted]
        if listed:
            write(draft, f"{points}. Утвердить решение совета «{words}» по программам:", before=8)
            _list(draft, listed)
            points += 1
    rest = [
        "Контроль за выполнением настоящего приказа возложить на ________________________________.",
        "Настоящий приказ вступает в силу со дня его подписания.",
    ]
    if any(case.is_granted for case in decided):
        rest.insert(
            0,
            "Ответственному секретарю совета внести программы и сертификаты в краевой депозитарий в течение трёх "
            "рабочих дней после подписания настоящего приказа (пункт 4.13 положения).",
        )
    for n, text in enumerate(rest, points):
        write(draft, f"{n}. {text}", before=8)
    write(draft, "Министр ____________________ / ____________________", align="left", before=36)
    write(draft, f"Проект подготовлен: {COUNCIL}, протокол № {protocol}.", align="left", before=24)
    return seal(draft)


def _list(draft: "Document", cases: Sequence[Decided]) -> None:
    rows = [(str(n), case.number, f"«{case.title}»", case.organization) for n, case in enumerate(cases, 1)]
    tabulate(draft, _HEADS, rows, _WIDTHS)
