from datetime import datetime

import pytest

from handlers.api.durations import add_duration

START = datetime.fromisoformat("2026-01-31T09:00:00+03:00")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("P10D", "2026-02-10T09:00:00+03:00"),
        ("P2W", "2026-02-14T09:00:00+03:00"),
        ("P1M", "2026-02-28T09:00:00+03:00"),
        ("P3Y", "2029-01-31T09:00:00+03:00"),
        ("P1Y1M", "2027-02-28T09:00:00+03:00"),
        ("PT36H30M", "2026-02-01T21:30:00+03:00"),
        ("P1DT1S", "2026-02-01T09:00:01+03:00"),
        ("-P1D", "2026-01-30T09:00:00+03:00"),
        ("P0D", "2026-01-31T09:00:00+03:00"),
    ],
)
def test_a_duration_is_added_as_a_calendar_adds_it(text: str, end: str) -> None:
    assert add_duration(START, text).isoformat() == end


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "10D", "P1.5D", "p1d", "P1H", "P٣D", "P9999Y", "P1D ", "P-1D"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        add_duration(START, text)
