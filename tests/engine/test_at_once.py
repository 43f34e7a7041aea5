"""A row that another act made or took away between what an act read and what it writes: the act is carried out again.

PostgreSQL lets them work side by side and refuses the later row; on SQLite one act works at a time.
"""

from collections.abc import Callable, Mapping
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa

from engine.calls import Call
from engine.database import Connection
from engine.doors import perform
from engine.errors import ConflictError
from engine.records.desks import drop_view, get_view, put_view, set_first_view
from engine.records.tables import setting
from engine.runtime import Transaction
from tests.engine.house import CLERK, MONDAY, House


class Rival:
    """Somebody whose act comes just between: kept before one's own where the database lets two work side by side."""

    def __init__(self, house: House, act: Callable[[Transaction], Any]) -> None:
        self.house, self.words = house, list[str]()
        self._thread = Thread(target=lambda: self.words.append(said(house, act)))

    def act(self) -> None:
        """Act, once."""
        if self._thread.ident is None:
            self._thread.start()
            if not self.house.runtime.database.is_sqlite:
                self.wait()

    def wait(self) -> None:
        """Wait until it was answered."""
        self._thread.join()


def said(house: House, act: Callable[[Transaction], Any]) -> str:
    """What an act was answered with, in a word."""
    try:
        perform(house.runtime, act)
    except ConflictError as error:
        return error.slug_
    return "ok"


def take(connection: Connection) -> None:
    """Take the only place."""
    connection.execute(setting.insert().values(key="place", value=1))


def is_taken(connection: Connection) -> bool:
    """Whether somebody has the place."""
    return connection.execute(sa.select(setting.c.key).where(setting.c.key == "place")).first() is not None


def test_of_two_who_take_the_same_at_once_one_is_refused_in_the_words_of_the_act(house: House) -> None:
    def act(tx: Transaction, meanwhile: Callable[[], None] = lambda: None) -> None:
        if is_taken(tx.connection):
            raise ConflictError("Место занято.", slug="taken")
        meanwhile()
        take(tx.connection)

    rival = Rival(house, act)
    mine = said(house, lambda tx: act(tx, rival.act))
    rival.wait()
    assert sorted([mine, *rival.words]) == ["ok", "taken"]


def test_a_step_that_meets_the_row_of_another_is_made_again_and_is_no_failure(house: House) -> None:
    def act(tx: Transaction) -> None:
        if not is_taken(tx.connection):
            take(tx.connection)

    rival = Rival(house, act)

    def note(call: Call, *, what: str) -> Mapping[str, Any]:
        if not is_taken(call.connection):
            rival.act()
            take(call.connection)
        return {"what": what}

    house.runtime.registry.services["toy.note"] = note
    case = house.start()
    house.complete(case, "yes")
    rival.wait()
    assert house.kinds(case).count("service.called") == 1
    assert house.case(case)["state"] == "active"
    assert rival.words == ["ok"]


def test_what_another_takes_away_meanwhile_is_not_found(house: House) -> None:
    view: dict[str, Any] = {"id": "v", "login": CLERK.login, "group": None, "name": "Мои", "filters": {}}
    perform(house.runtime, lambda tx: put_view(tx.connection, {**view, "made_at": MONDAY}))
    rival = Rival(house, lambda tx: drop_view(tx.connection, "v"))

    def choose(tx: Transaction) -> None:
        if get_view(tx.connection, "v") is None:
            raise ConflictError("Такого вида уже нет.", slug="gone")
        rival.act()
        set_first_view(tx.connection, CLERK.login, "v")

    word = said(house, choose)
    rival.wait()
    assert word == ("ok" if house.runtime.database.is_sqlite else "gone")
    assert rival.words == ["ok"]


def test_a_row_that_is_there_every_time_is_told_as_the_fault_that_it_is(house: House) -> None:
    tries = []

    def act(tx: Transaction) -> None:
        tries.append(1)
        take(tx.connection)
        take(tx.connection)

    with pytest.raises(sa.exc.IntegrityError):
        perform(house.runtime, act)
    assert 1 <= len(tries) <= 10
