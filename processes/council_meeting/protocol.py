"""The text of a meeting's protocol, in Russian (clauses 3.7, 4.8).

The same values give the same text to the byte, so that its hash can be signed. Votes are named (the vote is open); the
count is shown both ways, by participants and by votes cast (A-03).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from processes.council.rules import quorum_needed
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
    Wording,
)
from processes.council_meeting.rules import GRANT_WORDS, REFUSE_WORDS
from processes.papers.typesetting import COUNCIL

FORMS: Final = {Form.IN_PERSON: "очная", Form.ABSENTEE: "заочная"}
#: How those who took no part are headed.
ABSENT: Final = {Form.IN_PERSON: "Отсутствовали", Form.ABSENTEE: "Бюллетеней не прислали"}
ROLES: Final = {"chair": "председатель", "deputy": "заместитель председателя", "secretary": "ответственный секретарь"}
VOTES: Final = {Vote.FOR: "За", Vote.AGAINST: "Против", Vote.ABSTAIN: "Воздержались"}
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
    wording: Wording = field(default_factory=Wording)
    #: Why those who recused themselves did, by login.
    reasons: Mapping[str, str] = field(default_factory=dict)


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
    #: Those present who take part by video link.
    remote: frozenset[str] = frozenset()


def write_protocol(minutes: Minutes) -> str:
    """The whole protocol as plain text, lines joined by LF, ending in one."""
    return "\n".join([*_head(minutes), "", *_agenda(minutes), *_items(minutes), "", *_places_to_sign()]) + "\n"


def decision_words(item: Discussed) -> str:
    """What was decided: word for word as clause 4.8 has it, or why there is no decision."""
    if item.state is State.STRUCK:
        return "Вопрос снят с повестки: заявитель отозвал заявку до голосования."
    if item.outcome is None or item.outcome is Outcome.UNDECIDED or item.state is State.UNREACHED:
        return "Вопрос не рассмотрен: кворум утрачен. Решение не принималось."
    if item.outcome is Outcome.NOT_ADOPTED:
        if item.tally is not None and item.tally.votes_for == item.tally.votes_against > 0:
            return "Решение не принято: голоса разделились поровну, решающего голоса нет (пункт 3.6)."
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
        f"Дата: {day(minutes.held_on)}. Форма заседания: {FORMS[minutes.form]}.",
        *_presiding(minutes),
        "",
        quorum_words(minutes),
    ]
    present = [m for m in minutes.members if m.login in minutes.present]
    lines += ["Присутствовали:" if minutes.form is Form.IN_PERSON else "Прислали бюллетени:"]
    lines += [f"  {n}. {present_words(minutes, member)}" for n, member in enumerate(present, 1)]
    away = ", ".join(m.short for m in minutes.members if m.login not in minutes.present)
    return [*lines, f"{ABSENT[minutes.form]}: {away or 'нет'}."]


def present_words(minutes: Minutes, member: Member) -> str:
    """One of those present: name, office, and the way if it is a video link."""
    words = f"{member.name}, {ROLES.get(member.role, 'член совета')}"
    return f"{words} (дистанционно)" if member.login in minutes.remote else words


def _presiding(minutes: Minutes) -> list[str]:
    words = presiding_words(minutes)
    return [f"Председательствует: {words}."] if words else []


def presiding_words(minutes: Minutes) -> str:
    """Who presides, and for whom on which paper; blank where nobody does (clause 2.4)."""
    if minutes.presiding is None:
        return ""
    name = short_of(minutes, minutes.presiding.login)
    if minutes.presiding.on_behalf_of is None:
        return f"{name}, председатель"
    absent = short_of(minutes, minutes.presiding.on_behalf_of)
    return f"{name}, и. о. председателя (отсутствует {absent}; {minutes.presiding.basis or 'без документа'})"


def quorum_words(minutes: Minutes) -> str:
    """Of how many the quorum is asked, how many take part, and whether that is enough (clause 3.4)."""
    total, present = len(minutes.counted), len(minutes.counted & set(minutes.present))
    return (
        f"Кворум считается от {total}, участвуют {present}. Нужно более двух третей, то есть не менее "
        f"{quorum_needed(total)} (пункт 3.4): кворум {'имеется' if 3 * present > 2 * total else 'отсутствует'}."
    )


def _agenda(minutes: Minutes) -> list[str]:
    return ["Повестка:", *(f"  {i.point.number}. {heading_of(i)}" for i in minutes.items)]


def _items(minutes: Minutes) -> list[str]:
    return [line for item in minutes.items for line in ("", *_item(minutes, item))]


def _item(minutes: Minutes, item: Discussed) -> list[str]:
    lines = [f"{item.point.number}. Слушали: {title_of(item)}", *item.wording.heard.splitlines()]
    if item.wording.spoke:
        lines += [f"Выступили: {item.wording.spoke}"]
    if item.left:
        lines.append(f"Покинули заседание до голосования: {names_of(minutes, item.left)}.")
    if item.recused:
        lines.append(f"Заявлен самоотвод: {recused_words(minutes, item)}.")
    if item.tally is not None and item.tally.quorate:
        lines += _count(minutes, item, item.tally)
    lines += [f"Решили: {decision_words(item)}", *item.wording.decided.splitlines()]
    if item.outcome is Outcome.REFUSE and item.recommendations:
        lines += ["Рекомендации:", *(f"  {n}) {text}" for n, text in enumerate(item.recommendations, 1))]
    if item.wording.tasks:
        lines += ["Поручения:", *(f"  {n}) {text}" for n, text in enumerate(task_words(minutes, item), 1))]
    return lines


def _count(minutes: Minutes, item: Discussed, tally: Tally) -> list[str]:
    lines = ["Голосовали открыто:"]
    for kind, word in VOTES.items():
        voters = [login for login, vote in item.votes.items() if vote is kind]
        lines.append(f"  {word} — {len(voters)}" + (f": {names_of(minutes, voters)}." if voters else "."))
    return [*lines, *(f"  {line}" for line in count_words(tally))]


def count_words(tally: Tally) -> list[str]:
    """The count both ways, by participants and by votes cast (A-03), and whose vote decided an equality."""
    cast = tally.votes_for + tally.votes_against
    both = (
        f"Участников без заявивших самоотвод — {tally.base}: за {tally.votes_for}, против {tally.votes_against}; "
        f"для решения нужно не менее {tally.base // 2 + 1}. "
        f"Подано «за» и «против» — {cast}, из них за {tally.votes_for}."
    )
    lines = [both]
    if tally.casting is not None:
        lines.append(f"Голоса разделились поровну; решающий голос — «{VOTES[tally.casting].lower()}» (пункт 3.6).")
    return lines


def title_of(item: Discussed) -> str:
    """What an item is about, with the number of its case."""
    if item.point.kind is Kind.DOCUMENT:
        return f"об утверждении документа «{item.point.title}»"
    return f"о программе повышения квалификации «{item.point.title}» (дело № {item.number})"


def heading_of(item: Discussed) -> str:
    """What an item is about, as a line of the agenda."""
    title = title_of(item)
    return title[:1].upper() + title[1:]


def names_of(minutes: Minutes, logins: Iterable[str]) -> str:
    """Members by their short names, in the order of the composition."""
    named = set(logins)
    return ", ".join(member.short for member in minutes.members if member.login in named)


def recused_words(minutes: Minutes, item: Discussed) -> str:
    """Who recused themselves from an item, each with the reason given (A-17)."""
    named = [
        (member.short, item.reasons.get(member.login)) for member in minutes.members if member.login in item.recused
    ]
    return ", ".join(f"{short} ({reason})" if reason else short for short, reason in named)


def task_words(minutes: Minutes, item: Discussed) -> list[str]:
    """What the meeting asked people to do on an item: what, who, by when."""
    return [
        f"{task.text.rstrip('.')}. Ответственный: {short_of(minutes, task.responsible)}. Срок: {day(task.due)}."
        for task in item.wording.tasks
    ]


def short_of(minutes: Minutes, login: str) -> str:
    """A member's short name; the login of one who is not in the composition."""
    return next((m.short for m in minutes.members if m.login == login), login)


def _places_to_sign() -> list[str]:
    return [
        "Председатель (лицо, исполняющее его обязанности): ____________",
        "Ответственный секретарь (или лицо по поручению): ____________",
    ]
