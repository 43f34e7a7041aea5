"""A database restored under a running process: what that one remembers is of another history."""

import uuid
from pathlib import Path

import pytest

from engine.clock import ClockMode
from engine.database import Database
from engine.errors import EngineError
from tests.engine.house import House
from tests.engine.test_hot import complete
from tests.postgres import PostgresServer


def test_what_is_remembered_of_before_a_restore_is_never_written(
    postgres_server: PostgresServer, postgres_template: str, tmp_path: Path
) -> None:
    name = f"test_{uuid.uuid4().hex[:12]}"
    copy = f"{name}_copy"
    house = House(postgres_server.create(name, template=postgres_template), tmp_path)
    house.runtime.mode = ClockMode.SYSTEM
    case = house.start()
    first = house.task(case)["id"]
    house.runtime.database.close()
    postgres_server.create(copy, template=name)
    house.runtime.database = Database(house.url)
    house.complete(case, "again", remark="до восстановления")
    second = house.task(case)["id"]
    house.runtime.database.close()
    postgres_server.drop(name)
    postgres_server.rename(copy, name)
    other = house.open()
    complete(other, first, {"result": "again", "remark": "после него"})
    other.database.close()
    house.runtime.database = Database(house.url)
    with pytest.raises(EngineError):
        complete(house.runtime, second, {"result": "again"})
    assert house.verdict(case).is_true
    house.runtime.database.close()
    postgres_server.drop(name)
