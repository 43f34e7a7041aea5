"""Due dates worked out by hand: Saturdays, Sundays, holidays, transfers and Krasnodar's own days off."""

from typing import Any

import pytest

from tests.contract.client import Service
from tests.contract.stories import (
    AWAITING,
    UNREGISTERED,
    appoint,
    certify,
    decide,
    order,
    register,
    review,
    submit,
)


def term(task: Any) -> tuple[str, int, str, bool]:
    due = task["due"]
    return task["due_at"], due["working_days"], due["counted_from"], due["normative"]


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        ("2026-01-12T09:00:00+03:00", "2026-01-15T23:59:59+03:00"),
        # The day after is Krasnodar's day of remembrance, 21 April 2026.
        ("2026-04-17T12:00:00+03:00", "2026-04-23T23:59:59+03:00"),
        # A Saturday before a long week-end: Sunday, 23 February, then three working days.
        ("2026-02-21T12:00:00+03:00", "2026-02-26T23:59:59+03:00"),
        # 1 May; the Saturday and Sunday.
        ("2026-04-29T23:30:00+03:00", "2026-05-05T23:59:59+03:00"),
    ],
)
def test_the_technical_review_has_three_working_days_from_registration(service: Service, now: str, due_at: str) -> None:
    if now > "2026-01-12T09:00:00+03:00":
        service.set_clock(now)
    case = service.case(UNREGISTERED)
    register(service, case)
    task = service.as_("secretary").task(case, "technical_review")
    assert term(task) == (due_at, 3, now[:10], True)
    assert task["due"]["clause"] == "4.5"
    assert task["due"]["calendar_version"]
    assert task["due"]["provisional"] is False


def test_midnight_in_moscow_begins_the_day(service: Service) -> None:
    service.set_clock("2026-01-13T23:59:59+03:00")
    case = service.case(UNREGISTERED)
    register(service, case)
    assert service.as_("secretary").task(case, "technical_review")["due_at"] == "2026-01-16T23:59:59+03:00"
    service.set_clock("2026-01-14T00:00:00+03:00")
    other = submit(service)["id"]
    task = service.as_("secretary").task(other, "register_application")
    assert term(task) == ("2026-01-15T23:59:59+03:00", 1, "2026-01-14", False)


def test_the_terms_of_the_first_stages(service: Service) -> None:
    service.set_clock("2026-04-24T10:00:00+03:00")
    case = submit(service)["id"]
    secretary, chair = service.as_("secretary"), service.as_("chair")
    assert term(secretary.task(case, "register_application")) == ("2026-04-27T23:59:59+03:00", 1, "2026-04-24", False)
    register(service, case)
    secretary.complete(case, "technical_review", review())
    appointing = chair.task(case, "appoint_experts")
    assert term(appointing) == ("2026-04-28T23:59:59+03:00", 2, "2026-04-24", True)
    assert appointing["due"]["clause"] == "4.6"
    opened = appoint(service, case)["opened"]
    # Off: 1-3 May, 9 and 10 May, 11 May for the ninth.
    assert {term(task) for task in opened} == {("2026-05-12T23:59:59+03:00", 10, "2026-04-24", True)}
    assert {task["due"]["clause"] for task in opened} == {"4.6"}


def test_the_depository_term_runs_from_the_orders_signing(service: Service) -> None:
    case = service.case(AWAITING)
    meeting = decide(service, case)
    opened = service.as_("ministry").task(meeting, "register_order")
    assert term(opened) == ("2026-01-26T23:59:59+03:00", 10, "2026-01-12", False)
    service.set_clock("2026-01-21T10:00:00+03:00")
    data = {"number": "9", "signed_on": "2026-01-14", "approved": {case: True}}
    service.as_("secretary").complete(meeting, "register_order", data)
    chair = service.as_("chair")
    assert term(chair.task(case, "sign_certificate")) == ("2026-01-26T23:59:59+03:00", 3, "2026-01-21", False)
    chair.complete(case, "sign_certificate", {"confirm": True})
    task = service.as_("secretary").task(case, "publish_to_depository")
    assert term(task) == ("2026-01-19T23:59:59+03:00", 3, "2026-01-14", True)
    assert task["due"]["clause"] == "4.13"


def test_the_terms_of_a_meeting_are_internal(service: Service) -> None:
    case = service.case(AWAITING)
    meeting = decide(service, case)
    done = service.as_("secretary").get("/tasks", scope="all", case=meeting, state="completed")["items"]
    told = {task["element"]: (task["due"]["working_days"], task["due"]["normative"]) for task in done}
    assert told == {
        "approve_agenda": (3, False),
        "register_attendance": (1, False),
        "record_votes": (1, False),
        "sign_protocol_secretary": (3, False),
        "sign_protocol_chair": (1, False),
    }
    order(service, meeting, **{case: True})
    assert service.shown(meeting)["end"] == "closed"


def test_the_last_terms_of_a_certificate(service: Service) -> None:
    case = service.case(AWAITING)
    certify(service, case)
    service.advance("P3Y2D")
    removal = service.as_("secretary").task(case, "confirm_removal")
    # 13 January 2029, when it opens, is a Saturday; 2029 has no table yet.
    assert term(removal) == ("2029-01-15T23:59:59+03:00", 1, "2029-01-13", False)
    assert removal["due"]["provisional"] is True


def test_terms_that_touch_a_year_without_a_decree_are_provisional(service: Service) -> None:
    admin = service.as_("admin")
    for year in (2026, 2027, 2028):
        decreed = admin.get(f"/calendar/{year}")["decree"] is not None
        service.set_clock(f"{year}-06-01T09:00:00+03:00")
        case = submit(service, programme_title=f"Программа {year}")["id"]
        task = service.as_("secretary").task(case, "register_application")
        assert task["due"]["provisional"] is not decreed, year
    service.set_clock("2028-12-29T09:00:00+03:00")
    case = submit(service, programme_title="Без таблицы")["id"]
    # A Friday; then the weekend and the statutory 1-8 January.
    assert service.as_("secretary").task(case, "register_application")["due_at"] == "2029-01-09T23:59:59+03:00"


def test_a_year_shows_every_day_with_its_decree(standing: Service) -> None:
    table = standing.as_("secretary").get("/calendar/2026")
    assert set(table) == {"year", "version", "decree", "days"}
    assert len(table["days"]) == 365
    assert set(table["decree"]) == {"number", "date"}
    working = {day["date"]: day["working"] for day in table["days"]}
    assert [working[day] for day in ("2026-01-08", "2026-01-09", "2026-01-12", "2026-04-21", "2026-04-25")] == [
        False,
        False,
        True,
        False,
        False,
    ]


def test_a_new_table_shows_the_moves_and_then_makes_them(service: Service) -> None:
    admin = service.as_("admin")
    case = service.case(UNREGISTERED)
    table = admin.get("/calendar/2026")
    days = [{**day, "working": False} if day["date"] == "2026-01-13" else day for day in table["days"]]
    asked = {**table, "days": days, "decree": {"number": "1", "date": "2025-12-30"}}
    for login in ("secretary", "chair", "analyst1"):
        service.as_(login).post("/calendar", {**asked, "apply": False}, 403)
    shown = admin.post("/calendar", {**asked, "apply": False})
    assert shown["applied"] is False
    (move,) = [each for each in shown["moves"] if each["case"] == case]
    assert move["element"] == "register_application"
    assert (move["due_at"], move["new_due_at"]) == ("2026-01-13T23:59:59+03:00", "2026-01-14T23:59:59+03:00")
    task = service.as_("secretary").task(case, "register_application")
    assert task["due_at"] == "2026-01-13T23:59:59+03:00"
    assert "deadline.moved" not in service.kinds(case)
    applied = admin.post("/calendar", {**asked, "apply": True})
    assert applied["applied"] is True
    assert service.as_("secretary").task(case, "register_application")["due_at"] == "2026-01-14T23:59:59+03:00"
    assert service.kinds(case).count("deadline.moved") == 1
    fired = service.set_clock("2026-01-14T12:00:00+03:00")
    assert not [each for each in fired if each["case"] == case and "escalat" in each["kind"]]
    assert "task.escalated" not in service.kinds(case)
    service.set_clock("2026-01-15T00:00:00+03:00")
    assert "task.escalated" in service.kinds(case)
    admin.post("/calendar", {**asked, "days": days[1:], "apply": False}, 422)
    admin.post("/calendar", {**asked, "apply": "true"}, 422)
