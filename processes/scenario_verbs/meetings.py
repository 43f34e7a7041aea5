"""Verbs of the council's meetings: agenda, attendance, votes, protocol, order (section 3; 4.7-4.11)."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from engine.cases import start_instance
from engine.clock import MOSCOW
from engine.scenarios import MismatchError, Step, Verb, World
from engine.scenarios.reading import read_instant
from processes.council import people
from processes.council_meeting.use_cases import cast_vote

MEETING: Final = "заседание"
SIGNS: Final = {"за": "for", "против": "against", "воздержались": "abstain"}


def meeting_of(world: World, step: Step) -> str:
    """Give the meeting that a step speaks of: its key `заседание`, else the last one called."""
    name = str(step.more.get("заседание", world.marks.get("meeting", MEETING)))
    if name not in world.cases:
        raise MismatchError(f"Заседания «{name}» в сценарии ещё нет.")
    return world.cases[name]


def council(world: World, meeting: str | None = None) -> list[str]:
    """Give the logins of the composition on the meeting's day, leadership first."""
    day = world.now.date()
    if meeting is not None:
        day = date.fromisoformat(world.row(meeting)["data"]["date"])
    composition = world.read(lambda tx: people.members_on(tx.connection, day))
    return [] if composition is None else [member.login for member in composition.members]


def call(world: World, step: Step) -> None:
    """`созвано заседание`: the secretary calls a meeting on the current case, in five working days.

    `день`, `форма` (absentee), `до` (ballots close), `дела` (names), `документы` ([{document, title}]), `кем`,
    `заседание` (its name).
    """
    cases = [world.cases[str(name)] for name in step.of("дела", [world.current] if world.current else [])]
    points: list[dict[str, Any]] = [{"kind": "certification", "case": case} for case in cases]
    points += [{"kind": "document", **each} for each in step.of("документы", [])]
    today = world.now.date()
    day = step.of("день") or world.read(lambda tx: tx.calendar.add_working_days(today, 5))
    data: dict[str, Any] = {"form": step.of("форма", "in_person"), "date": day_text(day), "agenda": points}
    if closes := step.of("до"):
        data["closes_at"] = read_instant(closes).isoformat()
    by = str(step.of("кем", "secretary"))
    row = world.act(by, lambda tx, actor: start_instance(tx, "council_meeting", data, actor=actor), "start_instance")
    name = str(step.more.get("заседание", MEETING))
    world.cases[name] = row["id"]
    world.marks["meeting"] = name
    world.marks.setdefault("agendas", {})[row["id"]] = cases


def day_text(day: Any) -> str:
    """Give a date as ISO text."""
    return day.isoformat() if isinstance(day, date) else str(day)


def approve(world: World, step: Step) -> None:
    """`повестка утверждена`: the chair approves the agenda."""
    world.complete(meeting_of(world, step), "approve_agenda", str(step.of("кем", "chair")), {"approve": True})


def cancel(world: World, step: Step) -> None:
    """`повестка отклонена: причина`: the chair does not approve the agenda, and the meeting is off."""
    data = {"approve": False, "reason": str(step.value or "кворума не будет")}
    world.complete(meeting_of(world, step), "approve_agenda", str(step.more.get("кем", "chair")), data)


def come(world: World, step: Step) -> None:
    """`настал день заседания`: the clock moves to 08:30 of the meeting's day."""
    day = date.fromisoformat(world.row(meeting_of(world, step))["data"]["date"])
    world.advance(max(world.now, datetime.combine(day, time(8, 30), MOSCOW)))


def close_ballots(world: World, step: Step) -> None:
    """`приём бюллетеней закрыт`: the clock moves to the instant at which the ballots close."""
    world.advance(datetime.fromisoformat(world.row(meeting_of(world, step))["data"]["closes_at"]))


def attend(world: World, step: Step) -> None:
    """`присутствуют: все`, `16`, or `[логин, …]`: the secretary registers who is present (3.4); `кроме` is left out."""
    meeting = meeting_of(world, step)
    everybody = council(world, meeting)
    value = step.value
    present = list(value) if isinstance(value, list) else everybody[: value if isinstance(value, int) else None]
    present = [login for login in present if login not in step.more.get("кроме", [])]
    world.marks.setdefault("present", {})[meeting] = present
    world.complete(meeting, "register_attendance", str(step.more.get("кем", "secretary")), {"present": present})


def vote(world: World, step: Step) -> None:
    """`голосуют: {member02: за, …}`: members cast their own votes on the item `вопрос` (1)."""
    meeting, item = meeting_of(world, step), int(step.more.get("вопрос", 1))
    given = {str(login): sign_of(sign) for login, sign in step.value.items()}
    if step.more.get("и остальные") is not None:
        given = dict.fromkeys(council(world, meeting), sign_of(step.more["и остальные"])) | given
    for login, sign in given.items():
        cast_one(world, meeting, item, login, sign)


def cast_one(world: World, meeting: str, item: int, login: str, sign: str) -> None:
    """Cast one member's own vote."""
    world.act(login, lambda tx, actor: cast_vote(tx, meeting, item, sign, actor=actor), "vote")
    world.marks.setdefault("own", {}).setdefault((meeting, item), set()).add(login)


def sign_of(word: Any) -> str:
    """Give the API's word for a vote."""
    return SIGNS.get(str(word), str(word))


def record(world: World, step: Step) -> None:
    """`записаны голоса: за` or `{за: 10, против: 5}`: the secretary enters the votes of all who have not voted.

    With numbers, the first so many participants vote so, the rest abstain. `кроме` ({login: sign}), `самоотвод`,
    `вышли`, `рекомендации`, `кем`.
    """
    meeting = meeting_of(world, step)
    task = world.task(meeting, "record_votes")
    item = int(task["local"]["item"]["number"])
    gone = set(world.marks.setdefault("left", {}).setdefault(meeting, set()))
    leaving, recused = list(step.more.get("вышли", [])), list(step.more.get("самоотвод", []))
    present = world.marks.get("present", {}).get(meeting, [])
    own = world.marks.get("own", {}).get((meeting, item), set())
    voters = [login for login in present if login not in {*gone, *leaving, *recused, *own}]
    votes = distribute(step.value, voters) | {
        str(login): sign_of(sign) for login, sign in step.more.get("кроме", {}).items()
    }
    data: dict[str, Any] = {"votes": votes, "recused": recused, "recommendations": step.more.get("рекомендации", [])}
    if leaving:
        data["left"] = leaving
    world.complete(meeting, "record_votes", str(step.more.get("кем", "secretary")), data)
    world.marks["left"][meeting] |= set(leaving)


def distribute(value: Any, voters: list[str]) -> dict[str, str]:
    """Give each voter a vote: all the same, or by numbers in order, the rest abstaining."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        return dict.fromkeys(voters, sign_of(value))
    signs = [sign_of(sign) for sign, count in value.items() for _ in range(count)]
    return dict(zip(voters, [*signs, *["abstain"] * len(voters)], strict=False))


def sign_by_secretary(world: World, step: Step) -> None:
    """`протокол подписал секретарь`: the secretary, or `кем`, signs the protocol (3.7)."""
    world.complete(
        meeting_of(world, step), "sign_protocol_secretary", str(step.of("кем", "secretary")), {"confirm": True}
    )


def sign_by_chair(world: World, step: Step) -> None:
    """`протокол подписал председатель`: the chair, or `кем`, signs the protocol (3.7)."""
    world.complete(meeting_of(world, step), "sign_protocol_chair", str(step.of("кем", "chair")), {"confirm": True})


def sign(world: World, step: Step) -> None:
    """`протокол подписан`: by the secretary, then by the chair."""
    plain = Step(step.verb, None, {k: v for k, v in step.more.items() if k != "кем"}, step.line)
    sign_by_secretary(world, plain)
    sign_by_chair(world, plain)


def order(world: World, step: Step) -> None:
    """`приказ издан`: the ministry's order on the meeting's cases is registered (4.10, 4.11).

    `номер`, `подписан`, `кроме` (names of cases that it leaves out), `не утверждены` (names that it does not approve).
    """
    meeting = meeting_of(world, step)
    left_out = {world.cases[str(name)] for name in step.of("кроме", [])}
    unapproved = {world.cases[str(name)] for name in step.of("не утверждены", [])}
    results = world.row(meeting)["data"]["results"]
    decided = [each["case"] for each in results if each.get("case") and each["outcome"] in {"grant", "refuse"}]
    approved = {case: case not in unapproved for case in decided if case not in left_out}
    world.marks["orders"] = world.marks.get("orders", 100) + 1
    data = {
        "number": str(step.of("номер", world.marks["orders"])),
        "signed_on": day_text(step.of("подписан", world.now.date())),
        "approved": approved,
    }
    world.complete(meeting, "register_order", str(step.of("кем", "ministry")), data)


def reschedule(world: World, step: Step) -> None:
    """`заседание перенесено: 2026-02-10`, or `заочно до: 2026-02-10 18:00`: the chair sets another day."""
    data: dict[str, Any] = {}
    if until := step.of("заочно до"):
        data = {"form": "absentee", "closes_at": read_instant(until).isoformat()}
    elif step.value is not None:
        data = {"date": day_text(step.value)}
    world.complete(meeting_of(world, step), "reschedule", str(step.more.get("кем", "chair")), data)


def hold(world: World, step: Step) -> None:
    """`заседание решило: выдать`, `отказать`, `решение не принято`: a whole meeting on the current case, and its order.

    Keys as of `созвано заседание` and `приказ издан`; `без приказа: true` stops before the order.
    """
    call(world, step)
    plain = Step(step.verb, None, {k: step.more[k] for k in ("заседание",) if k in step.more}, step.line)
    approve(world, plain)
    come(world, plain)
    attend(world, Step("", "все", plain.more, step.line))
    count = len(world.row(meeting_of(world, plain))["data"]["items"])
    word = str(step.value or "выдать")
    for _item in range(count):
        more = dict(plain.more)
        if word == "отказать":
            more["рекомендации"] = ["усилить практическую часть"]
        value = {"выдать": "за", "отказать": "против"}.get(word, "воздержались")
        record(world, Step("", value, more, step.line))
    sign(world, plain)
    if word in {"выдать", "отказать"} and not step.of("без приказа"):
        order(world, Step("", None, {**plain.more, **step.more}, step.line))


def expect_meeting(world: World, step: Step) -> None:
    """`речь о заседании`: what follows speaks of the last meeting."""
    world.current = next(name for name, case in world.cases.items() if case == meeting_of(world, step))


VERBS: Final[dict[str, Verb]] = {
    "созвано заседание": call,
    "повестка утверждена": approve,
    "повестка отклонена": cancel,
    "настал день заседания": come,
    "приём бюллетеней закрыт": close_ballots,
    "присутствуют": attend,
    "голосуют": vote,
    "записаны голоса": record,
    "протокол подписал секретарь": sign_by_secretary,
    "протокол подписал председатель": sign_by_chair,
    "протокол подписан": sign,
    "приказ издан": order,
    "заседание перенесено": reschedule,
    "заседание решило": hold,
    "речь о заседании": expect_meeting,
}
