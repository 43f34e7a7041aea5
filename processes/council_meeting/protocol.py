"""The protocol of a meeting and extracts from it, in Russian (clauses 3.7, 4.8).

The same values give the same text to the byte, so that its hash can be signed. Votes are named (the vote is open); the
count is shown both ways, by participants and by votes cast (A-03).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from engine.clock import MOSCOW
from processes.council_meeting.model import (
    DocumentKind,
    Form,
    Kind,
    Member,
    Outcome,
    Point,
    Presiding,
    State,
    Tally,
    Vote,
)
from processes.council_meeting.rules import GRANT_WORDS, REFUSE_WORDS, needed_for_quorum

COUNCIL: Final = (
    "Краевой экспертный совет по оценке качества содержания и сертификации (экспертизы) "
    "программ повышения квалификации работников образования"
)
_FORMS: Final = {Form.IN_PERSON: "очная", Form.ABSENTEE: "заочная"}
_ROLES: Final = {"chair": "председатель", "deputy": "заместитель председателя", "secretary": "ответственный секретарь"}
_OFFICES: Final = {"chair": "Председатель", "secretary": "Ответственный секретарь"}
_VOTES: Final = {Vote.FOR: "За", Vote.AGAINST: "Против", Vote.ABSTAIN: "Воздержались"}
_DOCUMENTS: Final = {
    DocumentKind.STANDARD: "стандарт качества программ",
    DocumentKind.CRITERIA: "критерии оценки программ",
    DocumentKind.FORM: "форму экспертного заключения",
    DocumentKind.EXPERT_REQUIREMENTS: "требования к экспертам",
    DocumentKind.PLAN: "план работы",
}


@dataclass(frozen=True, slots=True)
class Discussed:
    """One agenda item as the meeting left it; without `tally` where no vote was counted."""

    point: Point
    number: str
    state: State
    outcome: Outcome | None = None
    tally: Tally | None = None
    votes: Mapping[str, Vote] = field(default_factory=dict)
    recused: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """All that a protocol tells.

    `held_on` is a date in Europe/Moscow; `members` the composition on it; `counted` those of whom the quorum is asked.
    """

    number: str
    form: Form
    held_on: date
    members: tuple[Member, ...]
    present: tuple[str, ...]
    counted: frozenset[str]
    presiding: Presiding | None
    items: tuple[Discussed, ...]


def write_protocol(minutes: Minutes) -> str:
    """The whole protocol as plain text, lines joined by LF, ending in one."""
    return "\n".join([*_head(minutes), "", *_agenda(minutes), *_items(minutes), "", *_places_to_sign()]) + "\n"


def write_extract(minutes: Minutes, item: Discussed) -> str:
    """An extract on one item: the head, that item, and the protocol it is taken from."""
    lines = [
        f"Выписка из протокола заседания КЭС № {minutes.number} от {day(minutes.held_on)}",
        COUNCIL,
        "",
        *_quorum(minutes),
        "",
        *_item(minutes, item),
    ]
    return "\n".join(lines) + "\n"


def write_signatures(minutes: Minutes, signatures: Iterable[Mapping[str, Any]]) -> str:
    """Who signed: rows with `role`, `login`, `on_behalf_of`, `basis`, `sha256`, `signed_at` (aware), as text."""
    lines = ["", "Подписи (простая электронная подпись):"]
    for row in signatures:
        office = _OFFICES[row["role"]]
        if row["on_behalf_of"]:
            office += f" — исполняет обязанности за {_short(minutes, row['on_behalf_of'])} ({row['basis']})"
        at = row["signed_at"].astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")
        lines.append(f"  {office}: {_short(minutes, row['login'])}, {at} (московское время)")
        lines.append(f"  SHA-256 подписанного текста: {row['sha256']}")
    return "\n".join(lines) + "\n"


def decision_words(item: Discussed) -> str:
    """What was decided: word for word as clause 4.8 has it, or why there is no decision."""
    if item.state is State.STRUCK:
        return "Вопрос снят с повестки: заявитель отозвал заявку до голосования."
    if item.outcome is None or item.outcome is Outcome.UNDECIDED or item.state is State.UNREACHED:
        return "Вопрос не рассмотрен: кворум утрачен. Решение не принималось."
    if item.outcome is Outcome.NOT_ADOPTED:
        return "Решение не принято: ни одно из решений не набрало большинства."
    if item.point.kind is Kind.DOCUMENT:
        name = f"{_DOCUMENTS[item.point.document] if item.point.document else 'документ'} «{item.point.title}»"
        return f"Утвердить {name}." if item.outcome is Outcome.GRANT else f"Не утверждать {name}."
    return f"«{GRANT_WORDS if item.outcome is Outcome.GRANT else REFUSE_WORDS}»."


def day(value: date) -> str:
    """A date as people here write it: 10.02.2020."""
    return value.strftime("%d.%m.%Y")


def _head(minutes: Minutes) -> list[str]:
    lines = [
        COUNCIL,
        "",
        f"ПРОТОКОЛ ЗАСЕДАНИЯ № {minutes.number}",
        f"Дата: {day(minutes.held_on)}. Форма заседания: {_FORMS[minutes.form]}.",
        *_presiding(minutes),
        "",
        *_quorum(minutes),
    ]
    present = [m for m in minutes.members if m.login in minutes.present]
    lines += ["Присутствовали:" if minutes.form is Form.IN_PERSON else "Прислали бюллетени:"]
    lines += [f"  {n}. {m.name}, {_ROLES.get(m.role, 'член совета')}" for n, m in enumerate(present, 1)]
    away = ", ".join(m.short for m in minutes.members if m.login not in minutes.present)
    return [*lines, f"Отсутствовали: {away or 'нет'}."]


def _presiding(minutes: Minutes) -> list[str]:
    if minutes.presiding is None:
        return []
    name = _short(minutes, minutes.presiding.login)
    if minutes.presiding.on_behalf_of is None:
        return [f"Председательствует: {name}, председатель."]
    absent = _short(minutes, minutes.presiding.on_behalf_of)
    return [
        f"Председательствует: {name}, и. о. председателя за {absent} ({minutes.presiding.basis or 'без документа'})."
    ]


def _quorum(minutes: Minutes) -> list[str]:
    total, present = len(minutes.counted), len(minutes.counted & set(minutes.present))
    line = (
        f"Кворум считается от {total}, участвуют {present}. Нужно более двух третей, то есть не менее "
        f"{needed_for_quorum(total)} (пункт 3.4): кворум {'имеется' if 3 * present > 2 * total else 'отсутствует'}."
    )
    return [line]


def _agenda(minutes: Minutes) -> list[str]:
    return ["Повестка:", *(f"  {i.point.number}. {_title(i)}" for i in minutes.items)]


def _items(minutes: Minutes) -> list[str]:
    return [line for item in minutes.items for line in ("", *_item(minutes, item))]


def _item(minutes: Minutes, item: Discussed) -> list[str]:
    lines = [f"{item.point.number}. Слушали: {_title(item)}"]
    if item.left:
        lines.append(f"Покинули заседание до голосования: {_names(minutes, item.left)}.")
    if item.recused:
        lines.append(f"Взяли самоотвод: {_names(minutes, item.recused)}.")
    if item.tally is not None and item.tally.quorate:
        lines += _count(minutes, item, item.tally)
    lines.append(f"Решили: {decision_words(item)}")
    if item.outcome is Outcome.REFUSE and item.recommendations:
        lines += ["Рекомендации:", *(f"  {n}) {text}" for n, text in enumerate(item.recommendations, 1))]
    return lines


def _count(minutes: Minutes, item: Discussed, tally: Tally) -> list[str]:
    lines = ["Голосовали открыто:"]
    for kind, word in _VOTES.items():
        voters = [login for login, vote in item.votes.items() if vote is kind]
        lines.append(f"  {word} — {len(voters)}" + (f": {_names(minutes, voters)}." if voters else "."))
    cast = tally.votes_for + tally.votes_against
    lines.append(
        f"  От участников без взявших самоотвод ({tally.base}): за {tally.votes_for}, против {tally.votes_against}; "
        f"для решения нужно не менее {tally.base // 2 + 1}. От поданных «за» и «против» ({cast}): за {tally.votes_for}."
    )
    if tally.casting is not None:
        lines.append(f"  Голоса разделились поровну; решающий голос — «{_VOTES[tally.casting].lower()}» (пункт 3.6).")
    return lines


def _title(item: Discussed) -> str:
    if item.point.kind is Kind.DOCUMENT:
        return f"об утверждении: {item.point.title}"
    return f"дело {item.number}, {item.point.title}"


def _names(minutes: Minutes, logins: Iterable[str]) -> str:
    named = set(logins)
    return ", ".join(member.short for member in minutes.members if member.login in named)


def _short(minutes: Minutes, login: str) -> str:
    return next((m.short for m in minutes.members if m.login == login), login)


def _places_to_sign() -> list[str]:
    return [
        "Председатель (лицо, исполняющее его обязанности): ____________",
        "Ответственный секретарь (или лицо по поручению): ____________",
    ]
