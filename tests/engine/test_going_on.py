"""What fails for one stops nobody else: a start, a message, a timer; and no case is forgotten over it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

import pytest
import sqlalchemy as sa

from engine import attempts, cases, doors, ticks, timers
from engine.calls import Call
from engine.definitions import bundle_of, release
from engine.doors import drain, perform
from engine.errors import ConflictError
from engine.facts import Fact
from engine.records import settings
from engine.records.tables import message, timer
from engine.scheduler import Ticker
from tests.engine.house import CLERK, House
from tests.engine.lint import pen

_FLOWS: Final = pen.end(), pen.flows("start > end")
_ON_A_DAY: Final = (
    '<bpmn:timerEventDefinition><bpmn:timeDate xsi:type="bpmn:tFormalExpression">at(day)</bpmn:timeDate>'
    "</bpmn:timerEventDefinition>"
)
_YEARLY: Final = pen.node("startEvent", "start", pen.extensions(pen.properties({"starts": "01-01"})) + _ON_A_DAY)
_DUE: Final = pen.node("intermediateCatchEvent", "due", _ON_A_DAY)
_CALLED: Final = pen.node("startEvent", "start", pen.message_text("call"))


def publish(house: House, *parts: str, day: date = date(2020, 2, 10)) -> None:
    """Release a drawing as the procedure `toy`."""
    with house.runtime.transaction() as tx:
        files = {"procedure.bpmn": pen.text_of(*parts, beside=pen.message("call"))}
        release(tx, bundle_of("toy", files), by="analyst", basis="приказ № 4", effective_from=day)


def messages(house: House) -> list[tuple[str, str]]:
    """Name and state of all messages, in order."""
    with house.runtime.reading() as tx:
        rows = tx.connection.execute(sa.select(message.c.name, message.c.state).order_by(message.c.id))
        return [(row.name, row.state) for row in rows]


def let_start(house: House, *, fails: bool) -> None:
    """Have a start hook for `toy`."""

    @house.runtime.registry.start("toy")
    def begin(_call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
        if fails:
            raise KeyError("nobody foresaw it")
        return dict(data)


@pytest.mark.parametrize("why", ["no hook", "the hook fails", "not yet in force"])
def test_a_start_by_timer_that_fails_keeps_no_timer_from_firing_and_is_tried_again(house: House, why: str) -> None:
    case = house.start()
    if why != "no hook":
        let_start(house, fails=why == "the hook fails")
    publish(house, _YEARLY, *_FLOWS, day=date(2026, 1, 19) if why == "not yet in force" else date(2020, 2, 10))
    house.advance("2026-01-18T12:00:00+03:00")
    assert house.kinds(case).count("task.escalated") == 1
    house.runtime.registry.starts.pop("toy", None)
    let_start(house, fails=False)
    assert [each["case"] for each in house.advance("2026-01-21T12:00:00+03:00")] == [None]
    with house.runtime.reading() as tx:
        assert len(cases.list_cases(tx, CLERK, process="toy").items) == 1
        waiting = tx.connection.execute(sa.select(timer.c.due, timer.c.held).where(timer.c.case.is_(None))).all()
    assert [(due.isoformat(), held) for due, held in waiting] == [("2026-12-31T21:00:00+00:00", False)]


def test_a_start_by_timer_that_was_missed_for_years_begins_once(house: House) -> None:
    let_start(house, fails=False)
    publish(house, _YEARLY, *_FLOWS)
    with house.runtime.transaction() as tx:
        settings.write(tx.connection, "clock", "2029-06-01T12:00:00+03:00")
    assert ticks.tick(house.runtime) == 1
    with house.runtime.reading() as tx:
        assert len(cases.list_cases(tx, CLERK, process="toy").items) == 1


def test_a_timer_that_is_due_when_a_message_sets_it_fires_at_once(house: House) -> None:
    called = pen.node("receiveTask", "wait", messageRef="call")
    publish(house, pen.start(), called, _DUE, pen.end(), pen.flows("start > wait > due > end"))
    data = {"day": "2026-01-05T00:00:00+03:00"}
    row = perform(house.runtime, lambda tx: cases.start(tx, "toy", data, actor=CLERK, title="Срок прошёл"))
    perform(house.runtime, lambda tx: tx.send("call", {"case": row["id"]}, {}))
    assert house.case(row["id"])["end"] == "end"


def test_a_message_that_no_start_can_take_is_given_up_and_disturbs_nobody(house: House) -> None:
    let_start(house, fails=True)
    publish(house, _CALLED, *_FLOWS)
    case = house.start()
    house.complete(case, "yes")
    perform(house.runtime, lambda tx: tx.send("call", {"process": "toy"}, {}))
    perform(house.runtime, lambda tx: tx.send("answer", {"case": case}, {"ok": True}))
    assert house.case(case)["end"] == "granted"
    assert messages(house) == [("call", "failed"), ("answer", "delivered")]


def test_a_procedure_that_begins_by_itself_no_more_is_not_begun_by_its_old_day(house: House) -> None:
    let_start(house, fails=False)
    publish(house, _YEARLY, pen.user("look", "clerk"), pen.end(), pen.flows("start > look > end"))
    assert len(house.advance("2026-02-01T00:00:00+03:00")) == 1
    publish(house, pen.start(), pen.user("look", "clerk"), pen.end(), pen.flows("start > look > end"))
    house.advance("2027-02-01T00:00:00+03:00")
    with house.runtime.reading() as tx:
        assert len(cases.list_cases(tx, CLERK, process="toy").items) == 1
        assert tx.connection.execute(sa.select(timer).where(timer.c.case.is_(None))).first() is None


def test_a_message_finds_its_case_by_the_cases_data_and_reads_none_where_none_can_wait(house: House) -> None:
    early, late = house.start(until="2026-02-01"), house.start()
    house.complete(early, "yes")
    house.complete(late, "yes")
    read: list[str] = []

    @sa.event.listens_for(house.runtime.database.engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        read.append(statement)

    perform(house.runtime, lambda tx: tx.send("nobody_waits", {"process": "leave", "until": "2026-03-01"}, {}))
    assert not [each for each in read if "case_file" in each]
    perform(house.runtime, lambda tx: tx.send("answer", {"process": "leave", "until": "2026-03-01"}, {"ok": True}))
    assert messages(house) == [("nobody_waits", "unmatched"), ("answer", "delivered")]
    assert (house.case(early)["end"], house.case(late)["end"]) == (None, "granted")


def test_whatever_fails_after_an_act_is_kept_is_left_to_a_tick_and_keeps_no_timer_from_firing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = house.start()
    house.complete(case, "yes")
    late = house.start()

    def fail(*_given: object) -> None:
        raise LookupError("nobody foresaw it")

    with monkeypatch.context() as broken:
        broken.setattr("engine.messages.target_of", fail)
        perform(house.runtime, lambda tx: tx.send("answer", {"case": case}, {"ok": True}))
        with house.runtime.transaction() as tx:
            settings.write(tx.connection, "clock", "2026-01-20T12:00:00+03:00")
        Ticker(house.runtime, None)._time()
    assert messages(house) == [("answer", "pending")]
    assert house.kinds(late).count("task.escalated") == 1
    with monkeypatch.context() as broken:
        broken.setattr("engine.doors.deliver_pending", fail)
        perform(house.runtime, lambda tx: tx.send("answer", {"case": late}, {}))
    Ticker(house.runtime, None)._time()
    assert house.case(case)["end"] == "granted"


def test_a_rule_that_refuses_what_a_timer_sets_going_stops_the_case_in_sight(house: House) -> None:
    case = house.start()
    house.complete(case, "yes")
    refuses = [True]

    @house.runtime.registry.observer("timer.fired")
    def refuse(_call: Call, _fact: Fact) -> None:
        if refuses:
            raise ConflictError("правило не пускает")

    house.advance("2026-03-02T00:05:00+03:00")
    assert house.case(case)["state"] == "incident"
    with pytest.raises(ConflictError) as refused:  # what the term ends must end
        perform(house.runtime, lambda tx: cases.resume(tx, case, "пусть идёт", actor=CLERK), actor=CLERK)
    assert refused.value.slug_ == "not_set_aside"
    refuses.clear()
    perform(house.runtime, lambda tx: cases.retry(tx, case, "правило снято", actor=CLERK), actor=CLERK)
    assert house.case(case)["end"] == "lapsed"
    assert house.verdict(case).is_true


def test_a_case_that_goes_round_by_timers_due_already_comes_to_an_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "_ENDLESS", 12)
    publish(house, pen.start(), pen.gateway("again"), _DUE, pen.flows("start > again > due > again"))
    other = house.start()
    data = {"day": "2026-01-05T00:00:00+03:00"}
    row = perform(house.runtime, lambda tx: cases.start(tx, "toy", data, actor=CLERK, title="По кругу"))
    assert house.case(row["id"])["state"] == "incident"
    assert house.facts(row["id"])[-1]["data"] == {"act": "fire", "cause": "budget_exceeded"}
    assert house.kinds(row["id"]).count("timer.fired") == 12
    assert house.verdict(row["id"]).is_true
    house.advance("2026-01-20T12:00:00+03:00")
    assert house.kinds(other).count("task.escalated") == 1


def test_cases_that_write_to_each_other_without_end_hold_nobody_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "_MOST", 12)
    monkeypatch.setattr(doors, "_MOST_OF_AN_ACT", 7)
    wait = pen.gateway("again"), pen.node("receiveTask", "wait", messageRef="call")
    publish(house, pen.start(), *wait, pen.flows("start > again > wait > again"))

    @house.runtime.registry.observer("message.received")
    def answer(call: Call, _fact: Fact) -> None:
        call.send("call", {"case": call.case_id}, {})

    late = house.start()
    row = perform(house.runtime, lambda tx: cases.start(tx, "toy", {}, actor=CLERK, title="Переписка"))
    perform(house.runtime, lambda tx: tx.send("call", {"case": row["id"]}, {}))
    assert house.kinds(row["id"]).count("message.received") == 7
    with house.runtime.transaction() as tx:
        settings.write(tx.connection, "clock", "2026-01-20T12:00:00+03:00")
    Ticker(house.runtime, None)._time()
    assert house.kinds(row["id"]).count("message.received") == 7 + 12
    assert house.kinds(late).count("task.escalated") == 1
    assert [state for _name, state in messages(house)].count("pending") == 1


def test_a_refusal_in_a_first_step_belongs_to_no_case(house: House) -> None:
    @house.runtime.registry.observer("case.started")
    def refuse(_call: Call, _fact: Fact) -> None:
        raise ConflictError("правило не пускает")

    with pytest.raises(ConflictError) as refused:
        house.start()
    assert refused.value.case is None, "the door tells it in the journal only then"


class Failing:
    """Lets one step that hears of a message or a timer fail, and something happen around the record of its failure."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.before: list[Callable[[], object]] = []
        self.after: list[Callable[[], object]] = []
        self._is_broken = True
        for kind in ("message.received", "timer.fired"):
            house.runtime.registry.observer(kind)(self._fail)
        self._record = attempts._record_incident
        monkeypatch.setattr(attempts, "_record_incident", self._recorded)

    def _fail(self, _call: Call, _fact: Fact) -> None:
        if self._is_broken:
            self._is_broken = False
            raise OSError("the archive is shut")

    def _recorded(self, *given: Any) -> None:
        while self.before:
            self.before.pop()()
        self._record(*given)
        while self.after:
            self.after.pop()()


@pytest.fixture
def waiting(house: House) -> str:
    """A case that waits for an answer, which is on its way."""
    case = house.start()
    house.complete(case, "yes")
    with house.runtime.transaction() as tx:
        tx.send("answer", {"case": case}, {"ok": True})
    return case


def test_a_message_whose_case_is_suspended_before_its_failure_is_recorded_goes_on_waiting(
    house: House, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def suspend() -> None:
        perform(house.runtime, lambda tx: cases.suspend(tx, waiting, "проверка", actor=CLERK), actor=CLERK)

    Failing(house, monkeypatch).before.append(suspend)
    drain(house.runtime)
    assert (house.case(waiting)["state"], messages(house)) == ("suspended", [("answer", "pending")])
    perform(house.runtime, lambda tx: cases.resume(tx, waiting, "закончена", actor=CLERK), actor=CLERK)
    assert (house.case(waiting)["end"], messages(house)) == ("granted", [("answer", "delivered")])


def test_a_kill_after_a_failed_delivery_leaves_the_message_to_the_incident_alone(
    house: House, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill() -> None:
        raise KeyboardInterrupt

    Failing(house, monkeypatch).after.append(kill)
    with pytest.raises(KeyboardInterrupt):
        drain(house.runtime)
    assert (house.case(waiting)["state"], messages(house)) == ("incident", [("answer", "failed")])
    perform(house.runtime, lambda tx: cases.retry(tx, waiting, "открыт", actor=CLERK), actor=CLERK)
    drain(house.runtime)
    assert house.kinds(waiting).count("message.received") == 1
    assert house.verdict(waiting).is_true


def test_a_failure_of_what_another_process_did_meanwhile_stops_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = house.start()
    other = house.open()
    soon = datetime.fromisoformat("2026-01-15T12:00:00+03:00")
    Failing(house, monkeypatch).before.append(lambda: timers.fire_next(other, until=soon))
    timers.fire_next(house.runtime, until=soon)
    other.database.close()
    assert house.case(case)["state"] == "active"
    assert house.kinds(case).count("task.reminded") == 1
    house.complete(case, "yes")
    assert house.verdict(case).is_true


def test_a_step_that_looked_before_a_virtual_clock_was_moved_is_made_again_at_its_new_instant(house: House) -> None:
    case = house.start()
    other = house.open()
    moved = "2026-01-13T12:00:00+03:00"
    ahead = [datetime.fromisoformat(moved)]

    @house.runtime.registry.completion("leave", "check")
    def move(_call: Call, _data: Mapping[str, Any]) -> Mapping[str, Any]:
        if ahead:
            ticks.advance_clock(other, ahead.pop())
        return {}

    house.complete(case, "again")
    other.database.close()
    told = [fact["at"] for fact in house.facts(case) if fact["kind"] == "task.completed"]
    assert told == [moved]
    assert house.verdict(case).is_true
