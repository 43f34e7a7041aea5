"""A meeting's agenda, protocol and extracts as PDF (clauses 2.5, 3.7, 4.8): the words are those of the signed text."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from processes.council.rules import quorum_needed
from processes.council_meeting.model import Form, Kind, Outcome, Point
from processes.council_meeting.protocol import (
    ABSENT,
    FORMS,
    VOTES,
    Discussed,
    Minutes,
    count_words,
    decision_words,
    heading_of,
    names_of,
    present_words,
    presiding_words,
    quorum_words,
    recused_words,
    task_words,
    title_of,
)
from processes.papers.typesetting import typeset
from processes.papers.words import Mark, instant, long_day


def agenda(
    *,
    number: str,
    form: Form,
    held_on: date,
    closes_at: datetime | None,
    points: Sequence[Point],
    numbers: Mapping[str, str],
    total: int,
    mark: Mark,
) -> bytes:
    """The agenda as the chair approved it; `numbers` are the cases' numbers by id, `total` those of the quorum."""
    needed = f"более двух третей от {total}, то есть не менее {quorum_needed(total)} (пункт 3.4 положения)"
    return typeset(
        "agenda",
        {
            "date": long_day(held_on),
            "number": number,
            "form": FORMS[form],
            "closes": f"до {instant(closes_at)}" if closes_at else "",
            "quorum": needed,
            "items": [_planned(point, numbers) for point in points],
            "approved": mark.shown(),
            "footer": f"Повестка заседания {number}",
        },
        title=f"Повестка заседания экспертного совета {number}",
        at=mark.at,
    )


def protocol(minutes: Minutes, marks: Sequence[Mark], *, at: datetime) -> bytes:
    """The protocol: a draft with places to sign where there is no mark yet, else as signed."""
    present = [present_words(minutes, m) for m in minutes.members if m.login in minutes.present]
    absent = ", ".join(m.short for m in minutes.members if m.login not in minutes.present)
    return _typeset(
        minutes,
        minutes.items,
        marks,
        at=at,
        kind="ПРОТОКОЛ ЗАСЕДАНИЯ",
        title=f"Протокол заседания экспертного совета № {minutes.number}",
        present=present,
        present_title="Присутствовали:" if minutes.form is Form.IN_PERSON else "Прислали бюллетени:",
        absent=f"{ABSENT[minutes.form]}: {absent or 'нет'}.",
        agenda=[{"number": i.point.number, "title": heading_of(i)} for i in minutes.items],
        is_draft=not marks,
        about="",
        note="",
    )


def extract(minutes: Minutes, item: Discussed, marks: Sequence[Mark], *, at: datetime) -> bytes:
    """An extract on one item: the head, that item, and the protocol that it is taken from."""
    title = f"Выписка из протокола заседания экспертного совета № {minutes.number}"
    return _typeset(
        minutes,
        [item],
        marks,
        at=at,
        kind="ВЫПИСКА ИЗ ПРОТОКОЛА",
        title=title,
        present=[],
        present_title="",
        absent="",
        agenda=[],
        is_draft=False,
        about=f"По вопросу {item.point.number} повестки",
        note="Выписка верна: составлена службой совета из подписанного протокола.",
    )


def _typeset(
    minutes: Minutes,
    items: Sequence[Discussed],
    marks: Sequence[Mark],
    *,
    at: datetime,
    title: str,
    **rest: Any,
) -> bytes:
    return typeset(
        "protocol",
        {
            "date": long_day(minutes.held_on),
            "number": minutes.number,
            "form": FORMS[minutes.form],
            "presiding": presiding_words(minutes),
            "quorum": quorum_words(minutes),
            "items": [_told(minutes, item) for item in items],
            "marks": [mark.shown() for mark in marks],
            "footer": title,
            **rest,
        },
        title=title,
        at=at,
    )


def _planned(point: Point, numbers: Mapping[str, str]) -> dict[str, Any]:
    if point.kind is Kind.DOCUMENT:
        return {"number": point.number, "title": f"Об утверждении документа: {point.title}", "note": "пункт 3.5"}
    return {
        "number": point.number,
        "title": f"О программе повышения квалификации «{point.title}»",
        "note": f"дело № {numbers.get(point.case or '', '')}, три заключения экспертов; пункты 4.7, 4.8",
    }


def _told(minutes: Minutes, item: Discussed) -> dict[str, Any]:
    notes, votes, count = [], [], []
    if item.left:
        notes.append(f"Покинули заседание до голосования: {names_of(minutes, item.left)}.")
    if item.recused:
        notes.append(f"Заявлен самоотвод: {recused_words(minutes, item)}.")
    if item.tally is not None and item.tally.quorate:
        count = count_words(item.tally)
        for vote, word in VOTES.items():
            voters = [login for login, given in item.votes.items() if given is vote]
            votes.append({"word": word, "count": len(voters), "names": names_of(minutes, voters)})
    return {
        "number": item.point.number,
        "title": title_of(item),
        "notes": notes,
        "votes": votes,
        "count": count,
        "decision": decision_words(item),
        "recommendations": list(item.recommendations) if item.outcome is Outcome.REFUSE else [],
        "heard": item.wording.heard.splitlines(),
        "spoke": item.wording.spoke.splitlines(),
        "decided": item.wording.decided.splitlines(),
        "tasks": task_words(minutes, item),
    }
