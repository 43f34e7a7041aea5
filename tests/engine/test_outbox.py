"""Letters before they leave: addresses and subjects checked, kept where nobody carries post, shown as they stand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from engine.doors import perform
from engine.errors import InvalidError
from engine.outbox import SCHEDULE, SendError, check_address, check_subject, queue_letter, send_letters, wait_after
from engine.records import messages as records
from engine.records.messages import Row
from engine.records.tables import outbox
from tests.engine.house import House

WALL = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)


@pytest.fixture
def house(schema_url: str, tmp_path: Path) -> Iterator[House]:
    with time_machine.travel(WALL, tick=False):
        house = House(schema_url, tmp_path)
        yield house
        house.runtime.database.close()


def write(house: House, *, to: str = "olga@firm.example.ru", subject: str = "Отказ", body: str = "Причины: …") -> str:
    return perform(
        house.runtime,
        lambda tx: queue_letter(tx, "refusal", case=None, to=to, subject=subject, body=body, login="olga"),
    )


def letters(house: House) -> list[Row]:
    """All letters, oldest first."""
    with house.runtime.reading() as tx:
        rows = records.letters(
            tx.connection, case_id=None, owner=None, login=None, everything=True, after=None, limit=100
        )
    return rows[::-1]


def waiting(house: House) -> datetime | None:
    with house.runtime.reading() as tx:
        earliest: datetime | None = tx.connection.scalar(sa.select(sa.func.min(outbox.c.next_at)))
    return earliest


class Bag:
    """A postman that carries every letter into a bag; `fault` makes it fail."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.seen: list[str] = []

    def post(self, *, identity: str, to: str, subject: str, body: str) -> None:
        self.seen.append(subject)
        if self.fault is not None:
            raise self.fault


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example",
        "o'brien+kes@mail.firm.example.ru",
        "x_y.z-1@a-b.example",
        "a@xn--80a1acny.xn--p1ai",
    ],
)
def test_an_address_is_taken_as_given(address: str) -> None:
    assert check_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "@b.example", "a@", "a@b", "a@localhost", "a b@c.example", "a@b c.example", "a@b..example",
        ".a@b.example", "a.@b.example", "a@-b.example", "a@b-.example", "a@b.example.", "a@[127.0.0.1]",
        "a@b.example,c@d.example", "a@b.example;c@d.example", "Ольга <a@b.example>",
        "a@b.example\n", "a@b.example\r\nBcc: c@d.example",
        "a\x00@b.example", '"a b"@c.example', "a(x)@b.example", "почта@b.example", "a@почта.рф", "a@b.example\u2028",
        "a@@b.example", "a" * 65 + "@b.example", "a@" + "b" * 64 + ".example", "a@" + "b." * 150 + "example", "a@b.1",
    ],
)  # fmt: skip
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_address(address)
    [told] = caught.value.errors["email"]
    assert "не адрес" in told
    assert "\n" not in told


@given(st.text())
def test_no_text_but_one_line_is_a_subject(text: str) -> None:
    is_line = bool(text.strip()) and not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029" for c in text)
    try:
        assert check_subject(text) == text
    except InvalidError:
        assert not is_line
    else:
        assert is_line


@pytest.mark.parametrize("values", [{"to": "a@b.example\r\nBcc: c@d.example"}, {"subject": "Тема\r\nBcc: c@d.example"}])
def test_a_letter_that_smuggles_a_header_is_not_even_queued(house: House, values: dict[str, str]) -> None:
    with pytest.raises(InvalidError):
        write(house, **values)
    assert letters(house) == []
    assert waiting(house) is None


def test_a_body_keeps_its_lines_and_loses_what_no_mailbox_shows(house: House) -> None:
    write(house, body="Строка\r\n\tс отступом\nнуль\x00, звонок\x07, сброс\x1b[2J и конец")
    assert letters(house)[0]["body"] == "Строка\r\n\tс отступом\nнуль, звонок, сброс[2J и конец"


def test_a_letter_goes_with_its_step_or_not_at_all(house: House) -> None:
    def act(tx: object) -> None:
        queue_letter(tx, "refusal", case=None, to="a@b.example", subject="Тема", body="…")  # type: ignore[arg-type]
        raise RuntimeError("after all")

    with pytest.raises(RuntimeError):
        perform(house.runtime, act)
    assert letters(house) == []
    assert waiting(house) is None


def test_without_a_mail_server_letters_are_kept_and_shown(house: House) -> None:
    write(house, subject="Первое")
    write(house, subject="Второе")
    assert send_letters(house.runtime, None) == 2
    assert sorted(row["subject"] for row in letters(house)) == ["Второе", "Первое"]
    assert [(row["delivery"], row["delivered_at"]) for row in letters(house)] == [("kept", None)] * 2
    assert waiting(house) is None
    assert send_letters(house.runtime, Bag()) == 0


def test_a_letter_erased_meanwhile_leaves_nothing_to_send(house: House) -> None:
    write(house)
    with house.runtime.transaction() as tx:
        tx.connection.exec_driver_sql("delete from letter")
    bag = Bag()
    assert send_letters(house.runtime, bag) == 1
    assert bag.seen == []
    assert waiting(house) is None


def test_a_fault_of_the_postman_delays_the_letter_and_stops_no_other(house: House) -> None:
    write(house, subject="Первое")
    write(house, subject="Второе")
    bag = Bag(ZeroDivisionError("postman"))
    assert send_letters(house.runtime, bag) == 2
    assert sorted(bag.seen) == ["Второе", "Первое"]
    assert {row["delivery"] for row in letters(house)} == {"delayed"}
    assert waiting(house) is not None


def test_a_fault_of_the_server_ends_the_round(house: House) -> None:
    for number in range(3):
        write(house, subject=f"Письмо {number}")
    bag = Bag(SendError("away", is_server=True))
    assert send_letters(house.runtime, bag) == 1
    assert len(bag.seen) == 1


def test_a_round_takes_no_more_than_its_limit(house: House) -> None:
    for number in range(3):
        write(house, subject=f"Письмо {number}")
    bag = Bag()
    assert send_letters(house.runtime, bag, limit=2) == 2
    assert send_letters(house.runtime, bag, limit=2) == 1


@given(st.uuids(version=4).map(str), st.integers(1, len(SCHEDULE)))
def test_a_letter_waits_its_schedule_and_at_most_a_tenth_more(identity: str, attempt: int) -> None:
    wait = wait_after(identity, attempt)
    assert SCHEDULE[attempt - 1] <= wait <= SCHEDULE[attempt - 1] * 1.1
    assert wait == wait_after(identity, attempt)


def test_tries_end_after_more_than_a_day() -> None:
    assert timedelta(hours=27) < sum(SCHEDULE, timedelta()) < timedelta(hours=28)
