"""The schema's revisions: from empty to the tables as declared, down and up again, twice at once, or refused."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from engine.database import Database
from engine.migrations import revisions
from engine.records.guards import GUARDS
from engine.records.tables import case, definition, history, text
from engine.schema import SchemaError, current, head, is_current, upgrade
from scripts.new_migration import main
from tests.schema import ROOT, load_tables

NOTHING: dict[str, Any] = {"triggers": [], "unnumbered": []}
MOMENT = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database."""
    database = Database(database_url)
    yield database
    database.close()


def names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(sa.inspect(connection).get_table_names())


def triggers(connection: sa.Connection) -> list[str]:
    """Every trigger and function of the database, as the database tells them."""
    if connection.dialect.name == "sqlite":
        query = "select sql from sqlite_master where type = 'trigger' order by name"
    else:
        query = (
            "select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal union all "
            "select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace order by 1"
        )
    return [str(row[0]) for row in connection.execute(sa.text(query))]


def unnumbered(connection: sa.Connection) -> list[str]:
    """The tables whose key is the table (SQLite), which no inspector tells."""
    if connection.dialect.name != "sqlite":
        return []
    query = "select name from sqlite_master where sql like '%without rowid%' order by name"
    return [str(row[0]) for row in connection.execute(sa.text(query))]


def index_told(index: Any) -> str:
    """An index in words; the condition of a partial one is an object, alike only by its text."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def picture(database: Database) -> dict[str, Any]:
    """Everything the database tells of its tables, for comparison."""
    with database.read() as connection:
        seen = sa.inspect(connection)
        tables = sorted(set(seen.get_table_names()) - {"alembic_version"})
        return {"triggers": triggers(connection), "unnumbered": unnumbered(connection)} | {
            name: {
                "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in seen.get_columns(name)],
                "key": seen.get_pk_constraint(name),
                "foreign": sorted(seen.get_foreign_keys(name), key=str),
                "unique": sorted(seen.get_unique_constraints(name), key=str),
                "indexes": sorted(index_told(index) for index in seen.get_indexes(name)),
                "checks": sorted(seen.get_check_constraints(name), key=str),
            }
            for name in tables
        }


def test_up_from_empty_gives_the_tables_as_declared(database: Database) -> None:
    metadata = load_tables()
    assert current(database) is None
    assert not is_current(database)
    assert upgrade(database) == head()
    assert is_current(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    assert names(database) == set(metadata.tables) | {"alembic_version"}


def test_upgraded_and_created_databases_are_alike_to_the_last_trigger(database: Database) -> None:
    upgrade(database)
    upgraded = picture(database)
    with database.write() as connection:
        revisions.lower_to(connection)
        connection.execute(sa.text("drop table alembic_version"))
    assert names(database) == set()
    with database.write() as connection:
        load_tables().create_all(connection)
    assert picture(database) == upgraded
    dialect = "sqlite" if database.is_sqlite else "postgresql"
    assert upgraded["unnumbered"] == (["task_candidate"] if database.is_sqlite else [])
    assert len(upgraded["triggers"]) == sum(len(guard.raised[dialect]) for guard in GUARDS)
    assert {guard.table.name for guard in GUARDS} >= {"history", "history_text", "administrative_change"}


def test_down_leaves_nothing_and_up_again_gives_the_same(database: Database) -> None:
    upgrade(database)
    first = picture(database)
    with database.write() as connection:
        revisions.lower_to(connection)
    assert names(database) == {"alembic_version"}
    assert picture(database) == NOTHING
    assert current(database) is None
    with database.write() as connection:
        revisions.raise_to(connection)
    assert picture(database) == first
    assert is_current(database)


def test_dropping_the_created_tables_leaves_nothing(database: Database) -> None:
    metadata = load_tables()
    with database.write() as connection:
        metadata.create_all(connection)
    with database.write() as connection:
        metadata.drop_all(connection)
    assert picture(database) == NOTHING


def test_a_second_upgrade_changes_nothing_and_keeps_the_rows(database: Database) -> None:
    upgrade(str(database.url.render_as_string(hide_password=False)))
    keep_a_fact(database)
    before = picture(database)
    assert upgrade(database) == head()
    assert picture(database) == before
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(history)) == 1


def test_two_upgrades_at_once_make_one_schema(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", "import sys; from engine.schema import upgrade; print(upgrade(sys.argv[1]))", url]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told = [process.communicate(timeout=120) for process in started]
    assert told == [(f"{head()}\n", "")] * 2
    assert is_current(database)


def test_two_threads_may_upgrade_two_databases(tmp_path: Path) -> None:
    barrier, told = threading.Barrier(2), list[str]()

    def run(name: str) -> None:
        barrier.wait(timeout=30)
        told.append(upgrade(f"sqlite:///{tmp_path / name}"))

    threads = [threading.Thread(target=run, args=(name,)) for name in ("one.sqlite", "two.sqlite")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert told == [head()] * 2


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(connection: sa.Connection, revision: str = "head") -> None:
        raise_to(connection, revision)
        raise OSError("power cut")

    raise_to = revisions.raise_to
    with monkeypatch.context() as patch:
        patch.setattr(revisions, "raise_to", stumble)
        with pytest.raises(OSError, match="power cut"):
            upgrade(database)
    assert names(database) == set()
    assert upgrade(database) == head()


def test_a_revision_waits_for_a_table_s_lock_no_longer_than_told(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.write() as connection:
        revisions.raise_to(connection)
        within = connection.scalar(sa.text("show lock_timeout"))
    with database.read() as connection:
        after = connection.scalar(sa.text("show lock_timeout"))
    database.close()
    assert (within, after) == ("5s", "0")


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    upgrade(database)
    with database.write() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999_from_the_future'"))
    with pytest.raises(SchemaError, match="9999_from_the_future"):
        upgrade(database)
    assert not is_current(database)


def test_a_database_of_somebody_else_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(sa.text("create table theirs (id integer)"))
    with pytest.raises(SchemaError, match="пустую базу"):
        upgrade(database)
    assert names(database) == {"theirs"}


def keep_a_fact(database: Database) -> None:
    """One case with one fact and its text."""
    with database.write() as connection:
        connection.execute(
            definition.insert(),
            [{
                "id": "d", "key": "leave", "number": 1, "hash": "0", "name": "Отпуск", "files": {}, "author": "analyst",
                "released_by": "analyst", "basis": "приказ № 1", "released_at": MOMENT, "effective_from": MOMENT.date(),
            }],
        )  # fmt: skip
        connection.execute(
            case.insert(),
            [{
                "id": "c", "number": "1", "process": "leave", "definition": "d", "state": "active", "at": [],
                "title": "", "data": {}, "revision": 1, "seq": 1, "hash": "0", "started_by": "olga",
                "started_at": MOMENT, "changed_at": MOMENT,
            }],
        )  # fmt: skip
        connection.execute(
            history.insert(),
            [{
                "case": "c", "seq": 1, "first": 1, "at": "2026-01-12T09:00:00+03:00", "actor": "olga",
                "facts": b'"case.started"\tnull\t{}', "hash": b"1",
            }],
        )  # fmt: skip
        connection.execute(text.insert(), [{"case": "c", "ref": "t1", "seq": 1, "text": "Тайна", "salt": "s"}])


@pytest.mark.parametrize("way", ["upgraded", "created"])
def test_facts_stay_as_written_and_texts_may_only_be_erased(database: Database, way: str) -> None:
    if way == "upgraded":
        upgrade(database)
    else:
        with database.write() as connection:
            load_tables().create_all(connection)
    keep_a_fact(database)
    refused = [history.update().values(actor="pyotr"), history.delete(), text.update().values(text="Другое")]
    statements: list[sa.Executable] = [*refused, *([] if database.is_sqlite else [sa.text("truncate history")])]
    for statement in statements:
        with pytest.raises(sa.exc.DBAPIError, match="stay as written"), database.write() as connection:
            connection.execute(statement)
    with database.write() as connection:
        assert connection.execute(text.delete()).rowcount == 1
        assert [row.actor for row in connection.execute(sa.select(history))] == ["olga"]


def test_no_revision_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_the_next_revision_is_written_from_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(revisions.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(revisions, "FOLDER", folder)
    monkeypatch.setattr("scripts.new_migration.VERSIONS", folder / "versions")
    metadata = load_tables()
    extra = sa.Table("seat", metadata, sa.Column("id", sa.String(40), primary_key=True))
    try:
        assert main(["Add seats, at last"]) == 0
    finally:
        metadata.remove(extra)
    [path] = folder.glob("versions/v*_add_seats*.py")
    written = path.read_text(encoding="utf-8")
    last = head()
    assert f'down_revision: str | None = "{last}"' in written
    assert f'revision: str = "{int(last[:4]) + 1:04d}_add_seats_at_last"' in written
    assert 'op.create_table(\n        "seat"' in written
    assert 'op.drop_table("seat")' in written
    assert "GUARDS" not in written
    with pytest.raises(SystemExit, match="later revisions"):
        main(["--first"])
