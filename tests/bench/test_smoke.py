"""The benchmarks run: every contender plays the same case to the same place, and the tables come out."""

from pathlib import Path

import pytest

from bench.__main__ import machine
from bench.age import add_crowd
from bench.databases import Databases
from bench.rounds import Entry
from bench.service import timers, verified
from bench.story import EARLY, LARGE, MIDDLE, SCENES, SMALL, form_of
from bench.tables import QUICK, one_client, share
from bench.worker import make, obey


@pytest.mark.parametrize("name", ["limit", "engine"])
def test_a_contender_plays_the_whole_case(name: str, schema_url: str) -> None:
    answer = obey(name, schema_url, {"cases": 1, "size": SMALL})
    assert answer["failures"] == []
    assert len(answer["steps"]) == len(answer["processor"]) == len(SCENES)


def test_several_clients_play_at_once(schema_url: str) -> None:
    answer = obey("engine", schema_url, {"cases": 1, "size": SMALL, "early": MIDDLE, "clients": 3, "behind": 5})
    assert answer["failures"] == []
    assert len(answer["steps"]) == 3 * len(SCENES)


def test_a_failing_contender_tells_why(sqlite_url: str) -> None:
    limit = make("limit", sqlite_url)
    case = limit.start("twice")
    limit.complete(case, SCENES[0], {})
    with pytest.raises(IndexError):
        limit.complete(case, SCENES[0], {})
    limit.close()


def test_the_table_of_one_client_names_all_contenders(tmp_path: Path) -> None:
    lines = list(one_client(Databases(tmp_path, None), QUICK))
    assert [line.split("|")[1].strip() for line in lines[2:]] == [
        "limit",
        "stock",
        "engine, case from the store",
        "engine",
    ]


def test_a_case_is_played_beside_a_crowd(schema_url: str) -> None:
    add_crowd(schema_url, 20)
    assert obey("engine", schema_url, {"cases": 1, "size": SMALL})["failures"] == []


def test_timers_are_drained_and_histories_verified(tmp_path: Path) -> None:
    databases = Databases(tmp_path, None)
    assert [line.split("|")[1].strip() for line in timers(databases, 2)][2:] == ["loop by hand", "engine"]
    assert "2 cases" in next(verified(databases, 2))


def test_form_data_have_the_size_asked_for_and_never_repeat() -> None:
    for size in (SMALL, MIDDLE, LARGE):
        one, other = (form_of(SCENES[0], size, seed) for seed in ("a", "b"))
        length = sum(len(row["text"].encode()) for row in one["remarks"])
        assert 0.99 * size - 10 <= length <= 1.1 * size + 50
        assert one != other
        assert one == form_of(SCENES[0], size, "a")


def test_a_rate_is_told_as_a_part_of_the_limit() -> None:
    assert share(25.0, 100.0) == "1/4.0"
    assert share(100.0, 100.0) == "1"


def test_an_entry_tells_median_and_spread() -> None:
    entry = Entry("x", "x", "", {}, rates=[50.0, 100.0, 120.0], steps=[0.001] * 99 + [0.004])
    assert entry.rate == 100.0
    assert entry.spread == (0.5, 1.2)
    assert entry.step == 0.001
    assert Entry("x", "x", "", {}, first=EARLY, steps=[*[0.1] * EARLY, 0.002, 0.003] * 3).step == 0.0025


def test_a_run_names_its_machine() -> None:
    assert "SpiffWorkflow 3.2.0" in machine()
