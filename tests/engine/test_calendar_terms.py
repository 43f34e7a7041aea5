"""Terms: counting, deadlines as objects, and the timer functions of drawings."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import (
    CalendarError,
    Deadline,
    Decree,
    YearTable,
    add_years,
    compile_timer,
    end_of_day,
    evaluate_timer,
    fires_after,
    moscow_date,
    recount,
    shipped_calendar,
)
from engine.calendar.deadlines import count_deadline
from engine.expressions import ExpressionError, ExpressionRefused

CALENDAR = shipped_calendar()
NOON = datetime.fromisoformat("2026-04-17T12:00:00+03:00")

EXAMPLES = [
    ("B", "2026-04-17", 3, "2026-04-22"),
    ("C", "2026-04-17", 3, "2026-04-23"),
    ("B", "2024-04-26", 10, "2024-05-16"),
    ("C", "2024-04-26", 10, "2024-05-17"),
    ("C", "2026-12-28", 3, "2027-01-11"),
    ("C", "2027-02-18", 2, "2027-02-20"),
    ("C", "2026-01-10", 1, "2026-01-12"),
]


@pytest.mark.parametrize(("variant", "start", "count", "last"), EXAMPLES)
def test_the_day_after_the_event_is_the_first_that_counts(variant: str, start: str, count: int, last: str) -> None:
    day = shipped_calendar(variant).add_working_days(date.fromisoformat(start), count)
    assert day == date.fromisoformat(last)


DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))
COUNTS = st.integers(1, 60)


@given(DAYS, COUNTS)
def test_a_term_ends_on_a_working_day_and_spans_its_number(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.is_working(end)
    assert CALENDAR.working_days_between(start, end) == count
    assert CALENDAR.working_days_between(end, start) == -count


@given(DAYS, COUNTS, COUNTS)
def test_terms_follow_one_another(start: date, first: int, second: int) -> None:
    both = CALENDAR.add_working_days(CALENDAR.add_working_days(start, first), second)
    assert both == CALENDAR.add_working_days(start, first + second)


@given(DAYS.filter(CALENDAR.is_working), COUNTS)
def test_going_back_undoes_going_forth(start: date, count: int) -> None:
    assert CALENDAR.subtract_working_days(CALENDAR.add_working_days(start, count), count) == start


@given(DAYS, COUNTS)
def test_a_deadline_survives_json(start: date, count: int) -> None:
    deadline = count_deadline(CALENDAR, start, count, rule="working_days(3)", clause="4.5", normative=True)
    assert Deadline.from_json(json.loads(json.dumps(deadline.to_json()))) == deadline
    assert deadline.due_at.utcoffset() == timedelta(hours=3)
    assert fires_after(deadline.due_at) - deadline.due_at == timedelta(seconds=1)


@pytest.mark.parametrize("count", [0, -1, 5_001, True, "3", None])
def test_a_number_of_days_out_of_bounds_is_refused(count: int) -> None:
    with pytest.raises(CalendarError, match="целое от 1"):
        CALENDAR.add_working_days(date(2026, 1, 12), count)


def test_a_term_beyond_the_last_year_of_all_is_refused() -> None:
    with pytest.raises(CalendarError, match="за пределы"):
        CALENDAR.add_working_days(date(9999, 12, 30), 5)


def test_a_term_is_provisional_exactly_where_it_touches_a_year_without_decree() -> None:
    assert not count_deadline(CALENDAR, date(2026, 12, 28), 2).provisional
    crossing = count_deadline(CALENDAR, date(2026, 12, 28), 3)
    assert crossing.provisional
    assert crossing.calendar_version == CALENDAR.version_of(date(2026, 1, 1), date(2027, 12, 31))
    assert count_deadline(CALENDAR, date(2031, 3, 3), 1).calendar_version == "C:2031.rule"


def test_three_years_end_on_the_same_date() -> None:
    assert add_years(date(2026, 5, 12), 3) == date(2029, 5, 12)
    assert add_years(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_a_new_table_moves_an_open_deadline_and_keeps_where_it_stood() -> None:
    before = count_deadline(CALENDAR, date(2027, 4, 30), 3, rule="working_days(3)", clause="4.5", normative=True)
    off = CALENDAR.tables[2027].off | {date(2027, 5, 5)}
    changed = YearTable(2027, Decree("1", date(2026, 9, 1)), off=off)
    after = recount(before, CALENDAR.with_year(changed), NOON)
    assert before.provisional
    assert not after.provisional
    assert after.due_at > before.due_at
    assert [move.due_at for move in after.moves] == [before.due_at]
    assert after.moves[0].calendar_version == before.calendar_version
    assert (after.rule, after.clause, after.normative) == ("working_days(3)", "4.5", True)
    assert Deadline.from_json(after.to_json()) == after


def test_a_decree_that_only_confirms_moves_nothing() -> None:
    before = count_deadline(CALENDAR, date(2027, 3, 1), 3)
    plain = CALENDAR.tables[2027]
    confirmed = YearTable.from_json({**plain.to_json(), "decree": {"number": "1", "date": "2026-09-01"}})
    after = recount(before, CALENDAR.with_year(confirmed), NOON)
    assert (after.due_at, after.moves, after.provisional) == (before.due_at, (), False)
    assert recount(before, CALENDAR, NOON) == before


def fire(source: str, at: datetime = NOON, due_at: datetime | None = None, **names: object) -> str:
    value = evaluate_timer(compile_timer(source), names, CALENDAR, at, due_at=due_at)
    return value.instant.isoformat()


def test_working_days_fire_at_the_midnight_after_the_last_day() -> None:
    value = evaluate_timer(compile_timer("working_days(3)"), {}, CALENDAR, NOON, clause="4.5", normative=True)
    assert value.instant.isoformat() == "2026-04-24T00:00:00+03:00"
    assert value.deadline is not None
    assert value.deadline.due_at.isoformat() == "2026-04-23T23:59:59+03:00"
    assert (value.deadline.rule, value.deadline.clause, value.deadline.normative) == ("working_days(3)", "4.5", True)
    assert (value.deadline.counted_from, value.deadline.working_days) == (date(2026, 4, 17), 3)


def test_a_term_counts_from_the_moscow_date() -> None:
    late = datetime(2026, 4, 16, 21, 0, tzinfo=UTC)
    assert fire("working_days(1)", at=late) == "2026-04-21T00:00:00+03:00"
    assert fire("working_days(1)", at=late - timedelta(seconds=1)) == "2026-04-18T00:00:00+03:00"
    assert moscow_date("2026-04-16T21:00:00Z") == date(2026, 4, 17)


def test_a_term_may_count_from_a_date_of_the_case() -> None:
    assert fire("working_days(3, order['signed_on'])", order={"signed_on": "2026-04-17"}) == "2026-04-24T00:00:00+03:00"


def test_a_timer_may_choose_between_two_terms() -> None:
    source = "working_days(3) if seat['returned'] else working_days(10)"
    assert fire(source, seat={"returned": True}) == "2026-04-24T00:00:00+03:00"
    assert fire(source, seat={"returned": False}) == "2026-05-06T00:00:00+03:00"


def test_a_reminder_comes_in_the_morning_some_working_days_before() -> None:
    due_at = end_of_day(date(2026, 4, 23))
    assert fire("before_due(1)", due_at=due_at) == "2026-04-22T09:00:00+03:00"
    assert fire("before_due(2)", due_at=due_at) == "2026-04-20T09:00:00+03:00"
    with pytest.raises(ExpressionError, match="нет срока"):
        fire("before_due(1)")


def test_instants_and_dates_of_the_case_set_timers() -> None:
    assert fire("at(d)", d="2026-05-12") == "2026-05-12T00:00:00+03:00"
    assert fire("at(d)", d="2026-05-12T10:00:00Z") == "2026-05-12T13:00:00+03:00"
    assert fire("day_after(d)", d="2029-05-12") == "2029-05-13T00:05:00+03:00"
    assert fire("days_before(d, 180)", d="2029-05-12") == "2028-11-13T00:05:00+03:00"
    assert fire("days_before(d, 0)", d=date(2029, 5, 12)) == "2029-05-12T00:05:00+03:00"


@pytest.mark.parametrize("value", ["2026-05-12T10:00:00", "12.05.2026", "", None, 5, "2026-13-01", True, []])
def test_a_naive_or_unreadable_moment_is_an_error(value: object) -> None:
    for source in ("at(d)", "day_after(d)", "days_before(d, 1)", "working_days(1, d)"):
        with pytest.raises(ExpressionError):
            fire(source, d=value)


@pytest.mark.parametrize(
    "source",
    [
        "3", "'2026-01-01'", "d", "working_days(n)", "working_days()", "working_days(1, d, e)", "working_days(1 + 1)",
        "working_days(1, '2026-01-01')", "at()", "at('2026-01-01')", "days_before(d)", "days_before(d, n)", "len(d)",
        "working_days(1) if x else 3", "working_days(1) and at(d)", "[at(d)]", "P3D", "at(at(d))", "before_due(-1)",
        "working_days(1) if x else (at(d) if y else at(e))", "now()",
    ],
)  # fmt: skip
def test_a_timer_of_another_form_is_refused(source: str) -> None:
    with pytest.raises(ExpressionRefused):
        compile_timer(source)
