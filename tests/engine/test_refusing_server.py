"""A PostgreSQL that refuses for a while: told as a database that is away or busy, never as a fault of the case."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.database import Database
from engine.errors import UnavailableError
from tests.engine.house import House


@pytest.fixture
def house(postgres_schema_url: str, tmp_path: Path) -> Iterator[House]:
    house = House(postgres_schema_url, tmp_path)
    yield house
    house.runtime.database.close()


@contextmanager
def told(house: House, setting: str, value: str) -> Iterator[None]:
    """While the block runs, new connections to the database have a setting."""
    url = sa.make_url(house.url)
    server = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = f'ALTER DATABASE "{url.database}"'
    with server.connect() as connection:
        connection.exec_driver_sql(f"{name} SET {setting} = {value}")
        house.restart()
        yield
        connection.exec_driver_sql(f"{name} RESET {setting}")
        house.restart()
    server.dispose()


def test_a_server_that_is_read_only_for_now_is_told_and_stops_no_case(house: House) -> None:
    case = house.start()
    with told(house, "default_transaction_read_only", "on"):
        with pytest.raises(UnavailableError, match="только для чтения"):
            house.complete(case, "again")
        with pytest.raises(UnavailableError):
            house.advance("2026-03-02T00:05:00+03:00")
        assert house.case(case)["at"] == ["check"]
    house.complete(case, "again")
    assert house.case(case)["state"] == "active"


def test_a_lock_that_may_not_be_waited_for_is_told_as_busy_and_stops_no_case(house: House) -> None:
    case = house.start()
    holder = house.open()
    with told(house, "lock_timeout", "50"), holder.database.write() as other:
        other.exec_driver_sql("SELECT id FROM case_file FOR UPDATE")
        with pytest.raises(UnavailableError, match="занята"):
            house.complete(case, "again")
    holder.database.close()
    house.complete(case, "again")
    assert house.case(case)["state"] == "active"


def test_a_server_that_never_answers_is_given_up_when_the_url_says(postgres_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql+psycopg://somebody@127.0.0.1:{silent.getsockname()[1]}/base?connect_timeout=2"
        with closing(Database(address)) as away, pytest.raises(UnavailableError, match="недоступна"), away.read():
            pass
    with closing(Database(f"{postgres_url}&tcp_user_timeout=4000")) as there, there.read() as connection:
        driver: Any = connection.connection.driver_connection
        told = driver.info.get_parameters()
    assert told["tcp_user_timeout"] == "4000"
    assert {"connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count"} <= told.keys()
