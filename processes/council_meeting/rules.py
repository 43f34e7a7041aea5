"""The rules of a meeting: who counts, who votes, what a count gives (clauses 3.4, 3.6, 4.8). Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Final

from engine.clock import MOSCOW
from processes.council_meeting.model import Entry, Form, Member, Outcome, Plan, Presiding, Sheet, State, Tally, Vote

Errors = dict[str, list[str]]

#: The two decisions, word for word as clause 4.8 gives them.
GRANT_WORDS: Final = (
    "Выдать сертификат и включить дополнительную профессиональную программу в краевой депозитарий "
    "сертифицированных программ повышения квалификации работников образования"
)
REFUSE_WORDS: Final = (
    "Отказать в выдаче сертификата и не включать дополнительную профессиональную программу в краевой депозитарий "
    "сертифицированных программ повышения квалификации работников образования"
)

#: The last year of a meeting, as of any date in a form.
LAST_YEAR: Final = 2199
_TOO_LATE: Final = f"Год — не позднее {LAST_YEAR}. Исправьте дату."


def start_of(day: date) -> datetime:
    """00:00 Europe/Moscow of a day, aware."""
    return datetime.combine(day, time(), MOSCOW)


def check_plan(plan: Plan, now: datetime) -> Errors:
    """What forbids to convene by this plan: a past date, a closing instant missing or too early, a case named twice."""
    errors: Errors = {}
    if plan.date < now.astimezone(MOSCOW).date():
        errors["date"] = ["Дата заседания уже прошла. Укажите сегодняшний или более поздний день."]
    elif plan.date.year > LAST_YEAR:
        errors["date"] = [_TOO_LATE]
    errors |= check_closing(plan, now)
    if not plan.agenda:
        errors["agenda"] = ["Повестка пуста. Внесите хотя бы один вопрос."]
    seen: set[str] = set()
    for index, point in enumerate(plan.agenda):
        if point.case is not None and point.case in seen:
            errors[f"agenda.{index}.case"] = ["Это дело уже внесено в повестку. Оставьте его один раз."]
        seen |= {point.case} if point.case else set()
    return errors


def check_closing(plan: Plan, now: datetime) -> Errors:
    """The closing instant: wanted for the absentee form alone, later than the opening and than now (3.3, A-34)."""
    if plan.form is Form.IN_PERSON:
        if plan.closes_at is not None:
            return {"closes_at": ["Окончание приёма бюллетеней указывают только для заочной формы. Уберите поле."]}
        return {}
    if plan.closes_at is None:
        return {"closes_at": ["Для заочной формы укажите, когда заканчивается приём бюллетеней."]}
    if plan.closes_at.year > LAST_YEAR:
        return {"closes_at": [_TOO_LATE]}
    if plan.closes_at <= max(now, start_of(plan.date)):
        return {"closes_at": ["Приём бюллетеней должен закончиться позже своего начала. Укажите более поздний срок."]}
    return {}


def check_presence(present: Iterable[str], members: Mapping[str, Member]) -> Errors:
    """Who may be entered as present: each once, of the composition in force, and not one whose duties another holds."""
    listed = list(present)
    faults = [f"Участник {login} указан дважды." for login in _twice(listed)]
    for login in dict.fromkeys(listed):
        if login not in members:
            faults.append(f"{login} не входит в состав совета на дату заседания. Уберите его из списка.")
        elif members[login].absent:
            faults.append(f"{login} значится отсутствующим: обязанности исполняет другое лицо. Уберите его из списка.")
    return {"present": faults} if faults else {}


def presides(present: Collection[str], members: Iterable[Member], standins: Iterable[Presiding]) -> Presiding | None:
    """Who conducts: the chair if present, else whoever is present and stands in for the chair (clause 2.4, A-29)."""
    chair = next((m for m in members if m.role == "chair"), None)
    if chair is not None and not chair.absent and chair.login in present:
        return Presiding(chair.login)
    for standin in standins:
        if standin.login in present and chair is not None and standin.on_behalf_of == chair.login:
            return standin
    return None


def check_entry(sheet: Sheet, entry: Entry, *, quorate: bool) -> Errors:
    """What is wrong with the secretary's entry.

    Votes cover every participant who is neither recused nor has voted; a vote that differs from the member's own is an
    error; in the absentee form the secretary adds none. Without a quorum no vote is wanted.
    """
    errors: Errors = {}
    faults = _check_persons(sheet, entry.left, "покинул заседание")
    if faults:
        errors["left"] = faults
    recused = _check_persons(sheet, entry.recused, "взял самоотвод")
    recused += [
        f"{login} покинул заседание и не может взять самоотвод." for login in entry.recused if login in entry.left
    ]
    if recused:
        errors["recused"] = recused
    voters = sheet.participants - set(entry.left) - set(entry.recused)
    for login, vote in entry.votes.items():
        fault = _vote_fault(sheet, entry, login, vote)
        if fault:
            errors[f"votes.{login}"] = [fault]
    if quorate and not sheet.absentee:
        for login in sorted(voters - set(sheet.own) - set(entry.votes)):
            errors[f"votes.{login}"] = [f"Не указан голос участника {login}. Внесите голос или отметьте самоотвод."]
    return errors


def with_declared(sheet: Sheet, entry: Entry) -> Entry:
    """The entry with those who recused themselves and are still there: the secretary need not name them again."""
    declared = [login for login in sheet.recused if login in sheet.participants and login not in entry.left]
    return replace(entry, recused=tuple(dict.fromkeys((*entry.recused, *declared))))


def attendance(sheet: Sheet, entry: Entry) -> dict[str, int]:
    """`{"present", "total"}` at this vote, the recused among the present (A-17): what the quorum table reads (A-33)."""
    return {"present": len((sheet.participants - set(entry.left)) & sheet.counted), "total": len(sheet.counted)}


def all_votes(sheet: Sheet, entry: Entry) -> dict[str, Vote]:
    """Every vote that counts, by login: members' own, the secretary's, abstentions of silent absentee voters."""
    voters = sheet.participants - set(entry.left) - set(entry.recused)
    given = {**entry.votes, **sheet.own}
    if sheet.absentee:
        return {login: given.get(login, Vote.ABSTAIN) for login in sorted(voters)}
    return {login: given[login] for login in sorted(voters) if login in given}


def count(sheet: Sheet, entry: Entry, *, quorate: bool) -> Tally:
    """Count a checked entry. The base is all participants less the recused; abstentions stand in it (A-02, A-03)."""
    votes = all_votes(sheet, entry)
    numbers = {kind: sum(1 for vote in votes.values() if vote is kind) for kind in Vote}
    casting = votes.get(sheet.casting) if sheet.casting else None
    equal = numbers[Vote.FOR] == numbers[Vote.AGAINST]
    return Tally(
        votes_for=numbers[Vote.FOR],
        votes_against=numbers[Vote.AGAINST],
        abstain=numbers[Vote.ABSTAIN],
        base=len(sheet.participants - set(entry.left) - set(entry.recused)),
        casting=casting if equal and casting in (Vote.FOR, Vote.AGAINST) else None,
        quorate=quorate,
    )


def check_recommendations(outcome: Outcome, entry: Entry) -> Errors:
    """A refusal carries the council's recommendations (clauses 3.5, 4.16), none of them blank."""
    if any(not text.strip() for text in entry.recommendations):
        return {"recommendations": ["Рекомендация не может быть пустой. Заполните её или уберите строку."]}
    if outcome is Outcome.REFUSE and not entry.recommendations:
        return {"recommendations": ["Решение об отказе требует рекомендаций. Внесите хотя бы одну."]}
    return {}


def why_closed(
    item: int,
    state: State,
    *,
    is_absentee: bool,
    takes_ballots: bool,
    closes_at: datetime | None,
    now: datetime,
    present: Mapping[str, int | None],
    login: str,
    is_stopped: bool = False,
    recused: Collection[str] = (),
) -> str | None:
    """Why a member's vote on an item is not taken now: `not_open`, `not_present`, `recused`, or None where it is.

    In person an item is open while its task is, to those present who have not left before it (`present` maps logins to
    the item before which they left), until the presiding person ends the taking of votes (clause 2.5); an absentee
    meeting takes ballots until `closes_at`.
    """
    if state is not State.VOTING or is_stopped:
        return "not_open"
    if login in recused:
        return "recused"
    if is_absentee:
        return None if takes_ballots and closes_at is not None and now < closes_at else "not_open"
    left = present.get(login)
    return None if login in present and (left is None or left > item) else "not_present"


def check_order(
    number: str, signed_on: date, approved: Iterable[str], *, decided: Collection[str], held_on: date, today: date
) -> Errors:
    """An order: numbered, signed between the meeting and today, of cases that this meeting decided (clause 4.10)."""
    errors: Errors = {}
    if not number.strip():
        errors["number"] = ["Укажите номер приказа."]
    if signed_on > today:
        errors["signed_on"] = ["Дата подписания ещё не наступила. Укажите день, когда приказ подписан."]
    elif signed_on < held_on:
        errors["signed_on"] = ["Приказ не может быть подписан раньше заседания. Проверьте дату подписания."]
    for case in approved:
        if case not in decided:
            errors[f"approved.{case}"] = ["По этому делу решения на заседании нет. Уберите его из приказа."]
    return errors


def _check_persons(sheet: Sheet, logins: Iterable[str], what: str) -> list[str]:
    listed = list(logins)
    faults = [f"{login} указан дважды." for login in _twice(listed)]
    for login in dict.fromkeys(listed):
        if login not in sheet.participants:
            faults.append(f"{login} не участвует в голосовании по этому вопросу. Уберите его.")
        elif login in sheet.own:
            faults.append(f"{login} уже проголосовал по этому вопросу; отметка «{what}» невозможна.")
    return faults


def _vote_fault(sheet: Sheet, entry: Entry, login: str, vote: Vote) -> str | None:
    if login not in sheet.participants or login in entry.left:
        return f"{login} не участвует в голосовании по этому вопросу. Уберите его голос."
    if login in entry.recused:
        return f"{login} взял самоотвод и не голосует. Уберите его голос."
    if login in sheet.own:
        return (
            None if sheet.own[login] is vote else f"{login} проголосовал сам, и иначе. Оставьте его собственный голос."
        )
    if sheet.absentee:
        return f"Бюллетень {login} не получен. При заочной форме голоса не вносят: уберите его."
    return None


def _twice(logins: list[str]) -> list[str]:
    return sorted({login for login in logins if logins.count(login) > 1})
