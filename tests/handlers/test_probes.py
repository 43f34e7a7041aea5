"""Readiness tells when nobody does what falls due: timers by business time, post by the wall's."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.clock import ClockMode, wall
from engine.doors import perform
from engine.outbox import queue_letter
from engine.records.tables import outbox, timer
from handlers.context import Context
from handlers.probes import lateness, readiness

HOURS_AGO = timedelta(hours=2)


def write(context: Context, **values: Any) -> None:
    """Queue a letter and change what stands in the outbox."""

    def act(tx: Any) -> str:
        return queue_letter(tx, "note", case=None, to="a@b.example", subject="Тема", body="…")

    perform(context.runtime, act)
    with context.runtime.transaction() as tx:
        tx.connection.execute(sa.update(outbox).values(values))


def set_timer(context: Context, due: datetime, *, held: bool) -> None:
    with context.runtime.transaction() as tx:
        row = {
            "id": "t1", "case": None, "process": "leave", "token": None, "host": None, "element": "e", "kind": "start",
            "rule": "at(x)", "due": due, "deadline": None, "held": held,
        }  # fmt: skip
        tx.connection.execute(sa.insert(timer).values(row))


def test_a_house_with_nothing_due_is_ready(context: Context) -> None:
    assert lateness(context) == {"timers": 0.0, "post": 0.0}
    assert all(readiness(context).values())


def test_post_that_nobody_sends_is_told(context: Context) -> None:
    write(context, next_at=wall() - HOURS_AGO)
    assert lateness(context)["post"] >= HOURS_AGO.total_seconds()
    assert readiness(context) == {"database": True, "disk": True, "timers": True, "post": False}


def test_post_that_waits_for_its_next_attempt_or_for_a_person_is_not_late(context: Context) -> None:
    write(context, next_at=wall() + HOURS_AGO)
    assert lateness(context)["post"] == 0.0
    write(context, next_at=wall() - HOURS_AGO, epoch=0)
    assert lateness(context)["post"] == 0.0


@pytest.mark.parametrize("held", [False, True])
def test_a_timer_that_nobody_fires_is_told_unless_it_is_held(context: Context, held: bool) -> None:
    on_the_wall = replace(context, runtime=replace(context.runtime, mode=ClockMode.SYSTEM))
    set_timer(context, wall() - HOURS_AGO, held=held)
    assert (lateness(on_the_wall)["timers"] >= HOURS_AGO.total_seconds()) is not held
    assert readiness(on_the_wall)["timers"] is held
    assert lateness(context)["timers"] == 0.0, "a virtual clock stands until it is moved"
