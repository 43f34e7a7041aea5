"""Connections that rest between transactions: as they were found, alive, and nobody waits for one in vain."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from engine.database import Database
from engine.errors import UnavailableError

_ONE = sa.text("SELECT 1")
_COUNT = sa.text("SELECT count(*) FROM noted")
_NOTE = sa.text("INSERT INTO noted VALUES (1)")


@pytest.fixture
def noting(database_url: str) -> Iterator[Database]:
    """A database with one table of numbers."""
    database = Database(database_url)
    with database.write() as connection:
        connection.execute(sa.text("CREATE TABLE noted (number integer)"))
    yield database
    database.close()


def the_next_finds_nothing_and_notes(noting: Database) -> None:
    with noting.read() as connection:
        assert connection.execute(_COUNT).scalar() == 0
    with noting.write() as connection:
        connection.execute(_NOTE)
    with noting.read() as connection:
        assert connection.execute(_COUNT).scalar() == 1


def test_nothing_of_a_transaction_that_failed_is_left_for_the_next(noting: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), noting.write() as connection:  # noqa: PT012 - the second one fails
        connection.execute(_NOTE)
        connection.execute(sa.text("INSERT INTO nothing VALUES (1)"))
    the_next_finds_nothing_and_notes(noting)


def test_a_commit_that_was_broken_off_leaves_nothing_to_whoever_comes_next(noting: Database) -> None:
    def stop(_connection: object) -> None:
        raise KeyboardInterrupt

    sa.event.listen(noting.engine, "commit", stop)
    with pytest.raises(KeyboardInterrupt), noting.write() as connection:
        connection.execute(_NOTE)
    sa.event.remove(noting.engine, "commit", stop)
    the_next_finds_nothing_and_notes(noting)


def test_more_threads_than_connections_all_get_one(noting: Database) -> None:
    failed: list[UnavailableError] = []

    def note() -> None:
        for _time in range(4):
            try:
                with noting.write() as connection:
                    connection.execute(_NOTE)
                with noting.read() as connection:
                    connection.execute(_COUNT)
            except UnavailableError as error:
                failed.append(error)

    threads = [threading.Thread(target=note) for _number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with noting.read() as connection:
        assert connection.execute(_COUNT).scalar() == 32 * 4


def test_a_process_that_forks_keeps_its_connections_to_itself(noting: Database) -> None:
    with noting.read() as connection:
        own = connection.connection.driver_connection
    child = os.fork()
    if not child:
        is_own = True
        try:
            with noting.write() as connection:
                connection.execute(_NOTE)
                is_own = connection.connection.driver_connection is own
        finally:
            os._exit(is_own)
    assert os.waitpid(child, 0)[1] == 0
    with noting.read() as connection:
        assert connection.connection.driver_connection is own
        assert connection.execute(_COUNT).scalar() == 1


def test_what_rests_is_closed_with_the_database(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'base'}")
    with database.session() as session:
        driver = session.connection.connection.driver_connection
    with database.read() as connection:
        assert connection.connection.driver_connection is driver
    database.close()
    assert isinstance(driver, sqlite3.Connection)
    with pytest.raises(sqlite3.ProgrammingError):
        driver.execute("SELECT 1")


def test_a_server_that_ended_its_connections_costs_no_page(postgres_schema_url: str) -> None:
    database = Database(postgres_schema_url)
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with database.read() as one, database.read() as other:
        assert (one.execute(_ONE).scalar(), other.execute(_ONE).scalar()) == (1, 1)
    with psycopg.connect(postgres_schema_url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(count.replace("count(*)", "pg_terminate_backend(pid)"))
        while admin.execute(count).fetchone() != (0,):
            pass
    with database.read() as one, database.read() as other:
        assert (one.execute(_ONE).scalar(), other.execute(_ONE).scalar()) == (1, 1)
    database.close()
