"""The outbox on a real mail server: letters are delayed, repeated, failed or held back, and cases go on meanwhile."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from engine.doors import perform
from engine.outbox import LEASE, SCHEDULE, queue_letter, send_letters
from engine.records import messages as records
from engine.records import settings
from engine.records.messages import Row
from engine.records.tables import outbox
from tests.engine.house import House
from tests.webhooks.mail_server import Script, free_port, running
from webhooks.mail import SmtpPostman

WALL = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)


@pytest.fixture
def house(schema_url: str, tmp_path: Path) -> Iterator[House]:
    house = House(schema_url, tmp_path)
    yield house
    house.runtime.database.close()


@pytest.fixture
def wall() -> Iterator[time_machine.Traveller]:
    """The wall's clock, standing at 09:00 Moscow until the test moves it."""
    with time_machine.travel(WALL, tick=False) as traveller:
        yield traveller


def write(house: House, subject: str = "Приглашение на заседание", to: str = "member@council.example.ru") -> str:
    """Queue a letter in a step of its own; its id."""
    return perform(
        house.runtime,
        lambda tx: queue_letter(tx, "invitation", case=None, to=to, subject=subject, body="Повестка:\n1. Дело № 1\n"),
    )


def letter(house: House, identity: str) -> Row:
    with house.runtime.reading() as tx:
        row = records.get_letter(tx.connection, identity)
    assert row is not None
    return row


def waits(house: House) -> bool:
    """Whether anything is left to send."""
    with house.runtime.reading() as tx:
        return tx.connection.scalar(sa.select(outbox.c.id).limit(1)) is not None


def at(url: str) -> SmtpPostman:
    return SmtpPostman(url, sender="kes@council.example.ru", timeout=60)


def test_a_letter_is_delivered_once_and_told_so(house: House, wall: time_machine.Traveller) -> None:
    script, identity = Script(), write(house)
    with running(script) as server:
        assert send_letters(house.runtime, at(server.url)) == 1
        assert send_letters(house.runtime, at(server.url)) == 0
    assert [sent["Message-ID"] for sent in script.letters] == [f"<{identity}@council.example.ru>"]
    assert script.letters[0]["Subject"] == "Приглашение на заседание"
    told = letter(house, identity)
    assert (told["delivery"], told["delivered_at"]) == ("sent", WALL)
    assert not waits(house)


def test_a_temporary_refusal_is_tried_again_on_schedule(house: House, wall: time_machine.Traveller) -> None:
    script, identity = Script("451 later", "451 later", "250 ok"), write(house)
    with running(script) as server:
        door = at(server.url)
        send_letters(house.runtime, door)
        assert letter(house, identity)["delivery"] == "delayed"
        assert send_letters(house.runtime, door) == 0
        wall.shift(SCHEDULE[0] * 1.1)
        assert send_letters(house.runtime, door) == 1
        wall.shift(SCHEDULE[0] * 1.1)
        assert send_letters(house.runtime, door) == 0
        wall.shift(SCHEDULE[1] * 1.1)
        assert send_letters(house.runtime, door) == 1
    assert (script.tried, len(script.letters)) == (3, 1)
    assert letter(house, identity)["delivery"] == "sent"


def test_a_refusal_for_good_fails_the_letter_and_no_other(house: House, wall: time_machine.Traveller) -> None:
    script = Script("554 no", "250 ok")
    first, second = write(house, "Первое"), write(house, "Второе")
    with running(script) as server:
        assert send_letters(house.runtime, at(server.url)) == 2
    assert {letter(house, first)["delivery"], letter(house, second)["delivery"]} == {"failed", "sent"}
    assert not waits(house)


def test_a_line_cut_after_the_letter_repeats_it_under_the_same_message_id(
    house: House, wall: time_machine.Traveller
) -> None:
    script, identity = Script("drop", "250 ok"), write(house)
    with running(script) as server:
        send_letters(house.runtime, at(server.url))
        wall.shift(SCHEDULE[0] * 1.1)
        send_letters(house.runtime, at(server.url))
    assert {sent["Message-ID"] for sent in script.letters} == {f"<{identity}@council.example.ru>"}
    assert len(script.letters) == 2
    assert letter(house, identity)["delivery"] == "sent"


def test_a_dead_server_costs_one_try_a_round_and_every_letter_leaves_when_it_is_back(
    house: House, wall: time_machine.Traveller
) -> None:
    identities = [write(house, f"Письмо {number}") for number in range(4)]
    dead = at(f"smtp://127.0.0.1:{free_port()}")
    assert send_letters(house.runtime, dead) == 1
    assert [letter(house, identity)["delivery"] for identity in identities].count("delayed") == 1
    wall.shift(timedelta(minutes=1))
    script = Script()
    with running(script) as server:
        assert send_letters(house.runtime, at(server.url)) == 4
    assert {letter(house, identity)["delivery"] for identity in identities} == {"sent"}


def test_a_server_dead_for_more_than_a_day_fails_the_letter_visibly(house: House, wall: time_machine.Traveller) -> None:
    identity, dead = write(house), at(f"smtp://127.0.0.1:{free_port()}")
    for wait in SCHEDULE:
        assert send_letters(house.runtime, dead) == 1
        assert letter(house, identity)["delivery"] == "delayed"
        wall.shift(wait * 1.1)
    assert send_letters(house.runtime, dead) == 1
    assert letter(house, identity)["delivery"] == "failed"
    assert not waits(house)


def test_a_case_goes_on_while_the_mail_server_hangs(house: House) -> None:
    script, identity, case = Script("hang"), write(house), house.start()
    with running(script) as server:
        ticking = threading.Thread(target=send_letters, args=(house.runtime, at(server.url)))
        ticking.start()
        assert script.arrived.wait(timeout=30)
        house.complete(case, "again")
        house.complete(case, "yes")
        assert house.case(case)["at"] == ["await_answer"]
        assert letter(house, identity)["delivery"] == "queued"
        script.release()
        ticking.join(timeout=30)
    assert letter(house, identity)["delivery"] == "sent"


def test_a_slow_sender_does_not_undo_what_a_later_one_recorded(house: House, wall: time_machine.Traveller) -> None:
    identity = write(house)

    class Slow:
        """Answers only after the lease ran out and another sender took the letter to a living server."""

        def post(self, *, identity: str, to: str, subject: str, body: str) -> None:
            wall.shift(LEASE * 1.1)
            assert send_letters(house.runtime, at(server.url)) == 1
            at(f"smtp://127.0.0.1:{free_port()}").post(identity=identity, to=to, subject=subject, body=body)

    script = Script()
    with running(script) as server:
        send_letters(house.runtime, Slow())
    assert (letter(house, identity)["delivery"], len(script.letters)) == ("sent", 1)


def test_a_letter_under_lease_is_not_taken_twice(house: House, wall: time_machine.Traveller) -> None:
    write(house)
    with house.runtime.transaction() as tx:
        assert records.lease_outbox(tx.connection, tx.wall, tx.wall + LEASE, "letter", tx.epoch) is not None
    script = Script()
    with running(script) as server:
        assert send_letters(house.runtime, at(server.url)) == 0
        wall.shift(LEASE)
        assert send_letters(house.runtime, at(server.url)) == 1
    assert len(script.letters) == 1


def test_post_of_an_older_epoch_does_not_leave(house: House, wall: time_machine.Traveller) -> None:
    old = write(house)
    with house.runtime.transaction() as tx:
        settings.write(tx.connection, "epoch", 2)
    new, script = write(house), Script()
    with running(script) as server:
        wall.shift(timedelta(days=2))
        assert send_letters(house.runtime, at(server.url)) == 1
    assert (letter(house, old)["delivery"], letter(house, new)["delivery"]) == ("queued", "sent")
    assert [sent["Message-ID"] for sent in script.letters] == [f"<{new}@council.example.ru>"]
    assert waits(house)


def test_letters_leave_by_the_wall_and_are_dated_by_the_procedure(house: House, wall: time_machine.Traveller) -> None:
    house.advance("2029-03-01T10:00:00+03:00")
    identity, script = write(house), Script()
    with running(script) as server:
        assert send_letters(house.runtime, at(server.url)) == 1
    told = letter(house, identity)
    assert told["at"].date() == date(2029, 3, 1)
    assert told["delivered_at"] == WALL
