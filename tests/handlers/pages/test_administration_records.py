"""What the journals ask of the database, on each of the two."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine.database import Connection, Database
from engine.ids import new_id
from engine.outbox import queue_letter
from engine.records import tables
from engine.records.acts import Line
from engine.registry import Registry
from engine.runtime import Runtime, Transaction
from handlers.accounts import access, administration
from handlers.accounts import records as accounts
from handlers.pages.admin import records
from tests.tampering import chained
from tests.together import together

NOON = datetime(2026, 1, 12, 9, tzinfo=UTC)


@pytest.fixture
def runtime(schema_url: str) -> Iterator[Runtime]:
    made = Runtime(Database(schema_url), Registry())
    yield made
    made.database.close()


def refuse(connection: Connection, number: str, times: int) -> None:
    """A case with a start and so many refused acts, an hour apart."""
    definition, case = new_id(), new_id()
    connection.execute(
        tables.definition.insert().values(
            id=definition, key=number, number=1, hash="", name="", files={}, author="a", released_by="b", basis="",
            released_at=NOON, effective_from=NOON.date(),
        )
    )  # fmt: skip
    connection.execute(
        tables.case.insert().values(
            id=case, number=number, process="p", definition=definition, state="active", at=[], title="", data={},
            revision=1, seq=times, hash="", started_by="a", started_at=NOON, changed_at=NOON,
        )
    )  # fmt: skip
    for seq in range(times + 1):
        shared = {"case": case, "at": f"2026-01-12T{12 + seq}:00:00+03:00", "actor": f"person{seq}"}
        kind = b'"act.refused"' if seq else b'"case.started"'
        line = Line(kind, b"null", b'{"act":"vote","reason":"not_open"}')
        rows = chained({**shared, "on_behalf_of": None}, [line], seq + 1)
        connection.execute(tables.history.insert(), rows)


def test_refusals_of_all_cases_are_found_by_day_and_person(runtime: Runtime) -> None:
    with runtime.transaction() as tx:
        refuse(tx.connection, "КЭС-2026-0001", 3)
        refuse(tx.connection, "КЭС-2026-0002", 1)
        found = records.refusals(tx.connection, limit=10)
        assert [(row["number"][-1], row["actor"]) for row in found] == [
            ("1", "person3"),
            ("1", "person2"),
            *sorted([("1", "person1"), ("2", "person1")], key=lambda pair: next(
                row["case"] for row in found if row["number"].endswith(pair[0])
            )),
        ]  # fmt: skip
        since, until = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
        assert {row["actor"] for row in records.refusals(tx.connection, since=since, until=until, limit=10)} == {
            "person1"
        }
        assert len(records.refusals(tx.connection, actor="person1", limit=10)) == 2
        assert records.incidents(tx.connection) == []
        assert records.calendar_versions(tx.connection) == []


def test_refusals_are_read_along_their_own_index(runtime: Runtime) -> None:
    if not runtime.database.is_sqlite:
        return
    with runtime.transaction() as tx:
        refuse(tx.connection, "КЭС-2026-0001", 2)
        plan = tx.connection.execute(
            sa.text("EXPLAIN QUERY PLAN SELECT * FROM history WHERE journal = 'act.refused' ORDER BY at DESC LIMIT 50")
        ).all()
    assert "ix_history_journal" in str(plan)


def test_letters_show_what_keeps_them_back(runtime: Runtime) -> None:
    with runtime.transaction() as tx:
        for kind in ("one", "two"):
            queue_letter(tx, kind, case=None, to=f"{kind}@example.org", subject=kind, body="тайна", login=kind)
        rows = records.letters(tx.connection, limit=10)
        assert [row["kind"] for row in rows] == ["two", "one"]
        assert all("body" not in row and row["attempts"] == 0 for row in rows)
        assert records.letters(tx.connection, after=rows[0]["id"], limit=10) == rows[1:]
        assert records.letters(tx.connection, delivery="sent", limit=10) == []


def test_sign_ins_are_kept_for_a_year(runtime: Runtime) -> None:
    with runtime.transaction() as tx:
        for at in (NOON - timedelta(days=400), NOON):
            row = {"id": new_id(), "at": at, "login": "anna", "address": "127.0.0.1", "outcome": "let_in"}
            accounts.add_sign_in(tx.connection, row)
        assert len(accounts.sign_ins(tx.connection, login="anna")) == 2
        accounts.drop_expired(tx.connection, NOON)
        assert [row["at"] for row in accounts.sign_ins(tx.connection)] == [NOON]
        assert accounts.sign_ins(tx.connection, outcome="refused") == []


def test_a_link_to_set_the_password_is_used_once_however_many_come_at_once(runtime: Runtime) -> None:
    with runtime.transaction() as tx:
        accounts.put_credential(tx.connection, "anna", "before", tx.wall)
        row = {"hash": access.digest_of("secret"), "login": "anna", "made_by": "admin", "made_at": tx.wall}
        accounts.put_invitation(tx.connection, {**row, "expires_at": tx.wall + administration.INVITED})

    def accept(tx: Transaction) -> None:
        administration.accept(tx, "secret", "after")

    assert together(runtime, accept, accept) == ["not_found", "ok"]
