"""A year's table enters the calendar: open terms move with their timers and reminders, everything else stays."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine import calendars, cases, history
from engine.actors import Actor
from engine.calendar import Decree, YearTable, shipped_calendar
from engine.definitions import bundle_of, release
from engine.doors import perform
from engine.errors import ForbiddenError
from engine.records.tables import task, task_candidate, timer
from tests.engine.house import CLERK, House
from tests.engine.lint import pen

DECREE = Decree("1500", date(2026, 1, 9))
MOVED = "2026-01-16T23:59:59+03:00"


def table(*off: date, decree: Decree | None = DECREE, working: tuple[date, ...] = ()) -> YearTable:
    """The table of 2026 with more days off."""
    shipped = shipped_calendar().table(2026)
    return replace(shipped, decree=decree, off=shipped.off | set(off), working=frozenset(working))


THURSDAY_OFF = table(date(2026, 1, 15))


def enter(house: House, year: YearTable, actor: Actor = CLERK) -> list[dict[str, Any]]:
    """Enter a year's table at the door."""
    return perform(house.runtime, lambda tx: calendars.apply(tx, year, actor=actor), actor=actor, name="calendar")


def preview(house: House, year: YearTable) -> list[dict[str, Any]]:
    """See what a table would move."""
    with house.runtime.reading() as tx:
        return calendars.preview(tx, year)


def rows(house: House, table_of: Any) -> list[dict[str, Any]]:
    """All rows of a table."""
    with house.runtime.reading() as tx:
        return [dict(r) for r in tx.connection.execute(table_of.select()).mappings()]


def test_a_preview_names_what_would_move_and_changes_nothing(house: House) -> None:
    case = house.start()
    before = (rows(house, task), rows(house, timer), house.facts(case))
    assert preview(house, THURSDAY_OFF) == [
        {
            "task": house.task(case)["id"],
            "case": case,
            "element": "check",
            "due_at": "2026-01-15T23:59:59+03:00",
            "new_due_at": MOVED,
        }
    ]
    assert (rows(house, task), rows(house, timer), house.facts(case)) == before


def test_a_decree_moves_an_open_term_its_overdue_timer_and_its_reminder_by_a_day(house: House) -> None:
    case = house.start()
    shown = preview(house, THURSDAY_OFF)
    assert enter(house, THURSDAY_OFF) == shown
    moved = house.task(case)
    assert moved["due_at"].isoformat() == "2026-01-16T20:59:59+00:00"
    assert moved["due"]["due_at"] == MOVED
    assert [m["due_at"] for m in moved["due"]["moves"]] == ["2026-01-15T23:59:59+03:00"]
    assert [r["due_at"] for r in rows(house, task_candidate)] == [moved["due_at"]]
    fact = house.facts(case)[-1]
    assert (fact["kind"], fact["actor"], fact["element"]) == ("deadline.moved", "olga", "check")
    assert (fact["data"]["task"], fact["data"]["due_at"]) == (moved["id"], MOVED)
    assert fact["data"]["calendar_version"] == f"C:{THURSDAY_OFF.version}" != fact["data"]["was_calendar_version"]
    fired = house.advance("2026-01-20T12:00:00+03:00")
    assert [(f["element"], f["at"]) for f in fired] == [
        ("check_soon", "2026-01-14T09:00:00+03:00"),
        ("check_due", "2026-01-17T00:00:00+03:00"),
    ]
    assert house.advance("2026-01-21T12:00:00+03:00") == []
    assert house.verdict(case).is_true


def test_a_reminder_moves_with_its_term(house: House) -> None:
    case = house.start()
    enter(house, table(date(2026, 1, 16), working=(date(2026, 1, 17),)))
    assert house.task(case)["due"]["moves"] == []
    enter(house, table(date(2026, 1, 13)))
    fired = house.advance("2026-01-20T12:00:00+03:00")
    assert [(f["element"], f["at"]) for f in fired] == [
        ("check_soon", "2026-01-15T09:00:00+03:00"),
        ("check_due", "2026-01-17T00:00:00+03:00"),
    ]


def test_a_replay_shows_the_term_before_and_after_its_move(house: House) -> None:
    case = house.start()
    before = house.case(case)["seq"]
    enter(house, THURSDAY_OFF)
    with house.runtime.reading() as tx:
        was = history.replay(tx, case, before)["open_tasks"][0]["due_at"]
        now = history.replay(tx, case, before + 1)["open_tasks"][0]["due_at"]
    assert (was, now) == ("2026-01-15T23:59:59+03:00", MOVED)


def test_a_decree_that_only_confirms_the_year_flips_provisional_without_a_move(house: House) -> None:
    enter(house, table(decree=None))
    case = house.start()
    assert house.task(case)["due"]["provisional"] is True
    facts = house.kinds(case)
    assert enter(house, table()) == []
    due = house.task(case)["due"]
    assert (due["provisional"], due["moves"]) == (False, [])
    assert due["calendar_version"] == f"C:{table().version}"
    assert house.kinds(case) == facts
    assert house.verdict(case).is_true


def test_completed_and_overdue_terms_stay_as_they_were(house: House) -> None:
    done, late = house.start(), house.start()
    house.complete(done, "yes")
    house.advance("2026-01-19T10:00:00+03:00")
    before = {r["id"]: (r["due_at"], r["due"]) for r in rows(house, task)}
    assert enter(house, table(date(2026, 1, 14))) == []
    assert {r["id"]: (r["due_at"], r["due"]) for r in rows(house, task)} == before
    assert "deadline.moved" not in house.kinds(done) + house.kinds(late)


def test_the_next_case_is_counted_by_the_new_table_also_in_another_process(house: House) -> None:
    enter(house, THURSDAY_OFF)
    assert house.task(house.start())["due"]["due_at"] == MOVED
    house.restart()
    assert house.task(house.start())["due"]["due_at"] == MOVED


def test_a_term_that_becomes_shorter_keeps_at_least_the_next_working_day(house: House) -> None:
    enter(house, table(date(2026, 1, 13), date(2026, 1, 14), date(2026, 1, 15)))
    case = house.start()
    assert house.task(case)["due"]["due_at"] == "2026-01-20T23:59:59+03:00"
    house.advance("2026-01-16T10:00:00+03:00")
    moves = enter(house, table())
    assert [m["new_due_at"] for m in moves] == ["2026-01-19T23:59:59+03:00"]
    assert [f["element"] for f in house.advance("2026-01-21T10:00:00+03:00")] == ["check_due"]
    assert house.kinds(case).count("task.reminded") == 1
    assert house.verdict(case).is_true


def test_a_reminder_whose_day_has_passed_by_the_change_is_told_at_once(house: House) -> None:
    enter(house, table(date(2026, 1, 13), date(2026, 1, 14)))
    case = house.start()
    house.advance("2026-01-15T10:00:00+03:00")
    assert house.kinds(case).count("task.reminded") == 0
    enter(house, table())
    assert house.kinds(case).count("task.reminded") == 1


def test_a_reminder_keeps_the_distance_that_its_drawing_chose(house: House) -> None:
    drawn = pen.text_of(
        pen.start(),
        pen.subprocess(
            "all",
            pen.start("in"),
            pen.user("look", "clerk"),
            pen.deadline("look", "working_days(5)"),
            pen.boundary(
                "look_soon",
                "look",
                pen.timer_text("before_due(2) if seat['new'] else before_due(1)"),
                interrupting=False,
            ),
            pen.end("told"),
            pen.end("out"),
            pen.flows("in > look > out", "look_soon > told"),
            loop=pen.instances(),
        ),
        pen.end("done"),
        pen.flows("start > all > done"),
    )
    with house.runtime.transaction() as tx:
        bundle = bundle_of("toy", {"procedure.bpmn": drawn})
        release(tx, bundle, by="analyst", basis="приказ № 2", effective_from=date(2020, 2, 10))
    seats = {"seats": [{"new": True}, {"new": False}]}
    perform(house.runtime, lambda tx: cases.start(tx, "toy", seats, actor=CLERK, title="Места"))
    enter(house, THURSDAY_OFF)
    due = [row["due"].date() for row in rows(house, timer) if row["kind"] == "reminder"]
    assert due == [date(2026, 1, 16), date(2026, 1, 19)]


def test_a_suspended_case_is_moved_and_stays_suspended(house: House) -> None:
    case = house.start()
    perform(house.runtime, lambda tx: cases.suspend(tx, case, "проверка", actor=CLERK), actor=CLERK)
    enter(house, THURSDAY_OFF)
    assert house.case(case)["state"] == "suspended"
    assert house.advance("2026-01-20T10:00:00+03:00") == []
    perform(house.runtime, lambda tx: cases.resume(tx, case, "закончена", actor=CLERK), actor=CLERK)
    assert house.kinds(case).count("task.escalated") == 1
    assert house.verdict(case).is_true


def test_a_wait_without_a_task_and_an_interrupting_term_move_too(house: House) -> None:
    drawn = pen.text_of(
        pen.start(),
        pen.receive("wait", "letter"),
        pen.deadline("wait", "working_days(3)"),
        pen.boundary("given_up", "wait", pen.timer_text("working_days(5)"), interrupting=True),
        pen.end("late"),
        pen.end("done"),
        pen.flows("start > wait > done", "given_up > late"),
        beside=pen.message("letter"),
    )
    with house.runtime.transaction() as tx:
        bundle = bundle_of("toy", {"procedure.bpmn": drawn})
        release(tx, bundle, by="analyst", basis="приказ № 2", effective_from=date(2020, 2, 10))
    case = perform(house.runtime, lambda tx: cases.start(tx, "toy", {}, actor=CLERK, title="Ожидание"))["id"]
    moves = enter(house, THURSDAY_OFF)
    assert [(m["task"], m["element"], m["new_due_at"][:10]) for m in moves] == [
        (None, "wait", "2026-01-16"),
        (None, "given_up", "2026-01-20"),
    ]
    fired = house.advance("2026-01-25T00:00:00+03:00")
    assert [(f["element"], f["at"][:10]) for f in fired] == [("wait_due", "2026-01-17"), ("given_up", "2026-01-21")]
    assert house.case(case)["end"] == "late"
    assert house.verdict(case).is_true


def test_only_an_administrator_enters_a_table(house: House) -> None:
    case = house.start()
    with pytest.raises(ForbiddenError):
        enter(house, THURSDAY_OFF, Actor("ivan", "Иван", frozenset({"clerk"})))
    assert house.task(case)["due"]["due_at"] == "2026-01-15T23:59:59+03:00"


def test_a_year_lists_every_day_under_the_version_that_its_terms_carry(house: House) -> None:
    case = house.start()
    with house.runtime.reading() as tx:
        shown = calendars.year(tx, 2026)
        unknown = calendars.year(tx, 2031)
    assert len(shown["days"]) == 365
    assert shown["days"][0] == {"date": "2026-01-01", "working": False}
    assert shown["decree"] == {"number": "1466", "date": "2025-09-24"}
    assert shown["version"] == house.task(case)["due"]["calendar_version"]
    assert unknown["decree"] is None
