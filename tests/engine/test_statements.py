"""A step's own statements: values come back as they went, errors are the house's, nothing prepared is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine.database import METADATA, Blob, Connection, Database, Instant, Json
from engine.errors import OvertakenError
from engine.records import libpq
from engine.records.statements import Statement, Writes

_NOTED = sa.Table(
    "noted",
    sa.MetaData(naming_convention=METADATA.naming_convention),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("number", sa.BigInteger),
    sa.Column("is_set", sa.Boolean),
    sa.Column("at", Instant),
    sa.Column("data", Json),
    sa.Column("raw", Blob),
)
_INSERT = Statement(_NOTED.insert())
_DELETE = Statement(_NOTED.delete().where(_NOTED.c.id == sa.bindparam("identity")))
_READ = Statement(sa.select(_NOTED).where(_NOTED.c.id == sa.bindparam("identity")))
_AT = datetime(2026, 3, 29, 0, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def noting(database_url: str) -> Iterator[Database]:
    """A database with the one table."""
    database = Database(database_url)
    with database.write() as connection:
        _NOTED.create(connection)
    yield database
    database.close()


def note(connection: Connection, identity: str, number: int | None, raw: bytes | None = None) -> int:
    """Write a row that leads; how many were written."""
    writes = Writes(lambda: connection)
    row = {"id": identity, "number": number, "is_set": number is None, "at": _AT, "data": [number], "raw": raw}
    writes.lead(_INSERT, row)
    return writes.flush()


def number_of(connection: Connection, identity: str) -> int | None:
    """The number of a row; None where there is no row."""
    found = _READ.first(connection, {"identity": identity})
    return None if found is None else int(found[1])


@pytest.mark.parametrize("number", [0, -1, 32_768, 2**31, 2**62, None])
def test_values_come_back_as_they_went_whatever_their_size(noting: Database, number: int | None) -> None:
    with noting.write() as connection:
        assert note(connection, "small", 1) == 1
        assert note(connection, "ещё 'один'\\", number, b"\x00\xff\\x41'") == 1
    with noting.read() as connection:
        found = _READ.first(connection, {"identity": "ещё 'один'\\"})
    assert found == ["ещё 'один'\\", number, number is None, _AT, [number], b"\x00\xff\\x41'"]


def test_an_error_is_that_of_any_statement_and_leaves_what_was_prepared(noting: Database) -> None:
    with noting.write() as connection:
        note(connection, "one", 1)
    for _time in range(3):
        with pytest.raises(sa.exc.IntegrityError), noting.write() as connection:
            note(connection, "one", 2)
        with noting.read() as connection:
            assert number_of(connection, "one") == 1
    with noting.write() as connection:
        connection.execute(sa.text("CREATE TABLE other (id integer)"))
        connection.execute(sa.text("DROP TABLE other"))
        assert note(connection, "two", 2) == 1


def test_a_text_with_a_nul_is_kept_whole_or_refused(noting: Database) -> None:
    with noting.write() as connection:
        if noting.is_sqlite:
            note(connection, "one\0two", 1)
            assert number_of(connection, "one\0two") == 1
        else:
            with pytest.raises(sa.exc.DataError):
                note(connection, "one\0two", 1)
        assert number_of(connection, "one") is None


def test_a_transaction_that_only_reads_cannot_write_on_postgresql(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.write() as connection:
        _NOTED.create(connection)
    with pytest.raises(sa.exc.InternalError, match="read-only"), database.read() as connection:
        note(connection, "one", 1)
    database.close()


def test_more_statements_than_are_kept_prepared(noting: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libpq, "_MOST", 2)
    with noting.write() as connection:
        writes = Writes(lambda: connection)
        for number in range(5):
            row = {"id": str(number), "number": number, "is_set": True, "at": _AT, "data": None, "raw": None}
            writes.add(_INSERT, *({**row, "id": f"{number}.{copy}"} for copy in range(number + 1)))
            writes.flush()
            assert number_of(connection, f"{number}.{number}") == number
        writes.add(_DELETE, {"identity": "4.0"}, {"identity": "4.1"})
        writes.flush()
        assert number_of(connection, "4.0") is None
        assert number_of(connection, "4.2") == 4


def rows(first: int, count: int) -> list[dict[str, object]]:
    """Rows to write, numbered from `first`."""
    common = {"is_set": True, "at": _AT, "data": [], "raw": None}
    return [{"id": f"row {first + n}", "number": first + n, **common} for n in range(count)]


@pytest.mark.parametrize("count", [2, 100, 101, 12_000])
def test_any_number_of_rows_is_written_in_the_order_in_which_they_were_added(noting: Database, count: int) -> None:
    with noting.write() as connection:
        note(connection, "row 0", 0)
        writes = Writes(lambda: connection)
        writes.add(_DELETE, {"identity": "row 0"})
        if not noting.is_sqlite:
            writes.flush()  # parts of one statement do not see each other
        writes.add(_INSERT, *rows(0, count))
        writes.add(_INSERT, *rows(count, 1))
        writes.flush()
    with noting.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(_NOTED)) == count + 1
        assert number_of(connection, f"row {count - 1}") == count - 1


def test_very_many_rows_hang_on_the_change_that_leads(noting: Database) -> None:
    with noting.write() as connection:
        writes = Writes(lambda: connection)
        writes.lead(_DELETE, {"identity": "nobody"})
        with pytest.raises(OvertakenError):
            writes.add(_INSERT, *rows(0, 200))
        assert number_of(connection, "row 0") is None


def test_statements_of_many_rows_are_not_kept_prepared(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.write() as connection:
        _NOTED.create(connection)
        for count in range(90, 100):
            writes = Writes(lambda: connection)
            writes.add(_INSERT, *rows(count * 100, count))
            writes.flush()
        widest = connection.scalar(sa.text("SELECT max(cardinality(parameter_types)) FROM pg_prepared_statements"))
        assert (widest or 0) <= 500
    database.close()
