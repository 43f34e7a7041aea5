"""Year tables: the shipped ones against an independent package, the regional day, versions and decrees."""

import warnings
from datetime import date, timedelta

import pytest

from engine.calendar import Calendar, CalendarError, Decree, YearTable, read_year, shipped_calendar, shipped_years
from engine.calendar.statutory import orthodox_easter, radonitsa
from engine.calendar.tables import days_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import holidays

RADONITSA = ["2024-05-14", "2025-04-29", "2026-04-21", "2027-05-11", "2028-04-25", "2029-04-17", "2030-05-07"]
YEARS = range(2020, 2028)
FEDERAL = {2020: 248, 2021: 247, 2022: 247, 2023: 247, 2024: 248, 2025: 247, 2026: 247, 2027: 247}


@pytest.mark.parametrize("year", YEARS)
def test_federal_days_equal_the_independent_package(year: int) -> None:
    theirs = holidays.country_holidays("RU", years=year)
    calendar = shipped_calendar("B")
    assert [day for day in days_of(year) if calendar.is_working(day) != theirs.is_working_day(day)] == []


def test_the_years_have_their_totals() -> None:
    def totals(variant: str) -> dict[int, int]:
        return {year: len(shipped_calendar(variant).working_days_of(year)) for year in YEARS}

    assert totals("B") == FEDERAL
    assert totals("A") == {**FEDERAL, 2020: 219, 2021: 240}
    assert totals("C") == {**FEDERAL, 2024: 247, 2025: 246, 2026: 246, 2027: 246}
    assert totals("D") == {2020: 247, 2021: 246, 2022: 247, 2023: 246, 2024: 247, 2025: 246, 2026: 246, 2027: 246}


def test_the_day_of_remembrance_follows_easter() -> None:
    assert [radonitsa(year).isoformat() for year in range(2024, 2031)] == RADONITSA
    assert radonitsa(2035) == date(2035, 5, 8)
    assert all(orthodox_easter(year).weekday() == 6 for year in range(1990, 2100))
    listed = {day for table in shipped_years() for day in table.regional}
    assert listed == {date.fromisoformat(day) for day in RADONITSA[:4]}


def test_every_shipped_year_but_the_last_has_its_decree() -> None:
    decrees = {table.year: table.decree for table in shipped_years()}
    assert decrees.pop(2027) is None
    assert list(decrees) == list(range(2020, 2027))
    for year, decree in decrees.items():
        assert decree is not None
        assert decree.number
        assert date(year - 1, 7, 10) <= decree.date <= date(year - 1, 10, 10)


def test_a_year_without_a_table_keeps_the_rule_and_is_provisional() -> None:
    calendar = shipped_calendar()
    assert not calendar.is_working(date(2028, 4, 25))
    assert not calendar.is_working(date(2028, 1, 8))
    assert not calendar.is_working(date(2028, 6, 12))
    assert calendar.is_working(date(2028, 6, 13))
    assert shipped_calendar("B").is_working(date(2028, 4, 25))
    assert calendar.is_provisional(date(2028, 2, 1), date(2028, 2, 3))


def test_a_version_changes_exactly_with_content_or_decree() -> None:
    plain = YearTable(2028)
    assert plain.version == YearTable(2028).version
    versions = {
        plain.version,
        YearTable(2028, off=frozenset({date(2028, 1, 10)})).version,
        YearTable(2028, working=frozenset({date(2028, 1, 15)})).version,
        YearTable(2028, Decree("1", date(2027, 9, 1))).version,
        YearTable(2028, Decree("1", date(2027, 9, 2))).version,
    }
    assert len(versions) == 5
    assert len({shipped_calendar(variant).version for variant in "ABCD"}) == 4
    assert shipped_calendar() == shipped_calendar("C")
    assert hash(shipped_calendar()) == hash(shipped_calendar("C"))
    assert shipped_calendar().with_year(plain) != shipped_calendar()


def test_a_table_survives_json() -> None:
    for table in shipped_years():
        assert YearTable.from_json(table.to_json()) == table


def test_a_day_of_another_year_is_refused() -> None:
    with pytest.raises(ValueError, match="другого года"):
        YearTable(2028, off=frozenset({date(2027, 1, 1)}))
    with pytest.raises(ValueError, match="другого года"):
        read_year("year = 2028\noff = [[2028-12-31, 2029-01-02]]")
    with pytest.raises(ValueError, match="stands under"):
        Calendar({2027: YearTable(2028)})


def test_a_year_entered_day_by_day_says_the_same() -> None:
    calendar = shipped_calendar()
    for year in (2026, 2027, 2029):
        table = calendar.table_from_days(year, calendar.days(year), calendar.table(year).decree)
        assert calendar.with_year(table).days(year) == calendar.days(year)
    assert calendar.table_from_days(2026, calendar.days(2026), calendar.table(2026).decree) == calendar.table(2026)


def test_an_entered_year_may_overrule_every_rule() -> None:
    calendar = shipped_calendar()
    changes = {date(2028, 4, 25): True, date(2028, 4, 26): False, date(2028, 1, 1): True}
    days = [(day, changes.get(day, works)) for day, works in calendar.days(2028)]
    table = calendar.table_from_days(2028, days, Decree("1", date(2027, 9, 1)))
    assert calendar.with_year(table).days(2028) == days
    assert not calendar.with_year(table).is_provisional(date(2028, 1, 1), date(2028, 12, 31))


def test_an_incomplete_or_doubtful_year_is_refused() -> None:
    calendar = shipped_calendar()
    days = calendar.days(2028)
    with pytest.raises(CalendarError, match="2028-12-31"):
        calendar.table_from_days(2028, days[:-1], None)
    with pytest.raises(CalendarError, match="дважды"):
        calendar.table_from_days(2028, [*days, days[0]], None)
    with pytest.raises(CalendarError, match="не 2028 года"):
        calendar.table_from_days(2028, [*days, (days[-1][0] + timedelta(days=1), True)], None)
