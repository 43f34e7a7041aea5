"""What makes a case or a database old: facts behind a case, other cases and their tasks beside it."""

from typing import TYPE_CHECKING
from uuid import uuid4

from bench.house import PERSON
from bench.story import PROCESS, start_data
from engine import cases
from engine.database import Database
from engine.doors import perform
from engine.facts import Fact
from tests.large.crowd import fill_history, fill_inbox

if TYPE_CHECKING:
    from bench.house import House

_BATCH = 100
_FACTS = 10


def add_facts(house: "House", case: str, count: int) -> None:
    """Put facts behind a case, as votes and notes would."""
    facts = [Fact("reference.noted", "review", {"number": n, "mark": "x" * 80}) for n in range(count)]
    perform(house.runtime, lambda tx: cases.tell(tx, case, facts, actor=PERSON), actor=PERSON)


def add_cases(house: "House", count: int) -> None:
    """Start other cases, a hundred in a transaction; each stands at its first task."""
    for begun in range(0, count, _BATCH):
        size = min(_BATCH, count - begun)
        with house.runtime.transaction() as tx:
            for _ in range(size):
                cases.start(tx, PROCESS, start_data(), actor=PERSON, title=str(uuid4()))


def add_crowd(url: str, cases: int) -> None:
    """Put cases of another procedure, each with ten open tasks and ten facts, into an empty database."""
    database = Database(url)
    fill_inbox(database, cases)
    fill_history(database, _FACTS * cases, cases)
    database.close()
