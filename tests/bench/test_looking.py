"""A step that looked before it locked, and what was changed meanwhile: it is made again, and only once in the end."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bench.house import PERSON, House, Running
from bench.story import PROCESS, SCENES, SMALL, form_of
from engine import cases, history
from engine.calls import Call
from engine.clock import ClockMode, moscow, wall
from engine.doors import perform
from engine.errors import ConflictError, StepFailedError
from engine.facts import Fact
from engine.ids import new_id
from engine.records import settings
from engine.runtime import Transaction


@pytest.fixture(params=["stored", "remembered"])
def house(request: pytest.FixtureRequest, schema_url: str) -> Iterator[House]:
    """What a step looks at is read from the store, or left in memory by the step before."""
    made = House(schema_url, cold=request.param == "stored")
    yield made
    made.close()


def case_at(house: House, scenes: int) -> Running:
    """A case with its first scenes played."""
    case = house.start(new_id())
    house.look(case)
    for number in range(scenes):
        house.complete(case, SCENES[number], form_of(SCENES[number], SMALL, str(number)))
    return case


def complete_disturbed(house: House, case: Running, scene: int, disturb: Callable[[Transaction], None]) -> list[str]:
    """Complete the case's next task while somebody disturbs the first try; the calendar that each try counted by."""
    task = case.open[SCENES[scene].element].pop(0)
    tries: list[str] = []

    def act(tx: Transaction) -> cases.Completed:
        done = cases.complete(tx, task, form_of(SCENES[scene], SMALL, "disturbed"), actor=PERSON)
        tries.append(str(tx.settings.get("calendar")))
        if len(tries) == 1:
            disturb(tx)
        return done

    perform(house.runtime, act, actor=PERSON, name="complete")
    return tries


def note(house: House, case: Running) -> None:
    """Somebody else's fact in the case's history, committed."""
    with house.runtime.transaction() as tx:
        cases.tell(tx, case.id, [Fact("reference.noted", None, {"mark": "between"})], actor=PERSON)


def put(house: House, name: str, value: str) -> None:
    """Somebody else's setting, committed."""
    with house.runtime.transaction() as tx:
        settings.write(tx.connection, name, value)


def kinds_of(house: House, case: Running) -> list[str]:
    """The kinds of a case's facts in order, once they are verified."""
    with house.runtime.reading() as tx:
        assert history.verify(tx, cases.get_case(tx, case.id, PERSON)).differences == ()
        return [event["kind"] for event in history.read(tx, case.id)["items"]]


def test_a_case_changed_meanwhile_is_seen_when_the_step_is_written(house: House) -> None:
    case = case_at(house, 0)
    assert len(complete_disturbed(house, case, 0, lambda _tx: note(house, case))) == 2
    kinds = kinds_of(house, case)
    assert kinds.count("task.completed") == 1
    assert kinds.index("reference.noted") < kinds.index("task.completed")


def test_a_case_changed_meanwhile_is_seen_when_the_connection_is_asked_for(house: House) -> None:
    case = case_at(house, 0)

    def disturb(tx: Transaction) -> None:
        note(house, case)
        assert tx.connection is None, "the case was changed, so nobody gets the connection"

    assert len(complete_disturbed(house, case, 0, disturb)) == 2
    assert kinds_of(house, case).count("task.completed") == 1


def test_a_case_changed_before_the_procedure_reads_is_seen_as_it_does(house: House) -> None:
    case = case_at(house, 0)
    read: list[object] = []

    def ask(call: Call, _data: Mapping[str, Any]) -> Mapping[str, Any]:
        if not read:
            note(house, case)
        read.append(None)
        read[-1] = call.connection
        return {}

    house.runtime.registry.completions[PROCESS, "review"] = ask
    house.complete(case, SCENES[0], form_of(SCENES[0], SMALL, "asked"))
    assert [one is None for one in read] == [True, False]
    assert kinds_of(house, case).count("task.completed") == 1


@pytest.mark.parametrize(
    ("scenes", "counted_by"),
    [
        pytest.param(1, ["None", "other"], id="is the one that terms are counted by"),
        pytest.param(0, ["None"], id="is no matter to a step that counts no term"),
    ],
)
def test_a_calendar_entered_meanwhile(house: House, scenes: int, counted_by: list[str]) -> None:
    case = case_at(house, scenes)
    assert complete_disturbed(house, case, scenes, lambda _tx: put(house, "calendar", "other")) == counted_by


def test_a_step_that_nobody_disturbs_is_made_once_though_others_asked_for_the_connection(house: House) -> None:
    case = case_at(house, 0)
    seen = []
    assert len(complete_disturbed(house, case, 0, lambda tx: seen.append(tx.connection))) == 1
    assert kinds_of(house, case).count("task.completed") == 1


def test_of_two_tasks_in_one_act_the_second_sees_the_first(house: House) -> None:
    case = case_at(house, 2)
    one, two, _three = case.open["assess"]

    def act(tx: Transaction) -> None:
        for task in (one, two):
            cases.complete(tx, task, form_of(SCENES[2], SMALL, task), actor=PERSON)

    perform(house.runtime, act, actor=PERSON, name="complete")
    assert kinds_of(house, case).count("task.completed") == 4


def test_what_is_read_alone_begins_nothing(house: House) -> None:
    case = case_at(house, 0)
    task = case.open["review"][0]
    with house.runtime.transaction(looks=True) as tx:
        found = tx.look(task)
    assert found is not None
    assert found[0]["id"] == task
    assert kinds_of(house, case)[-1] == "case.advanced"


def test_a_calendar_that_the_procedure_asked_before_the_lock_is_the_one_in_force(house: House) -> None:
    case = case_at(house, 0)

    def reckon(call: Call, _data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"calendar": call.calendar.version}

    house.runtime.registry.completions[PROCESS, "review"] = reckon
    assert complete_disturbed(house, case, 0, lambda _tx: put(house, "calendar", "other")) == ["None", "other"]


def complete_after_asking(house: House, tx: Transaction, task: str) -> None:
    """Complete a task that sets terms, a calendar entered between the question for one and that."""
    before = tx.calendar
    put(house, "calendar", "other")
    cases.complete(tx, task, form_of(SCENES[1], SMALL, "asked"), actor=PERSON)
    assert tx.calendar is not before


def test_a_calendar_asked_for_before_the_task_was_read_counts_no_term(schema_url: str) -> None:
    house = House(schema_url, cold=True)
    task = case_at(house, 1).open["appoint"][0]
    perform(house.runtime, lambda tx: complete_after_asking(house, tx, task), actor=PERSON, name="complete")
    house.close()


def test_a_calendar_entered_since_the_case_was_remembered_counts_its_terms(schema_url: str) -> None:
    house = House(schema_url)
    case = case_at(house, 1)
    put(house, "calendar", "other")
    assert complete_disturbed(house, case, 1, lambda _tx: None) == ["None", "other"]
    house.close()


def test_a_calendar_asked_for_before_the_case_was_locked_counts_no_term(postgres_schema_url: str) -> None:
    house = House(postgres_schema_url)
    task = case_at(house, 1).open["appoint"][0]
    with house.runtime.transaction() as tx:
        complete_after_asking(house, tx, task)
    house.close()


def test_a_failure_found_before_the_lock_stops_no_case_that_went_on_meanwhile(house: House) -> None:
    case = case_at(house, 0)
    task = case.open["review"][0]
    form = form_of(SCENES[0], SMALL, "failing")
    hooks = house.runtime.registry.completions

    def fail(_call: Call, _data: Mapping[str, Any]) -> Mapping[str, Any]:
        del hooks[PROCESS, "review"]
        house.complete(case, SCENES[0], form)
        raise ValueError("no")

    hooks[PROCESS, "review"] = fail
    with pytest.raises(ConflictError, match="выполнена"):
        perform(house.runtime, lambda tx: cases.complete(tx, task, form, actor=PERSON), actor=PERSON, name="complete")
    assert "incident.raised" not in kinds_of(house, case)


def test_a_failure_by_a_calendar_of_before_stops_no_case(house: House) -> None:
    case = case_at(house, 0)

    def reckon(call: Call, _data: Mapping[str, Any]) -> Mapping[str, Any]:
        assert call.calendar is not None
        del house.runtime.registry.completions[PROCESS, "review"]
        put(house, "calendar", "other")
        raise ValueError("no such year")

    house.runtime.registry.completions[PROCESS, "review"] = reckon
    house.complete(case, SCENES[0], form_of(SCENES[0], SMALL, "reckoned"))
    assert kinds_of(house, case).count("task.completed") == 1


def test_a_step_that_the_server_undid_is_made_again_and_nobody_hears_of_it(postgres_schema_url: str) -> None:
    house = House(postgres_schema_url)
    case = case_at(house, 0)
    undo = "BEGIN IF nextval('tries') = 1 THEN RAISE EXCEPTION USING ERRCODE = '40P01'; END IF; RETURN NEW; END"
    with house.runtime.database.write() as connection:
        connection.exec_driver_sql("CREATE SEQUENCE tries")
        connection.exec_driver_sql(f"CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ {undo} $$")
        connection.exec_driver_sql("CREATE TRIGGER undo BEFORE INSERT ON history FOR EACH ROW EXECUTE FUNCTION undo()")
    house.complete(case, SCENES[0], form_of(SCENES[0], SMALL, "undone"))
    assert kinds_of(house, case).count("task.completed") == 1
    house.close()


def test_a_failure_stops_the_case_also_where_nothing_was_locked(house: House) -> None:
    case = case_at(house, 0)
    task = case.open["review"][0]

    def fail(_call: Call, _data: Mapping[str, Any]) -> Mapping[str, Any]:
        raise ValueError("no")

    house.runtime.registry.completions[PROCESS, "review"] = fail
    with pytest.raises(StepFailedError):
        house.complete(Running(case.id, {"review": [task]}), SCENES[0], form_of(SCENES[0], SMALL, "failing"))
    assert kinds_of(house, case)[-1] == "incident.raised"


def test_settings_read_before_the_transaction_began_are_those_that_stand(house: House) -> None:
    seen: list[Any] = []

    def act(tx: Transaction) -> None:
        seen.append(tx.settings.get("mark"))
        if len(seen) == 1:
            put(house, "mark", "new")
        assert tx.connection is not None

    perform(house.runtime, act)
    assert seen == [None, "new"]


def test_a_step_is_never_told_as_kept_where_something_had_begun_behind_its_back(house: House) -> None:
    case = case_at(house, 0)
    task = case.open["review"][0]

    def act(tx: Transaction) -> cases.Completed:
        assert tx.idle is not None
        assert tx.idle.execute(sa.text("SELECT 1")).scalar() == 1
        return cases.complete(tx, task, form_of(SCENES[0], SMALL, "begun"), actor=PERSON)

    with pytest.raises((TypeError, sa.exc.InvalidRequestError), match=r"begun|begin"):
        perform(house.runtime, act, actor=PERSON, name="complete")
    assert "task.completed" not in kinds_of(house, case)


def test_a_virtual_clock_moved_meanwhile_is_the_one_that_facts_are_dated_by(house: House) -> None:
    house.runtime.mode = ClockMode.VIRTUAL
    case = case_at(house, 0)
    later = wall() + timedelta(days=1)

    def move(_call: Call, _data: Mapping[str, Any]) -> Mapping[str, Any]:
        del house.runtime.registry.completions[PROCESS, "review"]
        put(house, "clock", later.isoformat())
        return {}

    house.runtime.registry.completions[PROCESS, "review"] = move
    house.complete(case, SCENES[0], form_of(SCENES[0], SMALL, "moved"))
    with house.runtime.reading() as tx:
        told = history.read(tx, case.id)["items"][-1]
    assert told["at"] == moscow(later).isoformat()
