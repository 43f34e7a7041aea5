"""Service tasks of the content examination: who sits on a case, what each seat hands in (clauses 2.5, 4.6; A-13, A-28).

Each returns the small value kept in the case data.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.calls import Call
from engine.errors import StepFailedError
from engine.facts import Text
from processes.certification import events, letters, notices
from processes.certification.filing import file_document
from processes.certification.post import application_of, write_person
from processes.certification.records import reviews
from processes.council.people import day_of, name_of
from processes.council.records import appointments, library, people
from processes.council.signers import Office, mark_of, short_name_of


def seat_experts(call: Call, *, logins: Sequence[str]) -> dict[str, Any]:
    """Write the three appointments, the instant of acceptance on the merits (A-11), and tell the experts."""
    for seat, login in enumerate(logins, 1):
        _seat(call, seat, login)
    _file_appointment(call, dict(enumerate(logins, 1)))
    call.tell(events.EXPERTS_APPOINTED, experts=list(logins))
    return {str(seat): {"number": seat, "login": login, "returned": False} for seat, login in enumerate(logins, 1)}


def _seat(call: Call, seat: int, login: str) -> None:
    appointments.open_seat(
        call.connection,
        case=call.case_id,
        seat=seat,
        login=login,
        by=call.actor.login,
        on_behalf_of=call.on_behalf_of,
        at=call.now,
    )
    organization = application_of(call)["data"]["organization"]["short_name"]
    name = name_of(call.connection, login)
    write_person(call, login, letters.appointed(name, call.case["title"], call.case["number"], organization))


def _file_appointment(call: Call, seats: Mapping[int, str], *, replaced: str = "") -> None:
    persons = people.find_persons(call.connection, seats.values())
    mark = mark_of(call.connection, Office.CHAIR, call.actor.login, at=call.now, on_behalf_of=call.on_behalf_of)
    file_document(
        call,
        kind="appointment",
        title="Замена эксперта" if replaced else "Назначение экспертов",
        content=notices.appointment(
            title=call.case["title"],
            organization=application_of(call)["data"]["organization"]["full_name"],
            number=call.case["number"],
            experts=[notices.expert_row(seat, persons[login]) for seat, login in seats.items()],
            replaced=short_name_of(call.connection, replaced) if replaced else "",
            mark=mark,
            acts=library.names_of_acts(call.connection, day_of(call.now)),
        ),
        by=call.actor.login,
        marks=[mark],
    )


def file_conclusion(call: Call, *, holder: Mapping[str, Any]) -> dict[str, Any]:
    """Take the conclusion that completing the review has stored.

    Score and verdict stay out of the case data and stand in the fact as texts, which doors hold back (P-12).
    """
    row = reviews.latest_conclusions(call.connection, call.case_id).get(holder["number"])
    if row is None or row["login"] != holder["login"] or row["state"] != "filed":
        raise StepFailedError("Заключение эксперта не найдено.", element=call.element)
    call.tell(
        events.CONCLUSION_SUBMITTED,
        conclusion=row["id"],
        seat=row["seat"],
        expert=row["login"],
        round=row["round"],
        score=Text(str(row["n"])),
        verdict=Text(row["verdict"]),
    )
    return {"id": row["id"]}


def seat_replacement(call: Call, *, holder: Mapping[str, Any], successor: str) -> dict[str, Any]:
    """Seat another expert: the same number, a whole new term (A-13)."""
    _seat(call, holder["number"], successor)
    _file_appointment(call, {holder["number"]: successor}, replaced=holder["login"])
    call.tell(events.EXPERT_REPLACED, seat=holder["number"], before=holder["login"], after=successor)
    return {"number": holder["number"], "login": successor, "returned": False}


def return_seats(call: Call, *, logins_back: Sequence[str]) -> dict[str, Any]:
    """Reopen the returned conclusions' seats and tell their experts what to correct (A-28)."""
    seats: dict[str, Any] = {}
    for row in reviews.latest_conclusions(call.connection, call.case_id).values():
        if row["state"] != "returned" or row["login"] not in logins_back:
            continue
        appointments.reopen_seat(call.connection, row["appointment"])
        seats[str(row["seat"])] = {"number": row["seat"], "login": row["login"], "returned": True}
        letter = letters.returned(
            name_of(call.connection, row["login"]),
            call.case["title"],
            call.case["number"],
            str(row["return_reason"]),
        )
        write_person(call, row["login"], letter)
    call.tell(events.CONCLUSIONS_RETURNED, experts=sorted(logins_back))
    return seats
