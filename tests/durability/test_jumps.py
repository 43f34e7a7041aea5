"""The clock leaps over days that other calendars stumble at: each timer fires once, at its instant, none early."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import moscow
from engine.records.tables import timer
from tests.durability.crew import stuck_or_false
from tests.engine.house import House

#: The last day of a wait -> when silence ends it: five past midnight of the next day, Moscow.
DAYS = {
    "2026-01-31": "2026-02-01T00:05:00+03:00",
    "2027-12-31": "2028-01-01T00:05:00+03:00",
    "2028-02-28": "2028-02-29T00:05:00+03:00",
    "2028-02-29": "2028-03-01T00:05:00+03:00",
    "2027-02-28": "2027-03-01T00:05:00+03:00",
    "2026-03-28": "2026-03-29T00:05:00+03:00",
    "2026-10-24": "2026-10-25T00:05:00+03:00",
}
JUMPS = {
    "one leap": ["2029-01-01T00:00:00+03:00"],
    "to the instants themselves": sorted(DAYS.values()),
    "a minute before and after": [
        text for at in sorted(DAYS.values()) for text in (at.replace("00:05", "00:04"), at.replace("00:05", "00:06"))
    ],
}


@pytest.fixture(params=["America/New_York", "Pacific/Auckland"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine's own zone, which must not matter: on either side of Moscow, with summer time of their own."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def house(zone: str, schema_url: str, tmp_path: Path) -> Iterator[House]:
    house = House(schema_url, tmp_path)
    yield house
    house.runtime.database.close()


@pytest.mark.parametrize("jumps", JUMPS.values(), ids=JUMPS)
def test_each_wait_ends_once_and_at_its_instant(house: House, jumps: list[str]) -> None:
    waits = {}
    for until, at in DAYS.items():
        case = house.start(until=until)
        house.complete(case, "yes")
        waits[case] = at
    fired = [f for to in jumps for f in house.advance(to)]
    assert sorted((f["case"], f["element"], f["at"]) for f in fired) == sorted(
        (case, "silence", at) for case, at in waits.items()
    )
    assert [f["at"] for f in fired] == sorted(f["at"] for f in fired)
    for case, at in waits.items():
        ended = next(f for f in house.facts(case) if f["kind"] == "case.ended")
        assert (ended["at"], ended["data"]["end"]) == (at, "lapsed")
        assert stuck_or_false(house, case) == []


def test_stored_instants_are_utc_whatever_the_machine_says(house: House) -> None:
    case = house.start(until="2026-03-28")
    house.complete(case, "yes")
    with house.runtime.reading() as tx:
        kept = tx.connection.execute(sa.select(timer.c.due)).scalar_one()
        raw = tx.connection.execute(sa.select(sa.cast(timer.c.due, sa.String))).scalar_one()
    assert kept == datetime(2026, 3, 28, 21, 5, tzinfo=UTC)
    assert moscow(kept).isoformat() == DAYS["2026-03-28"]
    assert (
        str(raw).startswith("2026-03-28T21:05:00.000000Z")
        or "+00" in str(raw)
        or tx.connection.dialect.name != "sqlite"
    )


def test_working_days_over_the_end_of_january_and_a_leap_day_are_counted_at_the_start(house: House) -> None:
    for today, due in (
        ("2026-01-30T10:00:00+03:00", "2026-02-04T23:59:59+03:00"),
        ("2026-02-26T10:00:00+03:00", "2026-03-03T23:59:59+03:00"),
    ):
        house.advance(today)
        case = house.start(until="2027-01-31")
        assert moscow(house.task(case)["due_at"]).isoformat() == due
        house.complete(case, "yes")
    assert house.advance("2027-01-31T23:59:00+03:00") == []
    assert [f["at"] for f in house.advance("2027-02-02T00:00:00+03:00")] == ["2027-02-01T00:05:00+03:00"] * 2
