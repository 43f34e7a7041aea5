import pytest
import sqlalchemy as sa

from tests.postgres import PostgresServer
from tests.schema import load_tables


def test_a_real_server_answers_on_both_databases(database_url: str) -> None:
    version = "sqlite_version()" if database_url.startswith("sqlite") else "version()"
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        answer = connection.scalar(sa.text(f"select {version}"))
    engine.dispose()
    assert answer is not None
    assert answer.startswith(("3.", "PostgreSQL 18"))


@pytest.mark.parametrize("turn", ["first", "second"])
def test_no_test_sees_the_tables_of_another(database_url: str, turn: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
        connection.execute(sa.text("create table left_behind (turn text)"))
        connection.execute(sa.text("insert into left_behind values (:turn)"), {"turn": turn})
    engine.dispose()


def test_russian_letters_change_case_in_postgres(postgres_url: str) -> None:
    engine = sa.create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("select lower('ЩЁТ')")) == "щёт"
    engine.dispose()


def test_a_database_is_gone_after_its_test(postgres_server: PostgresServer) -> None:
    postgres_server.create("test_short_lived")
    assert "test_short_lived" in postgres_server.databases()
    postgres_server.drop("test_short_lived")
    assert "test_short_lived" not in postgres_server.databases()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_database_with_the_schema_has_every_table_and_no_row(schema_url: str, turn: str) -> None:
    tables = load_tables().sorted_tables
    engine = sa.create_engine(schema_url)
    with engine.begin() as connection:
        assert set(sa.inspect(connection).get_table_names()) == {table.name for table in tables}
        assert all(connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0 for table in tables)
    engine.dispose()
