"""A step that waited for another step of its case goes on from what that one left, not from what it saw before."""

import threading
from typing import Any

from bench.house import PERSON, House
from bench.story import SCENES, SMALL, form_of
from engine import cases
from engine.errors import ConflictError


def wait_for_a_waiter(house: House, thread: threading.Thread) -> None:
    """Return when somebody waits for a lock (SQLite's one writer needs no look: whoever comes waits)."""
    if house.runtime.database.is_sqlite:
        return
    query = (
        "SELECT 1 FROM pg_locks JOIN pg_stat_activity a USING (pid) "
        "WHERE NOT granted AND a.datname = current_database()"
    )
    for _look in range(12_000):
        with house.runtime.database.read() as connection:
            if connection.exec_driver_sql(query).first():
                return
        thread.join(0.01)
    raise AssertionError("nobody waits")


def test_the_second_of_two_completions_is_told_who_was_first(house: House) -> None:
    case = house.start("race")
    house.look(case)
    task = case.open["review"][0]
    form = form_of(SCENES[0], SMALL, "race")
    told: list[Any] = []

    def second() -> None:
        rival = House.__new__(House)
        rival.runtime = house.runtime
        try:
            rival.complete(type(case)(case.id, {"review": [task]}), SCENES[0], form)
        except ConflictError as error:
            told.append((error.slug_, error.data.get("by")))

    with house.runtime.transaction() as tx:
        cases.complete(tx, task, form, actor=PERSON)
        thread = threading.Thread(target=second)
        thread.start()
        wait_for_a_waiter(house, thread)
    thread.join(180)
    assert told == [("already_done", {"login": PERSON.login})]
