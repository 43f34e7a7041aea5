"""The first page, the next one and the counts among a hundred thousand open tasks: few statements, all by index."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from engine import inbox
from engine.actors import Actor, Standin
from engine.database import Database
from engine.inbox import Filters
from engine.records.inbox_counts import COUNTED
from tests.large.crowd import measure

PEOPLE = {
    "secretary": Actor("crowd1", "Секретарь", frozenset({"secretary", "member"})),
    "few": Actor("few", "Редкий", frozenset({"member"})),
    "auditor": Actor("auditor", "Наблюдатель", frozenset({"auditor"})),
    "applicant": Actor("boss", "Заявитель", frozenset({"applicant", "secretary"}), owner="org:4"),
}
SOON = datetime(2026, 1, 2, tzinfo=UTC)
FILTERS: dict[str, dict[str, Any]] = {
    "no filter": {},
    "an element of nearly all": {"element": "review"},
    "an element of ten": {"element": "rare"},
    "an element of none": {"element": "none"},
    "due soon": {"due_before": SOON},
    "due soon at an element": {"due_before": SOON, "element": "review"},
    "a case": {"case": "case-7"},
    "done": {"state": "completed"},
    "done at an element": {"state": "completed", "element": "rare"},
}
NOW = datetime(2026, 2, 1, tzinfo=UTC)
#: What people ask for beside what integrators may.
OWN_FILTERS: dict[str, Filters] = {
    "steps of a procedure": Filters(elements=("review", "rare", "none")),
    "a week": Filters(due_from=SOON, due_before=datetime(2026, 1, 9, tzinfo=UTC)),
    "a case by its number": Filters(text="n-77"),
    "a word of one case in a hundred": Filters(text="слово7"),
    "a word of all cases": Filters(text="дело"),
    "two words": Filters(text="дело слово55"),
    "a word and a step": Filters(text="дел", elements=("rare",)),
    "no such word": Filters(text="ничего"),
}
STANDIN = Actor("few", "Замещающий", frozenset({"member"}), (Standin("crowd1", frozenset({"secretary"}), "приказ"),))
#: Virtual machine steps on SQLite and rows on PostgreSQL for 51 tasks with their cases, from at most four ranges.
BOUND = {"sqlite": 20_000, "postgresql": 1_200}


def applicant(actor: Actor) -> Actor:
    """The same person without the right to see every case."""
    return Actor(actor.login, actor.name, frozenset({"applicant"}), owner=actor.owner)


@pytest.mark.parametrize("given", FILTERS)
@pytest.mark.parametrize("scope", inbox.SCOPES)
@pytest.mark.parametrize("who", PEOPLE)
def test_a_page_costs_few_statements_and_no_scan(full_inbox: Database, who: str, scope: str, given: str) -> None:
    actor = applicant(PEOPLE[who]) if who == "applicant" else PEOPLE[who]
    pages = []

    def read(connection: sa.Connection, cursor: str | None = None) -> None:
        desk: Any = SimpleNamespace(connection=connection, now=NOW)
        pages.append(inbox.list_tasks(desk, actor, scope=scope, cursor=cursor, **FILTERS[given]))

    costs = [measure(full_inbox, read)]
    if (cursor := pages[0].next) is not None:
        costs.append(measure(full_inbox, lambda connection: read(connection, cursor)))
    for cost in costs:
        assert len(cost.statements) <= 3
        assert not cost.scanned, cost.plans
        assert cost.work <= BOUND[full_inbox.engine.dialect.name], cost.plans


@pytest.mark.parametrize("given", OWN_FILTERS)
@pytest.mark.parametrize("scope", ["mine", "available", "substituting", "all", "done"])
def test_a_filter_of_the_page_costs_few_statements_and_no_scan(full_inbox: Database, scope: str, given: str) -> None:
    actor = STANDIN if scope == "substituting" else PEOPLE["secretary"]
    pages = []

    def read(connection: sa.Connection) -> None:
        desk: Any = SimpleNamespace(connection=connection, now=NOW)
        pages.append(inbox.find_tasks(desk, actor, OWN_FILTERS[given], scope=scope))

    cost = measure(full_inbox, read)
    assert len(cost.statements) <= 3
    assert not cost.scanned, cost.plans
    # A search looks at cases, and at tasks that another filter drops.
    assert cost.work <= 12 * BOUND[full_inbox.engine.dialect.name], cost.plans
    assert all(OWN_FILTERS[given].elements is None or row["element"] in {"review", "rare"} for row in pages[0].items)


def test_a_stand_in_sees_the_offers_and_what_the_absent_person_holds(full_inbox: Database) -> None:
    with full_inbox.read() as connection:
        desk: Any = SimpleNamespace(connection=connection, now=NOW)
        page = inbox.find_tasks(desk, STANDIN, Filters(), scope="substituting", limit=200)
    assert {row["assignee"] for row in page.items} == {None, "crowd1"}
    assert [row["due_at"] for row in page.items] == sorted(row["due_at"] for row in page.items)


@pytest.mark.parametrize("who", PEOPLE)
def test_counts_stop_where_they_are_large_enough(full_inbox: Database, who: str) -> None:
    actor = applicant(PEOPLE[who]) if who == "applicant" else PEOPLE[who]
    found: list[dict[str, int]] = []

    def read(connection: sa.Connection) -> None:
        desk: Any = SimpleNamespace(connection=connection, now=NOW)
        found.append(inbox.counts(desk, actor))

    cost = measure(full_inbox, read)
    assert cost.work <= (20 * COUNTED if full_inbox.engine.dialect.name == "postgresql" else 250 * COUNTED), cost.plans
    assert max(found[0].values()) <= COUNTED
    assert who != "few" or found[0]["mine"] == 10


@pytest.mark.parametrize(("who", "scope", "expected"), [("few", "mine", 10), ("applicant", "all", 10)])
def test_pages_hold_every_task_once_in_order(full_inbox: Database, who: str, scope: str, expected: int) -> None:
    actor = applicant(PEOPLE[who]) if who == "applicant" else PEOPLE[who]
    seen: list[tuple[bool, str, str]] = []
    with full_inbox.read() as connection:
        desk: Any = SimpleNamespace(connection=connection, now=NOW)
        cursor = None
        while True:
            page = inbox.list_tasks(desk, actor, scope=scope, limit=3, cursor=cursor)
            seen += [(t["due_at"] is None, str(t["due_at"] or ""), t["id"]) for t in page.items]
            if (cursor := page.next) is None:
                break
    assert len(seen) == expected
    assert seen == sorted(set(seen))


def test_what_is_done_stands_the_newest_first_and_costs_a_page(full_inbox: Database) -> None:
    seen: list[tuple[datetime, str]] = []
    pages: list[Any] = []

    def read(connection: sa.Connection, cursor: str | None = None) -> None:
        desk: Any = SimpleNamespace(connection=connection, now=NOW)
        pages.append(inbox.find_tasks(desk, PEOPLE["secretary"], Filters(), scope="done", limit=11, cursor=cursor))

    while not pages or pages[-1].next is not None:
        cost = measure(full_inbox, lambda connection: read(connection, pages[-1].next if pages else None))
        assert not cost.scanned, cost.plans
        assert any("ix_task_done" in plan for plan in map(str, cost.plans)), cost.plans
        assert len(cost.statements) == 1
        assert cost.work <= BOUND[full_inbox.engine.dialect.name] // 3, cost.plans
        seen += [(task["completed_at"], task["id"]) for task in pages[-1].items]
    assert len(seen) == 30
    assert seen == sorted(set(seen), reverse=True)


def test_offered_tasks_are_paged_across_groups_and_into_those_without_a_date(full_inbox: Database) -> None:
    actor = PEOPLE["secretary"]
    with full_inbox.read() as connection:
        desk: Any = SimpleNamespace(connection=connection, now=NOW)
        page = inbox.list_tasks(desk, actor, scope="available", limit=40_000)
        rest = inbox.list_tasks(desk, actor, scope="available", limit=40_000, cursor=page.next)
    tasks = [*page.items, *rest.items]
    assert rest.next is None
    assert len(tasks) == len({task["id"] for task in tasks}) == 50_000
    dated = [task["due_at"] for task in tasks if task["due_at"]]
    assert dated == sorted(dated)
