"""A backup taken while three processes work is whole: what was acknowledged before is in it, true, with its files."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine import cases, epochs
from engine.errors import NotFoundError
from engine.outbox import send_letters
from engine.records import history
from engine.schema import upgrade
from handlers.archive import load, save
from handlers.settings import Settings, read_settings
from handlers.verification import verify_all
from tests.durability.crew import opened
from tests.durability.story import PaperPost, noted
from tests.engine.house import CLERK, House
from tests.handlers.busy import Crew, go_round

Restored = Callable[[Path], House]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    upgrade(database_url)
    given = {"KES_DATA_DIR": str(tmp_path / "house"), "KES_DATABASE_URL": database_url, "KES_CLOCK": "virtual"}
    return read_settings(given)


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    made = House(settings.database_url, settings.data_dir)
    yield made
    made.runtime.database.close()


@pytest.fixture
def restore(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Restored]:
    houses: list[House] = []
    names: list[str] = []

    def restored(archive: Path) -> House:
        folder = tmp_path / f"restored{len(houses)}"
        folder.mkdir()
        url = f"sqlite:///{folder / 'kes.sqlite'}"
        if not settings.is_sqlite:
            names.append(f"restored_{tmp_path.name[-3:]}_{len(houses)}".replace("-", "_").lower())
            url = request.getfixturevalue("postgres_server").create(names[-1])
        load(replace(settings, data_dir=folder, database_url=url), archive)
        houses.append(opened(url, folder))
        return houses[-1]

    yield restored
    for house in houses:
        house.runtime.database.close()
    for name in names:
        request.getfixturevalue("postgres_server").drop(name)


def completed(house: House) -> Counter[str]:
    """How many tasks of each case were completed."""
    with house.runtime.reading() as tx:
        rows = cases.list_cases(tx, CLERK, limit=10_000).items
        return Counter({r["id"]: len(history.of_kind(tx.connection, r["id"], ["task.completed"])) for r in rows})


def test_a_backup_under_load_is_whole(
    pytestconfig: pytest.Config, settings: Settings, house: House, restore: Restored, tmp_path: Path
) -> None:
    tokens: Counter[tuple[str, int]] = Counter()
    crew = Crew(settings.database_url, settings.data_dir)
    copies: list[tuple[Path, Counter[str]]] = []
    try:
        crew.wait(2)
        for number in range(10 if pytestconfig.getoption("--soak") else 2):
            before = Counter(crew.acknowledged)
            save(settings, tmp_path / f"{number}.tar")
            copies.append((tmp_path / f"{number}.tar", before))
            crew.wait(1)
            crew.catch_up()
    finally:
        crew.stop()
    copy = house
    for archive, before in copies:
        copy = restore(archive)
        assert list(verify_all(copy.runtime)) == []
        assert not before - completed(copy)
    # The last one goes on: what was due meanwhile fires, once, and the histories stay true.
    case = next(iter(copies[-1][1]))
    copy.advance("2026-03-02T00:00:00+03:00")
    copy.advance("2026-03-03T00:00:00+03:00")
    tokens.update((case, f["data"]["token"]) for f in copy.facts(case) if f["kind"] == "timer.fired")
    assert tokens
    assert set(tokens.values()) == {1}
    assert copy.verdict(case).is_true


def test_restored_post_waits_for_a_persons_word(
    settings: Settings, house: House, restore: Restored, tmp_path: Path
) -> None:
    case = house.start()
    for number in range(3):
        go_round(house, case, CLERK, number)
    save(settings, tmp_path / "kes.tar")
    copy = restore(tmp_path / "kes.tar")
    outside = tmp_path / "outside"

    def send() -> list[str]:
        send_letters(copy.runtime, PaperPost(outside))
        return noted(outside)

    assert send() == []
    with copy.runtime.reading() as tx:
        first, second, third = (letter["id"] for letter in epochs.held(tx))
    go_round(copy, case, CLERK, 9)
    fresh = send()
    assert len(fresh) == 1
    with copy.runtime.transaction() as tx:
        assert epochs.release(tx, [second]) == 1
        assert epochs.lay_aside(tx, [third]) == 1
    assert send() == [*fresh, second]
    with copy.runtime.transaction() as tx, pytest.raises(NotFoundError):
        epochs.release(tx, [third])
    with copy.runtime.transaction() as tx:
        assert epochs.release(tx) == 1
    assert send() == [*fresh, second, first]
