"""What a step costs in statements, commits and bytes: fixed, whatever the case's age, its neighbours or its forms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from bench.age import add_cases, add_facts
from bench.house import PERSON, House, Running
from bench.story import EARLY, LARGE, SCENES, SMALL, form_of
from engine import cases
from engine.doors import perform
from engine.facts import Fact, Text
from engine.records import history

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "PRAGMA")


@dataclass
class Meter:
    """Counts what passes between the engine and its database."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0
    written: int = 0

    def attach(self, engine: sa.Engine) -> None:
        sa.event.listen(engine, "before_cursor_execute", self._execute)
        sa.event.listen(engine, "commit", self._commit)

    def clear(self) -> None:
        self.statements.clear()
        self.commits = self.written = 0

    def _execute(self, _c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith(CONTROL):
            return
        self.statements.append(statement)
        if not statement.startswith("SELECT"):
            rows = parameters if isinstance(parameters, list) else [parameters]
            self.written += sum(weigh(v) for r in rows for v in (r.values() if isinstance(r, Mapping) else r))

    def _commit(self, _connection: Any) -> None:
        self.commits += 1


def weigh(value: Any) -> int:
    if value is None:
        return 0
    return len(value.encode()) if isinstance(value, str) else len(value) if isinstance(value, bytes) else 8


@pytest.fixture
def meter() -> Meter:
    return Meter()


@pytest.fixture
def house(schema_url: str, meter: Meter) -> Iterator[House]:
    made = House(schema_url)
    meter.attach(made.runtime.database.engine)
    play(made, made.start("first"), SMALL)  # compiles the procedure once, as a running process has
    yield made
    made.close()


def play(
    house: House, case: Running, size: int, meter: Meter | None = None, early: int | None = None
) -> list[tuple[str, int, int, int]]:
    """Play a case out, early forms of another size; each step's element, statements, commits and bytes."""
    house.look(case)
    costs = []
    for number, scene in enumerate(SCENES):
        if meter:
            meter.clear()
        mine = early if early is not None and number < EARLY else size
        house.complete(case, scene, form_of(scene, mine, f"{case.id} {number}"))
        if meter:
            costs.append((scene.element, len(meter.statements), meter.commits, meter.written))
    return costs


def counts(costs: list[tuple[str, int, int, int]]) -> list[tuple[str, int, int]]:
    return [cost[:3] for cost in costs]


def test_a_step_is_one_commit_and_at_most_fifteen_statements(house: House, meter: Meter) -> None:
    costs = play(house, house.start("one"), SMALL, meter)
    assert [commits for _element, _statements, commits, _bytes in costs] == [1] * len(SCENES)
    assert max(statements for _element, statements, _commits, _bytes in costs) <= 15, costs


def test_a_start_is_one_commit(house: House, meter: Meter) -> None:
    meter.clear()
    house.start("one")
    assert meter.commits == 1
    assert len(meter.statements) <= 15, meter.statements


def test_facts_behind_a_case_cost_its_steps_nothing(house: House, meter: Meter) -> None:
    fresh = house.start("young")
    add_facts(house, fresh.id, 1)
    young = play(house, fresh, SMALL, meter)
    old = house.start("old")
    add_facts(house, old.id, 500)
    aged = play(house, old, SMALL, meter)
    assert counts(aged) == counts(young)
    assert sum(c[3] for c in aged) <= 1.05 * sum(c[3] for c in young)


def test_a_step_leaves_what_of_its_case_is_indexed_alone(house: House, meter: Meter) -> None:
    case = house.start("lasting")
    play(house, case, SMALL, meter)
    changes = [s for s in meter.statements if "UPDATE case_file" in s]
    assert changes
    assert not [s for s in changes if "number=" in s or "owner=" in s], "each would write its index anew"


def test_other_cases_cost_a_step_nothing(house: House, meter: Meter) -> None:
    alone = play(house, house.start("alone"), SMALL, meter)
    add_cases(house, 300)
    crowded = play(house, house.start("crowded"), SMALL, meter)
    assert counts(crowded) == counts(alone)
    assert sum(c[3] for c in crowded) <= 1.05 * sum(c[3] for c in alone)


def test_a_large_form_costs_its_own_bytes_and_no_more_statements(house: House, meter: Meter) -> None:
    small = play(house, house.start("small"), SMALL, meter)
    large = play(house, house.start("large"), LARGE, meter)
    assert counts(large) == counts(small)
    growth = [big[3] - little[3] for big, little in zip(large, small, strict=True)]
    assert max(growth) <= FORM_COPIES * LARGE * 1.05, growth


def test_large_forms_behind_a_case_cost_its_steps_nothing(house: House, meter: Meter) -> None:
    young = play(house, house.start("young"), SMALL, meter)
    laden = play(house, house.start("laden"), SMALL, meter, early=LARGE)
    assert counts(laden) == counts(young)
    assert sum(c[3] for c in laden[EARLY:]) <= 1.05 * sum(c[3] for c in young[EARLY:])


def test_any_number_of_texts_is_one_statement_and_kept_to_the_letter(house: House, meter: Meter) -> None:
    case = house.start("many")
    texts = [f'{n}{sign}\n{sign}"' for n in range(3_500) for sign in ('"', "\\", "{NULL,'%s'$1}", "«№ 1»")]
    meter.clear()
    fact = Fact("reference.noted", "review", {"notes": [Text(text) for text in texts]})
    perform(house.runtime, lambda tx: cases.tell(tx, case.id, [fact], actor=PERSON), actor=PERSON)
    assert len(meter.statements) <= 15
    with house.runtime.reading() as tx:
        kept = history.texts(tx.connection, case.id, 1, 100)
    assert sorted(row["text"] for row in kept) == sorted(texts)
    assert {row["ref"] for row in kept} == {f"{kept[0]['seq']}.{n}" for n in range(1, len(texts) + 1)}


def test_forms_of_any_number_of_texts_leave_nothing_more_prepared(postgres_schema_url: str) -> None:
    house = House(postgres_schema_url)
    case = house.start("texts")

    def tell(count: int) -> int:
        fact = Fact("reference.noted", "review", {"notes": [Text("…")] * count})
        perform(house.runtime, lambda tx: cases.tell(tx, case.id, [fact], actor=PERSON), actor=PERSON)
        with house.runtime.transaction() as tx:
            return int(tx.connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar_one())

    assert len({tell(count) for count in range(17, 24)}) == 1
    house.close()


def test_a_step_without_its_form_writes_a_few_kilobytes(house: House, meter: Meter) -> None:
    costs = play(house, house.start("bytes"), 0, meter)
    assert max(c[3] for c in costs) <= 10_000, costs
    assert sum(c[3] for c in costs) <= 36_000, costs


def test_a_refused_step_writes_its_fact_in_one_commit(house: House, meter: Meter) -> None:
    case = house.start("refused")
    house.look(case)
    task = case.open["review"][0]
    house.complete(case, SCENES[0], form_of(SCENES[0], SMALL, "done"))
    case.open["review"] = [task]
    meter.clear()
    with pytest.raises(Exception, match="уже выполнена"):
        house.complete(case, SCENES[0], form_of(SCENES[0], SMALL, "again"))
    assert meter.commits == 1
    assert len(meter.statements) <= 8, meter.statements


def test_reading_a_case_commits_nothing(house: House, meter: Meter) -> None:
    case = house.start("read")
    meter.clear()
    house.look(case)
    assert meter.commits == 0
    assert meter.written == 0


def test_an_act_on_nothing_costs_one_short_transaction(house: House, meter: Meter) -> None:
    meter.clear()
    perform(house.runtime, lambda tx: tx.now)
    assert meter.written == 0
    assert len(meter.statements) <= 1


#: The form itself, and its free texts apart: these can be erased from history, the answers stay.
FORM_COPIES = 2
