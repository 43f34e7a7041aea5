"""What one tick does; the tests call it themselves, and no thread runs but in the one that starts the scheduler."""

import threading
from datetime import datetime, timedelta

from apscheduler.jobstores.memory import MemoryJobStore

from engine.clock import wall
from engine.doors import perform
from engine.outbox import queue_letter
from engine.records import messages as records
from engine.records import settings
from engine.scheduler import Ticker
from tests.engine.house import House


class Bag:
    """A postman that counts; `carried` is set by the first letter."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.carried = threading.Event()

    def post(self, *, identity: str, to: str, subject: str, body: str) -> None:
        self.letters.append(identity)
        self.carried.set()


def write(house: House) -> str:
    return perform(
        house.runtime, lambda tx: queue_letter(tx, "note", case=None, to="a@b.example", subject="Тема", body="…")
    )


def set_clock(house: House, text: str) -> None:
    """Put the virtual clock forward and fire nothing: time went by while no process ran."""
    with house.runtime.transaction() as tx:
        settings.write(tx.connection, "clock", datetime.fromisoformat(text).isoformat())


def test_a_tick_fires_what_fell_due_while_nobody_ran(house: House) -> None:
    case = house.start()
    set_clock(house, "2026-01-20T12:00:00+03:00")
    ticker = Ticker(house.runtime, None)
    ticker._time()
    fired = [kind for kind in house.kinds(case) if kind in {"task.reminded", "task.escalated"}]
    assert fired == ["task.reminded", "task.escalated"]
    ticker._time()
    assert house.kinds(case).count("task.escalated") == 1


def test_a_tick_delivers_a_message_that_a_killed_process_left(house: House) -> None:
    case = house.start()
    house.complete(case, "yes")
    with house.runtime.transaction() as tx:
        tx.send("answer", {"case": case}, {"ok": True})
    assert house.case(case)["state"] == "active"
    Ticker(house.runtime, None)._time()
    assert house.case(case)["end"] == "granted"


def test_a_tick_sends_letters_apart_from_time(house: House) -> None:
    identity, bag = write(house), Bag()
    ticker = Ticker(house.runtime, bag)
    ticker._time()
    assert bag.letters == []
    ticker._post()
    ticker._post()
    assert bag.letters == [identity]


def test_a_tick_tells_when_it_was(house: House) -> None:
    assert Ticker(house.runtime, None).last is None
    ticker, before = Ticker(house.runtime, None), wall()
    ticker._time()
    assert ticker.last is not None
    assert before <= ticker.last <= wall()


def test_a_tick_never_raises_and_the_next_goes_on(house: House) -> None:
    identity, bag = write(house), Bag()
    ticker = Ticker(house.runtime, bag)
    with house.runtime.transaction() as tx:
        tx.connection.exec_driver_sql("alter table outbox rename to outbox_away")
        tx.connection.exec_driver_sql("alter table timer rename to timer_away")
    ticker._time()
    ticker._post()
    with house.runtime.transaction() as tx:
        tx.connection.exec_driver_sql("alter table outbox_away rename to outbox")
        tx.connection.exec_driver_sql("alter table timer_away rename to timer")
    ticker._time()
    ticker._post()
    assert bag.letters == [identity]


def test_two_tickers_on_one_database_fire_a_timer_once(house: House) -> None:
    case = house.start()
    set_clock(house, "2026-01-20T12:00:00+03:00")
    other = house.open()
    tickers = [Ticker(house.runtime, None), Ticker(other, None)]
    barrier = threading.Barrier(2)

    def run(ticker: Ticker) -> None:
        barrier.wait(timeout=30)
        ticker._time()

    threads = [threading.Thread(target=run, args=(ticker,)) for ticker in tickers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    other.database.close()
    assert house.kinds(case).count("task.escalated") == 1
    assert house.kinds(case).count("task.reminded") == 1
    assert house.verdict(case).is_true


def test_jobs_live_in_memory_come_late_rather_than_never_and_never_overlap(house: House) -> None:
    ticker = Ticker(house.runtime, None, every=timedelta(hours=1))
    ticker.start()
    jobs = ticker._scheduler.get_jobs()
    stores = [type(store) for store in ticker._scheduler._jobstores.values()]
    ticker.stop()
    assert stores == [MemoryJobStore]
    assert len(jobs) == 2
    assert {(job.max_instances, job.coalesce, job.misfire_grace_time) for job in jobs} == {(1, True, None)}
    assert {str(job.trigger.timezone) for job in jobs} == {"UTC"}


def test_a_started_ticker_ticks_by_itself_and_stops(house: House) -> None:
    identity, bag = write(house), Bag()
    ticker = Ticker(house.runtime, bag, every=timedelta(milliseconds=50))
    ticker.start()
    assert bag.carried.wait(timeout=30)
    ticker.stop()
    assert bag.letters == [identity]
    with house.runtime.reading() as tx:
        row = records.get_letter(tx.connection, identity)
    assert row is not None
    assert row["delivery"] == "sent"
