"""How a meeting begins: its start data checked, its row and agenda written (clauses 2.5, 3.3)."""

from collections.abc import Mapping
from typing import Any, Final

from engine.calls import Call
from engine.clock import MOSCOW
from engine.errors import ForbiddenError, InvalidError
from engine.facts import Fact
from processes.council.records import agenda, journals
from processes.council_meeting import events, participants
from processes.council_meeting.model import Form, Kind, Plan, Point
from processes.council_meeting.plan import read_date, read_instant, read_plan
from processes.council_meeting.protocol import day
from processes.council_meeting.records import meetings
from processes.council_meeting.rules import Errors, check_plan

PROCESS: Final = "council_meeting"
#: What a case of another procedure must be, and stand at, to be discussed (clause 4.7).
DISCUSSED: Final = "certification"
AWAITS: Final = "await_council_decision"

_FORMS: Final = {Form.IN_PERSON: "очное", Form.ABSENTEE: "заочное"}
_TAKEN: Final = "Дело уже стоит в повестке другого заседания. Дождитесь его итога или уберите вопрос."


def start_meeting(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Check a meeting's start data and give the case its data, title and number.

    Raises ForbiddenError unless the secretary or the chair (or a stand-in) calls the meeting; InvalidError with paths
    such as `agenda.0.case`, `date`, `closes_at`.
    """
    if call.actor.right("secretary", "chair") is None:
        raise ForbiddenError("Заседание созывает председатель или ответственный секретарь совета.")
    plan = read_plan(data)
    errors = check_plan(plan, call.now)
    if "date" not in errors and not participants.members_on(call.connection, plan.date):
        errors["date"] = ["На эту дату нет утверждённого состава совета. Внесите состав или выберите другой день."]
    found = meetings.case_rows(call.connection, [p.case for p in plan.agenda if p.case])
    for index, point in enumerate(plan.agenda):
        if point.case is not None and (fault := _case_fault(call, found.get(point.case))):
            errors.setdefault(f"agenda.{index}.case", [fault])
    if errors:
        raise InvalidError(errors=errors)
    call.title = f"Заседание КЭС {day(plan.date)}, {_FORMS[plan.form]}"
    call.number = _take_number(call, plan)
    return {
        "form": plan.form.value,
        "date": plan.date.isoformat(),
        "closes_at": None if plan.closes_at is None else plan.closes_at.isoformat(),
        "agenda": [_point_data(point, found) for point in plan.agenda],
        "approve": None,
        "items": [],
        "attendance": None,
        "results": [],
    }


def write_meeting(call: Call, _fact: Fact) -> None:
    """Write a begun meeting's row and take its cases' places on the agenda, for the fact `case.started`.

    Raises InvalidError `agenda.N.case` where another meeting took a case in the meantime.
    """
    if call.case["process"] != PROCESS:
        return
    data, connection, case = call.case["data"], call.connection, call.case_id
    held_on = read_date(data["date"])
    if held_on is None:
        raise InvalidError(errors={"date": ["Укажите дату заседания в виде ГГГГ-ММ-ДД."]}, rule=False)
    meetings.insert_meeting(
        connection,
        case,
        number=str(call.case["number"]),
        form=Form(data["form"]),
        held_on=held_on,
        closes_at=read_instant(data["closes_at"]),
        readings=participants.readings_on(connection, call.now.astimezone(MOSCOW).date()),
    )
    titles = meetings.case_rows(connection, [p["case"] for p in data["agenda"] if "case" in p])
    errors: Errors = {}
    for index, point in enumerate(data["agenda"]):
        case_id = point.get("case")
        title = titles[case_id]["title"] if case_id else point["title"]
        if not agenda.add_item(
            connection, case, index + 1, kind=point["kind"], title=title, case=case_id, document=point.get("document")
        ):
            errors[f"agenda.{index}.case"] = [_TAKEN]
    if errors:
        raise InvalidError(errors=errors)
    call.tell(
        events.AGENDA_PROPOSED, items=[{"item": n, "case": p.get("case")} for n, p in enumerate(data["agenda"], 1)]
    )


def _case_fault(call: Call, row: Mapping[str, Any] | None) -> str | None:
    if row is None or row["process"] != DISCUSSED:
        return "Такого дела о сертификации нет. Укажите дело, которое ждёт решения совета."
    if row["state"] != "active" or AWAITS not in row["at"]:
        return f"Дело {row['number']} не ждёт решения совета. Внесите его, когда заключения будут утверждены."
    place = agenda.place_of(call.connection, row["id"])
    return None if place["state"] == "free" else _TAKEN


def _take_number(call: Call, plan: Plan) -> str:
    year = call.now.astimezone(MOSCOW).year
    subject = f"Заседание КЭС {day(plan.date)}"
    number = journals.enter(call.connection, "meeting", year, subject=subject, by=call.actor.login, at=call.now)
    return f"ЗАС-{year}-{number:04d}"


def _point_data(point: Point, found: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    if point.kind is Kind.CERTIFICATION:
        return {"kind": point.kind.value, "case": str(found[point.case or ""]["id"])}
    document = point.document.value if point.document else None
    return {"kind": point.kind.value, "title": point.title, "document": document}
